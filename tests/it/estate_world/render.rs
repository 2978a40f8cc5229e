//! A message as bytes (RFC 5322, 2045, 2047, 2231), LF line ends; stores make CRLF of them where they need it.

use super::cast::Party;
use super::clock::{mail_date, offset_minutes};
use super::post::{Attachment, Post, Route, domain};
use super::rng::Rng;

/// A copy in somebody's mailbox: transport headers on top, or none for what one sent oneself.
pub struct Delivery<'a> {
    /// Address that the copy was delivered to; `None` for a Sent copy.
    pub delivered_to: Option<&'a str>,
    /// Address that the sender wrote to, if it is another one.
    pub original_to: Option<&'a str>,
    pub domain: &'a str,
}

pub fn media_type(ending: &str) -> &'static str {
    match ending {
        "pdf" => "application/pdf",
        "tif" => "image/tiff",
        "jpg" => "image/jpeg",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _ => "application/octet-stream",
    }
}

/// The whole message.
pub fn render(post: &Post, delivery: &Delivery) -> String {
    let mut text = String::with_capacity(2_048 + post.text.len() * 2);
    if let Some(address) = delivery.delivered_to {
        transport(&mut text, post, address, delivery);
    }
    headers(&mut text, post, delivery);
    body(&mut text, post);
    text
}

fn transport(text: &mut String, post: &Post, address: &str, delivery: &Delivery) {
    let own = delivery.domain;
    let back = post.sender.as_ref().unwrap_or(&post.from);
    text.push_str(&format!("Return-Path: <{}>\nDelivered-To: {address}\n", back.address));
    if let Some(original) = delivery.original_to {
        text.push_str(&format!("X-Original-To: {original}\n"));
    }
    let mut rng = Rng::new(post.at as u64).fork(&post.message_id);
    let stamp = |later: i64| {
        let at = post.at + later;
        mail_date(at, offset_minutes(at))
    };
    let (relay, inner) = (format!("mail.{own}"), format!("mbx1.lan.{own}"));
    text.push_str(&format!(
        "Received: from {relay} ({relay} [10.30.0.5])\n\tby {inner} with LMTP id {}\n\tfor <{address}>; {}\n",
        rng.hex(12),
        stamp(3)
    ));
    let first = match &post.route {
        Route::Desk { host, ip } => {
            format!("from {host} (unknown [{ip}])\n\tby {relay} (Postfix) with ESMTPSA id {}", rng.hex(10))
        }
        Route::Device { host, ip } => {
            format!("from {host} ({host} [{ip}])\n\tby {relay} (Postfix) with SMTP id {}", rng.hex(10))
        }
        Route::Outside { host, ip } => {
            let edge = format!("mx1.{own}");
            text.push_str(&format!(
                "Received: from {edge} ({edge} [192.0.2.25])\n\tby {relay} (Postfix) with ESMTPS id {}\n\tfor <{address}>; {}\n",
                rng.hex(10),
                stamp(2)
            ));
            let line = format!("from {host} ({host} [{ip}])\n\tby {edge} (Postfix) with ESMTPS id {}", rng.hex(10));
            text.push_str(&format!("Received: {line}\n\tfor <{address}>; {}\n", stamp(1)));
            if rng.chance(0.6) {
                let desk = format!("10.0.{}.{}", rng.below(9), rng.between(10, 200));
                text.push_str(&format!(
                    "Received: from [{desk}] (unknown [{desk}])\n\tby {host} with ESMTPSA; {}\n",
                    stamp(0)
                ));
            }
            return;
        }
    };
    text.push_str(&format!("Received: {first}; {}\n", stamp(1)));
}

