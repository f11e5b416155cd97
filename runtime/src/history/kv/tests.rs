//! Publishers and readers of a store model, whose requests are interleaved in any order.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

use proptest::prelude::*;

use super::log::ATTEMPTS;
use super::{After, Bounds, Log, LogError, Store, StoreError, Value};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const BOUNDS: Bounds = Bounds { count: 1_000, age: DAY, bytes: 1_000_000 };

/// The faults of a store.
#[derive(Clone, Copy, Default)]
struct Faults {
    /// Of `1 / n` reads, each shows an old value. The read after a wait does not.
    old_reads: Option<u64>,
    /// Of `1 / n` writes, each is refused because there are too many.
    refused: Option<u64>,
    /// The same for reads.
    refused_reads: Option<u64>,
    /// The value is compared and written in two steps, as in Viceroy 0.22.
    two_steps: bool,
}

/// A store, and the turns of its clients: one of them makes a request, chosen by the seed.
struct World {
    faults: Faults,
    seed: u64,
    turns: Mutex<Turns>,
    changed: Condvar,
    /// All values that each key has had.
    values: Mutex<BTreeMap<String, Vec<Vec<u8>>>>,
}

#[derive(Default)]
struct Turns {
    clients: usize,
    waiting: BTreeSet<usize>,
    chosen: Option<usize>,
    steps: u64,
    now: u64,
}

impl World {
    fn new(seed: u64, clients: usize, faults: Faults) -> Self {
        let turns = Mutex::new(Turns { clients, now: 1_000_000, ..Turns::default() });
        Self { faults, seed, turns, changed: Condvar::new(), values: Mutex::default() }
    }

    fn pick(&self, what: &str, step: u64, below: u64) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.seed, what, step).hash(&mut hasher);
        hasher.finish() % below
    }

    fn choose(&self, turns: &mut Turns) {
        if turns.chosen.is_none() && !turns.waiting.is_empty() && turns.waiting.len() == turns.clients {
            turns.steps += 1;
            let index = self.pick("turn", turns.steps, turns.waiting.len() as u64) as usize;
            turns.chosen = turns.waiting.iter().nth(index).copied();
            self.changed.notify_all();
        }
    }

    /// Waits for the turn of a client, and returns the number of the step.
    fn turn(&self, client: usize) -> u64 {
        let mut turns = self.turns.lock().unwrap();
        turns.waiting.insert(client);
        self.choose(&mut turns);
        let mut turns = self.changed.wait_while(turns, |turns| turns.chosen != Some(client)).unwrap();
        turns.chosen = None;
        turns.waiting.remove(&client);
        turns.steps
    }

    fn end(&self) {
        let mut turns = self.turns.lock().unwrap();
        turns.clients -= 1;
        self.choose(&mut turns);
    }

    fn newest(&self, key: &str) -> u64 {
        self.values.lock().unwrap().get(key).map_or(0, Vec::len) as u64
    }

    fn write(&self, key: &str, value: Vec<u8>) {
        self.values.lock().unwrap().entry(key.to_owned()).or_default().push(value);
    }
}

/// One machine that uses the store.
struct Client<'w> {
    world: &'w World,
    number: usize,
    has_waited: Cell<bool>,
    seen: RefCell<BTreeSet<String>>,
    /// The reads, additions and replacements.
    requests: RefCell<[usize; 3]>,
}

impl<'w> Client<'w> {
    fn new(world: &'w World, number: usize) -> Self {
        Self {
            world,
            number,
            has_waited: Cell::new(false),
            seen: RefCell::default(),
            requests: RefCell::default(),
        }
    }

    fn log<'s>(&'s self, bounds: &'s Bounds) -> Log<'s, Self> {
        Log::new(self, bounds, "history.", "goals").unwrap()
    }

    fn write_if(&self, key: &str, value: Vec<u8>, generation: u64) -> Result<bool, StoreError> {
        let step = self.world.turn(self.number);
        if self.world.faults.refused.is_some_and(|one_of| self.world.pick("refuse", step, one_of) == 0) {
            return Err(StoreError::Busy);
        }
        let matches = self.world.newest(key) == generation;
        if matches {
            if self.world.faults.two_steps {
                self.world.turn(self.number);
            }
            self.world.write(key, value);
        }
        Ok(matches)
    }
}

impl Drop for Client<'_> {
    fn drop(&mut self) {
        self.world.end();
    }
}

