//! The path of a request: its endpoint, and its path parameters.
//!
//! Run it with `cargo +nightly fuzz run path corpus/path seeds/path`, in `fuzz/`.

#![no_main]

use fanout::__private::{Listed, Table, count, normal};
use fanout::{Answer, Route};
use libfuzzer_sys::fuzz_target;

const fn listed(path: &'static str) -> Listed {
    Listed { name: path, route: Route::sse(path, |_| Answer::new(fanout::http::StatusCode::OK)) }
}

const PATTERNS: &[Listed] = &[
    listed("/"),
    listed("/a"),
    listed("/a/"),
    listed("/a/{b}"),
    listed("/a/b"),
    listed("/{a}/b"),
    listed("/{a}/b/{*c}"),
    listed("/a/{b}/c/{d}"),
    listed("/%C3%A9/{a}"),
    listed("/x/{*rest}"),
];
const LISTS: &[(u16, &[Listed])] = &[(0, PATTERNS)];
static TABLE: Table<{ count(LISTS) }> = Table::new(LISTS);

fuzz_target!(|path: &str| {
    let normal = normal(path);
    assert_eq!(fanout::__private::normal(&normal), normal);
    let routes = Table::routes(&TABLE);
    let found = routes.lookup(&normal);

    // Of the routes that match by the plain definition, the one with the first literal.
    let matching =
        PATTERNS.iter().map(|listed| listed.route.path()).filter(|pattern| matches(pattern, &normal));
    assert_eq!(found, matching.min_by_key(|pattern| rank(pattern)));

    let Some(parameters) = routes.parameters(&normal).flatten() else { return };
    let pattern = found.expect("what has parameters was found");
    assert_eq!(parameters.len(), pattern.matches('{').count());
    for parameter in parameters {
        assert!(!parameter.is_empty() && !parameter.contains(char::is_control));
    }
});

fn matches(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(rest), Some(first)) if rest.starts_with("{*") => {
                return !first.is_empty() || path.next().is_some();
            }
            (Some(name), Some(segment)) if name.starts_with('{') => {
                if segment.is_empty() {
                    return false;
                }
            }
            (Some(literal), Some(segment)) if literal == segment => {}
            _ => return false,
        }
    }
}

/// A literal comes before a parameter, and that before the rest.
fn rank(pattern: &str) -> Vec<u8> {
    let kind = |segment: &str| if segment.starts_with("{*") { 2 } else { u8::from(segment.starts_with('{')) };
    pattern.split('/').map(kind).collect()
}