fn headers(text: &mut String, post: &Post, delivery: &Delivery) {
    let mut add = |name: &str, value: &str| {
        text.push_str(name);
        text.push_str(": ");
        text.push_str(value);
        text.push('\n');
    };
    add("Date", &mail_date(post.at, post.zone.unwrap_or_else(|| offset_minutes(post.at))));
    add("From", &mailbox(&post.from));
    if let Some(sender) = &post.sender {
        add("Sender", &mailbox(sender));
    }
    if let Some(reply_to) = &post.reply_to {
        add("Reply-To", &mailbox(reply_to));
    }
    for (name, parties) in [("To", &post.to), ("Cc", &post.cc)] {
        if !parties.is_empty() {
            add(name, &parties.iter().map(mailbox).collect::<Vec<_>>().join(",\n\t"));
        }
    }
    if delivery.delivered_to.is_none() && !post.bcc.is_empty() {
        add("Bcc", &post.bcc.iter().map(mailbox).collect::<Vec<_>>().join(",\n\t"));
    }
    add("Subject", &words(&post.subject));
    add("Message-ID", &format!("<{}>", post.message_id));
    if let Some(parent) = &post.in_reply_to {
        add("In-Reply-To", &format!("<{parent}>"));
    }
    if !post.references.is_empty() {
        add("References", &post.references.iter().map(|id| format!("<{id}>")).collect::<Vec<_>>().join("\n\t"));
    }
    if !post.mailer.is_empty() {
        let name = if post.mailer.contains("Thunderbird") { "User-Agent" } else { "X-Mailer" };
        add(name, &post.mailer);
    }
    for (name, value) in &post.extra {
        add(name, value);
    }
    add("MIME-Version", "1.0");
}

fn mailbox(party: &Party) -> String {
    match party.name.as_str() {
        "" => party.address.clone(),
        name if !name.is_ascii() => format!("{} <{}>", words(name), party.address),
        name if name.contains([',', '.', '&', '@']) => format!("\"{name}\" <{}>", party.address),
        name => format!("{name} <{}>", party.address),
    }
}

/// Header text: as it is if ASCII, else encoded words of at most 40 bytes each.
fn words(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut words = Vec::new();
    let mut piece = String::new();
    for letter in text.chars() {
        if piece.len() + letter.len_utf8() > 40 {
            words.push(std::mem::take(&mut piece));
        }
        piece.push(letter);
    }
    words.push(piece);
    let quoted = text.len().is_multiple_of(2);
    let encode = |piece: &String| match quoted {
        false => format!("=?utf-8?B?{}?=", base64(piece.as_bytes(), usize::MAX)),
        true => {
            let letters: String = piece
                .bytes()
                .map(|byte| match byte {
                    b' ' => "_".to_owned(),
                    b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
                    other => format!("={other:02X}"),
                })
                .collect();
            format!("=?UTF-8?Q?{letters}?=")
        }
    };
    words.iter().map(encode).collect::<Vec<_>>().join("\n ")
}

fn body(text: &mut String, post: &Post) {
    if post.files.is_empty() {
        return readable(text, post);
    }
    let boundary = format!("=_part_{}_{}", post.at, post.message_id.len());
    text.push_str(&format!("Content-Type: multipart/mixed;\n\tboundary=\"{boundary}\"\n\n"));
    text.push_str(&format!("This is a multi-part message in MIME format.\n--{boundary}\n"));
    readable(text, post);
    for file in &post.files {
        text.push_str(&format!("\n--{boundary}\n"));
        attachment(text, file);
    }
    text.push_str(&format!("\n--{boundary}--\n"));
}

fn readable(text: &mut String, post: &Post) {
    if !post.html {
        return plain(text, &post.text, "plain", &post.mailer);
    }
    let boundary = format!("_000_{}_", post.at % 9_999_991);
    text.push_str(&format!("Content-Type: multipart/alternative; boundary=\"{boundary}\"\n\n--{boundary}\n"));
    plain(text, &post.text, "plain", &post.mailer);
    text.push_str(&format!("\n--{boundary}\n"));
    let escaped = post.text.replace('&', "&amp;").replace('<', "&lt;").replace('\n', "<br>\n");
    plain(text, &format!("<html><body>{escaped}</body></html>\n"), "html", &post.mailer);
    text.push_str(&format!("\n--{boundary}--\n"));
}

