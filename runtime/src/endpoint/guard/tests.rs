use http::{HeaderMap, HeaderValue, Method};
use proptest::prelude::*;

use super::value_in_header::{binding, read};
use super::*;
use crate::endpoint::request::{GUARD_HEADER, Sender, split_query};
use crate::endpoint::{Answer, Parameters, RequestHead, routing};

/// Runs `test` with the head of a Fanout request.
fn inside<T>(
    pattern: &'static str,
    values: Vec<&str>,
    query: Option<&str>,
    headers: &[(&'static str, &HeaderValue)],
    test: impl FnOnce(&RequestHead<'_>) -> T,
) -> T {
    let headers: HeaderMap =
        headers.iter().map(|(name, value)| (name.parse().unwrap(), (*value).clone())).collect();
    let values = routing::decode(values).unwrap();
    let (query, by_link) = query.map(split_query).unwrap_or_default();
    let head = RequestHead::new(&Method::GET, "/", Some(&query), &headers).with_link(by_link);
    test(&head.with_parameters(Parameters::new(pattern, &values)).sent_by(Sender::Fanout))
}

fn header_of_7(pattern: &'static str, values: Vec<&str>) -> HeaderValue {
    inside(pattern, values, None, &[], |head| GuardValue::new(&7).unwrap().into_header(head).unwrap())
}

#[test]
fn a_guard_value_counts_only_for_its_endpoint_and_parameters() {
    let header = header_of_7("/{room}/{id}", vec!["a%2F", "b"]);
    let at = |pattern, values| inside(pattern, values, None, &[(GUARD_HEADER, &header)], read::<u8>);
    assert_eq!(at("/{room}/{id}", vec!["a%2f", "%62"]), Some(7));
    assert_eq!(at("/{room}/{id}", vec!["a", "/b"]), None);
    assert_eq!(at("/{room}/{id}", vec!["a/", "c"]), None);
    assert_eq!(at("/{room}/{name}", vec!["a/", "b"]), None);
    assert_eq!(at("/admin", vec![]), None);
}

#[test]
fn the_header_of_a_guard_value_has_a_limit() {
    let longest = (0..2048).rev().find_map(|len| GuardValue::new(&"x".repeat(len)).ok()).unwrap();
    let header = inside("/{room}", vec!["a"], None, &[], |head| longest.into_header(head)).unwrap();
    assert_eq!(header.len(), 2047, "in base64 no length of JSON gives 2048");
}

proptest::proptest! {
    /// Without `float_roundtrip` of serde_json, one of ten numbers changes.
    #[test]
    fn any_number_survives_bit_for_bit(bits in any::<u64>(), single in any::<u32>()) {
        let (number, single) = (f64::from_bits(bits), f32::from_bits(single));
        prop_assume!(number.is_finite() && single.is_finite());
        let carries = |head: &RequestHead<'_>| GuardValue::new(&(number, single)).unwrap().into_header(head);
        let header = inside("/", vec![], None, &[], carries).unwrap();
        let (kept, kept_single): (f64, f32) =
            inside("/", vec![], None, &[(GUARD_HEADER, &header)], read).unwrap();
        prop_assert_eq!((kept.to_bits(), kept_single.to_bits()), (bits, single.to_bits()));
    }
}

/// A number that changed before.
#[test]
fn a_number_survives_as_it_is() {
    let carries = |head: &RequestHead<'_>| GuardValue::new(&31.245270191439438).unwrap().into_header(head);
    let header = inside("/", vec![], None, &[], carries).unwrap();
    assert_eq!(inside("/", vec![], None, &[(GUARD_HEADER, &header)], read::<f64>), Some(31.245270191439438));
}

/// After a deployment, on an open connection: the guard runs again, and the log says why.
#[test]
fn a_guard_value_of_another_type_is_none() {
    let header = header_of_7("/", vec![]);
    assert_eq!(inside("/", vec![], None, &[(GUARD_HEADER, &header)], read::<String>), None);
    let ran = inside("/", vec![], None, &[(GUARD_HEADER, &header)], |head| {
        guard_value(head, |_| Ok::<_, Answer>("again".to_owned()))
    });
    assert_eq!(ran, Ok("again".to_owned()));
}

#[test]
fn two_guard_headers_are_none() {
    let header = header_of_7("/", vec![]);
    assert_eq!(
        inside("/", vec![], None, &[(GUARD_HEADER, &header), (GUARD_HEADER, &header)], read::<u8>),
        None
    );
}

#[test]
fn a_guard_value_is_bound_to_one_endpoint_of_a_path() {
    let route = |methods| crate::Route::long_poll("/a", |_| Answer::text(200, "")).methods(methods);
    let (get, post) = (route(crate::endpoint::Methods::GET), route(crate::endpoint::Methods::POST));
    let headers = HeaderMap::new();
    let head = RequestHead::new(&Method::GET, "/a", None, &headers);
    assert_ne!(binding(&head.for_endpoint(&get.settings)), binding(&head.for_endpoint(&post.settings)));
}
