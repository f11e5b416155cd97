use std::borrow::Cow;

use super::pattern::{Segments, fits, hash_of};
use super::{Listed, Pattern, Route, decode};
use crate::endpoint::response::{Answer, Refuse, Rejection};

/// The routes of an app, sorted when the app is built. The start has nothing to do, and a look-up costs one binary
/// search for each shape of path.
pub struct Table<const N: usize> {
    routes: [Route; N],
    /// The shapes, and the end of the routes of each. A smaller shape is more specific.
    shapes: [(u64, u16); N],
    shape_count: usize,
    /// For each route of the lists, an earlier one that conflicts with it, or `NONE`.
    pub(super) taken: [u16; N],
    pub(super) any_taken: bool,
}

pub(super) const NONE: u16 = u16::MAX;

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
        let all: [Listed; N] = flatten(lists);
        let (keys, order) = sorted(&all);
        let mut table = Self {
            routes: [Route::NONE; N],
            shapes: [(0, 0); N],
            shape_count: 0,
            taken: [NONE; N],
            any_taken: false,
        };
        let mut at = 0;
        while at < N {
            let listed = order[at] as usize;
            let pattern = &all[listed].route.pattern;
            table.routes[at] = all[listed].route;
            if table.shape_count == 0 || table.shapes[table.shape_count - 1].0 != pattern.shape {
                table.shape_count += 1;
            }
            table.shapes[table.shape_count - 1] = (pattern.shape, at as u16 + 1);
            // Equal patterns are neighbours, in the order of the lists.
            let mut earlier = at;
            while earlier > 0 && keys[order[earlier - 1] as usize] == keys[listed] {
                earlier -= 1;
                if all[order[earlier] as usize].route.overlaps(&all[listed].route) {
                    table.taken[listed] = order[earlier];
                    table.any_taken = true;
                }
            }
            at += 1;
        }
        table
    }

    /// The table without its size in the type.
    pub const fn routes(&self) -> Routes<'_> {
        Routes { routes: &self.routes, shapes: self.shapes.split_at(self.shape_count).0, refuse: None }
    }
}

/// The routes of a [`Table`] or of a plain list.
#[derive(Clone, Copy)]
pub struct Routes<'t> {
    /// Sorted by shape and then by hash; in any order if `shapes` is empty.
    routes: &'t [Route],
    shapes: &'t [(u64, u16)],
    /// The app's own answers to refusals.
    pub(crate) refuse: Option<Refuse>,
}

impl<'t> Routes<'t> {
    /// A plain list, which is searched from end to end.
    pub(crate) const fn unsorted(routes: &'t [Route]) -> Self {
        Self { routes, shapes: &[], refuse: None }
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
        if self.shapes.is_empty() {
            return self.find_in_list(&segments);
        }
        let mut start = 0;
        for &(shape, end) in self.shapes {
            let of_shape = &self.routes[start..usize::from(end)];
            start = usize::from(end);
            if !fits(shape, &segments) {
                continue;
            }
            let hash = hash_of(shape, &segments);
            let first = of_shape.partition_point(|route| route.pattern.hash < hash);
            let last = of_shape[first..].iter().take_while(|route| route.pattern.hash == hash).count();
            let among = &of_shape[first..][..last];
            let matching =
                |first: &'t Route| Some((Same { first, among }, first.pattern.matches(&segments)?));
            if let Some(found) = among.iter().find_map(matching) {
                return Some(found);
            }
        }
        None
    }

    fn find_in_list<'p>(&self, segments: &Segments<'p>) -> Option<(Same<'t>, Vec<&'p str>)> {
        let matching = self.routes.iter().filter_map(|route| Some((route, route.pattern.matches(segments)?)));
        let (first, values) = matching.min_by(|(a, _), (b, _)| a.pattern.specificity(&b.pattern))?;
        Some((Same { first, among: self.routes }, values))
    }
}

/// The routes of one pattern, which differ in their methods.
#[derive(Clone, Copy)]
pub(crate) struct Same<'t> {
    pub(crate) first: &'t Route,
    /// The other routes.
    among: &'t [Route],
}

impl<'t> Same<'t> {
    pub(crate) fn iter(self) -> impl Iterator<Item = &'t Route> {
        self.among.iter().filter(move |route| route.pattern.same(&self.first.pattern))
    }
}

/// The shape and the hash of a pattern, as one number: the compiler compares numbers faster than structs.
const fn key(listed: &Listed) -> u128 {
    let Pattern { shape, hash, .. } = listed.route.pattern;
    (shape as u128) << 64 | hash as u128
}

/// The keys of the routes, and the indices of the routes, sorted by key. A stable bottom-up merge sort.
const fn sorted<const N: usize>(all: &[Listed; N]) -> ([u128; N], [u16; N]) {
    let mut keys = [0; N];
    let mut order = [0; N];
    let mut at = 0;
    while at < N {
        (keys[at], order[at]) = (key(&all[at]), at as u16);
        at += 1;
    }
    let mut width = 1;
    while width < N {
        let mut merged = [0; N];
        let mut start = 0;
        while start < N {
            let middle = if start + width < N { start + width } else { N };
            let end = if middle + width < N { middle + width } else { N };
            let (mut left, mut right, mut next) = (start, middle, start);
            while next < end {
                if left == middle || right < end && keys[order[left] as usize] > keys[order[right] as usize] {
                    merged[next] = order[right];
                    right += 1;
                } else {
                    merged[next] = order[left];
                    left += 1;
                }
                next += 1;
            }
            start = end;
        }
        order = merged;
        width *= 2;
    }
    (keys, order)
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