fn plain(text: &mut String, content: &str, kind: &str, mailer: &str) {
    if content.is_ascii() && content.lines().all(|line| line.len() < 900) {
        text.push_str(&format!(
            "Content-Type: text/{kind}; charset=us-ascii\nContent-Transfer-Encoding: 7bit\n\n{content}"
        ));
    } else if mailer.contains("iPhone") || mailer.contains("SOGo") {
        let encoded = base64(content.as_bytes(), 76);
        text.push_str(&format!(
            "Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{encoded}"
        ));
    } else if mailer.contains("PlanWerk") {
        text.push_str(&format!(
            "Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{content}"
        ));
    } else if mailer.contains("Outlook 15") && content.chars().all(|c| (c as u32) < 256) {
        let latin: Vec<u8> = content.chars().map(|c| c as u8).collect();
        text.push_str(&format!(
            "Content-Type: text/{kind}; charset=\"iso-8859-1\"\nContent-Transfer-Encoding: quoted-printable\n\n{}",
            quoted_printable(&latin)
        ));
    } else {
        text.push_str(&format!(
            "Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n{}",
            quoted_printable(content.as_bytes())
        ));
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
}

fn quoted_printable(bytes: &[u8]) -> String {
    let (mut text, mut column) = (String::with_capacity(bytes.len() * 5 / 4), 0);
    for (at, &byte) in bytes.iter().enumerate() {
        let ends_line = matches!(bytes.get(at + 1), None | Some(b'\n'));
        let piece = match byte {
            b'\n' => {
                text.push('\n');
                column = 0;
                continue;
            }
            b' ' | b'\t' if ends_line => format!("={byte:02X}"),
            b'=' => "=3D".to_owned(),
            b' '..=b'~' | b'\t' => char::from(byte).to_string(),
            other => format!("={other:02X}"),
        };
        if column + piece.len() > 75 {
            text.push_str("=\n");
            column = 0;
        }
        column += piece.len();
        text.push_str(&piece);
    }
    text
}

fn attachment(text: &mut String, file: &Attachment) {
    let bytes = contents(file);
    if file.media_type.starts_with("text/calendar") {
        text.push_str(&format!(
            "Content-Type: {}; charset=utf-8\nContent-Transfer-Encoding: base64\n\n",
            file.media_type
        ));
        text.push_str(&base64(&bytes, 76));
        return;
    }
    let name = match file.name.is_ascii() {
        true => format!("filename=\"{}\"", file.name),
        false => {
            let quote = |byte: u8| match byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_' {
                true => char::from(byte).to_string(),
                false => format!("%{byte:02X}"),
            };
            format!("filename*=utf-8''{}", file.name.bytes().map(quote).collect::<String>())
        }
    };
    text.push_str(&format!("Content-Type: {}\nContent-Transfer-Encoding: base64\n", file.media_type));
    text.push_str(&format!("Content-Disposition: attachment;\n\t{name}\n\n{}", base64(&bytes, 76)));
}

/// The bytes of a file: the first ones as its type has them, then noise.
fn contents(file: &Attachment) -> Vec<u8> {
    if let Some(text) = &file.text {
        return text.clone().into_bytes();
    }
    let mut bytes = match file.media_type {
        "application/pdf" => b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec(),
        "image/tiff" => b"II*\0".to_vec(),
        "image/jpeg" => b"\xFF\xD8\xFF\xE0\0\x10JFIF\0".to_vec(),
        "application/octet-stream" => b":20:AUSZUG\r\n:25:00000000/4711\r\n".to_vec(),
        _ => b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0".to_vec(),
    };
    let mut rng = Rng::new(file.seed);
    while bytes.len() < file.size_bytes {
        bytes.extend(rng.next().to_le_bytes());
    }
    bytes
}

pub fn base64(bytes: &[u8], width: usize) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut text, mut column) = (String::with_capacity(bytes.len() * 7 / 5 + 4), 0);
    for three in bytes.chunks(3) {
        let block = three.iter().fold(0_u32, |block, byte| block << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for at in 0..4 {
            match at <= three.len() {
                true => text.push(char::from(LETTERS[(block >> (18 - 6 * at)) as usize & 63])),
                false => text.push('='),
            }
        }
        column += 4;
        if column >= width {
            text.push('\n');
            column = 0;
        }
    }
    if width < usize::MAX && column > 0 {
        text.push('\n');
    }
    text
}

/// Whether an address is one of the client's.
pub fn is_own(address: &str, domains: &[String]) -> bool {
    domains.iter().any(|own| own == domain(address))
}
