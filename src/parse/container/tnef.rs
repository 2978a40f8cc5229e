//! TNEF (MS-OXTNEF): a stream of attributes. The bytes of files pass through; of properties 8 MiB are held.

use super::mapi::{self, Properties, eight_bit_text};
use super::{LONGEST_NAME, Opened, Taken};
use crate::parse::harvest::Harvest;
use encoding_rs::{Encoding, WINDOWS_1252};

/// The first four bytes (section 2.1.3.1).
pub const SIGNATURE: [u8; 4] = [0x78, 0x9f, 0x3e, 0x22];

/// Most bytes of an attribute that is held: the properties of an attachment, with the message or OLE object in them.
const HELD_BYTES: u32 = 8 << 20;
/// Messages attached in messages inside a TNEF.
const DEPTH: u8 = 4;

/// Attributes that matter (section 2.1.3.3.1).
mod attribute {
    pub const OEM_CODEPAGE: u16 = 0x9007;
    pub const MESSAGE_PROPERTIES: u16 = 0x9003;
    pub const BODY: u16 = 0x800c;
    pub const RENDER_DATA: u16 = 0x9002;
    pub const TITLE: u16 = 0x8010;
    pub const TRANSPORT_NAME: u16 = 0x9001;
    pub const DATA: u16 = 0x800f;
    pub const PROPERTIES: u16 = 0x9005;
}

/// Properties that matter (MS-OXPROPS).
mod property {
    pub const BODY: u16 = 0x1000;
    pub const RTF: u16 = 0x1009;
    pub const HTML: u16 = 0x1013;
    pub const DISPLAY_NAME: u16 = 0x3001;
    pub const DATA: u16 = 0x3701;
    pub const FILE_NAME: u16 = 0x3704;
    pub const LONG_FILE_NAME: u16 = 0x3707;
    pub const MIME_TAG: u16 = 0x370e;
}

enum State {
    /// Bytes of the signature and key, or of an attribute's head.
    Head(Vec<u8>),
    /// The content of an attribute.
    Content { id: u16, left: u32, held: Vec<u8> },
    /// Two bytes of checksum; nobody checks them, as Outlook itself does not.
    Checksum(u8),
    /// Nothing after this makes sense.
    Lost,
}

/// A TNEF that is being read.
pub struct Tnef {
    prefix: String,
    depth: u8,
    started: bool,
    state: State,
    code_page: &'static Encoding,
    current: Option<Taken>,
    /// A file's own bytes were in the attribute for them.
    has_data: bool,
    long_name: bool,
    files: Vec<Taken>,
    damage: Option<&'static str>,
}

impl Tnef {
    /// A reader for the leaf with this section.
    pub fn new(section: &str, depth: u8) -> Tnef {
        Tnef {
            prefix: format!("{section}.tnef"),
            depth,
            started: false,
            state: State::Head(Vec::new()),
            code_page: WINDOWS_1252,
            current: None,
            has_data: false,
            long_name: false,
            files: Vec::new(),
            damage: None,
        }
    }

    /// The next bytes; any split gives the same files.
    pub fn push(&mut self, bytes: &[u8], harvest: &mut Harvest) {
        let mut rest = bytes;
        while !rest.is_empty() {
            rest = self.step(rest, harvest);
        }
    }

