//! The path of an endpoint and its parameters.

use syn::LitStr;

use crate::diagnostics::Errors;

/// The limit of the runtime.
const MAX_SEGMENTS: usize = 31;

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
        return Some(("a path starts with `/`".to_owned(), format!("write `path = \"/{own}\"`")));
    }
    // A character in braces belongs to the name of a parameter.
    let outside = |at: &usize| !path[..*at].rsplit('/').next().is_some_and(|segment| segment.contains('{'));
    if let Some(at) = path.find(['?', '#']).filter(outside) {
        let help = format!("write `path = \"{}\"`: every query matches", &path[..at]);
        return Some((format!("a path ends before its `{}`", &path[at..=at]), help));
    }
    if let Some(found) = segments(path) {
        return Some(found);
    }
    // A client can send `:name` and `*name`, but not `<name>`.
    if let Some(path) = in_braces(path, |segment, _| segment.starts_with('<')) {
        return of("a parameter of a path stands between braces", &format!("write `path = {path:?}`"));
    }
    if let Some(stars) = path.split('/').find(|segment| matches!(*segment, "*" | "**")) {
        let help = if path.ends_with(stars) {
            "write `{*rest}` for the rest of the path, or `{name}` for one segment"
        } else {
            "write `{name}` for one segment"
        };
        return of(&format!("`{stars}` matches nothing but itself"), help);
    }
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return of(
            "a path with `.` or `..` matches nothing",
            &format!("write `path = {:?}`, which is what clients make of it", resolved(path)),
        );
    }
    let literals = || path.split('/').filter(|segment| !segment.starts_with('{'));
    if let Some(other) = literals().flat_map(str::chars).find(|&c| !is_plain(c)) {
        let help = format!("write it as it is sent: `path = {:?}`", encoded(path));
        return Some((format!("{other:?} cannot stand in a path"), help));
    }
    let encodes =
        |rest: &str| matches!(rest.as_bytes(), [a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit());
    if literals().flat_map(|segment| segment.split('%').skip(1)).any(|rest| !encodes(rest)) {
        return of("`%` is not followed by two hexadecimal digits", "write a `%` itself as `%25`");
    }
    let normal = normal(path);
    if normal != path {
        let help = format!("write `path = {normal:?}`");
        return of("a path is encoded where it has to be, and in capitals", &help);
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
                "a parameter of a path needs a name".to_owned(),
                format!("write `{{{}}}`", if is_rest { "*rest" } else { "id" }),
            ));
        }
        if !is_name(name) {
            return Some((format!("`{name}` is not the name of a parameter"), named(name)));
        }
        if names.contains(&name) {
            let help = format!("give one of them another name: `{{{name}_2}}`");
            return Some((format!("the path has the parameter `{name}` twice"), help));
        }
        if is_rest && index + 1 < segments.len() {
            let problem = format!("`{{*{name}}}` is the rest of the path, and something follows it");
            return Some((problem, format!("put it at the end, or write `{{{name}}}` for one segment")));
        }
        names.push(name);
    }
    let count = segments.len();
    (count > MAX_SEGMENTS).then(|| {
        let problem = format!("a path has at most {MAX_SEGMENTS} segments, this one has {count}");
        (problem, "take the end of it as one parameter: `{*rest}`".to_owned())
    })
}

/// The help for a wrong name of a parameter, with a pattern or a type behind it, `?`, `..` or `*`.
fn named(written: &str) -> String {
    if let Some(name) = written.strip_prefix("r#").filter(|name| is_name(name)) {
        return format!("write `{{{name}}}`, and `{written}` in the function");
    }
    if let Some((name, _)) = written.split_once(':') {
        return format!("write `{{{}}}`: the type of the argument says what it can be", variable(name));
    }
    if written.ends_with("..") || written.contains('*') {
        return format!("write `{{*{}}}` for the rest of the path", variable(written));
    }
    if written.ends_with('?') {
        return format!(
            "write `{{{}}}`: it is always there; where it can be missing, write a second endpoint",
            variable(written)
        );
    }
    format!("write `{{{}}}`: it is named like a variable", variable(written))
}