impl Store for Client<'_> {
    fn read(&self, keys: &[String]) -> Result<Vec<Option<Value>>, StoreError> {
        self.requests.borrow_mut()[0] += keys.len();
        let step = self.world.turn(self.number);
        if self.world.faults.refused_reads.is_some_and(|one_of| self.world.pick("refuse", step, one_of) == 0)
        {
            return Err(StoreError::Busy);
        }
        let old = self.world.faults.old_reads.filter(|_| !self.has_waited.take());
        let values = self.world.values.lock().unwrap();
        let read = |key: &String| {
            let values = values.get(key)?;
            let is_old = old.is_some_and(|one_of| self.world.pick(key, step, one_of) == 0);
            let generation =
                if is_old { self.world.pick("age", step, values.len() as u64) } else { values.len() as u64 };
            // An entry that a client has seen does not become absent.
            let generation = if self.seen.borrow().contains(key) { generation.max(1) } else { generation };
            let index = usize::try_from(generation).unwrap().checked_sub(1)?;
            self.seen.borrow_mut().insert(key.clone());
            Some(Value { bytes: values[index].clone(), generation })
        };
        Ok(keys.iter().map(read).collect())
    }

    fn add(&self, key: &str, value: Vec<u8>, _: Duration) -> Result<bool, StoreError> {
        self.requests.borrow_mut()[1] += 1;
        self.write_if(key, value, 0)
    }

    fn replace(&self, key: &str, value: Vec<u8>, _: Duration, generation: u64) -> Result<bool, StoreError> {
        self.requests.borrow_mut()[2] += 1;
        self.write_if(key, value, generation)
    }

    fn wait(&self, time: Duration) {
        self.has_waited.set(true);
        self.world.turns.lock().unwrap().now += time.as_millis() as u64;
    }

    fn now(&self) -> u64 {
        self.world.turns.lock().unwrap().now
    }

    fn random(&self) -> u64 {
        let steps = self.world.turns.lock().unwrap().steps;
        self.world.pick("random", steps.wrapping_mul(31).wrapping_add(self.number as u64), u64::MAX)
    }
}

/// The faults of a run.
type Outcome = Result<(), String>;

fn ensure(holds: bool, message: impl FnOnce() -> String) -> Outcome {
    if holds { Ok(()) } else { Err(message()) }
}

