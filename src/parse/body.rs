//! The body text: which leaves it is, and how they become one text.

use super::harvest::{Harvest, Row, TextForm, TextLeaf};
use super::part::has_pgp_message;
use crate::model::ProblemKind;
use crate::model::message::{Opaque, TextSource};

/// The body text and which rows are not attachments because of it.
#[derive(Debug, Default)]
pub struct Body {
    /// Lines end in LF; no NUL.
    pub text: String,
    /// Where it comes from.
    pub source: TextSource,
    /// Some leaf was longer than what was kept of it.
    pub truncated: bool,
    /// Whether each row is body text or another form of it.
    pub is_body: Vec<bool>,
    /// What in the text could not be looked into.
    pub opaque: Vec<Opaque>,
    /// Links in the tags of HTML leaves of the message itself.
    pub hrefs: Vec<String>,
}

/// Chooses and joins. Text of the outermost message counts; that of inner messages only if there is no other, then
/// the outermost of those that have some.
pub fn body(harvest: &mut Harvest) -> Body {
    let texts = std::mem::take(&mut harvest.texts);
    let mut depths: Vec<u16> = texts.iter().map(|text| text.depth).collect();
    depths.sort_unstable();
    depths.dedup();
    let mut body =
        Body { is_body: harvest.rows.iter().map(|row| is_other_form(row, harvest)).collect(), ..Body::default() };
    for leaf in texts.iter().filter(|text| text.depth == 0 && text.form == TextForm::Html) {
        super::reference::hrefs(&leaf.bytes, &mut body.hrefs);
    }
    for depth in depths {
        let here: Vec<&TextLeaf> = texts.iter().filter(|text| text.depth == depth).collect();
        let mut pieces = Vec::new();
        for leaf in chosen(&here) {
            let text = read(leaf, harvest);
            if text.trim().is_empty() {
                continue;
            }
            body.notice(&text, harvest);
            body.truncated |= leaf.truncated;
            body.source = match (leaf.form, body.source) {
                (TextForm::Html, TextSource::None) => TextSource::Html,
                (TextForm::Html, source) => source,
                _ => TextSource::Plain,
            };
            if let Some(mark) = body.is_body.get_mut(leaf.row) {
                *mark = true;
            }
            pieces.push(text);
        }
        if !pieces.is_empty() {
            body.text = pieces.join("\n");
            break;
        }
    }
    if harvest.text_in_tnef && body.text.is_empty() {
        harvest.problems.note(ProblemKind::TextInTnef, "");
    }
    if body.truncated {
        harvest.problems.note(ProblemKind::TextTruncated, "");
    }
    body
}

/// Text of the outermost message that could be its body is body or a form of it, whichever is shown. In inner
/// messages the form that is not shown stands behind the one that is.
fn is_other_form(row: &Row, harvest: &Harvest) -> bool {
    match (row.form, row.alternative) {
        (None, _) => false,
        (Some(_), _) if row.depth == 0 => true,
        (Some(TextForm::Plain), _) | (_, None) => false,
        (Some(_), alternative) => harvest.rows.iter().any(|other| {
            other.form == Some(TextForm::Plain) && other.alternative == alternative && other.size_bytes > 0
        }),
    }
}

/// Of each multipart/alternative the plain texts, or the others if the plain ones are blank; all other texts.
fn chosen<'a>(texts: &[&'a TextLeaf]) -> Vec<&'a TextLeaf> {
    let has_plain = |alternative: u32| {
        texts.iter().any(|text| {
            text.alternative == Some(alternative) && text.form == TextForm::Plain && !text.bytes.trim_ascii().is_empty()
        })
    };
    let mut known: Option<(u32, bool)> = None;
    let mut out = Vec::new();
    for text in texts {
        let wanted = match text.alternative {
            None => true,
            Some(alternative) => {
                let plain = match known {
                    Some((last, plain)) if last == alternative => plain,
                    _ => has_plain(alternative),
                };
                known = Some((alternative, plain));
                plain == (text.form == TextForm::Plain)
            }
        };
        if wanted {
            out.push(*text);
        }
    }
    out
}

/// One leaf as text.
fn read(leaf: &TextLeaf, harvest: &mut Harvest) -> String {
    let (text, problem) = leaf.charset.decode(&leaf.bytes, leaf.truncated);
    if let Some(kind) = problem {
        harvest.problems.note(kind, "");
    }
    let text = clean(text);
    match leaf.form {
        TextForm::Html => super::html::to_text(&text),
        _ if leaf.flowed => unflow(&text, leaf.delsp),
        _ => text,
    }
}

/// CR LF and lone CR become LF; NUL goes.
fn clean(text: String) -> String {
    if memchr::memchr2(b'\r', 0, text.as_bytes()).is_none() {
        return text;
    }
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
}

/// format=flowed (RFC 3676 section 4.2): a line that ends in a blank goes on in the next one of the same quote depth;
/// the signature line `-- ` does not. Quote marks are kept, one `>` a level and a blank.
pub fn unflow(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        let depth = line.bytes().take_while(|b| *b == b'>').count();
        let rest = &line[depth..];
        let content = rest.strip_prefix(' ').unwrap_or(rest);
        let signature = content == "-- ";
        if open != Some(depth) || signature {
            if open.is_some() {
                out.push('\n');
            }
            out.extend(std::iter::repeat_n('>', depth));
            if depth > 0 {
                out.push(' ');
            }
        }
        let flows = content.ends_with(' ') && !signature;
        out.push_str(if flows && delsp { &content[..content.len() - 1] } else { content });
        open = None;
        if flows {
            open = Some(depth);
        } else {
            out.push('\n');
        }
    }
    if open.is_some() {
        out.push('\n');
    }
    out
}

impl Body {
    fn notice(&mut self, text: &str, harvest: &mut Harvest) {
        if has_pgp_message(text.as_bytes()) {
            self.opaque.push(Opaque::Encrypted);
            harvest.problems.note(ProblemKind::OpaqueEncrypted, "in the text");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flowed_lines_join_at_the_same_quote_depth() {
        assert_eq!(unflow("a \nb\nc\n", false), "a b\nc\n");
        assert_eq!(unflow("> a \n> b\nc", false), "> a b\nc\n");
        assert_eq!(unflow("> a \nc", false), "> a \nc\n");
        assert_eq!(unflow("x \n-- \nAnna", false), "x \n-- \nAnna\n");
        assert_eq!(unflow("Wort \nteil", true), "Wortteil\n");
        assert_eq!(unflow(" From here", false), "From here\n", "space-stuffing");
    }
}
