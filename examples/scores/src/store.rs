//! Values that requests share: in Fastly's KV store on Compute, and in memory in host tests.

#[cfg(target_family = "wasm")]
use std::time::Duration;

use fanout::history::History;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Failed;
use crate::articles::KEPT;

/// The limit of attempts to change a value. Each failed attempt means that another request has changed it, so as many requests
/// can change it at once.
const ATTEMPTS: usize = 15;

/// A value as it is stored. Each write gives it another generation.
struct Stored {
    json: Vec<u8>,
    generation: u64,
}

/// Returns the value of a key, or the default.
pub(crate) fn read<T: DeserializeOwned + Default>(key: &str) -> Result<T, Failed> {
    parse(lookup(key)?.as_ref())
}

/// Changes the value of a key, and returns what `change` returns. `change` runs again if another request has changed the value in
/// the meantime. An error of it changes nothing.
///
/// Fastly's store is eventually consistent, and limits how often a key is written. An old read costs attempts, and loses nothing.
/// A request over a limit gets [`Failed::Busy`], a 503.
pub(crate) fn update<T, R>(
    key: &str,
    mut change: impl FnMut(&mut T) -> Result<R, Failed>,
) -> Result<R, Failed>
where
    T: Serialize + DeserializeOwned + Default,
{
    for _ in 0..ATTEMPTS {
        let stored = lookup(key)?;
        let mut value = parse(stored.as_ref())?;
        let result = change(&mut value)?;
        let json = serde_json::to_vec(&value).map_err(Failed::internal)?;
        if insert(key, json, stored.map(|stored| stored.generation))? {
            return Ok(result);
        }
    }
    Err(Failed::Busy)
}

fn parse<T: DeserializeOwned + Default>(stored: Option<&Stored>) -> Result<T, Failed> {
    stored.map_or_else(
        || Ok(T::default()),
        |stored| serde_json::from_slice(&stored.json).map_err(Failed::internal),
    )
}

#[cfg(target_family = "wasm")]
use on_compute::{insert, lookup};

#[cfg(target_family = "wasm")]
mod on_compute {
    use fastly::kv_store::{InsertMode, KVStore, KVStoreError};

    use super::Stored;
    use crate::Failed;

    fn open() -> Result<KVStore, Failed> {
        let store = KVStore::open("scores").map_err(Failed::internal)?;
        store.ok_or_else(|| Failed::internal("the service has no KV store `scores`"))
    }

    pub(super) fn lookup(key: &str) -> Result<Option<Stored>, Failed> {
        match open()?.lookup(key) {
            Ok(mut found) => {
                let generation = found.current_generation();
                Ok(Some(Stored { json: found.take_body_bytes(), generation }))
            }
            Err(KVStoreError::ItemNotFound) => Ok(None),
            Err(KVStoreError::TooManyRequests) => Err(Failed::Busy),
            Err(error) => Err(Failed::internal(error)),
        }
    }

    /// Returns false if the value has another generation now, or exists where it did not.
    pub(super) fn insert(key: &str, json: Vec<u8>, generation: Option<u64>) -> Result<bool, Failed> {
        let store = open()?;
        let insert = match generation {
            Some(generation) => store.build_insert().if_generation_match(generation),
            None => store.build_insert().mode(InsertMode::Add),
        };
        match insert.execute(key, json) {
            Ok(()) => Ok(true),
            Err(KVStoreError::ItemPreconditionFailed) => Ok(false),
            Err(KVStoreError::TooManyRequests) => Err(Failed::Busy),
            Err(error) => Err(Failed::internal(error)),
        }
    }
}

#[cfg(not(target_family = "wasm"))]
use in_memory::{insert, lookup};

/// The articles: in the KV store on Compute.
#[cfg(target_family = "wasm")]
pub(crate) fn history() -> impl History {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

    // An editor writes up to 20,000 bytes.
    fanout::history::KvHistory::new("scores").max_entries(KEPT).max_age(YEAR).max_bytes(4_000_000)
}

/// The articles: in memory in host tests. Each thread, and so each test, has its own.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn history() -> impl History {
    use std::rc::Rc;

    use fanout::history::MemoryHistory;

    thread_local! {
        static HISTORY: Rc<MemoryHistory> = Rc::new(MemoryHistory::new(KEPT));
    }
    HISTORY.with(Rc::clone)
}

/// The stand-in for host tests. Each thread, and so each test, has its own.
#[cfg(not(target_family = "wasm"))]
mod in_memory {
    use std::cell::RefCell;
    use std::collections::HashMap;

    use super::Stored;
    use crate::Failed;

    thread_local! {
        static STORE: RefCell<HashMap<String, (Vec<u8>, u64)>> = RefCell::default();
    }

    pub(super) fn lookup(key: &str) -> Result<Option<Stored>, Failed> {
        let found = STORE.with_borrow(|store| store.get(key).cloned());
        Ok(found.map(|(json, generation)| Stored { json, generation }))
    }

    pub(super) fn insert(key: &str, json: Vec<u8>, generation: Option<u64>) -> Result<bool, Failed> {
        STORE.with_borrow_mut(|store| {
            let current = store.get(key).map(|(_, generation)| *generation);
            if current == generation {
                store.insert(key.to_owned(), (json, current.map_or(1, |current| current + 1)));
            }
            Ok(current == generation)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(key: &str, number: u32) -> Result<(), Failed> {
        update(key, |numbers: &mut Vec<u32>| {
            numbers.push(number);
            Ok(())
        })
    }

    #[test]
    fn a_change_that_meets_another_runs_again() {
        let mut met = 0;
        let result = update("a", |numbers: &mut Vec<u32>| {
            if met < 3 {
                met += 1;
                push("a", met)?;
            }
            numbers.push(0);
            Ok(numbers.len())
        });
        assert_eq!(result.expect("the fourth attempt meets none"), 4);
        assert_eq!(read::<Vec<u32>>("a").expect("it is stored"), [1, 2, 3, 0]);
    }

    #[test]
    fn a_change_that_always_meets_another_is_given_up() {
        let result = update("a", |_: &mut Vec<u32>| push("a", 7));
        assert!(matches!(result, Err(Failed::Busy)), "{result:?}");
        assert_eq!(read::<Vec<u32>>("a").expect("the others are stored"), [7; ATTEMPTS]);
    }

    #[test]
    fn an_error_changes_nothing() {
        let result = update("a", |number: &mut u32| {
            *number = 7;
            Err::<(), _>(Failed::Finished)
        });
        assert!(matches!(result, Err(Failed::Finished)), "{result:?}");
        assert_eq!(read::<u32>("a").expect("it can be read"), 0);
    }
}
