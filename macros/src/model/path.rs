//! The path of an endpoint and its parameters.

use syn::LitStr;

use crate::diagnostics::Errors;

use crate::parse::foreign;
use crate::parse::parameter_name::is_name;

/// The limit of the runtime.
const MAX_SEGMENTS: usize = 31;

/// The problem of a `{` without its `}`.
pub const NOT_CLOSED: &str = "`{` has no matching `}`";

/// The problem of a `}` without its `{`.
pub const NOT_OPENED: &str = "`}` has no matching `{`";

/// The names of the path parameters in order, unless the path has a mistake that hides them.
pub fn parameters(path: &LitStr, errors: &mut Errors) -> Option<Vec<String>> {
    let value = path.value();
    let Some((problem, help)) = problem(&value) else { return Some(names(&value)) };
    errors.push(path, problem, help.text());
    // The names are there, in another spelling.
    let is_whole = |help: &Help| matches!(help, Help::Path { keeps_names: true, .. });
    Some(help).filter(is_whole).and_then(|help| Some(names(&help.fixed()?)))
}

fn names(path: &str) -> Vec<String> {
    let name = |segment: &str| {
        Some(segment.strip_prefix('{')?.strip_suffix('}')?.trim_start_matches('*').to_owned())
    };
    path.split('/').filter_map(name).collect()
}

/// The path with its mistakes mended, if they are of a kind that can be.
pub fn fixed(path: &str) -> Option<String> {
    let mut path = path.to_owned();
    for _ in 0..MISTAKES_SHOWN {
        match problem(&path) {
            None => return Some(path),
            Some((_, Help::Path { path: next, .. })) => path = next,
            Some((_, Help::Other(_))) => return None,
        }
    }
    None
}

/// The limit for mistakes in one path.
const MISTAKES_SHOWN: usize = 10;

/// The help for a mistake in a path.
#[derive(Debug, PartialEq, Eq)]
enum Help {
    /// Another path, which may have a second mistake, between words.
    Path {
        before: &'static str,
        path: String,
        behind: &'static str,
        keeps_names: bool,
    },
    Other(String),
}

impl Help {
    fn path(before: &'static str, path: String, behind: &'static str) -> Self {
        Self::Path { before, path, behind, keeps_names: false }
    }

    fn fixed(&self) -> Option<String> {
        match self {
            Self::Path { path, .. } => fixed(path),
            Self::Other(_) => None,
        }
    }

    /// The words of the help, with a path that has no mistake.
    fn text(&self) -> String {
        match (self, self.fixed()) {
            (Self::Path { before, behind, .. }, Some(path)) => format!("{before} `path = {path:?}`{behind}"),
            (Self::Other(help), _) => help.clone(),
            _ => "write a path such as `path = \"/rooms/{room}\"`".to_owned(),
        }
    }
}

