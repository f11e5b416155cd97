//! The path of an endpoint and its parameters.

use syn::LitStr;

use crate::diagnostics::{Errors, list};

use crate::parse::foreign;
use crate::parse::parameter_name::is_name;

/// The limit of the runtime.
const MAX_SEGMENTS: usize = 31;

/// The problem of a `{` without its `}`.
pub const NOT_CLOSED: &str = "`{` has no matching `}`";

/// The problem of a `}` without its `{`.
pub const NOT_OPENED: &str = "`}` has no matching `{`";

/// The names of the path parameters in order, unless the path has a mistake that hides them. `candidates` are the names that
/// a path parameter without one may have, which only the help for a mistake needs.
pub fn parameters<'c>(
    path: &LitStr,
    candidates: impl FnOnce() -> &'c [String],
    errors: &mut Errors,
) -> Option<Vec<String>> {
    let value = path.value();
    if problem(&value, &[]).is_none() {
        return Some(names(&value));
    }
    let candidates = candidates();
    let (problem, help) = problem(&value, candidates)?;
    errors.push(path, problem, help.text(candidates));
    // The names are there, in another spelling.
    let is_whole = |help: &Help| matches!(help, Help::Path { keeps_names: true, .. });
    Some(help).filter(is_whole).and_then(|help| Some(names(&help.fixed(candidates)?)))
}

/// The names of the parameters of a path without a mistake.
pub fn names(path: &str) -> Vec<String> {
    let name = |segment: &str| {
        Some(segment.strip_prefix('{')?.strip_suffix('}')?.trim_start_matches('*').to_owned())
    };
    path.split('/').filter_map(name).collect()
}

/// The path with its mistakes mended, if they are of a kind that can be.
pub fn fixed(path: &str, candidates: &[String]) -> Option<String> {
    let mut path = path.to_owned();
    for _ in 0..MISTAKES_MENDED {
        match problem(&path, candidates) {
            None => return Some(path),
            Some((_, Help::Path { path: next, .. })) => path = next,
            Some((_, Help::Other(_))) => return None,
        }
    }
    None
}

/// The limit for mistakes in one path. A segment can have several.
const MISTAKES_MENDED: usize = 4 * MAX_SEGMENTS;

/// The help for a mistake in a path.
#[derive(Debug, PartialEq, Eq)]
enum Help {
    /// Another path, which may have a second mistake, between words.
    Path {
        before: &'static str,
        path: String,
        behind: String,
        keeps_names: bool,
    },
    Other(String),
}

impl Help {
    fn path(before: &'static str, path: String, behind: impl Into<String>) -> Self {
        Self::Path { before, path, behind: behind.into(), keeps_names: false }
    }

    fn fixed(&self, candidates: &[String]) -> Option<String> {
        match self {
            Self::Path { path, .. } => fixed(path, candidates),
            Self::Other(_) => None,
        }
    }

    /// The words of the help, with a path that has no mistake.
    fn text(&self, candidates: &[String]) -> String {
        match (self, self.fixed(candidates)) {
            (Self::Path { before, behind, .. }, Some(path)) => format!("{before} `path = {path:?}`{behind}"),
            (Self::Other(help), _) => help.clone(),
            _ => "write a path such as `path = \"/rooms/{room}\"`".to_owned(),
        }
    }
}

