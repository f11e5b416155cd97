//! What the path of an endpoint may be.

use syn::LitStr;

use crate::diagnostics::Errors;

pub fn check(path: &LitStr, errors: &mut Errors) {
    let value = path.value();
    if let Some((problem, help)) = problem(&value) {
        errors.push(path, problem, help);
    }
}

fn problem(path: &str) -> Option<(String, String)> {
    let of = |problem: &str, help: &str| Some((problem.to_owned(), help.to_owned()));
    if !path.starts_with('/') {
        return Some(("a path starts with `/`".to_owned(), format!("write `path = \"/{path}\"`")));
    }
    if let Some(at) = path.find(['?', '#']) {
        let help = format!("write `path = \"{}\"`: every query matches", &path[..at]);
        return Some((format!("a path ends before its `{}`", &path[at..=at]), help));
    }
    if path.contains(['{', '}']) {
        return of("a path has no parameters in this version", "write a fixed path, without `{` and `}`");
    }
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return of(
            "a path with `.` or `..` matches nothing",
            &format!("write `path = {:?}`, which is what clients make of it", resolved(path)),
        );
    }
    if let Some(other) = path.chars().find(|&c| !is_plain(c)) {
        let help = format!("write it as it is sent: `path = {:?}`", encoded(path));
        return Some((format!("{other:?} cannot stand in a path"), help));
    }
    let encodes = |rest: &str| {
        rest.len() >= 2 && rest.is_char_boundary(2) && u8::from_str_radix(&rest[..2], 16).is_ok()
    };
    if path.split('%').skip(1).any(|rest| !encodes(rest)) {
        return of("`%` is not followed by two hexadecimal digits", "write a `%` itself as `%25`");
    }
    None
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "/-._~!$&'()*+,;=:@%".contains(c)
}

fn encoded(path: &str) -> String {
    let mut encoded = String::new();
    for c in path.chars() {
        if is_plain(c) {
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
    use super::problem;

    #[test]
    fn paths_as_they_are_sent_are_fine() {
        for path in ["/", "/sse", "/a/b.c/~d", "/caf%C3%A9", "/a..b", "/v1/@me;x=1"] {
            assert_eq!(problem(path), None, "{path}");
        }
    }

    #[test]
    fn each_mistake_has_its_own_message() {
        let paths = ["", "sse", "/a?b", "/a#b", "/{room}", "/a/../b", "/a b", "/é", "/100%", "/%zz", "/%é"];
        for path in paths {
            assert!(problem(path).is_some(), "{path}");
        }
        assert_eq!(problem("/é b").unwrap().1, "write it as it is sent: `path = \"/%C3%A9%20b\"`");
        assert_eq!(
            problem("/a/./b/../c").unwrap().1,
            "write `path = \"/a/c\"`, which is what clients make of it"
        );
        assert_eq!(problem("/a?b").unwrap().1, "write `path = \"/a\"`: every query matches");
    }
}
