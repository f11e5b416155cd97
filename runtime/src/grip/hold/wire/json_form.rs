//! The instructions as JSON, which carries any name and any value.

use base64ct::{Base64, Encoding};
use http::{HeaderName, HeaderValue, StatusCode, header};
use memchr::memmem;
use serde::{Serialize, Serializer};

use super::header_form::in_either;
use super::problem::Problem;
use super::{body, is_exposed, response_headers};
use crate::Answer;
use crate::grip::{Filter, Hold, as_text};

pub(super) const INSTRUCT: HeaderValue = HeaderValue::from_static("application/grip-instruct");

#[derive(Serialize)]
struct Instruct<'a> {
    hold: HoldJson<'a>,
    response: Response<'a>,
}

#[derive(Serialize)]
struct HoldJson<'a> {
    mode: &'static str,
    channels: Vec<ChannelJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout: Option<u32>,
    #[serde(skip_serializing_if = "<[_]>::is_empty", serialize_with = "object")]
    meta: &'a [(String, String)],
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct ChannelJson<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    prev_id: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    filters: &'a [Filter],
}

#[derive(Serialize)]
struct Response<'a> {
    headers: Vec<[&'a str; 2]>,
    #[serde(flatten)]
    body: Body<'a>,
}

#[derive(Serialize)]
enum Body<'a> {
    #[serde(rename = "body")]
    Text(&'a str),
    #[serde(rename = "body-bin")]
    Base64(String),
}

fn object<S: Serializer>(pairs: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(name, value)| (name, value)))
}

/// The hold as JSON, with what JSON has no words for in headers beside it.
pub(super) fn write(hold: &Hold) -> Result<Answer, Problem> {
    let all = response_headers(hold);
    let mut headers = Vec::with_capacity(all.len());
    for (name, value) in &all {
        // The proxy applies its list to headers only, and not to these.
        if is_exposed(hold, name) {
            let text = as_text(value.as_bytes()).ok_or_else(|| Problem::NotUtf8(name.clone()))?;
            headers.push([name.as_str(), text]);
        }
    }
    let instructions = Instruct {
        hold: HoldJson {
            mode: hold.mode.as_str(),
            channels: hold
                .subscriptions
                .iter()
                .map(|subscription| ChannelJson {
                    name: subscription.channel().as_str(),
                    prev_id: subscription.last_seen(),
                    filters: subscription.filters(),
                })
                .collect(),
            timeout: hold.timeout,
            meta: &hold.meta,
        },
        response: Response {
            headers,
            body: match as_text(body(hold)) {
                Some(text) => Body::Text(text),
                None => Body::Base64(Base64::encode_string(body(hold))),
            },
        },
    };
    let mut answer = Answer::new(StatusCode::OK).with_header(header::CONTENT_TYPE, INSTRUCT);
    in_either(&mut answer, hold);
    Ok(answer.with_body(serde_json::to_vec(&instructions).expect("instructions are strings and numbers")))
}

/// Where the headers of the response begin in the JSON that is written here. In a string each `"` has a `\` before it.
const HEADERS: &[u8] = br#""response":{"headers":["#;

/// Adds a header to those of the response.
pub(super) fn add_header(instructions: &mut Vec<u8>, name: &HeaderName, value: &HeaderValue) {
    let place = memmem::find(instructions, HEADERS);
    if let (Some(place), Ok(value)) = (place, value.to_str()) {
        let mut header = serde_json::to_vec(&[name.as_str(), value]).expect("two strings are JSON");
        let place = place + HEADERS.len();
        if instructions[place] == b'[' {
            header.push(b',');
        }
        instructions.splice(place..place, header);
    }
}