    fn step<'a>(&mut self, bytes: &'a [u8], harvest: &mut Harvest) -> &'a [u8] {
        match &mut self.state {
            State::Lost => &[],
            State::Checksum(left) => {
                let taken = usize::from(*left).min(bytes.len());
                *left -= taken as u8;
                if *left == 0 {
                    self.state = State::Head(Vec::new());
                }
                &bytes[taken..]
            }
            State::Head(head) => {
                let want = if self.started { 9 } else { 6 };
                let taken = (want - head.len()).min(bytes.len());
                head.extend_from_slice(&bytes[..taken]);
                if head.len() == want {
                    let head = std::mem::take(head);
                    self.head(&head, harvest);
                }
                &bytes[taken..]
            }
            State::Content { id, left, held } => {
                let taken = (*left as usize).min(bytes.len());
                *left -= taken as u32;
                let (id, done) = (*id, *left == 0);
                if id == attribute::DATA {
                    if let Some(file) = &mut self.current {
                        file.push(&bytes[..taken], harvest);
                    }
                } else if is_held(id) {
                    held.extend_from_slice(&bytes[..taken]);
                }
                if done {
                    let held = std::mem::take(held);
                    self.state = State::Checksum(2);
                    self.attribute(id, &held, harvest);
                }
                &bytes[taken..]
            }
        }
    }

    fn head(&mut self, head: &[u8], harvest: &mut Harvest) {
        if !self.started {
            self.started = true;
            self.state = if head.starts_with(&SIGNATURE) { State::Head(Vec::new()) } else { State::Lost };
            return;
        }
        let number = |at: usize| head.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes);
        let (level, id, length) = (head[0], number(1) as u16, number(5));
        if !matches!(level, 1 | 2) {
            self.lose("it makes no sense from some place on");
            return;
        }
        // The rendering data come first of each file.
        if id == attribute::RENDER_DATA || level == 2 && self.current.is_none() {
            self.next_file(harvest);
        }
        if id == attribute::DATA {
            self.has_data |= length > 0;
        } else if is_held(id) && length > HELD_BYTES {
            self.damage.get_or_insert("an attached message or object in it is larger than what is opened");
            // Passed over like any attribute that does not matter.
            self.state = State::Content { id: 0, left: length, held: Vec::new() };
            return;
        }
        self.state = match length {
            0 => State::Checksum(2),
            left => State::Content { id, left, held: Vec::new() },
        };
    }

    fn lose(&mut self, why: &'static str) {
        self.damage.get_or_insert(why);
        self.state = State::Lost;
    }

    fn next_file(&mut self, harvest: &mut Harvest) {
        self.files.extend(self.current.take());
        (self.has_data, self.long_name) = (false, false);
        harvest.parts += 1;
        if harvest.parts >= harvest.limits.parts {
            self.damage.get_or_insert("it holds more files than are counted");
            return;
        }
        self.current = Some(Taken::new(format!("{}.{}", self.prefix, self.count() + 1)));
    }

    /// Files of this level so far; those of attached messages stand between them.
    fn count(&self) -> usize {
        let own = |file: &&Taken| !file.part[self.prefix.len() + 1..].contains('.');
        self.files.iter().filter(own).count()
    }

    fn attribute(&mut self, id: u16, held: &[u8], harvest: &mut Harvest) {
        match id {
            attribute::OEM_CODEPAGE => {
                let page = held.get(..4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes);
                self.code_page = code_page(page);
            }
            attribute::MESSAGE_PROPERTIES => {
                let texts = [property::BODY, property::RTF, property::HTML];
                harvest.text_in_tnef |= Properties::new(held).any(|one| texts.contains(&one.id));
            }
            attribute::BODY => harvest.text_in_tnef = true,
            attribute::TITLE | attribute::TRANSPORT_NAME => {
                let name = eight_bit_text(held, self.code_page);
                let file = self.current.as_mut().filter(|file| id == attribute::TITLE || file.file_name.is_none());
                if let Some(file) = file.filter(|_| !self.long_name) {
                    file.file_name = Some(name.chars().take(LONGEST_NAME).collect());
                }
            }
            attribute::PROPERTIES => self.properties(held, harvest),
            _ => {}
        }
    }

    fn properties(&mut self, held: &[u8], harvest: &mut Harvest) {
        let mut properties = Properties::new(held);
        let (mut long, mut short, mut shown, mut data) = (None, None, None, None);
        for one in properties.by_ref() {
            let text = one.text(self.code_page).filter(|text| !text.trim().is_empty());
            match one.id {
                property::LONG_FILE_NAME => long = long.or(text),
                property::FILE_NAME => short = short.or(text),
                property::DISPLAY_NAME => shown = shown.or(text),
                property::MIME_TAG => {
                    if let (Some(file), Some(tag)) = (&mut self.current, text.filter(|text| is_media_type(text))) {
                        file.media_type = tag.to_ascii_lowercase();
                    }
                }
                property::DATA if data.is_none() => data = Some((one.kind, one.value)),
                _ => {}
            }
        }
        if properties.damaged {
            self.damage.get_or_insert("the properties of a file make no sense");
        }
        let Some(file) = &mut self.current else { return };
        let cut = |name: String| name.chars().take(LONGEST_NAME).collect();
        if let Some(name) = long {
            (file.file_name, self.long_name) = (Some(cut(name)), true);
        } else if file.file_name.is_none() {
            file.file_name = short.or(shown).map(cut);
        }
        match data {
            Some((mapi::OBJECT, value)) if !self.has_data => self.object(value, harvest),
            Some((mapi::BINARY, value)) if !self.has_data => file.push(value, harvest),
            _ => {}
        }
    }

    /// An attached message is a TNEF again, behind the id of its interface; any other object is a file.
    fn object(&mut self, value: &[u8], harvest: &mut Harvest) {
        let Some(file) = &mut self.current else { return };
        let content = value.get(16..).unwrap_or_default();
        if !content.starts_with(&SIGNATURE) {
            file.push(content, harvest);
            return;
        }
        file.media_type = "application/ms-tnef".to_owned();
        file.push(content, harvest);
        if self.depth >= DEPTH {
            self.damage.get_or_insert("messages in it are nested deeper than the limit");
            return;
        }
        let mut inner = Tnef::new(&file.part, self.depth + 1);
        inner.push(content, harvest);
        let inner = inner.finish(harvest);
        file.opened = inner.whole;
        self.damage = self.damage.or(inner.damage);
        let outer = self.current.take();
        self.files.extend(outer);
        self.files.extend(inner.files);
    }

    /// The leaf ends.
    pub fn finish(mut self, _harvest: &mut Harvest) -> Opened {
        let at_rest = matches!(&self.state, State::Head(head) if head.is_empty() && self.started);
        // Some programs leave out the last checksum, or cut it to one byte.
        if !at_rest && !matches!(self.state, State::Checksum(_)) {
            self.damage.get_or_insert("it is cut off");
        }
        self.files.extend(self.current.take());
        Opened { files: self.files, whole: self.damage.is_none(), damage: self.damage }
    }
}

fn is_held(id: u16) -> bool {
    use attribute::*;
    matches!(id, OEM_CODEPAGE | MESSAGE_PROPERTIES | TITLE | TRANSPORT_NAME | PROPERTIES)
}

fn is_media_type(text: &str) -> bool {
    text.len() < 100
        && text.is_ascii()
        && text.matches('/').count() == 1
        && !text.starts_with('/')
        && !text.ends_with('/')
}

/// The encoding of a Windows code page; western where it is not known.
fn code_page(number: u32) -> &'static Encoding {
    let label = match number {
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        866 => "ibm866".to_owned(),
        65001 => "utf-8".to_owned(),
        other => format!("windows-{other}"),
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252)
}
