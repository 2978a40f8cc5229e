//! How a message came: the first hop of its Received chain (RFC 5321 section 4.4), the program that wrote it, on whose
//! behalf, to whom it was delivered, and what its headers say of themselves.

use core::net::IpAddr; // addresses as values; nothing here opens a connection

/// What the headers say of the way of a message. Strings are hostile; addresses are lower-case.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Transport {
    /// The machine that handed the mail over first.
    pub first_hop_host: Option<String>,
    /// Its address.
    pub first_hop_ip: Option<IpAddr>,
    /// Whether that is a private address (RFC 1918, RFC 4193) or a name that only an inside network knows.
    pub first_hop_internal: Option<bool>,
    /// X-Mailer, else User-Agent.
    pub mailer: Option<String>,
    /// Sender (RFC 5322 section 3.6.2), where it is not From.
    pub sender_address: Option<String>,
    /// First of Reply-To, where it is not From.
    pub reply_to: Option<String>,
    /// Delivered-To, X-Original-To, Envelope-To, without repetitions.
    pub delivered_to: Vec<String>,
    /// List-Id (RFC 2919) without its phrase.
    pub list_id: Option<String>,
    /// `generated`, `replied` (RFC 3834 section 5), `bulk` or `list`.
    pub automatic: Option<&'static str>,
    /// Return-Path; empty for the null sender.
    pub return_path: Option<String>,
    /// Addresses of Resent-From, Resent-To, X-Forwarded-For and X-Forwarded-To.
    pub forwarded: Vec<String>,
    /// First id of In-Reply-To.
    pub in_reply_to: Option<String>,
}

const LONGEST: usize = 200;
const MOST_ADDRESSES: usize = 8;

/// Reads the way of a message from its headers in order, newest Received first. `from` is the address of From.
/// `None` where nothing is said.
pub fn read(headers: &[(String, String)], from: &str, in_reply_to: Option<&str>) -> Option<Transport> {
    let mut way = Transport { in_reply_to: in_reply_to.map(short), ..Transport::default() };
    let mut received: Vec<&str> = Vec::new();
    let mut agent = None;
    for (name, value) in headers {
        match name.to_ascii_lowercase().as_str() {
            "received" => received.push(value),
            "x-mailer" if way.mailer.is_none() => way.mailer = filled(value),
            "user-agent" => agent = agent.or_else(|| filled(value)),
            "sender" => way.sender_address = first_address(value).filter(|one| one != from),
            "reply-to" if way.reply_to.is_none() => way.reply_to = first_address(value).filter(|one| one != from),
            "delivered-to" | "x-original-to" | "envelope-to" | "x-envelope-to" => add(value, &mut way.delivered_to),
            "resent-from" | "resent-to" | "x-forwarded-for" | "x-forwarded-to" => add(value, &mut way.forwarded),
            "list-id" => way.list_id = list_id(value),
            "return-path" if way.return_path.is_none() => {
                way.return_path = Some(first_address(value).unwrap_or_default());
            }
            other => way.automatic = stronger(way.automatic, automatic(other, value)),
        }
    }
    way.mailer = way.mailer.or(agent);
    if way.automatic.is_none() && way.list_id.is_some() {
        way.automatic = Some("list");
    }
    way.first_hop(&received);
    (way != Transport::default()).then_some(way)
}

impl Transport {
    /// The oldest hop that says more than that a machine handed the mail to itself.
    fn first_hop(&mut self, received: &[&str]) {
        let hops: Vec<Hop> = received.iter().rev().take(12).map(|value| Hop::of(value)).collect();
        let usable = |hop: &&Hop| !hop.is_local() && (hop.ip.is_some() || !hop.host.is_empty());
        // Behind a public machine the private ones are those of a stranger's network.
        let public = hops.iter().filter(usable).find(|hop| hop.is_from_a_stranger());
        if let Some(hop) = public.or_else(|| hops.iter().find(usable)) {
            self.first_hop_host = filled(&hop.host);
            self.first_hop_ip = hop.ip;
            self.first_hop_internal = match hop.ip {
                Some(ip) => Some(is_private(ip)),
                None => is_inside_name(&hop.host).then_some(true),
            };
        } else if let Some(hop) = hops.iter().find(|hop| !hop.by.is_empty()) {
            self.first_hop_host = filled(&hop.by);
            self.first_hop_internal = is_inside_name(&hop.by).then_some(true);
        }
    }
}

