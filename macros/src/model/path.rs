//! The path of an endpoint and its parameters.

use syn::LitStr;

use crate::diagnostics::Errors;

/// The limit of the runtime.
const MAX_SEGMENTS: usize = 31;

/// The problem of a `{` without its `}`.
pub const NOT_CLOSED: &str = "`{` has no matching `}`";

/// The problem of a `}` without its `{`.
pub const NOT_OPENED: &str = "`}` has no matching `{`";

/// The names of the path parameters in order, unless the path has a mistake.
pub fn parameters(path: &LitStr, errors: &mut Errors) -> Option<Vec<String>> {
    let value = path.value();
    if let Some((problem, help)) = problem(&value) {
        errors.push(path, problem, help);
        return None;
    }
    let name = |segment: &str| {
        Some(segment.strip_prefix('{')?.strip_suffix('}')?.trim_start_matches('*').to_owned())
    };
    Some(value.split('/').filter_map(name).collect())
}

/// The path with parameters in braces that are written as in other routers, `:name` or `<name>`. `is_meant` picks them by
/// the segment and the name.
pub fn in_braces(path: &str, is_meant: impl Fn(&str, &str) -> bool) -> Option<String> {
    let ours = |segment: &str| {
        let (name, ours) = of_another_router(segment)?;
        is_meant(segment, name).then_some(ours)
    };
    path.split('/').any(|segment| ours(segment).is_some()).then(|| {
        let segments = path.split('/').map(|segment| ours(segment).unwrap_or_else(|| segment.to_owned()));
        segments.collect::<Vec<_>>().join("/")
    })
}

/// The name of a parameter that is written as in another router, and its form here.
fn of_another_router(segment: &str) -> Option<(&str, String)> {
    let (name, is_rest) = if let Some(inner) = segment.strip_prefix('<') {
        let inner = inner.strip_suffix('>')?;
        (inner.trim_end_matches(".."), inner.ends_with(".."))
    } else if let Some(name) = segment.strip_prefix('*') {
        (name, true)
    } else {
        (segment.strip_prefix(':')?, false)
    };
    is_name(name).then(|| (name, format!("{{{}{name}}}", if is_rest { "*" } else { "" })))
}

fn problem(path: &str) -> Option<(String, String)> {
    let of = |problem: &str, help: &str| Some((problem.to_owned(), help.to_owned()));
    if !path.starts_with('/') {
        let own =
            path.split_once("://").map_or(path, |(_, address)| address.split_once('/').unwrap_or_default().1);
        return Some(("a path must start with `/`".to_owned(), format!("write `path = \"/{own}\"`")));
    }
    // A character in braces belongs to the name of a parameter.
    let outside = |at: &usize| !path[..*at].rsplit('/').next().is_some_and(|segment| segment.contains('{'));
    if let Some(at) = path.find(['?', '#']).filter(outside) {
        let (character, matches) = match &path[at..=at] {
            "?" => ("?", "it matches with every query"),
            _ => ("#", "clients do not send what follows `#`"),
        };
        let help = format!("write `path = \"{}\"`: {matches}", &path[..at]);
        return Some((format!("a path cannot contain `{character}`"), help));
    }
    if let Some(found) = segments(path) {
        return Some(found);
    }
    // A client can send `:name` and `*name`, but not `<name>`.
    if let Some(path) = in_braces(path, |segment, _| segment.starts_with('<')) {
        return of("a path parameter must be in braces", &format!("write `path = {path:?}`"));
    }
    if let Some(stars) = path.split('/').find(|segment| matches!(*segment, "*" | "**")) {
        let help = if path.ends_with(stars) {
            "write `{*rest}` for the rest of the path, or `{name}` for one segment"
        } else {
            "write `{name}` for one segment"
        };
        return of(&format!("`{stars}` is not a wildcard"), help);
    }
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return of(
            "a path with `.` or `..` matches no request",
            &format!(
                "write `path = {:?}`: clients resolve `.` and `..` before they send a path",
                resolved(path)
            ),
        );
    }
    let literals = || path.split('/').filter(|segment| !segment.starts_with('{'));
    if let Some(other) = literals().flat_map(str::chars).find(|&c| !is_plain(c)) {
        let help = format!("write it percent-encoded: `path = {:?}`", encoded(path));
        return Some((format!("a path cannot contain {other:?}"), help));
    }
    let encodes =
        |rest: &str| matches!(rest.as_bytes(), [a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit());
    if literals().flat_map(|segment| segment.split('%').skip(1)).any(|rest| !encodes(rest)) {
        return of("`%` is not followed by two hexadecimal digits", "write `%25` for the character `%`");
    }
    let normal = normal(path);
    if normal != path {
        let problem = if normal.eq_ignore_ascii_case(path) {
            "percent-encoding in a path must be in capitals"
        } else {
            "a path cannot percent-encode a character that needs no encoding"
        };
        return of(problem, &format!("write `path = {normal:?}`"));
    }
    None
}