/// The mistake in a segment with misplaced braces, and the help.
fn broken(segment: &str) -> (String, String) {
    let opens = segment.matches('{').count();
    if opens != segment.matches('}').count() {
        let problem = if opens > 0 { "`{` is not closed" } else { "`}` closes nothing" };
        let name = variable(segment);
        return (
            problem.to_owned(),
            format!("write `{{{name}}}` for a parameter; the characters themselves are `%7B` and `%7D`"),
        );
    }
    let mut inner = segment.split(['{', '}']).skip(1);
    let name = inner.find(|inner| !inner.is_empty()).map_or("id".to_owned(), variable);
    (
        "a parameter is a whole segment of a path".to_owned(),
        format!("write `/{{{name}}}`, and take the value apart in the function"),
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
            encoded.extend(c.to_string().bytes().map(|byte| format!("%{byte:02X}")));
        }
    }
    encoded
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
        assert_eq!(problem("/é b").unwrap().1, "write it as it is sent: `path = \"/%C3%A9%20b\"`");
        assert_eq!(
            problem("/a/./b/../c").unwrap().1,
            "write `path = \"/a/c\"`, which is what clients make of it"
        );
        assert_eq!(problem("/%61/%c3%A9").unwrap().1, "write `path = \"/a/%C3%A9\"`");
        assert_eq!(problem("/a?b").unwrap().1, "write `path = \"/a\"`: every query matches");
        assert_eq!(problem("/a/<b>/:c/<d..>").unwrap().1, "write `path = \"/a/{b}/:c/{*d}\"`");
    }

    #[test]
    fn each_mistake_with_a_parameter_has_its_own_message() {
        let told = |path: &str| {
            let (problem, help) = problem(path).unwrap();
            format!("{problem}; {help}")
        };
        let own = "the characters themselves are `%7B` and `%7D`";
        for (path, expected) in [
            ("/{room", format!("`{{` is not closed; write `{{room}}` for a parameter; {own}")),
            ("/room}", format!("`}}` closes nothing; write `{{room}}` for a parameter; {own}")),
            ("/{{room}", format!("`{{` is not closed; write `{{room}}` for a parameter; {own}")),
            ("/a{room}", "a parameter is a whole segment of a path; write `/{room}`, and take the value apart in the function".to_owned()),
            ("/{a}{b}", "a parameter is a whole segment of a path; write `/{a}`, and take the value apart in the function".to_owned()),
            ("/{{a}}", "a parameter is a whole segment of a path; write `/{a}`, and take the value apart in the function".to_owned()),
            ("/{a:[0-9]+}", "`a:[0-9]+` is not the name of a parameter; write `{a}`: the type of the argument says what it can be".to_owned()),
            ("/{a..}", "`a..` is not the name of a parameter; write `{*a}` for the rest of the path".to_owned()),
            ("/{**a}", "`*a` is not the name of a parameter; write `{*a}` for the rest of the path".to_owned()),
            ("/{a?}", "`a?` is not the name of a parameter; write `{a}`: it is always there; where it can be missing, write a second endpoint".to_owned()),
            ("/{}", "a parameter of a path needs a name; write `{id}`".to_owned()),
            ("/{*}", "a parameter of a path needs a name; write `{*rest}`".to_owned()),
            ("/{room id}", "`room id` is not the name of a parameter; write `{room_id}`: it is named like a variable".to_owned()),
            ("/{self}", "`self` is not the name of a parameter; write `{self_}`: it is named like a variable".to_owned()),
            ("/{r#type}", "`r#type` is not the name of a parameter; write `{type}`, and `r#type` in the function".to_owned()),
            ("/a/*", "`*` matches nothing but itself; write `{*rest}` for the rest of the path, or `{name}` for one segment".to_owned()),
            ("/a/*/b", "`*` matches nothing but itself; write `{name}` for one segment".to_owned()),
            ("/{1}", "`1` is not the name of a parameter; write `{_1}`: it is named like a variable".to_owned()),
            ("/{a}/{a}", "the path has the parameter `a` twice; give one of them another name: `{a_2}`".to_owned()),
            ("/{*a}/b", "`{*a}` is the rest of the path, and something follows it; put it at the end, or write `{a}` for one segment".to_owned()),
        ] {
            assert_eq!(told(path), expected);
        }
        assert_eq!(problem(&"/a".repeat(32)).unwrap().0, "a path has at most 31 segments, this one has 32");
    }
}