fn problem(path: &str) -> Option<(String, Help)> {
    let of = |problem: &str, help: Help| Some((problem.to_owned(), help));
    if !path.starts_with('/') {
        let own = match path.split_once("://") {
            Some((_, address)) => address.split_once('/').unwrap_or_default().1,
            None => path.trim_start_matches('^'),
        };
        let of_method = path.split_once(' ').filter(|(method, path)| {
            path.trim_start().starts_with('/') && method.chars().all(|c| c.is_ascii_alphabetic())
        });
        let own = of_method.map_or(own, |(_, path)| path.trim());
        // The end of a regular expression.
        let own = if path.starts_with('^') { own.trim_end_matches('$') } else { own };
        let own = format!("/{}", own.strip_prefix('/').unwrap_or(own));
        return of("a path must start with `/`", Help::path("write", own, ""));
    }
    // A client can send `$name` too, so the other names of the endpoint decide about it.
    if let Some(path) = foreign::path(path, |foreign| !foreign.is_doubtful) {
        let help = Help::Path { before: "write", path, behind: "", keeps_names: true };
        return of("a path parameter must be in braces", help);
    }
    // A character in braces belongs to the name of a parameter.
    let outside = |at: &usize| !path[..*at].rsplit('/').next().is_some_and(|segment| segment.contains('{'));
    if let Some(at) = path.find(['?', '#']).filter(outside) {
        let (character, matches) = match &path[at..=at] {
            "?" => ("?", ": it matches with every query"),
            _ => ("#", ": clients do not send what follows `#`"),
        };
        let help = Help::path("write", path[..at].to_owned(), matches);
        return Some((format!("a path cannot contain `{character}`"), help));
    }
    if let Some((problem, help)) = segments(path) {
        return Some((problem, Help::Other(help)));
    }
    if let Some(stars) = path.split('/').find(|segment| matches!(*segment, "*" | "**")) {
        let help = if path.ends_with(stars) {
            "write `{*rest}` for the rest of the path, or `{name}` for one segment"
        } else {
            "write `{name}` for one segment"
        };
        return of(&format!("`{stars}` is not a wildcard"), Help::Other(help.to_owned()));
    }
    if path.contains("//") {
        let mut whole = path.to_owned();
        while whole.contains("//") {
            whole = whole.replace("//", "/");
        }
        return of("a path cannot have an empty segment", Help::path("write", whole, ""));
    }
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        let behind = ": clients resolve `.` and `..` before they send a path";
        return of("a path with `.` or `..` matches no request", Help::path("write", resolved(path), behind));
    }
    let literals = || path.split('/').filter(|segment| !segment.starts_with('{'));
    if let Some(other) = literals().flat_map(str::chars).find(|&c| !is_plain(c)) {
        let help = Help::path("write it percent-encoded:", encoded(path), "");
        return Some((format!("a path cannot contain {other:?}"), help));
    }
    let encodes =
        |rest: &str| matches!(rest.as_bytes(), [a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit());
    if literals().flat_map(|segment| segment.split('%').skip(1)).any(|rest| !encodes(rest)) {
        let help = Help::Other("write `%25` for the character `%`".to_owned());
        return of("`%` is not followed by two hexadecimal digits", help);
    }
    let normal = normal(path);
    if normal != path {
        let problem = if normal.eq_ignore_ascii_case(path) {
            "percent-encoding in a path must be in capitals"
        } else {
            "a path cannot percent-encode a character that needs no encoding"
        };
        return of(problem, Help::path("write", normal, ""));
    }
    None
}

