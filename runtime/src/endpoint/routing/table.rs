use std::borrow::Cow;

use super::pattern::{Segments, fits, hash_of};
use super::{Listed, Pattern, Route, decode};
use crate::endpoint::response::{Answer, Refuse, Rejection};

/// The routes of an app, in a hash table that is made when the app is built. The start has nothing to do, and a look-up costs
/// a step for each shape of path.
pub struct Table<const N: usize> {
    /// In the order of the lists.
    routes: [Route; N],
    /// For each slot of the hash table, its first route, or `NONE`.
    slots: [u16; N],
    /// For each route, the next one in its slot, or `NONE`.
    next: [u16; N],
    /// The shapes. A smaller one is more specific, and comes first.
    shapes: [u64; N],
    shape_count: usize,
    /// For each route, an earlier one that conflicts with it, or `NONE`.
    pub(super) taken: [u16; N],
    /// `true` if there is such a route.
    pub any_taken: bool,
}

pub(super) const NONE: u16 = u16::MAX;

/// The number of shapes that are known without a search. It is no multiple of 4, of which most shapes are, and no path has
/// the shape 0.
const KNOWN: usize = 61;

/// The number of routes in some lists.
pub const fn count(lists: &[(u16, &[Listed])]) -> usize {
    let (mut count, mut list) = (0, 0);
    while list < lists.len() {
        count += lists[list].1.len();
        list += 1;
    }
    assert!(count < NONE as usize, "an app has less than 65,535 endpoints");
    count
}

/// Joins lists.
pub const fn flatten<const N: usize>(lists: &[(u16, &[Listed])]) -> [Listed; N] {
    let mut all = [Listed::NONE; N];
    let (mut list, mut next) = (0, 0);
    while list < lists.len() {
        let mut index = 0;
        while index < lists[list].1.len() {
            all[next] = lists[list].1[index];
            next += 1;
            index += 1;
        }
        list += 1;
    }
    all
}

impl<const N: usize> Table<N> {
    /// The table of some lists. It accepts route conflicts, which [`report_conflict`](super::report_conflict) reports.
    pub const fn new(lists: &[(u16, &[Listed])]) -> Self {
        let mut table = Self {
            routes: [Route::NONE; N],
            slots: [NONE; N],
            next: [NONE; N],
            shapes: [0; N],
            shape_count: 0,
            taken: [NONE; N],
            any_taken: false,
        };
        // The compiler interprets this, so each route takes few operations and no call, whatever the number of routes is.
        let mut known = [0; KNOWN];
        let (mut list, mut at) = (0, 0);
        while list < lists.len() {
            let listed = lists[list].1;
            let mut index = 0;
            while index < listed.len() {
                let route = &listed[index].route;
                let Pattern { shape, hash, .. } = route.pattern;
                table.routes[at] = *route;

                let slot = slot(shape, hash, N);
                let (mut last, mut other) = (NONE, table.slots[slot]);
                while other != NONE {
                    let earlier = &table.routes[other as usize];
                    if earlier.pattern.hash == hash
                        && earlier.pattern.shape == shape
                        && table.taken[at] == NONE
                        && earlier.overlaps(route)
                    {
                        table.taken[at] = other;
                        table.any_taken = true;
                    }
                    (last, other) = (other, table.next[other as usize]);
                }
                if last == NONE {
                    table.slots[slot] = at as u16;
                } else {
                    table.next[last as usize] = at as u16;
                }

                // Most routes have the shape of an earlier one.
                let last_known = &mut known[(shape >> 48) as usize % KNOWN];
                if *last_known != shape {
                    *last_known = shape;
                    table.insert(shape);
                }
                index += 1;
                at += 1;
            }
            list += 1;
        }
        table
    }

    /// Inserts a shape, unless it is there.
    const fn insert(&mut self, shape: u64) {
        let (mut low, mut high) = (0, self.shape_count);
        while low < high {
            let middle = (low + high) / 2;
            if self.shapes[middle] < shape { low = middle + 1 } else { high = middle }
        }
        if low < self.shape_count && self.shapes[low] == shape {
            return;
        }
        let mut behind = self.shape_count;
        while behind > low {
            self.shapes[behind] = self.shapes[behind - 1];
            behind -= 1;
        }
        self.shapes[low] = shape;
        self.shape_count += 1;
    }

