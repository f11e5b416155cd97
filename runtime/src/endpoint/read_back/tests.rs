use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet};
use std::marker::PhantomData;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, Method};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::Answer;
use crate::endpoint::{GuardValue, RequestHead};
use crate::grip::websocket::{Event, Reply, decode};
use crate::websocket::Callbacks;

use super::check;

/// The answer to these events, on a connection whose state becomes this value at once.
fn answer<T: Serialize + DeserializeOwned>(made: fn() -> T, events: &[u8]) -> Answer {
    let (method, headers) = (Method::POST, HeaderMap::new());
    let head = RequestHead::new(&method, "/chat", None, &headers);
    let open = move |_: &mut Reply| Ok(made());
    let message = move |state: &mut T, _: crate::websocket::Incoming<'_>, reply: &mut Reply| {
        *state = made();
        reply.text("done");
        Ok(())
    };
    let renew = move |_| Ok(made());
    Callbacks::new(&open).message(&message).renew(&renew).answer(&head, decode(events))
}

/// The close after a message, if any.
fn close_of(answer: &Answer) -> Option<u16> {
    decode(answer.body()).flatten().find_map(|event| match event {
        Event::Close(content) => content.first_chunk().map(|code| u16::from_be_bytes(*code)),
        _ => None,
    })
}

fn says<T: Serialize + DeserializeOwned>(value: &T) -> Result<(), String> {
    let said = check(value, &serde_json::to_vec(value).unwrap());
    said.map_err(|error| error.to_string().replace(&format!("{}::", module_path!()), ""))
}

/// Asserts that a value is refused with this line, as connection state and as a guard value.
#[track_caller]
fn refused<T: Serialize + DeserializeOwned>(made: fn() -> T, expected: &str) {
    assert_eq!(says(&made()).expect_err("it was taken"), expected);
    assert_eq!(answer(made, b"OPEN\r\n").status(), 500);
    let later = answer(made, b"TEXT 1\r\na\r\n");
    assert_eq!((later.status().as_u16(), close_of(&later)), (200, Some(1011)));
    assert_eq!(later.header("set-meta-fanout-state"), None);
    assert_eq!(GuardValue::new(&made()).unwrap_err().status(), 500);
}

/// Asserts that a value is accepted, as connection state and as a guard value.
#[track_caller]
fn taken<T: Serialize + DeserializeOwned>(made: fn() -> T) {
    assert_eq!(says(&made()), Ok(()));
    assert_eq!(answer(made, b"OPEN\r\n").status(), 200);
    let later = answer(made, b"TEXT 1\r\na\r\n");
    assert_eq!((later.status().as_u16(), close_of(&later)), (200, None));
    assert!(GuardValue::new(&made()).is_ok());
}

#[derive(Serialize, Deserialize)]
struct Cart {
    id: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
}

#[test]
fn a_field_that_is_left_out_needs_a_default() {
    refused(
        || Cart { id: 1, tags: vec![] },
        "`Cart` is not read back as it was written: missing field `tags` at line 1 column 8; add `#[serde(default)]` to the field",
    );
    taken(|| Cart { id: 1, tags: vec!["a".to_owned()] });

    #[derive(Serialize, Deserialize)]
    struct Carts {
        of: BTreeMap<String, Vec<Cart>>,
    }
    refused(
        || {
            let cart = |tags| Cart { id: 1, tags };
            Carts { of: [("ann".to_owned(), vec![cart(vec![String::new()]), cart(vec![])])].into() }
        },
        "`a_field_that_is_left_out_needs_a_default::Carts` is not read back as it was written: in `of.ann[1]`, missing field `tags` at line 1 column 43; add `#[serde(default)]` to the field",
    );

    #[derive(Serialize, Deserialize)]
    struct Password {
        #[serde(skip_serializing)]
        #[expect(dead_code, reason = "it is lost on its way")]
        hash: String,
    }
    refused(
        || Password { hash: "h".to_owned() },
        "`a_field_that_is_left_out_needs_a_default::Password` is not read back as it was written: missing field `hash` at line 1 column 2; add `#[serde(default)]` to the field",
    );
}

