//! Who speaks where in a body text: the sender, somebody quoted or forwarded, a signature, a disclaimer, a list.
//!
//! Zones are whole lines and a partition of the text: contiguous, in order, from 0 to its length. The work is linear in
//! the text; look-ahead is bounded by [`LOOK_AHEAD`] lines.

mod quote;
mod tail;

/// How many lines a header block or attribution may take; the bound that keeps zoning linear.
pub const LOOK_AHEAD: usize = 40;

/// Who speaks in a zone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ZoneKind {
    /// The sender's own new words.
    New,
    /// Words of an earlier message that is answered.
    Quoted,
    /// Words of an earlier message that is passed on.
    Forwarded,
    /// "On … wrote:", "-----Original Message-----" and header blocks in the text.
    QuoteHeader,
    /// Closing words, name, telephone numbers.
    Signature,
    /// Legal text that a gateway or a template adds.
    Disclaimer,
    /// What a mailing list or a free mail service adds.
    Footer,
}

/// One zone: UTF-8 byte offsets into the body text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Zone {
    /// Who speaks.
    pub kind: ZoneKind,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// The zones of one body text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Zones {
    /// Every zone in order; neighbours differ in kind.
    pub all: Vec<Zone>,
    /// The new text is empty or only points down ("FYI"), and something is passed on.
    pub bare_forward: bool,
}

impl Zones {
    /// The zones of one kind.
    pub fn of(&self, kind: ZoneKind) -> impl Iterator<Item = Zone> + '_ {
        self.all.iter().copied().filter(move |zone| zone.kind == kind)
    }

    /// Whether there is a zone of that kind.
    pub fn has(&self, kind: ZoneKind) -> bool {
        self.of(kind).next().is_some()
    }

    /// The zones through which the sender speaks: the new text and, for a bare forward, the first forwarded text.
    pub fn spoken<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Zone> + 'a {
        let bare = self.bare_forward;
        let first = self
            .of(ZoneKind::Forwarded)
            .find(move |zone| bare && !text[zone.start..zone.end].trim().is_empty())
            .map(|zone| zone.start);
        self.all.iter().copied().filter(move |zone| zone.kind == ZoneKind::New || Some(zone.start) == first)
    }
}

/// One line: its bytes without the line end.
#[derive(Clone, Copy, Debug)]
struct Line<'a> {
    start: usize,
    text: &'a str,
}

impl Line<'_> {
    fn is_blank(&self) -> bool {
        // Most lines show it by their first byte.
        self.text.as_bytes().first().is_none_or(|first| !first.is_ascii_graphic()) && self.text.trim().is_empty()
    }

    fn is_quoted(&self) -> bool {
        // Most lines show it by their first byte, too.
        let plain = self.text.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric);
        let marked = |text: &str| text.starts_with('>') || text.starts_with("|>");
        !plain && marked(self.text.trim_start())
    }
}

/// Zones of a body text whose lines end in LF (a CR before it counts as white space).
pub fn zones(text: &str) -> Zones {
    let lines = split(text);
    let mut kinds = vec![ZoneKind::New; lines.len()];
    quote::mark(&lines, &mut kinds);
    tail::mark(text, &lines, &mut kinds);
    let bare_forward = speak_through(&lines, &mut kinds);
    Zones { all: merge(text, &lines, &kinds), bare_forward }
}

fn split(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::with_capacity(text.len() / 40 + 1);
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()) {
        lines.push(Line { start, text: &text[start..end] });
        start = end + 1;
    }
    if start < text.len() {
        lines.push(Line { start, text: &text[start..] });
    }
    lines
}

/// Makes what stands below an empty or pointing new text forwarded; tells whether it did or already was.
fn speak_through(lines: &[Line<'_>], kinds: &mut [ZoneKind]) -> bool {
    let mut new = String::new();
    for (line, kind) in lines.iter().zip(kinds.iter()) {
        if *kind == ZoneKind::New && !line.is_blank() {
            if new.len() + line.text.len() > 60 {
                return false;
            }
            new.push_str(line.text.trim());
            new.push(' ');
        }
    }
    if !points_down(&new.to_lowercase()) {
        return false;
    }
    for (line, kind) in lines.iter().zip(kinds.iter_mut()) {
        if *kind == ZoneKind::Quoted && !line.is_quoted() {
            *kind = ZoneKind::Forwarded;
        }
    }
    lines.iter().zip(kinds.iter()).any(|(line, kind)| *kind == ZoneKind::Forwarded && !line.is_blank())
}

fn points_down(new: &str) -> bool {
    const POINTERS: [&str; 17] = [
        "fyi",
        "for your information",
        "see below",
        "see attached",
        "please see below",
        "per below",
        "as discussed",
        "zur info",
        "z. k.",
        "z.k.",
        "zur kenntnis",
        "siehe unten",
        "wie besprochen",
        "pour info",
        "para su informaci",
        "ter info",
        "per conoscenza",
    ];
    let new = new.trim_matches(|c: char| !c.is_alphanumeric());
    new.len() < 4 || (new.len() < 45 && POINTERS.iter().any(|pointer| new.contains(pointer)))
}

fn merge(text: &str, lines: &[Line<'_>], kinds: &[ZoneKind]) -> Vec<Zone> {
    let mut all: Vec<Zone> = Vec::new();
    for (index, (line, &kind)) in lines.iter().zip(kinds).enumerate() {
        let end = lines.get(index + 1).map_or(text.len(), |next| next.start);
        match all.last_mut() {
            Some(last) if last.kind == kind => last.end = end,
            _ => all.push(Zone { kind, start: line.start, end }),
        }
    }
    all
}

/// The first words of the new text, or of what is passed on where there is none: one line, at most 200 bytes.
pub fn excerpt(text: &str, zones: &Zones) -> String {
    let kinds = if zones.has(ZoneKind::New) && !zones.bare_forward {
        [ZoneKind::New, ZoneKind::Forwarded, ZoneKind::Quoted]
    } else {
        [ZoneKind::Forwarded, ZoneKind::Quoted, ZoneKind::New]
    };
    let mut words = String::new();
    let zone_texts = kinds.iter().flat_map(|kind| zones.of(*kind)).map(|zone| &text[zone.start..zone.end]);
    for word in zone_texts.flat_map(str::split_whitespace) {
        if words.len() + 1 + word.len() > 200 {
            break;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    words
}

#[cfg(test)]
mod tests;
