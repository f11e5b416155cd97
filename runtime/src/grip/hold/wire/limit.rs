//! The proxy's limit for the bodies of instructions, in bytes on the wire.

use std::fmt;

use http::{HeaderName, HeaderValue, header};

use super::Response;
use super::check::check_content_type;
use super::header_form::{GRIP_HOLD, GRIP_LINK};
use super::json_form::INSTRUCT;
use crate::grip::hold::Instruction;
use crate::grip::{Filter, Hold, Mode};

/// An instruction over [`Hold::MAX_INSTRUCTION`], which the proxy answers with a 502.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLarge {
    len: usize,
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Json,
    Poll,
    Filtered,
}

/// Checks the length of a response as it is sent, after all that changes it. A response without an instruction has no
/// limit.
pub(crate) fn check_len(instruction: Option<&Instruction>, sent: &Response) -> Result<(), TooLarge> {
    let len = sent.body.len();
    if len <= Hold::MAX_INSTRUCTION {
        return Ok(());
    }
    let form = match instruction {
        Some(instruction) => form(instruction, sent),
        None => form_by_hand(sent),
    };
    form.map_or(Ok(()), |form| Err(TooLarge { len, form }))
}

/// The form of an instruction whose body the proxy reads whole, as Pushpin decides it in `tryResponseRead`.
fn form(instruction: &Instruction, sent: &Response) -> Option<Form> {
    let builds_ids = || {
        let mut filters = instruction.subscriptions.iter().flat_map(|subscription| subscription.filters());
        filters.any(|filter| *filter == Filter::BuildId)
    };
    match instruction.mode {
        _ if sent.headers.iter().any(|(_, value)| value == INSTRUCT) => Some(Form::Json),
        Mode::Response => Some(Form::Poll),
        Mode::Stream if builds_ids() => Some(Form::Filtered),
        Mode::Stream => None,
    }
}

/// The form of an instruction that the app has written itself.
fn form_by_hand(sent: &Response) -> Option<Form> {
    let headers = || sent.headers.iter();
    if headers().any(|(name, value)| name == header::CONTENT_TYPE && check_content_type(value).is_err()) {
        return Some(Form::Json);
    }
    let leads_on = |(name, value): &(HeaderName, HeaderValue)| {
        name == GRIP_LINK && value.as_bytes().windows(8).any(|part| part == b"rel=next")
    };
    let is_stream = match headers().find(|(name, _)| name == GRIP_HOLD) {
        Some((_, mode)) => mode == Mode::Stream.as_str(),
        None => headers().any(leads_on),
    };
    let is_instruction = headers().any(|(name, _)| name.as_str().starts_with("grip-"));
    (is_instruction && !is_stream).then_some(Form::Poll)
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { len, form } = self;
        let (what, help) = match form {
            Form::Json => (
                "the JSON of a hold whose channels or meta do not fit into headers",
                "return less, or use channels and meta that fit into headers, where a stream has no limit",
            ),
            Form::Poll => (
                "the body of a long poll",
                "return less, or answer at once with `Poll::Now`, which has no limit",
            ),
            Form::Filtered => {
                ("the start of a stream with the filter `build-id`", "return less, or leave the filter out")
            }
        };
        write!(f, "{what} has {len} bytes, and the proxy's limit is {}: {help}", Hold::MAX_INSTRUCTION)
    }
}
