use std::cmp::Ordering;

/// The limit of segments in a pattern: a shape has two bits for each.
pub(super) const MAX_SEGMENTS: usize = 31;

/// The constants of FNV-1a with 32 bits.
const FNV_BASIS: u64 = 0x811c_9dc5;
const FNV_PRIME: u64 = 0x0100_0193;
const FNV_MASK: u64 = 0xffff_ffff;

/// The path template of a route, parsed when the app is built.
///
/// Two patterns that match one path differ in their shape, or only in the names of their parameters.
#[derive(Clone, Copy)]
pub(crate) struct Pattern {
    path: &'static str,
    /// The kinds of the segments, two bits each, the first in the highest bits. Of the patterns that match one path,
    /// the smallest shape is the most specific one: a literal comes before a parameter, and a parameter before the
    /// rest.
    pub(super) shape: u64,
    /// The hash of the literal segments, in order. Equal patterns have equal hashes; different patterns may.
    pub(super) hash: u64,
}

/// The kinds of a segment in a shape. `END` follows the last segment.
const END: u64 = 0;
const LITERAL: u64 = 1;
const PARAMETER: u64 = 2;
const REST: u64 = 3;

impl Pattern {
    /// Parses a path template.
    ///
    /// # Panics
    ///
    /// If the template is invalid. The attributes have checked it before, with better messages.
    #[track_caller]
    pub(crate) const fn new(path: &'static str) -> Self {
        // The compiler interprets this for each endpoint of an app, at about a microsecond for each operation and ten for each call.
        // So it is one loop over the bytes, which calls little.
        let bytes = path.as_bytes();
        let end = bytes.len();
        assert!(end > 0 && bytes[0] == b'/', "a route's path starts with `/`");
        let (mut shape, mut hash, mut count, mut at) = (0, FNV_BASIS, 0, 0);
        while at < end {
            at += 1;
            let (start, mut segment) = (at, FNV_BASIS);
            while at < end {
                let byte = bytes[at];
                if byte == b'/' {
                    break;
                }
                segment = ((segment ^ byte as u64) * FNV_PRIME) & FNV_MASK;
                at += 1;
            }
            assert!(count < MAX_SEGMENTS, "a route's path has at most 31 segments");
            let kind = if start == at || bytes[start] != b'{' {
                hash = ((hash ^ segment) * FNV_PRIME) & FNV_MASK;
                LITERAL
            } else {
                let kind = parameter_kind(bytes, start, at);
                assert!(kind != REST || at == end, "nothing can follow `{{*…}}` in a route's path");
                kind
            };
            shape |= kind << (62 - 2 * count);
            count += 1;
        }
        Self { path, shape, hash }
    }

    pub(crate) const fn path(&self) -> &'static str {
        self.path
    }

    /// The values of the path parameters as they were sent, if the path matches.
    pub(crate) fn matches<'p>(&self, segments: &Segments<'p>) -> Option<Vec<&'p str>> {
        if !fits(self.shape, segments) {
            return None;
        }
        let mut values = Vec::new();
        for (index, segment) in self.path.split('/').skip(1).enumerate() {
            match kind_at(self.shape, index) {
                LITERAL if segment != segments.get(index) => return None,
                PARAMETER => values.push(segments.get(index)),
                REST => values.push(segments.rest(index)),
                _ => {}
            }
        }
        Some(values)
    }

    /// Orders two patterns that match one path: the more specific one is less.
    pub(super) fn specificity(&self, other: &Self) -> Ordering {
        self.shape.cmp(&other.shape)
    }

    /// Returns true if two patterns match the same paths.
    pub(crate) const fn same(&self, other: &Self) -> bool {
        if self.shape != other.shape || self.hash != other.hash {
            return false;
        }
        let (a, b) = (self.path.as_bytes(), other.path.as_bytes());
        let (mut at_a, mut at_b) = (0, 0);
        while at_a < a.len() {
            let (start_a, start_b) = (at_a + 1, at_b + 1);
            (at_a, at_b) = (segment_end(a, start_a), segment_end(b, start_b));
            let is_literal = start_a == at_a || a[start_a] != b'{';
            if is_literal && !equal(a, start_a, at_a, b, start_b, at_b) {
                return false;
            }
        }
        true
    }
}