    /// The table without its size in the type.
    pub const fn routes(&self) -> Routes<'_> {
        Routes {
            chains: Chains { routes: &self.routes, next: &self.next },
            slots: &self.slots,
            shapes: self.shapes.split_at(self.shape_count).0,
            refuse: None,
        }
    }
}

/// The slot of a pattern in a table of so many. Patterns such as `/rooms` and `/rooms/{room}` have one hash and differ in
/// the high bits of their shapes.
const fn slot(shape: u64, hash: u64, slots: usize) -> usize {
    ((hash ^ shape >> 48) % slots as u64) as usize
}

/// The routes of a [`Table`] or of a plain list.
#[derive(Clone, Copy)]
pub struct Routes<'t> {
    chains: Chains<'t>,
    /// The first route of each slot. A plain list has no slots.
    slots: &'t [u16],
    shapes: &'t [u64],
    /// The app's own answers to refusals.
    pub(crate) refuse: Option<Refuse>,
}

impl<'t> Routes<'t> {
    /// A plain list, which is searched from end to end.
    pub(crate) const fn unsorted(routes: &'t [Route]) -> Self {
        Self { chains: Chains { routes, next: &[] }, slots: &[], shapes: &[], refuse: None }
    }

    /// Sets the function of the option `refuse`.
    #[must_use]
    pub const fn refuse(self, refuse: fn(Rejection<'_>) -> Answer) -> Self {
        Self { refuse: Some(refuse), ..self }
    }

    /// The path template that matches, for the benchmark.
    pub fn lookup(&self, path: &str) -> Option<&'static str> {
        self.find(path).map(|(routes, _)| routes.first.path())
    }

    /// The decoded path parameters, or `None` if they are refused. For the fuzz target.
    pub fn parameters<'p>(&self, path: &'p str) -> Option<Option<Vec<Cow<'p, str>>>> {
        self.find(path).map(|(_, values)| decode(values).ok())
    }

    /// The routes of the most specific pattern that matches, and the path parameters as they were sent.
    pub(crate) fn find<'p>(&self, path: &'p str) -> Option<(Same<'t>, Vec<&'p str>)> {
        let segments = Segments::of(path)?;
        if self.slots.is_empty() {
            return self.find_in_list(&segments);
        }
        for &shape in self.shapes.iter().filter(|&&shape| fits(shape, &segments)) {
            let hash = hash_of(shape, &segments);
            let first = usize::from(self.slots[slot(shape, hash, self.slots.len())]);
            for (at, first) in self.chains.from(first) {
                let pattern = &first.pattern;
                if (pattern.shape, pattern.hash) == (shape, hash)
                    && let Some(values) = pattern.matches(&segments)
                {
                    return Some((Same { first, at, chains: self.chains }, values));
                }
            }
        }
        None
    }

    fn find_in_list<'p>(&self, segments: &Segments<'p>) -> Option<(Same<'t>, Vec<&'p str>)> {
        let matching = self.chains.from(0).filter_map(|(at, route)| {
            let values = route.pattern.matches(segments)?;
            Some((Same { first: route, at, chains: self.chains }, values))
        });
        matching.min_by(|(a, _), (b, _)| a.first.pattern.specificity(&b.first.pattern))
    }
}

/// Routes in chains.
#[derive(Clone, Copy)]
struct Chains<'t> {
    routes: &'t [Route],
    /// For each route, the next one of its chain. Empty for a plain list, which is one chain.
    next: &'t [u16],
}

impl<'t> Chains<'t> {
    /// The routes of a chain from a place on, each with its place.
    fn from(self, at: usize) -> impl Iterator<Item = (usize, &'t Route)> {
        let route = move |at| Some((at, self.routes.get(at)?));
        let next = move |at| self.next.get(at).map_or(at + 1, |next| usize::from(*next));
        std::iter::successors(route(at), move |(at, _)| route(next(*at)))
    }
}

/// The routes of one pattern, which differ in their methods.
#[derive(Clone, Copy)]
pub(crate) struct Same<'t> {
    pub(crate) first: &'t Route,
    /// The place of the first one.
    at: usize,
    chains: Chains<'t>,
}

