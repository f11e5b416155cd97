//! The instructions as headers of their own.

use http::{HeaderName, HeaderValue, StatusCode};

use super::Response;
use super::keep_alive_header::keep_alive_header;
use crate::grip::channel::RECOVERY;
use crate::grip::hold::Instruction;
use crate::grip::{Mode, Subscription};

pub(crate) const GRIP_HOLD: HeaderName = HeaderName::from_static("grip-hold");
pub(crate) const GRIP_CHANNEL: HeaderName = HeaderName::from_static("grip-channel");
const GRIP_TIMEOUT: HeaderName = HeaderName::from_static("grip-timeout");
const GRIP_KEEP_ALIVE: HeaderName = HeaderName::from_static("grip-keep-alive");
pub(crate) const GRIP_LINK: HeaderName = HeaderName::from_static("grip-link");
const GRIP_SET_META: HeaderName = HeaderName::from_static("grip-set-meta");
const GRIP_STATUS: HeaderName = HeaderName::from_static("grip-status");
pub(crate) const GRIP_EXPOSE_HEADERS: HeaderName = HeaderName::from_static("grip-expose-headers");

/// The limit of the channels and the meta in headers, in bytes. All headers must fit into Pushpin's buffer of 8,192 bytes.
const MAX_LEN: usize = 2048;

/// The channels and the meta as the values of their headers.
pub(super) struct Lists {
    channels: String,
    meta: String,
}

/// Returns the channels and the meta if they fit into headers.
pub(super) fn lists(instruction: &Instruction) -> Option<Lists> {
    let lists = Lists { channels: channels(&instruction.subscriptions)?, meta: meta(&instruction.meta)? };
    (lists.channels.len() + lists.meta.len() <= MAX_LEN).then_some(lists)
}

/// Adds the instruction to the client's response, in headers alone.
pub(super) fn write(instruction: &Instruction, lists: &Lists, client: Response) -> Response {
    let status = client.status;
    let mut response = Response { status: StatusCode::OK, ..client };
    instruct(&mut response, GRIP_HOLD, instruction.mode.as_str());
    // First, since the proxy ignores the channels beyond its limit.
    match &instruction.proof {
        Some(id) => {
            instruct(&mut response, GRIP_CHANNEL, &format!("{}, {}", proof_channel(id), lists.channels))
        }
        None => instruct(&mut response, GRIP_CHANNEL, &lists.channels),
    }
    if let Some(seconds) = instruction.timeout {
        instruct(&mut response, GRIP_TIMEOUT, &seconds.to_string());
    }
    if !lists.meta.is_empty() {
        instruct(&mut response, GRIP_SET_META, &lists.meta);
    }
    if !instruction.expose.is_empty() {
        let names: Vec<_> = instruction.expose.iter().map(HeaderName::as_str).collect();
        instruct(&mut response, GRIP_EXPOSE_HEADERS, &names.join(", "));
    }
    in_either(&mut response, instruction, status);
    response
}

/// Adds the part of an instruction that JSON cannot say, and which therefore goes into headers in both forms.
pub(super) fn in_either(response: &mut Response, instruction: &Instruction, status: StatusCode) {
    if let Some(keep_alive) = instruction.keep_alive.as_ref().filter(|_| instruction.mode == Mode::Stream) {
        instruct(response, GRIP_KEEP_ALIVE, &keep_alive_header(keep_alive));
    }
    let mut links = String::new();
    if let Some((link, seconds)) = &instruction.next {
        put(&mut links, &["<", link.as_str(), ">; rel=next"]);
        if let Some(seconds) = seconds {
            put(&mut links, &["; timeout=", &seconds.to_string()]);
        }
    }
    if let Some(link) = &instruction.gone {
        let comma = comma(&links);
        put(&mut links, &[comma, "<", link.as_str(), ">; rel=gone"]);
    }
    if !links.is_empty() {
        instruct(response, GRIP_LINK, &links);
    }
    if status != StatusCode::OK || instruction.reason.is_some() {
        let mut status = status.as_str().as_bytes().to_vec();
        if let Some(reason) = &instruction.reason {
            status.push(b' ');
            status.extend_from_slice(reason.as_bytes());
        }
        let status = HeaderValue::from_bytes(&status).expect("a reason fits a header, and so do digits");
        response.headers.push((GRIP_STATUS, status));
    }
}

/// The subscription whose id proves the recovery link, as it stands in `Grip-Channel`.
pub(crate) fn proof_channel(id: &str) -> String {
    format!("{RECOVERY}; prev-id={id}")
}

fn instruct(response: &mut Response, name: HeaderName, value: &str) {
    let value = HeaderValue::from_str(value).expect("what goes into headers is encoded for them");
    response.headers.push((name, value));
}

fn put(text: &mut String, parts: &[&str]) {
    text.extend(parts.iter().copied());
}

/// Returns the separator before the next element of a list.
fn comma(list: &str) -> &'static str {
    if list.is_empty() { "" } else { ", " }
}

/// Returns the value of `Grip-Channel`, if the names and ids fit into a header.
fn channels(subscriptions: &[Subscription]) -> Option<String> {
    let mut written = String::new();
    for subscription in subscriptions {
        if !subscription.channel().fits_header() {
            return None;
        }
        let comma = comma(&written);
        put(&mut written, &[comma, subscription.channel().as_str()]);
        if let Some(id) = subscription.last_seen() {
            put(&mut written, &["; prev-id=", &quoted(id)?]);
        }
        for filter in subscription.filters() {
            put(&mut written, &["; filter=", filter.as_str()]);
        }
    }
    Some(written)
}

/// The value of `Grip-Set-Meta`, where the names and values fit it.
fn meta(meta: &[(String, String)]) -> Option<String> {
    let mut written = String::new();
    for (name, value) in meta {
        if name.is_empty() || !name.bytes().all(is_plain) {
            return None;
        }
        let comma = comma(&written);
        put(&mut written, &[comma, name, "=", &quoted(value)?]);
    }
    Some(written)
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// Returns a parameter's value, quoted if it needs quotes. `None` if it cannot be in a header.
fn quoted(text: &str) -> Option<String> {
    if !text.is_empty() && text.bytes().all(is_plain) {
        return Some(text.to_owned());
    }
    if !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return None;
    }
    let mut written = String::from("\"");
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            written.push('\\');
        }
        written.push(character);
    }
    written.push('"');
    Some(written)
}
