use super::table::{NONE, flatten};
use super::{Listed, Table};

/// Reports the route conflicts of an entry of a list.
///
/// # Panics
///
/// If the entry conflicts with an earlier one, or their lists do. In a `const`, that is a compile error.
#[track_caller]
pub const fn report_conflict<const N: usize>(table: &Table<N>, lists: &[(u16, &[Listed])], entry: u16) {
    // Each entry calls this, and conflicts are rare.
    if !table.any_taken {
        return;
    }
    let (mut list, mut start) = (0, 0);
    while lists[list].0 != entry {
        start += lists[list].1.len();
        list += 1;
    }
    let mut at = start;
    while at < start + lists[list].1.len() {
        // A conflict within a nested list is reported there.
        if table.taken[at] != NONE && (table.taken[at] as usize) < start {
            let all: [Listed; N] = flatten(lists);
            let (this, other) = (&all[at], &all[table.taken[at] as usize]);
            if equal(this.name, other.name) {
                panic!(
                    "{}",
                    Message::new()
                        .and("`")
                        .and(this.name)
                        .and("` is listed twice\nhelp: leave one of them")
                        .as_str()
                );
            }
            let (path, path_of_other) = (this.route.pattern.path(), other.route.pattern.path());
            let mut message = Message::new()
                .and("`")
                .and(this.name)
                .and("` and `")
                .and(other.name)
                .and("` match the same requests: `")
                .and(path);
            if !equal(path, path_of_other) {
                message = message.and("` and `").and(path_of_other);
            }
            let message = message.and("`\nhelp: change one `path`, or their `methods`");
            panic!("{}", message.as_str());
        }
        at += 1;
    }
}

/// A text that is built at compile time.
struct Message {
    bytes: [u8; 1024],
    len: usize,
}

impl Message {
    const fn new() -> Self {
        Self { bytes: [0; 1024], len: 0 }
    }

    /// Adds a part, unless the buffer is full.
    const fn and(mut self, part: &str) -> Self {
        let part = part.as_bytes();
        if part.len() > self.bytes.len() - self.len {
            return self;
        }
        let mut at = 0;
        while at < part.len() {
            self.bytes[self.len + at] = part[at];
            at += 1;
        }
        self.len += part.len();
        self
    }

    const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "two endpoints match the same requests",
        }
    }
}

const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Answer, Route};

    fn listed(path: &'static str) -> Listed {
        Listed { name: path, route: Route::sse(path, |_| Answer::text(200, "")) }
    }

    #[test]
    fn the_later_of_two_is_told() {
        let (a, b) = ([listed("/a"), listed("/rooms/{room}")], [listed("/rooms/{id}"), listed("/b")]);
        let lists: [(u16, &[Listed]); 2] = [(3, &a), (7, &b)];
        let table = Table::<4>::new(&lists);
        report_conflict(&table, &lists, 3);
        let told = std::panic::catch_unwind(|| report_conflict(&table, &lists, 7)).unwrap_err();
        assert_eq!(
            told.downcast_ref::<String>().unwrap(),
            "`/rooms/{id}` and `/rooms/{room}` match the same requests: `/rooms/{id}` and `/rooms/{room}`\n\
             help: change one `path`, or their `methods`"
        );
    }

    #[test]
    fn a_nested_list_tells_of_its_own() {
        let twice = [listed("/a"), listed("/a")];
        let lists: [(u16, &[Listed]); 1] = [(0, &twice)];
        report_conflict(&Table::<2>::new(&lists), &lists, 0);
    }
}
