mod errors;
mod messages;
mod publishers;
#[cfg(feature = "sig")]
mod signing;
mod targets;

use serde_json::Value;

use super::{Item, Target};
use crate::grip::Channel;

const NEWS: Channel = Channel::from_static("news");

fn pushpin() -> Target {
    Target::from_grip_url("http://127.0.0.1:5561/").unwrap()
}

/// Returns an item as the proxy gets it.
fn sent(item: Item) -> Value {
    let requests = pushpin().requests(&[item]).unwrap();
    assert_eq!(requests.len(), 1);
    let json: Value = serde_json::from_slice(requests[0].body()).unwrap();
    let [item] = &json["items"].as_array().unwrap()[..] else { panic!("not one item: {json}") };
    item.clone()
}
