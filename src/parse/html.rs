//! HTML to text: blocks become lines, the rest is mail-parser's reader.

use mail_parser::decoders::html::html_to_text;

/// Stands where a line has to begin at the latest (U+2028 LINE SEPARATOR; in a text it means the same).
const LINE: char = '\u{2028}';

/// The text of an HTML document, entities decoded. Elements that start a line in a browser start one here; lines have
/// no white space around them and there is at most one blank one in a row. Linear.
pub fn to_text(html: &str) -> String {
    let bytes = html.as_bytes();
    let mut marked = String::with_capacity(html.len() + html.len() / 4);
    let mut from = 0;
    for at in memchr::memchr_iter(b'<', bytes) {
        let mark = match gap(&bytes[at + 1..]) {
            Gap::Line => LINE,
            Gap::Cell => ' ',
            Gap::None => continue,
        };
        marked.push_str(&html[from..at]);
        marked.push(mark);
        from = at;
    }
    marked.push_str(&html[from..]);
    lines(&super::guard(|| html_to_text(&marked)))
}

enum Gap {
    None,
    Cell,
    Line,
}

/// What a browser leaves before the element of this tag.
fn gap(tag: &[u8]) -> Gap {
    const BLOCKS: [&str; 18] = [
        "div",
        "tr",
        "li",
        "ul",
        "ol",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "p",
        "blockquote",
        "hr",
        "pre",
        "dt",
        "dd",
    ];
    let tag = tag.strip_prefix(b"/").unwrap_or(tag);
    let length = tag.iter().take(12).take_while(|b| b.is_ascii_alphanumeric()).count();
    let is = |name: &str| tag[..length].eq_ignore_ascii_case(name.as_bytes());
    if !tag.get(length).is_some_and(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/')) {
        Gap::None
    } else if BLOCKS.into_iter().any(is) {
        Gap::Line
    } else if is("td") || is("th") {
        Gap::Cell
    } else {
        Gap::None
    }
}

fn lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blanks = 0;
    for line in text.split_inclusive(['\n', LINE]) {
        let content = line.trim_matches(|c: char| c.is_whitespace() || c == LINE);
        if !content.is_empty() {
            if blanks > 0 && !out.is_empty() {
                out.push('\n');
            }
            out.push_str(content);
            out.push('\n');
            blanks = 0;
        } else if line.ends_with('\n') {
            blanks += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::to_text;

    #[test]
    fn blocks_are_lines_and_entities_characters() {
        assert_eq!(to_text("<div>Hello &amp; bye</div><div>you</div>"), "Hello & bye\nyou\n");
        assert_eq!(to_text("<style>x{}</style><p>a<br>b</p><p>c"), "a\nb\n\nc\n");
        assert_eq!(to_text("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>"), "1 2\n3\n");
    }

    #[test]
    fn hostile_html_takes_linear_time() {
        for pattern in ["<", "<div>", "<!--", "&", "&amp", "</p", "<style>", "\""] {
            to_text(&pattern.repeat(1_000_000 / pattern.len()));
        }
    }
}