#[test]
fn a_skipped_field_is_the_default() {
    #[derive(Serialize, Deserialize)]
    struct Retries {
        #[serde(default = "ten", skip_serializing_if = "is_zero")]
        left: u32,
    }
    fn ten() -> u32 {
        10
    }
    fn is_zero(number: &u32) -> bool {
        *number == 0
    }
    refused(
        || Retries { left: 0 },
        "`a_skipped_field_is_the_default::Retries` is not read back as it was written: `left` is left out, and reads back as something; only what is the field's default may be left out",
    );
    taken(|| Retries { left: 3 });
    taken(|| Retries { left: 10 });

    #[derive(Default, Serialize, Deserialize)]
    #[serde(default)]
    struct Profile {
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        #[serde(skip)]
        cached: u32,
        #[serde(skip_deserializing)]
        links: Vec<String>,
    }
    taken(Profile::default);
    taken(|| Profile { name: Some("ann".to_owned()), cached: 3, links: vec![] });
    refused(
        || Profile { links: vec!["/".to_owned()], ..Profile::default() },
        "`a_skipped_field_is_the_default::Profile` is not read back as it was written: `links` is a list of 1, and reads back as a list of 0; `Serialize` and `Deserialize` have to agree on its name and its form",
    );
}

#[derive(Serialize, Deserialize)]
struct Place {
    name: String,
    at: (f64, f32),
    limit: Option<f64>,
    more: Vec<Option<Box<Place>>>,
}

fn place(limit: f64) -> Place {
    Place { name: "null".to_owned(), at: (1.5, 0.1), limit: Some(limit), more: vec![] }
}

#[test]
fn json_has_neither_nan_nor_infinity() {
    taken(|| place(-0.0));
    taken(|| place(f64::MIN_POSITIVE / 2.0));
    taken(|| Place { limit: None, ..place(0.0) });
    refused(
        || f64::NAN,
        "`f64` is not read back as it was written: it is NaN; JSON has neither NaN nor infinity",
    );
    refused(
        || Some(f32::INFINITY),
        "`core::option::Option<f32>` is not read back as it was written: it is `Some` of infinity, and reads back as `None`; JSON has neither NaN nor infinity",
    );
    refused(
        || Place { at: (1.0, f32::NEG_INFINITY), ..place(0.0) },
        "`Place` is not read back as it was written: `at[1]` is infinity; JSON has neither NaN nor infinity",
    );
    refused(
        || place(f64::NAN),
        "`Place` is not read back as it was written: `limit` is `Some` of NaN, and reads back as `None`; JSON has neither NaN nor infinity",
    );
    refused(
        || Place { more: vec![None, Some(Box::new(place(f64::NAN)))], ..place(0.0) },
        "`Place` is not read back as it was written: `more[1].limit` is `Some` of NaN, and reads back as `None`; JSON has neither NaN nor infinity",
    );
    refused(
        || HashMap::from([("a", [f64::NAN])].map(|(key, value)| (key.to_owned(), value))),
        "`std::collections::hash::map::HashMap<alloc::string::String, [f64; 1]>` is not read back as it was written: `a[0]` is NaN; JSON has neither NaN nor infinity",
    );

    #[derive(Serialize, Deserialize)]
    #[serde(tag = "kind")]
    enum Shape {
        Circle { radius: Option<f64> },
    }
    refused(
        || Shape::Circle { radius: Some(f64::NAN) },
        "`json_has_neither_nan_nor_infinity::Shape` is not read back as it was written: `radius` is `Some` of NaN, and reads back as `None`; JSON has neither NaN nor infinity",
    );
}

/// A type that writes a NaN as text, or reads `null` as one.
#[test]
fn a_nan_that_comes_back_is_taken() {
    #[derive(Serialize, Deserialize)]
    struct Measured(#[serde(deserialize_with = "null_is_nan")] f64);

    fn null_is_nan<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        Option::deserialize(deserializer).map(|number| number.unwrap_or(f64::NAN))
    }
    taken(|| Measured(f64::NAN));
    taken(|| Measured(1.0));
    assert!(says(&Measured(f64::INFINITY)).unwrap_err().contains("it is infinity, and reads back as NaN"));
}

#[test]
fn an_option_that_is_there_without_a_value_is_not_none() {
    refused(
        || Some(None::<u8>),
        "`core::option::Option<core::option::Option<u8>>` is not read back as it was written: it is `Some(None)`, and reads back as `None`; `Serialize` and `Deserialize` have to agree on its name and its form",
    );
    assert!(says(&Some(())).is_err());
    assert!(says(&Some(Value::Null)).is_err());
    taken(|| None::<Option<u8>>);
    taken(|| Some(Some(1)));
}