impl<'t> Same<'t> {
    pub(crate) fn iter(self) -> impl Iterator<Item = &'t Route> {
        let chain = self.chains.from(self.at).map(|(_, route)| route);
        chain.filter(move |route| route.pattern.same(&self.first.pattern))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Answer;

    fn route(path: &'static str) -> Route {
        Route::sse(path, |_| Answer::text(200, ""))
    }

    fn listed(path: &'static str) -> Listed {
        Listed { name: path, route: route(path) }
    }

    #[test]
    fn a_literal_comes_before_a_parameter_and_that_before_the_rest() {
        const LISTS: &[(u16, &[Listed])] = &[(
            0,
            &[
                Listed { name: "", route: Route::sse("/{*rest}", |_| Answer::text(200, "")) },
                Listed { name: "", route: Route::sse("/rooms/{room}", |_| Answer::text(200, "")) },
                Listed { name: "", route: Route::sse("/rooms/new", |_| Answer::text(200, "")) },
                Listed { name: "", route: Route::sse("/{kind}/new", |_| Answer::text(200, "")) },
                Listed { name: "", route: Route::sse("/rooms/{room}/log", |_| Answer::text(200, "")) },
            ],
        )];
        static TABLE: Table<{ count(LISTS) }> = Table::new(LISTS);
        let found = |path| TABLE.routes().find(path).map(|(routes, _)| routes.first.path());
        assert_eq!(found("/rooms/new"), Some("/rooms/new"));
        assert_eq!(found("/rooms/old"), Some("/rooms/{room}"));
        assert_eq!(found("/games/new"), Some("/{kind}/new"));
        assert_eq!(found("/rooms/new/log"), Some("/rooms/{room}/log"));
        assert_eq!(found("/rooms/new/logs"), Some("/{*rest}"));
        assert_eq!(found("/"), None);
    }

    /// The shapes of long paths that differ at the end only are searched for, not known.
    #[test]
    fn long_paths_of_alternating_shapes_are_found() {
        const PATHS: [&str; 4] = [
            "/a/b/c/d/e/f/g/h/i/{j}",
            "/a/b/c/d/e/f/g/h/i/j",
            "/b/b/c/d/e/f/g/h/i/{j}",
            "/b/b/c/d/e/f/g/h/i/j",
        ];
        let all = PATHS.map(listed);
        let table = Table::<4>::new(&[(0, &all)]);
        assert_eq!(table.shape_count, 2);
        for (index, path) in PATHS.iter().enumerate() {
            assert_eq!(table.routes().lookup(path), Some(PATHS[index]), "{path}");
        }
        assert_eq!(table.routes().lookup("/b/b/c/d/e/f/g/h/i/k"), Some(PATHS[2]));
    }

    #[test]
    fn an_empty_table_finds_nothing() {
        assert!(Table::<0>::new(&[]).routes().find("/").is_none());
    }

    fn segment() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec!["a", "b", "", "{x}"])
    }

    fn paths() -> impl Strategy<Value = Vec<&'static str>> {
        let path = (prop::collection::vec(segment(), 1..4), any::<bool>()).prop_map(|(segments, rest)| {
            let rest = if rest { "/{*r}" } else { "" };
            &*Box::leak(format!("/{}{rest}", segments.join("/")).into_boxed_str())
        });
        prop::collection::vec(path, 12)
    }

    proptest! {
        #[test]
        fn the_table_finds_the_routes_of_the_list(patterns in paths(), asked in "/[abc/]{0,6}") {
            let all: Vec<_> = patterns.iter().map(|path| listed(path)).collect();
            let routes: Vec<_> = patterns.iter().map(|path| route(path)).collect();
            let lists: [(u16, &[Listed]); 1] = [(0, &all)];
            let table = Table::<12>::new(&lists);
            let plain = |found: Option<(Same<'_>, Vec<&str>)>| {
                found.map(|(routes, values)| (routes.iter().map(|route| route.path()).collect::<Vec<_>>(), values.join(" ")))
            };
            prop_assert_eq!(
                plain(table.routes().find(&asked)),
                plain(Routes::unsorted(&routes).find(&asked))
            );
        }
    }
}