/// The names of a pattern's parameters, in order.
pub(super) fn names(pattern: &'static str) -> impl Iterator<Item = &'static str> {
    pattern.split('/').filter_map(|segment| {
        let name = segment.strip_prefix('{')?.strip_suffix('}')?;
        Some(name.strip_prefix('*').unwrap_or(name))
    })
}

/// Returns true if a path fits a shape, without regard to literals.
pub(super) fn fits(shape: u64, segments: &Segments<'_>) -> bool {
    for index in 0..MAX_SEGMENTS {
        match kind_at(shape, index) {
            END => return index == segments.count,
            REST => return index < segments.count && !segments.rest(index).is_empty(),
            // A parameter has a value.
            PARAMETER if index >= segments.count || segments.get(index).is_empty() => return false,
            _ if index >= segments.count => return false,
            _ => {}
        }
    }
    segments.count == MAX_SEGMENTS
}

/// The hash of a path's segments that are literals in a shape.
pub(super) fn hash_of(shape: u64, segments: &Segments<'_>) -> u64 {
    let mut hash = FNV_BASIS;
    for index in 0..segments.count.min(MAX_SEGMENTS) {
        match kind_at(shape, index) {
            LITERAL => hash = hashed(hash, segments.hashes[index]),
            PARAMETER => {}
            _ => break,
        }
    }
    hash
}

const fn kind_at(shape: u64, index: usize) -> u64 {
    shape >> (62 - 2 * index) & 3
}

const fn segment_end(path: &[u8], mut at: usize) -> usize {
    while at < path.len() && path[at] != b'/' {
        at += 1;
    }
    at
}

/// The kind of a segment that begins with `{`.
#[track_caller]
const fn parameter_kind(path: &[u8], start: usize, end: usize) -> u64 {
    assert!(
        end - start > 2 && path[end - 1] == b'}',
        "a parameter of a route's path is a whole segment, `{{name}}`"
    );
    if path[start + 1] != b'*' {
        return PARAMETER;
    }
    assert!(end - start > 3, "a parameter of a route's path has a name");
    REST
}

/// The hash of a segment of a request.
fn segment_hash(segment: &[u8]) -> u64 {
    segment.iter().fold(FNV_BASIS, |hash, byte| hashed(hash, u64::from(*byte)))
}

fn hashed(hash: u64, value: u64) -> u64 {
    ((hash ^ value) * FNV_PRIME) & FNV_MASK
}

const fn equal(a: &[u8], start_a: usize, end_a: usize, b: &[u8], start_b: usize, end_b: usize) -> bool {
    if end_a - start_a != end_b - start_b {
        return false;
    }
    let mut at = 0;
    while at < end_a - start_a {
        if a[start_a + at] != b[start_b + at] {
            return false;
        }
        at += 1;
    }
    true
}

/// The segments of a request path.
pub(crate) struct Segments<'p> {
    path: &'p str,
    /// The number of segments, at most one more than a pattern can have.
    count: usize,
    /// The start of each segment, after its `/`, and the start that a next segment would have.
    starts: [usize; MAX_SEGMENTS + 2],
    hashes: [u64; MAX_SEGMENTS],
}

impl<'p> Segments<'p> {
    /// Splits a path; `None` if it does not start with `/`.
    pub(crate) fn of(path: &'p str) -> Option<Self> {
        let bytes = path.as_bytes();
        if bytes.first() != Some(&b'/') {
            return None;
        }
        let mut segments = Self { path, count: 0, starts: [0; MAX_SEGMENTS + 2], hashes: [0; MAX_SEGMENTS] };
        let mut start = 1;
        for segment in bytes[1..].split(|&byte| byte == b'/').take(MAX_SEGMENTS + 1) {
            if let Some(hash) = segments.hashes.get_mut(segments.count) {
                *hash = segment_hash(segment);
            }
            segments.starts[segments.count] = start;
            segments.count += 1;
            start += segment.len() + 1;
            segments.starts[segments.count] = start;
        }
        Some(segments)
    }