/// The first mistake in the parameters, and the help.
fn segments(path: &str) -> Option<(String, String)> {
    let segments: Vec<_> = path.split('/').skip(1).collect();
    let mut names = Vec::new();
    for (index, segment) in segments.iter().enumerate() {
        if !segment.contains(['{', '}']) {
            if let Some(name) = segment.strip_prefix(':').filter(|name| name.starts_with(char::is_alphabetic))
            {
                let end = name.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(name.len());
                return Some(not_whole(&name[..end]));
            }
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
            let mut help = named(name);
            if names.contains(&"id") {
                help = help.replace("`{id}`", "`{id_2}`");
            }
            return Some((format!("`{name}` is not a valid name for a path parameter"), help));
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
    if let Some((name, pattern)) = written.split_once(':') {
        if matches!(pattern.trim(), ".*" | ".+" | "*" | "path") {
            return format!("write `{{*{}}}` for the rest of the path", variable(name));
        }
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
    if let Some(inner) = segment.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"))
        && !inner.contains(['{', '}'])
    {
        let (star, name) = inner.strip_prefix('*').map_or(("", inner), |name| ("*", name));
        return (
            "a path parameter is in single braces".to_owned(),
            format!("write `{{{star}{}}}`", variable(name)),
        );
    }
    let mut inner = segment.split(['{', '}']).skip(1);
    let name = inner.find(|inner| !inner.is_empty()).map_or("id".to_owned(), variable);
    not_whole(&name)
}

fn not_whole(name: &str) -> (String, String) {
    (
        "a path parameter must be a whole segment".to_owned(),
        format!("write `/{{{name}}}`, and split the value in the function"),
    )
}

/// The name of a variable for this.
fn variable(written: &str) -> String {
    let name: String = written.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let name = name.trim_matches('_');
    match name.chars().next() {
        None => "id".to_owned(),
        // The index of an argument, as `format!` has it.
        Some(_) if name.chars().all(char::is_numeric) => "id".to_owned(),
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

    fn told(path: &str) -> (String, String) {
        let (problem, help) = problem(path).unwrap();
        (problem, help.text())
    }

    /// A client can send `:room`, but such a path is never meant.
    #[test]
    fn parameters_of_other_routers_are_a_mistake_and_count() {
        for (written, meant, names) in [
            ("/rooms/:id", "/rooms/{id}", &["id"][..]),
            ("/a/*rest", "/a/{*rest}", &["rest"]),
            ("/a/<b>/:c/<path:d>", "/a/{b}/{c}/{*d}", &["b", "c", "d"]),
            ("/[id]/x y", "/{id}/x%20y", &["id"]),
            ("/r/(?P<id>[^/]+)/x", "/r/{id}/x", &["id"]),
            ("/{a}/:b", "/{a}/{b}", &["a", "b"]),
        ] {
            let mut errors = Errors::default();
            let found = parameters(&LitStr::new(written, Span::call_site()), &mut errors);
            assert_eq!(found.unwrap(), names, "{written}");
            let expected = "a path parameter must be in braces".to_owned();
            assert_eq!(errors.all(), [(expected, format!("write `path = {meant:?}`"))], "{written}");
        }
        assert_eq!(told("/:id.json").0, "a path parameter must be a whole segment");
    }

    /// A suggested path has no mistake of its own.
    #[test]
    fn a_suggestion_is_right() {
        for (written, meant) in [
            ("GET /news", "/news"),
            ("GET /news/:id", "/news/{id}"),
            ("^/rooms/(?P<id>\\d+)/$", "/rooms/{id}/"),
            ("a \"b\"", "/a%20%22b%22"),
            ("https://a.b/é?x", "/%C3%A9"),
            ("/a/../b c", "/b%20c"),
        ] {
            assert_eq!(
                told(written).1.split(": clients").next().unwrap(),
                format!("write `path = {meant:?}`")
            );
            assert_eq!(problem(meant), None);
        }
        assert_eq!(told("{").1, "write a path such as `path = \"/rooms/{room}\"`");
    }

    #[test]
    fn each_mistake_has_its_own_message() {
        let paths =
            ["", "sse", "/<a>", "/a?b", "/a#b", "/a/../b", "/a b", "/é", "/100%", "/%zz", "/%+1", "/%é"];
        for path in paths {
            assert!(problem(path).is_some(), "{path}");
        }
        assert_eq!(told("/é b").1, "write it percent-encoded: `path = \"/%C3%A9%20b\"`");
        assert_eq!(
            told("/a/./b/../c").1,
            "write `path = \"/a/c\"`: clients resolve `.` and `..` before they send a path"
        );
        assert_eq!(told("/%61/%c3%A9").1, "write `path = \"/a/%C3%A9\"`");
        assert_eq!(told("/%c3%A9").0, "percent-encoding in a path must be in capitals");
        assert_eq!(told("/a?b").1, "write `path = \"/a\"`: it matches with every query");
        assert_eq!(told("/a#b").1, "write `path = \"/a\"`: clients do not send what follows `#`");
        assert_eq!(told("/a/<b>/:c/<d..>").1, "write `path = \"/a/{b}/{c}/{*d}\"`");
    }

    #[test]
    fn each_mistake_with_a_parameter_has_its_own_message() {
        let told = |path: &str| {
            let (problem, help) = told(path);
            format!("{problem}; {help}")
        };
        let own = "or `%7B` and `%7D` for the characters themselves";
        for (path, expected) in [
            ("/{room", format!("`{{` has no matching `}}`; write `{{room}}` for a path parameter, {own}")),
            ("/room}", format!("`}}` has no matching `{{`; write `{{room}}` for a path parameter, {own}")),
            ("/{{room}", format!("`{{` has no matching `}}`; write `{{room}}` for a path parameter, {own}")),
            ("/a{room}", "a path parameter must be a whole segment; write `/{room}`, and split the value in the function".to_owned()),
            ("/{a}{b}", "a path parameter must be a whole segment; write `/{a}`, and split the value in the function".to_owned()),
            ("/{{a}}", "a path parameter is in single braces; write `{a}`".to_owned()),
            ("/{{*a}}", "a path parameter is in single braces; write `{*a}`".to_owned()),
            ("/{{a}{b}}", "a path parameter must be a whole segment; write `/{a}`, and split the value in the function".to_owned()),
            ("/{a:[0-9]+}", "`a:[0-9]+` is not a valid name for a path parameter; write `{a}`: the type of the argument parses it".to_owned()),
            ("/{a:.*}", "`a:.*` is not a valid name for a path parameter; write `{*a}` for the rest of the path".to_owned()),
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
            ("/{1}", "`1` is not a valid name for a path parameter; write `{id}`: a path parameter is named like a variable".to_owned()),
            ("/{a}/{a}", "the path has two parameters named `a`; rename one of them: `{a_2}`".to_owned()),
            ("/{*a}/b", "`{*a}` must be at the end of the path; move it to the end, or write `{a}` for one segment".to_owned()),
        ] {
            assert_eq!(told(path), expected);
        }
        assert_eq!(problem(&"/a".repeat(32)).unwrap().0, "a path has at most 31 segments, this one has 32");
    }
}