#[test]
fn variants_without_a_tag_differ_in_their_content() {
    #[derive(Serialize, Deserialize)]
    struct Waiting {
        since: u32,
    }
    #[derive(Serialize, Deserialize)]
    struct Playing {
        since: u32,
    }
    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Phase {
        Waiting(Waiting),
        Playing(Playing),
        Number(f64),
        Points(i64),
        Name(String),
    }
    #[derive(Serialize, Deserialize)]
    struct Player {
        phase: Phase,
    }
    taken(|| Player { phase: Phase::Waiting(Waiting { since: 3 }) });
    taken(|| Player { phase: Phase::Number(3.0) });
    taken(|| Player { phase: Phase::Name("3".to_owned()) });
    // The JSON is the same.
    refused(
        || Player { phase: Phase::Playing(Playing { since: 3 }) },
        "`variants_without_a_tag_differ_in_their_content::Player` is not read back as it was written: `phase` is the struct `Playing`, and reads back as the struct `Waiting`; `Serialize` and `Deserialize` have to agree on its name and its form",
    );
    refused(
        || Player { phase: Phase::Points(3) },
        "`variants_without_a_tag_differ_in_their_content::Player` is not read back as it was written: `phase` is a number of type `i64`, and reads back as a number of type `f64`; `Serialize` and `Deserialize` have to agree on its name and its form",
    );
    assert!(
        says(&Player { phase: Phase::Number(f64::NAN) })
            .unwrap_err()
            .ends_with("JSON has neither NaN nor infinity")
    );
}

#[test]
fn both_halves_have_one_name() {
    #[derive(Serialize, Deserialize)]
    struct Renamed {
        #[serde(rename(serialize = "userName"))]
        user_name: String,
    }
    refused(
        || Renamed { user_name: "ann".to_owned() },
        "`both_halves_have_one_name::Renamed` is not read back as it was written: missing field `user_name` at line 1 column 18; add `#[serde(default)]` to the field",
    );

    #[derive(Serialize, Deserialize)]
    struct WithDefault {
        #[serde(default, rename(serialize = "userName"))]
        user_name: String,
    }
    assert!(
        says(&WithDefault { user_name: "ann".to_owned() }).unwrap_err().contains("`userName` reads back")
    );

    #[derive(Serialize, Deserialize)]
    enum Colour {
        #[serde(rename(serialize = "crimson"))]
        Red,
        #[serde(other)]
        Unknown,
    }
    refused(
        || [Colour::Red],
        "`[both_halves_have_one_name::Colour; 1]` is not read back as it was written: `[0]` is the variant `crimson`, and reads back as the variant `Unknown`; `Serialize` and `Deserialize` have to agree on its name and its form",
    );
    taken(|| Colour::Unknown);
}

#[test]
fn flattened_and_tagged_values_go_through_fewer_types() {
    #[derive(Serialize, Deserialize)]
    struct Scores {
        game: String,
        #[serde(flatten)]
        of: BTreeMap<u64, u32>,
    }
    let message = says(&Scores { game: "a".to_owned(), of: [(7, 1)].into() }).unwrap_err();
    assert!(message.contains(r#"invalid type: string "7", expected u64"#), "{message}");

    #[derive(Serialize, Deserialize)]
    #[serde(tag = "t", deny_unknown_fields)]
    enum Tagged {
        Big { number: i128 },
        Rest(Rest),
    }
    #[derive(Serialize, Deserialize)]
    struct Rest {
        t: u32,
    }
    assert!(says(&Tagged::Rest(Rest { t: 1 })).unwrap_err().contains("duplicate field `t`"));
    assert!(says(&Tagged::Big { number: 1 }).unwrap_err().contains("i128 is not supported"));

    #[derive(Serialize, Deserialize)]
    struct Twice {
        id: u32,
        #[serde(flatten)]
        rest: HashMap<String, Value>,
    }
    assert!(says(&Twice { id: 1, rest: [("id".to_owned(), json!(2))].into() }).is_err());
    taken(|| Twice { id: 1, rest: [("a".to_owned(), json!({"b": [1.5, null]}))].into() });
}

#[test]
fn a_value_that_a_type_reads_in_its_own_way_is_compared() {
    #[derive(Serialize, Deserialize)]
    struct Price {
        #[serde(deserialize_with = "from_cents")]
        euros: f64,
    }
    fn from_cents<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        f64::deserialize(deserializer).map(|cents| cents / 100.0)
    }
    refused(
        || Price { euros: 3.0 },
        "`a_value_that_a_type_reads_in_its_own_way_is_compared::Price` is not read back as it was written: `euros` reads back as another value; `Serialize` and `Deserialize` have to agree on its name and its form",
    );

    /// Keys that become equal in JSON.
    #[derive(PartialEq, Eq, PartialOrd, Ord, Deserialize)]
    struct Key(String);

    impl Serialize for Key {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(&self.0.to_lowercase())
        }
    }
    refused(
        || BTreeMap::from([(Key("A".to_owned()), 1), (Key("a".to_owned()), 1)]),
        "`alloc::collections::btree::map::BTreeMap<a_value_that_a_type_reads_in_its_own_way_is_compared::Key, i32>` is not read back as it was written: it is a map of 2, and reads back as a map of 1; `Serialize` and `Deserialize` have to agree on its name and its form",
    );

    #[derive(Serialize, Deserialize)]
    struct Nested(Vec<Nested>);
    let deep = (0..200).fold(Nested(vec![]), |nested, _| Nested(vec![nested]));
    assert!(says(&deep).unwrap_err().contains("recursion limit exceeded"));
}

