//! Publishers with several proxies and several requests.

use std::cell::RefCell;

use http::{Request, Response};
use serde_json::Value;

use super::super::{FailureReason, Item, PublishError, Publisher, Target, Transport, TransportError};
use super::NEWS;

/// Answers with these statuses, in turn; 0 is no answer.
struct Fake {
    statuses: RefCell<Vec<u16>>,
    heard: RefCell<Vec<String>>,
}

impl Fake {
    fn new(statuses: &[u16]) -> Self {
        Self { statuses: RefCell::new(statuses.iter().rev().copied().collect()), heard: RefCell::default() }
    }
}

impl Transport for &Fake {
    fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let json: Value = serde_json::from_slice(request.body()).unwrap();
        for item in json["items"].as_array().unwrap() {
            let content = &item["formats"]["ws-message"]["content"];
            self.heard.borrow_mut().push(content.as_str().unwrap().to_owned());
        }
        match self.statuses.borrow_mut().pop().expect("one request more than was thought of") {
            0 => Err(TransportError::transient("the proxy is down")),
            status => Ok(Response::builder().status(status).body(b"so it says".to_vec()).unwrap()),
        }
    }
}

fn target(host: &str) -> Target {
    Target::from_grip_url(&format!("http://{host}/")).unwrap().max_request(250)
}

fn failures(result: Result<(), PublishError>) -> Vec<(String, usize, u16)> {
    let Err(PublishError::Failed(failures)) = result else { panic!("{result:?}") };
    let status = |reason: &FailureReason| match reason {
        FailureReason::NoAnswer(_) => 0,
        FailureReason::Refused { status, .. } => status.as_u16(),
    };
    failures
        .iter()
        .map(|failure| (failure.address.clone(), failure.accepted, status(&failure.reason)))
        .collect()
}

#[test]
fn every_proxy_gets_the_item() {
    let [a, b] = [Fake::new(&[200]), Fake::new(&[202])];
    let publisher = Publisher::new(target("a"), &a).target(target("b"), &b);
    publisher.publish(NEWS, "hello").unwrap();
    assert_eq!((a.heard.take(), b.heard.take()), (vec!["hello".into()], vec!["hello".into()]));
}

#[test]
fn a_proxy_that_fails_does_not_stop_the_others() {
    let [a, b, c] = [Fake::new(&[0]), Fake::new(&[200]), Fake::new(&[403])];
    let publisher = Publisher::new(target("a"), &a).target(target("b"), &b).target(target("c"), &c);
    let result = publisher.publish(NEWS, "hello");
    assert!(!result.as_ref().unwrap_err().is_transient(), "a 403 stays one");
    assert_eq!(failures(result), [("http://a/publish/".into(), 0, 0), ("http://c/publish/".into(), 0, 403)]);
    assert_eq!(b.heard.take(), ["hello"]);
}

#[test]
fn a_request_that_fails_is_the_last_and_the_items_before_it_are_counted() {
    let fake = Fake::new(&[200, 200, 503]);
    let items = (0..10).map(|number| Item::new(NEWS, number.to_string()));
    let result = Publisher::new(target("a"), &fake).publish_all(items);
    assert!(result.as_ref().unwrap_err().is_transient());
    let text = result.as_ref().unwrap_err().to_string();
    assert!(text.ends_with("(the first 2 items were accepted)"), "{text}");
    assert_eq!(failures(result), [("http://a/publish/".into(), 2, 503)]);
    assert_eq!(fake.heard.take(), ["0", "1", "2"]);
}

#[test]
fn nothing_is_sent_when_an_item_is_wrong() {
    let fake = Fake::new(&[]);
    let items = [Item::new(NEWS, "good"), Item::new(NEWS, "x".repeat(300))];
    let result = Publisher::new(target("a"), &fake).publish_all(items);
    assert!(matches!(result, Err(PublishError::Invalid { index: 1, .. })), "{result:?}");
    assert!(fake.heard.take().is_empty());
}