/// The first mistake in the parameters, and the help.
fn segments(path: &str) -> Option<(String, String)> {
    let segments: Vec<_> = path.split('/').skip(1).collect();
    let mut names = Vec::new();
    for (index, segment) in segments.iter().enumerate() {
        if !segment.contains(['{', '}']) {
            continue;
        }
        let whole = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let Some(inner) = whole.filter(|inner| !inner.contains(['{', '}'])) else {
            return Some(broken(segment));
        };
        let (name, is_rest) = match inner.strip_prefix('*') {
            Some(name) => (name, true),
            None => (inner, false),
        };
        if name.is_empty() {
            return Some((
                "a path parameter must have a name".to_owned(),
                format!("write `{{{}}}`", if is_rest { "*rest" } else { "id" }),
            ));
        }
        if !is_name(name) {
            return Some((format!("`{name}` is not a valid name for a path parameter"), named(name)));
        }
        if names.contains(&name) {
            let help = format!("rename one of them: `{{{name}_2}}`");
            return Some((format!("the path has two parameters named `{name}`"), help));
        }
        if is_rest && index + 1 < segments.len() {
            let problem = format!("`{{*{name}}}` must be at the end of the path");
            return Some((problem, format!("move it to the end, or write `{{{name}}}` for one segment")));
        }
        names.push(name);
    }
    let count = segments.len();
    (count > MAX_SEGMENTS).then(|| {
        let problem = format!("a path has at most {MAX_SEGMENTS} segments, this one has {count}");
        (problem, "replace its last segments with `{*rest}`".to_owned())
    })
}

/// The help for a wrong name of a parameter, with a pattern or a type behind it, `?`, `..` or `*`.
fn named(written: &str) -> String {
    if let Some(name) = written.strip_prefix("r#").filter(|name| is_name(name)) {
        return format!("write `{{{name}}}`, and `{written}` in the function");
    }
    if let Some((name, _)) = written.split_once(':') {
        return format!("write `{{{}}}`: the type of the argument parses it", variable(name));
    }
    if written.ends_with("..") || written.contains('*') {
        return format!("write `{{*{}}}` for the rest of the path", variable(written));
    }
    if written.ends_with('?') {
        return format!("write `{{{}}}`, and a second endpoint for the path without it", variable(written));
    }
    format!("write `{{{}}}`: a path parameter is named like a variable", variable(written))
}

/// The mistake in a segment with misplaced braces, and the help.
fn broken(segment: &str) -> (String, String) {
    let opens = segment.matches('{').count();
    if opens != segment.matches('}').count() {
        let problem = if opens > 0 { NOT_CLOSED } else { NOT_OPENED };
        let name = variable(segment);
        return (
            problem.to_owned(),
            format!(
                "write `{{{name}}}` for a path parameter, or `%7B` and `%7D` for the characters themselves"
            ),
        );
    }
    let mut inner = segment.split(['{', '}']).skip(1);
    let name = inner.find(|inner| !inner.is_empty()).map_or("id".to_owned(), variable);
    (
        "a path parameter must be a whole segment".to_owned(),
        format!("write `/{{{name}}}`, and split the value in the function"),
    )
}

/// Returns `true` for a name that a path parameter, and so an argument, can have.
pub fn is_name(name: &str) -> bool {
    let first = name.chars().next();
    first.is_some_and(|c| c == '_' || c.is_alphabetic())
        && name.chars().all(|c| c == '_' || c.is_alphanumeric())
        && !matches!(name, "_" | "self" | "Self" | "super" | "crate")
}

/// The name of a variable for this.
fn variable(written: &str) -> String {
    let name: String = written.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let name = name.trim_matches('_');
    match name.chars().next() {
        None => "id".to_owned(),
        Some(c) if c.is_numeric() => format!("_{name}"),
        _ if is_name(name) => name.to_owned(),
        _ => format!("{name}_"),
    }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "/-._~!$&'()*+,;=:@%".contains(c)
}

/// The path as the runtime normalizes it before it matches endpoints. Each `%` has its two digits.
fn normal(path: &str) -> String {
    let mut parts = path.split('%');
    let mut normal = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let byte = u8::from_str_radix(&part[..2], 16).unwrap_or_default();
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            normal.push(char::from(byte));
        } else {
            normal.push_str(&format!("%{byte:02X}"));
        }
        normal.push_str(&part[2..]);
    }
    normal
}

fn encoded(path: &str) -> String {
    let mut encoded = String::new();
    for c in path.chars() {
        if is_plain(c) || matches!(c, '{' | '}') {
            encoded.push(c);
        } else {
            encoded.push_str(&percent_encoded(c));
        }
    }
    encoded
}

