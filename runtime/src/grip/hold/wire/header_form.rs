//! The instructions as headers of their own.

use http::{HeaderName, HeaderValue, StatusCode};

use super::{ALWAYS_EXPOSED, NEXT, body, response_headers};
use crate::Answer;
use crate::grip::{Hold, Mode, Subscription};

pub(super) const GRIP_HOLD: HeaderName = HeaderName::from_static("grip-hold");
pub(super) const GRIP_CHANNEL: HeaderName = HeaderName::from_static("grip-channel");
const GRIP_TIMEOUT: HeaderName = HeaderName::from_static("grip-timeout");
const GRIP_KEEP_ALIVE: HeaderName = HeaderName::from_static("grip-keep-alive");
pub(super) const GRIP_LINK: HeaderName = HeaderName::from_static("grip-link");
const GRIP_SET_META: HeaderName = HeaderName::from_static("grip-set-meta");
const GRIP_STATUS: HeaderName = HeaderName::from_static("grip-status");
pub(super) const GRIP_EXPOSE_HEADERS: HeaderName = HeaderName::from_static("grip-expose-headers");

/// How long the channels and the meta may be in headers. All headers must fit the 8,192 bytes of Pushpin's buffer.
const MAX_LEN: usize = 2048;

/// The hold in headers alone, where its channels and its meta fit them.
pub(super) fn write(hold: &Hold) -> Option<Answer> {
    let (channels, meta) = (channels(&hold.subscriptions)?, meta(&hold.meta)?);
    if channels.len() + meta.len() > MAX_LEN {
        return None;
    }
    let mut answer = Answer::new(StatusCode::OK);
    answer.headers = response_headers(hold);
    instruct(&mut answer, GRIP_HOLD, hold.mode.as_str());
    instruct(&mut answer, GRIP_CHANNEL, &channels);
    if let Some(seconds) = hold.timeout {
        instruct(&mut answer, GRIP_TIMEOUT, &seconds.to_string());
    }
    if !meta.is_empty() {
        instruct(&mut answer, GRIP_SET_META, &meta);
    }
    if !hold.expose.is_empty() {
        let always = ALWAYS_EXPOSED.iter().filter(|name| !hold.expose.contains(name));
        let names: Vec<_> = hold.expose.iter().chain(always).map(HeaderName::as_str).collect();
        instruct(&mut answer, GRIP_EXPOSE_HEADERS, &names.join(", "));
    }
    in_either(&mut answer, hold);
    Some(answer.with_body(body(hold)))
}

/// What goes into headers even beside JSON, which has no words for it.
pub(super) fn in_either(answer: &mut Answer, hold: &Hold) {
    if let Some(keep_alive) = hold.keep_alive.as_ref().filter(|_| hold.mode == Mode::Stream) {
        instruct(answer, GRIP_KEEP_ALIVE, &keep_alive.to_header());
    }
    let mut links = String::new();
    if let Some((link, seconds)) = &hold.next {
        put(&mut links, &["<", link.as_str(), ">", NEXT]);
        if let Some(seconds) = seconds {
            put(&mut links, &["; timeout=", &seconds.to_string()]);
        }
    }
    if let Some(link) = &hold.gone {
        let comma = comma(&links);
        put(&mut links, &[comma, "<", link.as_str(), ">; rel=gone"]);
    }
    if !links.is_empty() {
        instruct(answer, GRIP_LINK, &links);
    }
    if hold.status != StatusCode::OK || hold.reason.is_some() {
        let mut status = hold.status.as_str().as_bytes().to_vec();
        if let Some(reason) = &hold.reason {
            status.push(b' ');
            status.extend_from_slice(reason.as_bytes());
        }
        let status = HeaderValue::from_bytes(&status).expect("a reason fits a header, and so do digits");
        answer.headers.push((GRIP_STATUS, status));
    }
}

fn instruct(answer: &mut Answer, name: HeaderName, value: &str) {
    let value = HeaderValue::from_str(value).expect("what goes into headers is encoded for them");
    answer.headers.push((name, value));
}

fn put(text: &mut String, parts: &[&str]) {
    text.extend(parts.iter().copied());
}

/// What stands before one more in a list.
fn comma(list: &str) -> &'static str {
    if list.is_empty() { "" } else { ", " }
}

/// The value of `Grip-Channel`, where the names and the rest fit it.
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

/// A parameter's value, quoted where it needs to be; `None` where it cannot be in a header at all.
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