/// Hashed sets and maps have another order each time.
#[test]
fn a_set_or_a_map_that_hashes_is_itself_in_any_order() {
    for _ in 0..20 {
        taken(|| (0..100).collect::<HashSet<u8>>());
        taken(|| (0..50).map(|number| (number, number.to_string())).collect::<HashMap<u8, String>>());
        taken(|| (0..50).collect::<BinaryHeap<u8>>());
        taken(|| BTreeMap::from([(1, vec![(0..20).collect::<HashSet<u8>>(); 3])]));
        taken(|| HashMap::from([(1_u8, HashMap::from([(true, place(0.1)), (false, place(0.2))]))]));
    }
    #[derive(PartialEq, Eq, Hash, Serialize, Deserialize)]
    struct Member {
        name: String,
        #[serde(skip_deserializing)]
        points: u32,
    }
    let member = |points: u32| Member { name: points.to_string(), points };
    let members: HashSet<_> = (0..9).map(member).collect();
    let message = says(&members).unwrap_err();
    assert!(message.contains("].points` reads back as another value"), "{message}");
}

#[test]
fn every_other_type_is_taken() {
    #[derive(Serialize, Deserialize)]
    struct Unit;
    #[derive(Serialize, Deserialize)]
    struct Empty {}
    #[derive(PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    enum Side {
        Left,
        Right,
    }
    #[derive(Serialize, Deserialize)]
    enum Each {
        Unit,
        New(Side),
        Tuple(u8, char),
        Struct { of: () },
    }
    #[derive(Serialize, Deserialize)]
    #[serde(tag = "t", content = "c")]
    enum Adjacent {
        Unit,
        New(Side),
        Struct { of: [u8; 3] },
    }
    taken(|| ());
    taken(|| Unit);
    taken(|| Empty {});
    taken(|| PhantomData::<Side>);
    taken(|| (Unit, [0_u8; 0], Empty {}));
    taken(|| [Each::Unit, Each::New(Side::Left), Each::Tuple(1, 'é'), Each::Struct { of: () }]);
    taken(|| [Adjacent::Unit, Adjacent::New(Side::Right), Adjacent::Struct { of: [1, 2, 3] }]);
    taken(|| BTreeMap::from([(Side::Left, 1), (Side::Right, 2)]));
    taken(|| BTreeMap::from([(i128::MIN, true), (i128::MAX, false)]));
    taken(|| BTreeMap::from([(u64::MAX, ' ')]));
    taken(|| BTreeMap::from([('ß', u128::MAX)]));
    taken(|| BTreeSet::from([i64::MIN, i64::MAX]));
    taken(|| (Cow::Borrowed("a"), Box::<str>::from("\u{1F600}\"\\\n")));
    taken(|| (Duration::MAX, SystemTime::UNIX_EPOCH, PathBuf::from("/é")));
    taken(|| ["127.0.0.1", "::1"].map(|addr| addr.parse::<IpAddr>().unwrap()));
    taken(|| json!({"a": [1, -1, 1.5, 1e300, "x", null, true, {"b": {}}]}));
    taken(|| RawValue::from_string(r#"{"a": [1.10, 1e2]}"#.to_owned()).unwrap());
    taken(|| Value::Null);
}