pub fn percent_encoded(c: char) -> String {
    c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn resolved(path: &str) -> String {
    let mut segments = Vec::new();
    for segment in path.split('/').skip(1) {
        match segment {
            "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    format!("/{}", segments.join("/"))
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

    use super::*;

    #[test]
    fn paths_as_they_are_sent_are_fine() {
        for path in [
            "/",
            "/sse",
            "/a/b.c/~d",
            "/caf%C3%A9",
            "/a..b",
            "/v1/@me;x=1",
            "/{a}/b/{c}/{*d}",
            "/{_a}",
            "/{größe}",
        ] {
            assert_eq!(problem(path), None, "{path}");
        }
        assert_eq!(problem(&"/a".repeat(MAX_SEGMENTS)), None);
    }

    #[test]
    fn parameters_are_in_order() {
        let path = LitStr::new("/a/{b}/{*c}", Span::call_site());
        assert_eq!(parameters(&path, &mut Errors::default()).unwrap(), ["b", "c"]);
    }

    #[test]
    fn parameters_of_other_routers_are_recognised() {
        for (written, meant) in
            [("/:room/a", "/{room}/a"), ("/<room>", "/{room}"), ("/a/*room", "/a/{*room}")]
        {
            assert_eq!(in_braces(written, |_, name| name == "room").as_deref(), Some(meant));
        }
        for written in ["/room", "/:rooms", "/<room", "/{room}"] {
            assert_eq!(in_braces(written, |_, name| name == "room"), None, "{written}");
        }
    }

    #[test]
    fn each_mistake_has_its_own_message() {
        let paths =
            ["", "sse", "/<a>", "/a?b", "/a#b", "/a/../b", "/a b", "/é", "/100%", "/%zz", "/%+1", "/%é"];
        for path in paths {
            assert!(problem(path).is_some(), "{path}");
        }
        assert_eq!(problem("/é b").unwrap().1, "write it percent-encoded: `path = \"/%C3%A9%20b\"`");
        assert_eq!(
            problem("/a/./b/../c").unwrap().1,
            "write `path = \"/a/c\"`: clients resolve `.` and `..` before they send a path"
        );
        assert_eq!(problem("/%61/%c3%A9").unwrap().1, "write `path = \"/a/%C3%A9\"`");
        assert_eq!(problem("/%c3%A9").unwrap().0, "percent-encoding in a path must be in capitals");
        assert_eq!(problem("/a?b").unwrap().1, "write `path = \"/a\"`: it matches with every query");
        assert_eq!(problem("/a#b").unwrap().1, "write `path = \"/a\"`: clients do not send what follows `#`");
        assert_eq!(problem("/a/<b>/:c/<d..>").unwrap().1, "write `path = \"/a/{b}/:c/{*d}\"`");
    }

    #[test]
    fn each_mistake_with_a_parameter_has_its_own_message() {
        let told = |path: &str| {
            let (problem, help) = problem(path).unwrap();
            format!("{problem}; {help}")
        };
        let own = "or `%7B` and `%7D` for the characters themselves";
        for (path, expected) in [
            ("/{room", format!("`{{` has no matching `}}`; write `{{room}}` for a path parameter, {own}")),
            ("/room}", format!("`}}` has no matching `{{`; write `{{room}}` for a path parameter, {own}")),
            ("/{{room}", format!("`{{` has no matching `}}`; write `{{room}}` for a path parameter, {own}")),
            ("/a{room}", "a path parameter must be a whole segment; write `/{room}`, and split the value in the function".to_owned()),
            ("/{a}{b}", "a path parameter must be a whole segment; write `/{a}`, and split the value in the function".to_owned()),
            ("/{{a}}", "a path parameter must be a whole segment; write `/{a}`, and split the value in the function".to_owned()),
            ("/{a:[0-9]+}", "`a:[0-9]+` is not a valid name for a path parameter; write `{a}`: the type of the argument parses it".to_owned()),
            ("/{a..}", "`a..` is not a valid name for a path parameter; write `{*a}` for the rest of the path".to_owned()),
            ("/{**a}", "`*a` is not a valid name for a path parameter; write `{*a}` for the rest of the path".to_owned()),
            ("/{a?}", "`a?` is not a valid name for a path parameter; write `{a}`, and a second endpoint for the path without it".to_owned()),
            ("/{}", "a path parameter must have a name; write `{id}`".to_owned()),
            ("/{*}", "a path parameter must have a name; write `{*rest}`".to_owned()),
            ("/{room id}", "`room id` is not a valid name for a path parameter; write `{room_id}`: a path parameter is named like a variable".to_owned()),
            ("/{self}", "`self` is not a valid name for a path parameter; write `{self_}`: a path parameter is named like a variable".to_owned()),
            ("/{r#type}", "`r#type` is not a valid name for a path parameter; write `{type}`, and `r#type` in the function".to_owned()),
            ("/a/*", "`*` is not a wildcard; write `{*rest}` for the rest of the path, or `{name}` for one segment".to_owned()),
            ("/a/*/b", "`*` is not a wildcard; write `{name}` for one segment".to_owned()),
            ("/{1}", "`1` is not a valid name for a path parameter; write `{_1}`: a path parameter is named like a variable".to_owned()),
            ("/{a}/{a}", "the path has two parameters named `a`; rename one of them: `{a_2}`".to_owned()),
            ("/{*a}/b", "`{*a}` must be at the end of the path; move it to the end, or write `{a}` for one segment".to_owned()),
        ] {
            assert_eq!(told(path), expected);
        }
        assert_eq!(problem(&"/a".repeat(32)).unwrap().0, "a path has at most 31 segments, this one has 32");
    }
}