    fn get(&self, index: usize) -> &'p str {
        &self.path[self.starts[index]..self.starts[index + 1] - 1]
    }

    fn rest(&self, index: usize) -> &'p str {
        &self.path[self.starts[index]..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches<'p>(pattern: &'static str, path: &'p str) -> Option<Vec<&'p str>> {
        Pattern::new(pattern).matches(&Segments::of(path)?)
    }

    #[test]
    fn literals_match_themselves() {
        assert_eq!(matches("/", "/"), Some(vec![]));
        assert_eq!(matches("/a/b", "/a/b"), Some(vec![]));
        for (pattern, path) in [
            ("/", "/a"),
            ("/a", "/"),
            ("/a", "/a/"),
            ("/a/", "/a"),
            ("/a", "/A"),
            ("/a", "a"),
            ("/a", "/%61"),
        ] {
            assert_eq!(matches(pattern, path), None, "{pattern} {path}");
        }
    }

    #[test]
    fn a_parameter_is_one_segment_with_something_in_it() {
        assert_eq!(matches("/{room}", "/a"), Some(vec!["a"]));
        assert_eq!(matches("/a/{b}/c/{d}", "/a/1/c/2%2F3"), Some(vec!["1", "2%2F3"]));
        for (pattern, path) in
            [("/{a}", "/"), ("/{a}", "/x/"), ("/{a}/b", "//b"), ("/{a}/b", "/x/c"), ("/a/{b}", "/a")]
        {
            assert_eq!(matches(pattern, path), None, "{pattern} {path}");
        }
    }

    #[test]
    fn the_rest_is_everything_and_not_nothing() {
        assert_eq!(matches("/{*rest}", "/a/b/"), Some(vec!["a/b/"]));
        assert_eq!(matches("/a/{b}/{*c}", "/a/1//2"), Some(vec!["1", "/2"]));
        let long = "/x".repeat(100);
        assert_eq!(matches("/x/{*rest}", &long), Some(vec![&long[3..]]));
        for (pattern, path) in [("/{*a}", "/"), ("/a/{*b}", "/a/"), ("/a/{*b}", "/a"), ("/a/{*b}", "/b/c")] {
            assert_eq!(matches(pattern, path), None, "{pattern} {path}");
        }
    }

    #[test]
    fn long_patterns_match_and_longer_paths_do_not() {
        let longest: &'static str = Box::leak("/a".repeat(MAX_SEGMENTS).into_boxed_str());
        assert_eq!(matches(longest, longest), Some(vec![]));
        assert_eq!(matches(longest, &format!("{longest}/a")), None);
        assert_eq!(matches(longest, &longest[2..]), None);
    }

    #[test]
    fn same_is_the_same_but_for_names() {
        let same = |a, b| Pattern::new(a).same(&Pattern::new(b));
        assert!(same("/rooms/{room}", "/rooms/{id}"));
        assert!(!same("/rooms/{room}", "/rooms/{*id}"));
        assert!(!same("/rooms/{room}", "/room/{room}"));
        assert!(!same("/a/b", "/b/a"));
        assert!(!same("/ab", "/a/b"));
    }

    #[test]
    fn names_are_without_braces() {
        let names: Vec<_> = names("/a/{b}/{*c}").collect();
        assert_eq!(names, ["b", "c"]);
    }

    #[test]
    #[should_panic(expected = "a parameter of a route's path is a whole segment")]
    fn a_parameter_that_does_not_end_panics() {
        Pattern::new("/{room");
    }
}