/// `from HOST (… [IP]) by HOST …`
struct Hop {
    host: String,
    ip: Option<IpAddr>,
    by: String,
}

impl Hop {
    fn of(value: &str) -> Hop {
        let value = value.split(';').next().unwrap_or_default();
        let words: Vec<&str> = value.split_whitespace().take(40).collect();
        let place = |word: &str| words.iter().position(|w| w.eq_ignore_ascii_case(word));
        let by = place("by");
        let named = |at: Option<usize>| at.and_then(|at| words.get(at + 1)).map_or(String::new(), |w| host(w));
        // Only what stands between `from` and `by` is about the machine that gave the mail.
        let from = place("from").filter(|from| by.is_none_or(|by| *from < by));
        let mut hop = Hop { host: named(from), ip: None, by: named(by) };
        if let Some(from) = from {
            let until = by.unwrap_or(words.len());
            hop.ip = words[from..until].iter().find_map(|word| ip(word));
            let bare = hop.host.strip_prefix("ipv6:").unwrap_or(&hop.host).parse::<IpAddr>();
            if let Ok(bare) = bare {
                hop.ip = hop.ip.or(Some(bare));
                hop.host = String::new();
            }
        }
        hop
    }

    /// A public machine that gave the mail to one of another domain.
    fn is_from_a_stranger(&self) -> bool {
        fn domain(host: &str) -> &str {
            let mut dots = memchr::memrchr_iter(b'.', host.as_bytes());
            dots.nth(1).map_or(host, |at| &host[at + 1..])
        }
        self.ip.is_some_and(|ip| !is_private(ip)) && domain(&self.host) != domain(&self.by)
    }

    fn is_local(&self) -> bool {
        self.ip.is_some_and(|ip| ip.is_loopback()) || self.host == "localhost" || self.host.starts_with("localhost.")
    }
}

fn host(word: &str) -> String {
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    short(&word.to_ascii_lowercase())
}

fn ip(word: &str) -> Option<IpAddr> {
    let start = word.find('[')?;
    let inside = word[start + 1..].split(']').next()?;
    let inside = inside.strip_prefix("IPv6:").unwrap_or(inside);
    inside.parse().ok()
}

/// RFC 1918, RFC 3927, RFC 4193, RFC 4291 section 2.5.6.
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

/// A name without a dot, or under an ending that no public server knows (RFC 6762 appendix G, and custom).
fn is_inside_name(host: &str) -> bool {
    const INSIDE: [&str; 10] =
        ["local", "lan", "internal", "intern", "intranet", "corp", "home", "private", "localdomain", "domain"];
    match host.rsplit_once('.') {
        None => !host.is_empty(),
        Some((_, ending)) => INSIDE.contains(&ending),
    }
}

fn short(text: &str) -> String {
    text[..text.floor_char_boundary(LONGEST)].trim().to_owned()
}

fn filled(text: &str) -> Option<String> {
    let text = short(text);
    (!text.is_empty()).then_some(text)
}

/// What stands between the first angle brackets, else the first word with an `@`.
fn first_address(value: &str) -> Option<String> {
    let inside = value.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(inside, _)| inside);
    let found = inside.or_else(|| {
        value.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"')).find(|word| word.contains('@'))
    })?;
    let found = short(found.trim());
    found.contains('@').then(|| found.to_lowercase())
}

fn add(value: &str, all: &mut Vec<String>) {
    let words = value.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>'));
    for word in words.filter(|word| word.contains('@')) {
        let word = short(word).to_lowercase();
        if all.len() < MOST_ADDRESSES && !all.contains(&word) {
            all.push(word);
        }
    }
}

fn list_id(value: &str) -> Option<String> {
    let inside = value.rsplit_once('<').map_or(value, |(_, rest)| rest);
    filled(&inside.trim_end().trim_end_matches('>').to_lowercase())
}

/// The words of `transport.automatic`, weakest first.
const AUTOMATIC: [&str; 4] = ["list", "bulk", "generated", "replied"];

