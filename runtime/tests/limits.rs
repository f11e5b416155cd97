//! The macros report a limit at the user's token, and the runtime enforces it: both must have the same number.

use std::path::{Path, PathBuf};

use fanout::Channel;
use fanout::grip::websocket::MAX_PING;
use fanout::grip::{Hold, InvalidChannel, KeepAlive, Link};
use fanout::websocket::Reply;

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// Returns the text of each file of `folder`, a folder of this repository.
fn texts(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(folder);
    sources(&folder).iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

/// Returns the number that stands between `before` and `end`, without its underscores.
fn number(text: &str, end: char) -> Option<usize> {
    text.split_once(end)?.0.trim().replace('_', "").parse().ok()
}

/// Returns the constants of a text whose names begin with `MAX_` or `MIN_`, and their numbers.
fn limits(text: &str) -> Vec<(String, usize)> {
    let consts =
        text.split("const M").skip(1).filter(|rest| rest.starts_with("AX_") || rest.starts_with("IN_"));
    let limit = |rest: &str| {
        let (name, rest) = rest.split_once(':').unwrap();
        Some((format!("M{name}"), number(rest.split_once('=')?.1, ';')?))
    };
    consts.filter_map(limit).collect()
}

#[test]
fn each_limit_of_the_macros_is_the_runtimes() {
    let pattern = texts("runtime/src/endpoint/routing");
    let segments = pattern.iter().flat_map(|text| limits(text)).find(|(name, _)| name == "MAX_SEGMENTS");
    let mut expected = vec![
        ("MAX_KEEP_ALIVE".to_owned(), KeepAlive::MAX_LEN),
        ("MAX_LEN".to_owned(), Channel::MAX_LEN),
        ("MAX_LINK".to_owned(), Link::MAX_LEN),
        ("MAX_PING".to_owned(), MAX_PING),
        ("MAX_SECONDS".to_owned(), usize::try_from(Hold::MAX_SECONDS).unwrap()),
        segments.expect("the runtime has the limit"),
    ];
    let mut found: Vec<_> = texts("macros/src").iter().flat_map(|text| limits(text)).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn the_reserved_channel_of_the_macros_is_the_runtimes() {
    let macros = texts("macros/src").concat();
    let name = macros.split_once("const RESERVED: &str = \"").unwrap().1.split_once('"').unwrap().0;
    assert_eq!(Channel::new(name), Err(InvalidChannel::Reserved));
}

#[test]
fn the_shortest_times_of_the_macros_are_the_runtimes() {
    let macros = texts("macros/src").concat();
    for (option, shortest) in [("timeout", Hold::MIN_TIMEOUT), ("keep_alive_interval", Reply::MIN_INTERVAL)] {
        let call = format!("\"{option}\", ");
        let mut found = macros.split(&call).skip(1).filter_map(|rest| number(rest, ','));
        assert_eq!(found.next(), usize::try_from(shortest).ok(), "{option}");
        assert_eq!(found.next(), None, "{option}");
    }
}