fn problem(path: &str, candidates: &[String]) -> Option<(String, Help)> {
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
        let help = Help::Path { before: "write", path, behind: String::new(), keeps_names: true };
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
    let segments: Vec<_> = path.split('/').skip(1).collect();
    let segments = || (0..segments.len()).map(|index| Segment { all: &segments, index, candidates });
    if let Some(mistake) = segments().find_map(|segment| segment.problem()) {
        return Some(mistake);
    }
    let count = segments().count();
    if count > MAX_SEGMENTS {
        let problem = format!("a path has at most {MAX_SEGMENTS} segments, this one has {count}");
        return of(&problem, Help::Other("replace its last segments with `{*rest}`".to_owned()));
    }
    if let Some(stars) = segments().find(|segment| matches!(segment.written(), "*" | "**")) {
        let problem = format!("`{}` is not a wildcard", stars.written());
        let help = if stars.is_last() {
            stars.help("", true, " for the rest of the path, or `{name}` for one segment")
        } else {
            stars.help("", false, " for one segment")
        };
        return of(&problem, help);
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
        let mut whole = path.split('%').next().unwrap_or_default().to_owned();
        for rest in path.split('%').skip(1) {
            whole.push_str(if encodes(rest) { "%" } else { "%25" });
            whole.push_str(rest);
        }
        let help = Help::path("write", whole, ": `%25` is the character `%`");
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

/// A segment of a path.
struct Segment<'p> {
    all: &'p [&'p str],
    index: usize,
    candidates: &'p [String],
}

impl Segment<'_> {
    fn written(&self) -> &str {
        self.all[self.index]
    }

    fn is_last(&self) -> bool {
        self.index + 1 == self.all.len()
    }

    /// The mistake of its parameter, and the help.
    fn problem(&self) -> Option<(String, Help)> {
        let segment = self.written();
        if !segment.contains(['{', '}']) {
            let name = segment.strip_prefix(':').filter(|name| name.starts_with(char::is_alphabetic))?;
            let end = name.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(name.len());
            return Some(self.not_whole(&name[..end]));
        }
        let Some(inner) = in_braces(segment) else { return Some(self.broken()) };
        let (name, is_rest) = match inner.strip_prefix('*') {
            Some(name) => (name, true),
            None => (inner, false),
        };
        if name.is_empty() {
            let problem = "a path parameter must have a name".to_owned();
            return Some((problem, self.help("", is_rest, &self.other_names())));
        }
        if !is_name(name) {
            let problem = format!("`{name}` is not a valid name for a path parameter");
            return Some((problem, self.named(name, is_rest)));
        }
        let is_same =
            |earlier: &&str| in_braces(earlier).is_some_and(|it| it.trim_start_matches('*') == name);
        if self.all[..self.index].iter().any(is_same) {
            let problem = format!("the path has two parameters named `{name}`");
            let path = self.replaced(&self.parameter(name, is_rest));
            return Some((problem, Help::path("rename one of them:", path, "")));
        }
        if is_rest && !self.is_last() {
            let problem = format!("`{{*{name}}}` must be at the end of the path");
            let behind = format!(" for one segment, or move `{{*{name}}}` to the end");
            return Some((problem, self.help(name, false, &behind)));
        }
        None
    }

    /// The help for a wrong name, with a pattern or a type behind it, `?`, `..` or `*`.
    fn named(&self, written: &str, is_rest: bool) -> Help {
        let (name, is_rest_by_name) = stem(written);
        let behind = if let Some(name) = written.strip_prefix("r#").filter(|name| is_name(name)) {
            return self.help(name, is_rest, &format!(", and `{written}` in the function"));
        } else if is_rest_by_name {
            if self.is_last() { " for the rest of the path" } else { " for one segment" }
        } else if written.contains(':') {
            ": the type of the argument parses it"
        } else if written.ends_with('?') {
            ", and a second endpoint for the path without it"
        } else {
            ": a path parameter is named like a variable"
        };
        self.help(name, is_rest || is_rest_by_name, behind)
    }

    /// The mistake of misplaced braces, and the help.
    fn broken(&self) -> (String, Help) {
        let segment = self.written();
        let (opens, closes) = (segment.matches('{').count(), segment.matches('}').count());
        let mut inner = segment.split(['{', '}']).skip(opens.min(1));
        let (name, is_rest) = stem(inner.find(|inner| !inner.is_empty()).unwrap_or_default());
        if opens != closes {
            let (problem, character) = if opens > closes { (NOT_CLOSED, "%7B") } else { (NOT_OPENED, "%7D") };
            let behind = format!(", or `{character}` for the character itself");
            return (problem.to_owned(), self.help(name, is_rest, &behind));
        }
        let is_double = segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
            .is_some_and(|it| in_braces(it).is_some());
        if is_double {
            return ("a path parameter is in single braces".to_owned(), self.help(name, is_rest, ""));
        }
        self.not_whole(name)
    }

    fn not_whole(&self, name: &str) -> (String, Help) {
        let problem = "a path parameter must be a whole segment".to_owned();
        (problem, self.help(name, false, ", and split the value in the function"))
    }

    /// The help to write a parameter of this name in place of the segment, with words behind it.
    fn help(&self, name: &str, is_rest: bool, behind: &str) -> Help {
        Help::path("write", self.replaced(&self.parameter(name, is_rest)), behind)
    }

    /// The path with another segment in this place.
    fn replaced(&self, segment: &str) -> String {
        let mut all = self.all.to_vec();
        all[self.index] = segment;
        format!("/{}", all.join("/"))
    }

    /// The parameter for this name, or for one that the endpoint has. Its name is free.
    fn parameter(&self, written: &str, is_rest: bool) -> String {
        let is_rest = is_rest && self.is_last();
        let own = || self.candidates.iter().find(|name| !self.is_taken(name)).cloned();
        let name = variable(written).or_else(own);
        let name = name.unwrap_or_else(|| if is_rest { "rest" } else { "id" }.to_owned());
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let name = std::iter::once(name.clone()).chain(numbered).find(|name| !self.is_taken(name));
        format!("{{{}{}}}", if is_rest { "*" } else { "" }, name.unwrap_or_default())
    }

    /// Returns `true` for the name of another parameter.
    fn is_taken(&self, name: &str) -> bool {
        let others = self.all.iter().enumerate().filter(|(index, _)| *index != self.index);
        others.filter_map(|(_, other)| in_braces(other)).any(|inner| inner.trim_start_matches('*') == name)
    }

    /// The words about the candidates that the parameters without a name do not need.
    fn other_names(&self) -> String {
        let without_name = self.all.iter().filter(|segment| matches!(**segment, "{}" | "{*}")).count();
        let free = self.candidates.iter().filter(|name| !self.is_taken(name));
        let left: Vec<_> = free.skip(without_name).map(String::as_str).collect();
        match left.len() {
            0 => String::new(),
            1 => format!("; {} can be a path parameter too", list(left)),
            _ => format!("; {} can be path parameters too", list(left)),
        }
    }
}

