//! The cost of finding the endpoint of a path: `cargo xtask bench routing`, in comparison with matchit on the same paths.
//!
//! An app starts for each request, so the first lookup counts. matchit's router must be built before it. The table of this
//! library is a constant of the app.

use std::hint::black_box;
use std::time::{Duration, Instant};

use fanout::__private::{Listed, Table};
use fanout::Route;

/// The resources of an app, and the five paths that each one has.
const RESOURCES: [&str; 20] = [
    "rooms", "users", "games", "scores", "teams", "news", "topics", "orders", "carts", "prices", "stocks",
    "alerts", "logs", "jobs", "builds", "deploys", "votes", "polls", "chats", "files",
];
const KINDS: [&str; 5] = ["", "/all", "/{id}", "/{id}/events", "/{id}/members/{member}"];

fn main() {
    let patterns: Vec<&'static str> = RESOURCES
        .iter()
        .flat_map(|resource| KINDS.iter().map(move |kind| &*format!("/{resource}{kind}").leak()))
        .collect();
    compare::<4>(&patterns);
    compare::<20>(&patterns);
    compare::<100>(&patterns);
}

/// Measures both with `N` patterns, whose paths are looked up in turn, and with a path that matches none of them.
fn compare<const N: usize>(patterns: &[&'static str]) {
    let patterns = &patterns[..N];
    let asked: Vec<_> =
        patterns.iter().map(|pattern| pattern.replace("{id}", "4711").replace("{member}", "alice")).collect();
    let missing = "/nothing/of/this/kind";

    let listed: Vec<_> = patterns
        .iter()
        .map(|pattern| Listed {
            name: pattern,
            route: Route::sse(pattern, |_| fanout::Answer::text(200, "")),
        })
        .collect();
    let lists: [(u16, &[Listed]); 1] = [(0, &listed)];
    let table = Table::<N>::new(&lists);
    let routes = table.routes();

    let build = || {
        let mut router = matchit::Router::new();
        for pattern in patterns {
            router.insert(*pattern, *pattern).expect("the patterns differ");
        }
        router
    };
    let router = build();
    for path in &asked {
        let ours = routes.lookup(path).expect("it is there");
        assert_eq!(ours, *router.at(path).expect("it is there").value);
    }
    assert!(routes.lookup(missing).is_none() && router.at(missing).is_err());

    println!("{N} endpoints");
    report("  ours", N, || asked.iter().for_each(|path| _ = black_box(routes.lookup(black_box(path)))));
    report("  matchit", N, || asked.iter().for_each(|path| drop(black_box(router.at(black_box(path))))));
    report("  ours, none", 1, || _ = black_box(routes.lookup(black_box(missing))));
    report("  matchit, none", 1, || drop(black_box(router.at(black_box(missing)))));
    report("  matchit, to be built first", 1, || drop(black_box(build())));
}

/// Prints the median of the runs of half a second, for one of the `count` lookups of a run.
fn report(name: &str, count: usize, work: impl Fn()) {
    let time = || {
        let start = Instant::now();
        (0..10).for_each(|_| work());
        start.elapsed()
    };
    let end = Instant::now() + Duration::from_millis(500);
    let mut times: Vec<_> = std::iter::repeat_with(time).take_while(|_| Instant::now() < end).collect();
    times.sort();
    let nanos = times[times.len() / 2].as_nanos() as f64 / (10 * count) as f64;
    println!("{name:<30} {nanos:>9.1} ns");
}
