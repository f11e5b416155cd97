//! Path parameters in the spellings of other routers and languages: `:room`, `<room>`, `<int:room>`, `$room`, `[room]`,
//! `(?P<room>…)`, `*rest`.

use std::ops::Range;

use super::parameter_name::is_name;

/// A name in the spelling of another router.
#[derive(Debug, PartialEq, Eq)]
pub struct Foreign<'t> {
    pub place: Range<usize>,
    pub name: &'t str,
    /// `true` if it stands for the rest of the path.
    pub is_rest: bool,
    /// `true` if only the other names of an endpoint can tell it from literal text.
    pub is_doubtful: bool,
}

impl Foreign<'_> {
    fn ours(&self) -> String {
        format!("{{{}{}}}", if self.is_rest { "*" } else { "" }, self.name)
    }
}

/// All names in the spellings of other routers. Names in braces are left out.
pub fn all(text: &str) -> Vec<Foreign<'_>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(c) = text[at..].chars().next() {
        match read(text, at) {
            Some(foreign) => {
                at = foreign.place.end;
                found.push(foreign);
            }
            None if c == '{' => at += text[at..].find('}').map_or(1, |end| end + 1),
            None => at += c.len_utf8(),
        }
    }
    found
}

/// The name that begins here.
fn read(text: &str, at: usize) -> Option<Foreign<'_>> {
    let rest = &text[at..];
    let inside = |open: &str, close: &str| {
        let inner = rest.strip_prefix(open)?.split_once(close)?.0;
        Some((inner, open.len() + inner.len() + close.len()))
    };
    let (name, is_rest, is_doubtful, len);
    match rest.chars().next()? {
        '(' => {
            let pattern = ["(?P<", "(?<"].into_iter().find_map(|open| rest.strip_prefix(open))?;
            name = pattern.split_once('>')?.0;
            len = closed(rest)?;
            is_rest = [".*)", ".+)"].iter().any(|any| rest[..len].ends_with(any));
            is_doubtful = false;
        }
        '<' => {
            let (inner, whole) = inside("<", ">")?;
            let (kind, last) = inner.rsplit_once(':').unwrap_or(("", inner));
            name = last.trim_end_matches("..");
            is_rest = name != last || kind == "path";
            (is_doubtful, len) = (false, whole);
        }
        '[' => {
            let (inner, whole) = inside("[[", "]]").or_else(|| inside("[", "]"))?;
            name = inner.trim_start_matches("...");
            is_rest = name != inner;
            (is_doubtful, len) = (false, whole);
        }
        '$' => {
            name = leading_name(&rest[1..]);
            (is_rest, is_doubtful, len) = (false, true, 1 + name.len());
        }
        '*' => {
            name = leading_name(&rest[1..]);
            (is_rest, is_doubtful, len) = (true, false, 1 + name.len());
        }
        ':' => {
            name = leading_name(&rest[1..]);
            let behind = &rest[1 + name.len()..];
            let pattern = if behind.starts_with('(') { closed(behind).unwrap_or(0) } else { 0 };
            let sign = behind[pattern..].chars().next().filter(|c| "?*+".contains(*c));
            is_rest = matches!(sign, Some('*' | '+'));
            (is_doubtful, len) = (false, 1 + name.len() + pattern + sign.map_or(0, char::len_utf8));
        }
        _ => return None,
    }
    is_name(name).then(|| Foreign { place: at..at + len, name, is_rest, is_doubtful })
}

/// The size of a pattern up to the parenthesis that closes its first one.
fn closed(pattern: &str) -> Option<usize> {
    let (mut depth, mut is_class, mut is_escaped) = (0_usize, false, false);
    for (at, c) in pattern.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            ']' => is_class = false,
            _ if is_class => {}
            '[' => is_class = true,
            '(' => depth += 1,
            ')' if depth == 1 => return Some(at + 1),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn leading_name(text: &str) -> &str {
    text.split(|c: char| c != '_' && !c.is_alphanumeric()).next().unwrap_or_default()
}

/// The path with its foreign parameters in braces, if `is_meant` picks one.
pub fn path(path: &str, is_meant: impl Fn(&Foreign<'_>) -> bool) -> Option<String> {
    let bytes = path.as_bytes();
    let is_whole = |place: &Range<usize>| {
        place.start > 0
            && bytes[place.start - 1] == b'/'
            && bytes.get(place.end).is_none_or(|next| *next == b'/')
    };
    let is_segment = |foreign: &Foreign<'_>| is_whole(&foreign.place) && is_meant(foreign);
    Some(replaced(path, is_segment)?.0)
}

/// The text with the picked foreign names in braces, and the first of them as it was written.
pub fn replaced(text: &str, is_meant: impl Fn(&Foreign<'_>) -> bool) -> Option<(String, &str)> {
    let meant: Vec<_> = all(text).into_iter().filter(|foreign| is_meant(foreign)).collect();
    let first = text.get(meant.first()?.place.clone())?;
    let (mut whole, mut at) = (String::new(), 0);
    for foreign in meant {
        whole.push_str(&text[at..foreign.place.start]);
        whole.push_str(&foreign.ours());
        at = foreign.place.end;
    }
    whole.push_str(&text[at..]);
    Some((whole, first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_spelling_is_recognised() {
        for (written, ours) in [
            (":room", "{room}"),
            (":room?", "{room}"),
            (":room(\\d+)", "{room}"),
            (":room*", "{*room}"),
            ("<room>", "{room}"),
            ("<int:room>", "{room}"),
            ("<path:room>", "{*room}"),
            ("<room..>", "{*room}"),
            ("$room", "{room}"),
            ("[room]", "{room}"),
            ("[...room]", "{*room}"),
            ("[[...room]]", "{*room}"),
            ("(?P<room>[^/()]+)", "{room}"),
            ("(?<room>(a|b)\\))", "{room}"),
            ("(?P<room>.*)", "{*room}"),
            ("*room", "{*room}"),
        ] {
            let text = format!("/a/{written}");
            let found = all(&text);
            assert_eq!(found.len(), 1, "{written}: {found:?}");
            assert_eq!(
                (found[0].ours(), found[0].place.clone()),
                (ours.to_owned(), 3..text.len()),
                "{written}"
            );
            assert_eq!(path(&text, |_| true).unwrap(), format!("/a/{ours}"));
        }
    }

    #[test]
    fn other_text_is_not() {
        for text in [
            "/{room}",
            "/{a:room}",
            ":",
            ":1",
            "::",
            "a: b",
            "*",
            "**",
            "<>",
            "< a>",
            "$",
            "[0]",
            "(a)",
            "5 * 3",
        ] {
            assert_eq!(all(text), [], "{text}");
        }
        for text in ["/a:room", "/a<room>", "/:room.json", "/x*room"] {
            assert_eq!(path(text, |_| true), None, "{text}");
        }
    }
}