/// The text of a segment between its only two braces.
fn in_braces(segment: &str) -> Option<&str> {
    let inner = segment.strip_prefix('{')?.strip_suffix('}')?;
    (!inner.contains(['{', '}'])).then_some(inner)
}

/// The name in the braces of this and other routers, without a pattern or a type behind it, and `true` if it is the rest of
/// the path.
fn stem(written: &str) -> (&str, bool) {
    let (name, pattern) = match written.split_once(':') {
        Some((name, pattern)) => (name, pattern.trim()),
        None => (written, ""),
    };
    let is_rest = matches!(pattern, ".*" | ".+" | "*" | "path")
        || pattern.is_empty() && (written.ends_with("..") || written.contains('*'));
    (name, is_rest)
}

/// The name of a variable for this, if there is a name in it.
fn variable(written: &str) -> Option<String> {
    let name: String = written.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let name = name.trim_matches('_');
    // The index of an argument, as `format!` has it, is no name.
    let first = name.chars().next().filter(|_| !name.chars().all(char::is_numeric))?;
    Some(match first {
        c if c.is_numeric() => format!("_{name}"),
        _ if is_name(name) => name.to_owned(),
        _ => format!("{name}_"),
    })
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

/// The path with its other characters percent-encoded, outside of its parameters.
fn encoded(path: &str) -> String {
    let encode = |c: char| if is_plain(c) { c.to_string() } else { percent_encoded(c) };
    let segments = path.split('/').map(|segment| match segment.starts_with('{') {
        true => segment.to_owned(),
        false => segment.chars().map(encode).collect(),
    });
    segments.collect::<Vec<_>>().join("/")
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

    fn problem(path: &str) -> Option<(String, Help)> {
        super::problem(path, &[])
    }

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
        assert_eq!(parameters(&path, || &[], &mut Errors::default()).unwrap(), ["b", "c"]);
    }

    fn told(path: &str) -> (String, String) {
        let (problem, help) = problem(path).unwrap();
        (problem, help.text(&[]))
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
            let found = parameters(&LitStr::new(written, Span::call_site()), || &[], &mut errors);
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
        assert_eq!(told("{").1, "write `path = \"/{id}\"`");
        let long = "a/".repeat(MAX_SEGMENTS + 1);
        assert_eq!(told(&long).1, "write a path such as `path = \"/rooms/{room}\"`");
    }

    #[test]
    fn each_mistake_has_its_own_message() {
        let paths =
            ["", "sse", "/<a>", "/a?b", "/a#b", "/a/../b", "/a b", "/é", "/100%", "/%zz", "/%+1", "/%é"];
        for path in paths {
            assert!(problem(path).is_some(), "{path}");
        }
        assert_eq!(told("/é b").1, "write it percent-encoded: `path = \"/%C3%A9%20b\"`");
        assert_eq!(told("/é/{größe}").1, "write it percent-encoded: `path = \"/%C3%A9/{größe}\"`");
        assert_eq!(told("/é/{id}").1, "write it percent-encoded: `path = \"/%C3%A9/{id}\"`");
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
        let open = "`{` has no matching `}`; write `path = \"/{room}\"`, or `%7B` for the character itself";
        let close = "`}` has no matching `{`; write `path = \"/{room}\"`, or `%7D` for the character itself";
        let split = "a path parameter must be a whole segment; write `path = \"/{a}\"`, and split the value in the function";
        let single = "a path parameter is in single braces; write";
        let wrong = |name: &str, path: &str, behind: &str| {
            format!("`{name}` is not a valid name for a path parameter; write `path = {path:?}`{behind}")
        };
        let variable = ": a path parameter is named like a variable";
        let rest = " for the rest of the path";
        for (path, expected) in [
            ("/{room", open.to_owned()),
            ("/{{room}", open.to_owned()),
            ("/a{room", open.to_owned()),
            ("/room}", close.to_owned()),
            ("/{room}}", close.to_owned()),
            ("/{", open.replace("room", "id")),
            ("/a/{*room", open.replace("/{room}", "/a/{*room}")),
            ("/{room:u32", open.to_owned()),
            ("/a{a}", split.to_owned()),
            ("/{a}{b}", split.to_owned()),
            ("/{{a}{b}}", split.to_owned()),
            ("/{{a}}", format!("{single} `path = \"/{{a}}\"`")),
            ("/{{*a}}", format!("{single} `path = \"/{{*a}}\"`")),
            ("/{a:[0-9]+}", wrong("a:[0-9]+", "/{a}", ": the type of the argument parses it")),
            ("/{a:.*}", wrong("a:.*", "/{*a}", rest)),
            ("/{a..}", wrong("a..", "/{*a}", rest)),
            ("/{**a}", wrong("*a", "/{*a}", rest)),
            ("/{a..}/b", wrong("a..", "/{a}/b", " for one segment")),
            ("/{a?}", wrong("a?", "/{a}", ", and a second endpoint for the path without it")),
            ("/{room id}", wrong("room id", "/{room_id}", variable)),
            ("/{self}", wrong("self", "/{self_}", variable)),
            ("/{1}", wrong("1", "/{id}", variable)),
            ("/{r#type}", wrong("r#type", "/{type}", ", and `r#type` in the function")),
            ("/{}", "a path parameter must have a name; write `path = \"/{id}\"`".to_owned()),
            ("/{*}", "a path parameter must have a name; write `path = \"/{*rest}\"`".to_owned()),
            ("/a/*", "`*` is not a wildcard; write `path = \"/a/{*rest}\"` for the rest of the path, or `{name}` for one segment".to_owned()),
            ("/a/*/b", "`*` is not a wildcard; write `path = \"/a/{id}/b\"` for one segment".to_owned()),
            ("/{a}/{a}", "the path has two parameters named `a`; rename one of them: `path = \"/{a}/{a_2}\"`".to_owned()),
            ("/{*a}/b", "`{*a}` must be at the end of the path; write `path = \"/{a}/b\"` for one segment, or move `{*a}` to the end".to_owned()),
            // A name that another parameter has, before or behind it, is not free.
            ("/{id}/{1}", wrong("1", "/{id}/{id_2}", variable)),
            ("/{1}/{id}", wrong("1", "/{id_2}/{id}", variable)),
            ("/{id}/{1}/{id_2}", wrong("1", "/{id}/{id_3}/{id_2}", variable)),
            ("/{a}/{a:u8}", wrong("a:u8", "/{a}/{a_2}", ": the type of the argument parses it")),
        ] {
            assert_eq!(told(path), expected);
        }
        assert_eq!(problem(&"/a".repeat(32)).unwrap().0, "a path has at most 31 segments, this one has 32");
    }

    #[test]
    fn a_parameter_without_a_name_gets_one_of_the_endpoint() {
        let candidates = ["room", "user", "page"].map(str::to_owned);
        let told = |path: &str| {
            let (problem, help) = super::problem(path, &candidates).unwrap();
            format!("{problem}; {}", help.text(&candidates))
        };
        let nameless = "a path parameter must have a name; write";
        for (path, expected) in [
            (
                "/{}",
                format!("{nameless} `path = \"/{{room}}\"`; `user` and `page` can be path parameters too"),
            ),
            (
                "/{}/{}",
                format!("{nameless} `path = \"/{{room}}/{{user}}\"`; `page` can be a path parameter too"),
            ),
            ("/{user}/{}/{*}", format!("{nameless} `path = \"/{{user}}/{{room}}/{{*page}}\"`")),
            (
                "/{user}/{room}/{page}/{}",
                format!("{nameless} `path = \"/{{user}}/{{room}}/{{page}}/{{id}}\"`"),
            ),
        ] {
            assert_eq!(told(path), expected);
        }
        assert!(
            told("/{0}").ends_with("write `path = \"/{room}\"`: a path parameter is named like a variable")
        );
        assert!(told("/a/*").contains("write `path = \"/a/{*room}\"`"));
    }

    /// Each mistake is mended in place, whatever stands beside it.
    #[test]
    fn a_path_of_any_mistakes_is_mended() {
        let segments = [
            "", "a", "{a}", "{b}", "{*c}", "{}", "{*}", "{", "}", "{a", "a}", "{{a}", "{a}}", "{{a}}",
            "x{a}", "{a}{b}", "}a{", "{a:u8}", "{a:.*}", "{a..}", "{*a*}", "{a?}", "{1}", "{0}", "{_}",
            "{id}", "{id_2}", "{self}", "{r#type}", "{a b}", ":a", ":a.b", "*", "**", "*a", "<a>", "<int:b>",
            "[a]", "$a", "(?P<a>.)", "%", "%zz", "%c3", "é", "a b", ".", "..", "?x", "#x",
        ];
        for candidates in [&[][..], &["a".to_owned(), "room".to_owned()]] {
            for [one, two, three] in segments.iter().flat_map(|one| {
                segments
                    .iter()
                    .flat_map(move |two| ["b", "{a}", "{id}"].map(move |three| [*one, *two, three]))
            }) {
                let path = format!("/{one}/{two}/{three}");
                let Some((said, help)) = super::problem(&path, candidates) else { continue };
                let text = help.text(candidates);
                let mended = help.fixed(candidates).unwrap_or_else(|| panic!("{path}: {said}; {text}"));
                assert_eq!(super::problem(&mended, candidates), None, "{path}: {mended}");
                assert!(text.contains(&format!("`path = {mended:?}`")), "{path}: {text}");
            }
        }
    }
}