/// Lets some publishers append `each` entries, while a client follows.
fn run(seed: u64, publishers: usize, each: usize, faults: Faults) -> Outcome {
    let mut world = World::new(seed, publishers + 1, faults);
    let (appended, followed) = thread::scope(|scope| {
        let publish = |number| {
            let client = Client::new(&world, number);
            move || {
                let log = client.log(&BOUNDS);
                (0..each)
                    .map(|index| {
                        let entry = format!("{number}/{index}");
                        log.append(entry.clone()).map(|(id, prev_id)| (entry, id, prev_id))
                    })
                    .collect::<Result<Vec<_>, _>>()
            }
        };
        let follower = Client::new(&world, publishers);
        let follow = move || {
            let log = follower.log(&BOUNDS);
            let (mut last, mut heard) = ("0".to_owned(), Vec::new());
            // A lost entry never comes.
            for _ in 0..50 * publishers * each {
                match log.after::<String>(&last)? {
                    After::Entries(entries) => {
                        heard.extend(entries);
                        last = heard.last().map_or("0", |(id, _)| id).to_owned();
                    }
                    other => return Ok(Err(format!("the client at {last} was answered with {other:?}"))),
                }
                if heard.len() >= publishers * each {
                    break;
                }
            }
            Ok::<_, LogError>(Ok(heard))
        };
        let publishers: Vec<_> = (0..publishers).map(publish).collect();
        let publishers: Vec<_> = publishers.into_iter().map(|publish| scope.spawn(publish)).collect();
        let follower = scope.spawn(follow);
        let appended: Vec<_> = publishers.into_iter().map(|thread| thread.join().unwrap()).collect();
        (appended, follower.join().unwrap())
    });
    let followed = followed.map_err(|error| error.to_string())??;
    let appended: Vec<_> =
        appended.into_iter().collect::<Result<_, _>>().map_err(|error| error.to_string())?;

    *world.turns.lock().unwrap() = Turns { clients: 1, now: 1_000_000, ..Turns::default() };
    world.faults = Faults::default();
    let client = Client::new(&world, 0);
    let kept = client.log(&BOUNDS).read::<String>().unwrap().unwrap().entries();
    let all = appended.iter().flatten();
    let mut next: BTreeMap<_, _> =
        all.map(|(entry, id, prev_id)| (prev_id.clone(), (id.clone(), entry.clone()))).collect();
    ensure(next.len() == publishers * each, || "two entries name the same one before them".to_owned())?;
    ensure(kept.len() == publishers * each, || format!("{} of {} are kept", kept.len(), publishers * each))?;
    let mut last = "0".to_owned();
    for kept in &kept {
        let (id, entry) = next.remove(&last).ok_or_else(|| format!("no entry follows {last}"))?;
        ensure(*kept == (id.clone(), entry.clone()), || {
            format!("{kept:?} is kept in place of {id} {entry}")
        })?;
        last = id;
    }
    for number in 0..publishers {
        let prefix = format!("{number}/");
        let own = kept
            .iter()
            .filter_map(|(_, entry)| entry.strip_prefix(&prefix))
            .map(|index| index.parse::<usize>().unwrap());
        ensure(own.eq(0..each), || format!("the entries of publisher {number} are not in its order"))?;
    }
    ensure(followed == kept, || format!("the client heard {followed:?}, and {kept:?} are kept"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_entry_is_lost_and_all_agree_on_the_order(seed: u64, publishers in 1..6_usize, each in 1..5_usize) {
        prop_assert_eq!(run(seed, publishers, each, Faults::default()), Ok(()));
    }

    #[test]
    fn old_reads_and_refused_writes_lose_nothing(seed: u64, publishers in 1..6_usize, each in 1..5_usize) {
        let faults = Faults { old_reads: Some(2), refused: Some(4), refused_reads: None, two_steps: false };
        prop_assert_eq!(run(seed, publishers, each, faults), Ok(()));
    }
}

#[test]
fn twenty_publishers_at_once_all_append() {
    for seed in 0..20 {
        assert_eq!(run(seed, 20, 2, Faults::default()), Ok(()), "{seed}");
    }
}

/// The model shows lost entries: this is why publishers take turns on Viceroy.
#[test]
fn a_store_that_compares_and_writes_in_two_steps_loses_entries() {
    let faults = Faults { two_steps: true, ..Faults::default() };
    assert!((0..50).any(|seed| run(seed, 4, 3, faults).is_err()));
}

/// A store with one client.
fn alone() -> World {
    World::new(7, 1, Faults::default())
}

fn texts(entries: Vec<(String, String)>) -> Vec<String> {
    entries.into_iter().map(|(_, entry)| entry).collect()
}

#[test]
fn each_call_costs_few_requests() {
    let world = alone();
    let client = Client::new(&world, 0);
    let log = client.log(&BOUNDS);
    let cost = |run: &dyn Fn()| {
        *client.requests.borrow_mut() = [0; 3];
        run();
        *client.requests.borrow()
    };
    let append = || drop(log.append("goal".to_owned()).unwrap());
    let read = || drop(log.read::<String>().unwrap());
    assert_eq!(cost(&read), [1, 0, 0], "a reader of a channel without entries");
    assert_eq!(cost(&append), [1, 1, 0], "the first entry");
    for _ in 0..20 {
        assert_eq!(cost(&append), [1, 1, 1], "each other one");
        assert_eq!(cost(&read), [2, 0, 0], "a reader");
    }
}

#[test]
fn a_reader_writes_the_head_that_others_could_not_write() {
    let world = World::new(7, 1, Faults { refused: None, ..Faults::default() });
    let client = Client::new(&world, 0);
    let log = client.log(&BOUNDS);
    log.append("1".to_owned()).unwrap();
    let head = world.values.lock().unwrap()["history.goals"].clone();
    for number in 2..=9 {
        log.append(number.to_string()).unwrap();
        // The write of the head is undone.
        world.values.lock().unwrap().insert("history.goals".to_owned(), head.clone());
    }
    *client.requests.borrow_mut() = [0; 3];
    let entries = log.read::<String>().unwrap().unwrap().entries();
    assert_eq!(texts(entries), ["1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    // The head, and then 1, 2, 4 and 8 entries at once.
    assert_eq!(*client.requests.borrow(), [1 + 1 + 2 + 4 + 8, 0, 1]);
    *client.requests.borrow_mut() = [0; 3];
    log.read::<String>().unwrap();
    assert_eq!(*client.requests.borrow(), [2, 0, 0]);
}

#[test]
fn an_append_repeats_a_read_that_is_refused() {
    for seed in 0..20 {
        let world = World::new(seed, 1, Faults { refused_reads: Some(3), ..Faults::default() });
        let client = Client::new(&world, 0);
        let log = client.log(&BOUNDS);
        let ids: Vec<_> = (0..20).map(|number| log.append(number.to_string()).unwrap()).collect();
        assert!(ids.windows(2).all(|pair| pair[1].1 == pair[0].0), "{ids:?}");
    }
}

#[test]
fn attempts_are_bounded() {
    let world = World::new(7, 1, Faults { refused: Some(1), ..Faults::default() });
    let client = Client::new(&world, 0);
    let began = client.now();
    assert_eq!(client.log(&BOUNDS).append("goal".to_owned()), Err(LogError::Limited));
    assert_eq!(client.requests.borrow()[1], ATTEMPTS as usize);
    let waited = client.now() - began;
    assert!((3_000..8_000).contains(&waited), "{waited} ms");
    assert!(world.values.lock().unwrap().is_empty());
    assert!(LogError::Limited.to_string().contains("limits its requests"));
    assert!(LogError::Busy.to_string().contains("publish it again later"));
}

#[test]
fn count_age_and_bytes_bound_what_is_kept() {
    let world = alone();
    let client = Client::new(&world, 0);
    let append = |bounds: &Bounds, entry: &str| client.log(bounds).append(entry.to_owned());
    let kept = |bounds: &Bounds| texts(client.log(bounds).read::<String>().unwrap().unwrap().entries());
    let ids: Vec<_> = ["a", "b", "c", "d"].map(|entry| append(&BOUNDS, entry).unwrap().0).into();

    let two = Bounds { count: 2, ..BOUNDS };
    assert_eq!(kept(&two), ["c", "d"]);
    let after = |bounds: &Bounds, id: &str| client.log(bounds).after::<String>(id).unwrap();
    assert_eq!((after(&two, "0"), after(&two, &ids[0])), (After::Expired, After::Expired));
    assert_eq!(
        after(&two, &ids[1]),
        After::Entries(vec![(ids[2].clone(), "c".into()), (ids[3].clone(), "d".into())])
    );
    assert_eq!(after(&two, &ids[3]), After::Entries(Vec::new()));

    let bytes = serde_json::to_vec(&world.values.lock().unwrap()["history.goals"].last()).unwrap().len();
    let small = Bounds { bytes: bytes / 10, ..BOUNDS };
    assert!(kept(&small).len() < 4, "{:?}", kept(&small));
    let Err(LogError::Large(size)) = append(&small, &"x".repeat(bytes)) else { panic!("it is too large") };
    assert!(size > bytes);

    client.wait(DAY / 2);
    let e = append(&BOUNDS, "e").unwrap();
    assert_eq!(e.1, ids[3]);
    assert_eq!(kept(&BOUNDS), ["a", "b", "c", "d", "e"]);
    client.wait(DAY / 2 + Duration::from_secs(1));
    assert_eq!(kept(&BOUNDS), ["e"]);
    assert_eq!(
        (after(&BOUNDS, &ids[2]), after(&BOUNDS, &ids[3])),
        (After::Expired, After::Entries(vec![(e.0.clone(), "e".into())]))
    );
    client.wait(DAY);
    assert_eq!(kept(&BOUNDS), [""; 0]);
    assert_eq!(after(&BOUNDS, &e.0), After::Entries(Vec::new()));
    assert_eq!(append(&BOUNDS, "f").unwrap().1, e.0);
    assert_eq!(kept(&BOUNDS), ["f"]);
}

#[test]
fn an_id_that_was_never_given_is_unknown() {
    let world = alone();
    let client = Client::new(&world, 0);
    let log = client.log(&BOUNDS);
    assert_eq!(log.after::<String>("0").unwrap(), After::Entries(Vec::new()));
    assert_eq!(log.after::<String>("abc-1-2").unwrap(), After::Unknown);
    let (id, _) = log.append("a".to_owned()).unwrap();
    let (epoch, rest) = id.split_once('-').unwrap();
    let (number, tag) = rest.split_once('-').unwrap();
    assert_eq!((epoch.len(), number, tag.len()), (12, "1", 8));
    for other in [
        "1".to_owned(),
        "".to_owned(),
        epoch.to_owned(),
        format!("{epoch}-1"),
        format!("{epoch}-1-00000000x"),
        format!("{epoch}-01-{tag}"),
        format!("{epoch}-0-{tag}"),
        format!("{epoch}x-1-{tag}"),
        format!("{epoch}-2-{tag}"),
        format!("{epoch}-99999999999999999999-{tag}"),
    ] {
        assert_eq!(log.after::<String>(&other).unwrap(), After::Unknown, "{other}");
    }
    // Everything is deleted, and made anew.
    world.values.lock().unwrap().clear();
    assert_eq!(log.after::<String>(&id).unwrap(), After::Unknown);
    let (again, _) = log.append("a".to_owned()).unwrap();
    assert_ne!(again.split_once('-').unwrap().0, epoch);
    assert_eq!(log.after::<String>(&id).unwrap(), After::Unknown);
}

/// The entry after an old head has expired, so its number is used again.
#[test]
fn an_id_whose_number_is_used_again_is_unknown() {
    let world = alone();
    let client = Client::new(&world, 0);
    let log = client.log(&BOUNDS);
    log.append("a".to_owned()).unwrap();
    let head = world.values.lock().unwrap()["history.goals"].clone();
    let (lost, _) = log.append("b".to_owned()).unwrap();
    world.values.lock().unwrap().retain(|key, _| key == "history.goals");
    world.values.lock().unwrap().insert("history.goals".to_owned(), head);
    let (used, _) = log.append("c".to_owned()).unwrap();
    assert_eq!(used.split('-').nth(1), lost.split('-').nth(1));
    assert_eq!(log.after::<String>(&lost).unwrap(), After::Unknown);
    assert_eq!(log.after::<String>(&used).unwrap(), After::Entries(Vec::new()));
}

#[test]
fn a_value_that_is_no_history_is_an_error_and_stays() {
    let world = alone();
    let client = Client::new(&world, 0);
    let log = client.log(&BOUNDS);
    let (id, _) = log.append("a".to_owned()).unwrap();
    let slot = format!("history.goals.{}.2", id.split_once('-').unwrap().0);
    let head = String::from_utf8(world.values.lock().unwrap()["history.goals"][0].clone()).unwrap();
    let record = |number: u32| format!(r#"{{"mark":{{"number":{number},"tag":"t"}},"at":1,"entry":"x"}}"#);
    let cases = [
        ("history.goals", "", "it is no history"),
        ("history.goals", "{\"home\":1}", "it is no history: missing field `fanout_history`"),
        ("history.goals", &head[..head.len() - 2], "it is no history: EOF"),
        ("history.goals", &head.replace("\"fanout_history\":1", "\"fanout_history\":2"), "version 2"),
        ("history.goals", &head.replace("\"number\":1", "\"number\":3"), "not numbered one after the other"),
        ("history.goals", &head.replace("\"epoch\":\"", "\"epoch\":\";"), "is no part of an id"),
        (
            &slot,
            &format!(r#"{{"fanout_history":1,"record":{}}}"#, record(2).replace("\"t\"", "\" \"")),
            "no part of an id",
        ),
        ("history.goals", &head.replace("\"entry\":\"a\"", "\"entry\":7"), "it is damaged"),
        (&slot, "\"a\"", "it is no history"),
        (&slot, &format!(r#"{{"fanout_history":1,"record":{}}}"#, record(3)), "it has the number 3"),
    ];
    for (key, value, reason) in cases {
        let before = world.values.lock().unwrap().insert(key.to_owned(), vec![value.into()]);
        let errors = [
            log.after::<String>(&id).map(drop),
            log.read::<String>().map(drop),
            log.append("b".to_owned()).map(drop),
        ];
        for error in errors {
            let error = error.expect_err(value).to_string();
            assert!(error.contains(&format!("`{key}`")) && error.contains(reason), "{error}");
        }
        assert_eq!(world.values.lock().unwrap()[key], [value.as_bytes()], "it was overwritten");
        let mut values = world.values.lock().unwrap();
        match before {
            Some(before) => values.insert(key.to_owned(), before),
            None => values.remove(key),
        };
    }
    log.append("b".to_owned()).unwrap();
}

#[test]
fn channels_have_keys_of_their_own() {
    let world = alone();
    let client = Client::new(&world, 0);
    let key = |channel: &str| Log::new(&client, &BOUNDS, "history.", channel).map(|log| log.key().to_owned());
    assert_eq!(key("room-a_1").unwrap(), "history.room-a_1");
    assert_eq!(key("a.b/c?d#é").unwrap(), "history.a%2Eb%2Fc%3Fd%23%C3%A9");
    let longest = "x".repeat(1_024 - "history.".len() - 34);
    assert!(key(&longest).is_ok());
    let of_digest = key(&format!("{longest}x")).unwrap();
    assert_eq!(of_digest, format!("history.%sha256-{}", of_digest.split_once('-').unwrap().1));
    assert_ne!(key(&format!("{longest}y")).unwrap(), of_digest);
    assert!(key(&".".repeat(2_048)).unwrap().len() < 100);
    let prefix = "x".repeat(1_024);
    assert_eq!(Log::new(&client, &BOUNDS, &prefix, "goals").map(drop).unwrap_err(), LogError::LongPrefix);
}