fn stronger(old: Option<&'static str>, new: Option<&'static str>) -> Option<&'static str> {
    let rank = |word: Option<&'static str>| word.and_then(|word| AUTOMATIC.iter().position(|known| *known == word));
    if rank(new) > rank(old) { new } else { old }
}

fn automatic(name: &str, value: &str) -> Option<&'static str> {
    let value = value.trim().to_ascii_lowercase();
    match name {
        "auto-submitted" if value.starts_with("auto-replied") => Some("replied"),
        "auto-submitted" if value.starts_with("no") || value.is_empty() => None,
        "auto-submitted" | "x-cron-env" => Some("generated"),
        "x-autoreply" | "x-autorespond" | "x-auto-reply" if value != "no" => Some("replied"),
        // Exchange marks its own automatic mail so; `oof` alone stands on mail of people, too.
        "x-auto-response-suppress" if value.contains("all") || value.contains("autoreply") => Some("generated"),
        "precedence" if value == "auto_reply" => Some("replied"),
        "precedence" if value == "bulk" || value == "junk" => Some("bulk"),
        "precedence" if value == "list" => Some("list"),
        "list-unsubscribe" | "feedback-id" => Some("bulk"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(block: &[(&str, &str)]) -> Transport {
        let headers: Vec<(String, String)> = block.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        read(&headers, "a@x.example", None).unwrap_or_default()
    }

    #[test]
    fn the_first_hop_is_the_oldest_that_says_anything() {
        let way = of(&[
            (
                "Received",
                "from mx.x.example (mx.x.example [192.0.2.7]) by imap.x.example; Mon, 1 Jan 2024 06:10:03 +0100",
            ),
            (
                "Received",
                "from erp01.x.example (erp01 [10.1.2.3]) by mx.x.example with ESMTP; Mon, 1 Jan 2024 06:10:02 +0100",
            ),
            ("Received", "from localhost (localhost [127.0.0.1]) by erp01.x.example; Mon, 1 Jan 2024 06:10:01 +0100"),
        ]);
        assert_eq!(way.first_hop_host.as_deref(), Some("erp01.x.example"));
        assert_eq!((way.first_hop_ip.unwrap().to_string().as_str(), way.first_hop_internal), ("10.1.2.3", Some(true)));
        let way = of(&[("Received", "by nas.local (Postfix, from userid 0) id 4; Mon, 1 Jan 2024 06:10:01 +0100")]);
        assert_eq!((way.first_hop_host.as_deref(), way.first_hop_internal), (Some("nas.local"), Some(true)));
        let way = of(&[("Received", "from [IPv6:2001:db8::1] (unknown [IPv6:2001:db8::1]) by mx.example; x")]);
        assert_eq!((way.first_hop_host, way.first_hop_internal), (None, Some(false)));
        let way = of(&[("Received", "from out.bank.example (out.bank.example [198.51.100.9]) by mx.x.example; x")]);
        assert_eq!((way.first_hop_host.as_deref(), way.first_hop_internal), (Some("out.bank.example"), Some(false)));
    }

    #[test]
    fn what_headers_say_of_themselves() {
        assert_eq!(
            of(&[("Auto-Submitted", "auto-replied (vacation)"), ("Precedence", "bulk")]).automatic,
            Some("replied")
        );
        assert_eq!(of(&[("Auto-Submitted", "no")]).automatic, None);
        assert_eq!(of(&[("X-Auto-Response-Suppress", "OOF")]).automatic, None);
        let way = of(&[("List-Id", "All <all.x.example>"), ("Return-Path", "<>"), ("Sender", "B <B@x.example>")]);
        assert_eq!((way.list_id.as_deref(), way.automatic), (Some("all.x.example"), Some("list")));
        assert_eq!((way.return_path.as_deref(), way.sender_address.as_deref()), (Some(""), Some("b@x.example")));
        assert_eq!(of(&[("Sender", "<A@x.example>")]).sender_address, None, "the same as From");
        let way = of(&[
            ("Delivered-To", "c@x.example"),
            ("X-Original-To", "info@x.example"),
            ("Delivered-To", "c@x.example"),
        ]);
        assert_eq!(way.delivered_to, ["c@x.example", "info@x.example"]);
    }
}
