//! The instructions as JSON, which carries any name and any value.

use base64ct::{Base64, Encoding};
use http::{HeaderValue, StatusCode, header};
use serde::{Serialize, Serializer};

use super::Response;
use super::header_form::in_either;
use super::problem::Problem;
use crate::grip::hold::Instruction;
use crate::grip::{Filter, as_text};

pub(crate) const INSTRUCT: HeaderValue = HeaderValue::from_static("application/grip-instruct");

#[derive(Serialize)]
struct Instruct<'a> {
    hold: HoldJson<'a>,
    response: ResponseJson<'a>,
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
struct ResponseJson<'a> {
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

/// Writes the instruction and the client's response as JSON, and the part that JSON cannot say as headers beside it.
pub(super) fn write(instruction: &Instruction, client: &Response) -> Result<Response, Problem> {
    let mut headers = Vec::with_capacity(client.headers.len());
    for (name, value) in &client.headers {
        // The proxy applies its list to headers only, and not to these.
        if instruction.exposes(name) {
            let text = as_text(value.as_bytes()).ok_or_else(|| Problem::NotUtf8(name.clone()))?;
            headers.push([name.as_str(), text]);
        }
    }
    let subscriptions = instruction.subscriptions.iter().map(|subscription| ChannelJson {
        name: subscription.channel().as_str(),
        prev_id: subscription.last_seen(),
        filters: subscription.filters(),
    });
    let instructions = Instruct {
        hold: HoldJson {
            mode: instruction.mode.as_str(),
            channels: subscriptions.collect(),
            timeout: instruction.timeout,
            meta: &instruction.meta,
        },
        response: ResponseJson {
            headers,
            body: match as_text(&client.body) {
                Some(text) => Body::Text(text),
                None => Body::Base64(Base64::encode_string(&client.body)),
            },
        },
    };
    let mut response = Response {
        status: StatusCode::OK,
        headers: vec![(header::CONTENT_TYPE, INSTRUCT)],
        body: serde_json::to_vec(&instructions).expect("instructions are strings and numbers"),
    };
    in_either(&mut response, instruction, client.status);
    Ok(response)
}
