//! The two forms of a hold on its way to the proxy: headers, as far as they can carry it, and JSON otherwise.

mod header_form;
mod json_form;
mod limit;
mod problem;

use http::{HeaderName, HeaderValue, StatusCode};

use super::{Hold, Instruction};
use crate::grip::{Channel, Mode, Subscription};

pub(crate) use header_form::GRIP_LINK;
#[cfg(test)]
pub(crate) use header_form::{GRIP_CHANNEL, GRIP_HOLD};
#[cfg(test)]
pub(crate) use json_form::INSTRUCT;
pub(crate) use limit::check_len;
pub(crate) use problem::{Problem, check, check_headers};

/// A response: that of the client, or with the instruction in it that of the proxy.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Vec<u8>,
}

/// Writes an instruction and the client's response as the response for the proxy.
///
/// The channels go into a header if each of them means itself there, and into JSON otherwise: the proxy splits the header
/// at `,` and cuts it at `;`.
///
/// # Errors
///
/// The problem, if the proxy would refuse the response or would take it for another.
pub(crate) fn write(instruction: &Instruction, client: Response) -> Result<Response, Problem> {
    check_headers(&client.headers)?;
    match header_form::lists(instruction) {
        Some(lists) => Ok(header_form::write(instruction, &lists, client)),
        None if instruction.next.is_some() => Err(problem::next_as_json(instruction)),
        None => json_form::write(instruction, &client),
    }
}

/// The channel that is another one for each request, of a hold that makes the proxy ask again.
pub(crate) fn always_new(instruction: &Instruction) -> Option<&Channel> {
    let is_repeated = instruction.mode == Mode::Response || instruction.next.is_some();
    let changing = instruction.subscriptions.iter().find(|subscription| subscription.changes);
    changing.filter(|_| is_repeated).map(Subscription::channel)
}

const NEXT: &str = "; rel=next";

impl Instruction {
    /// Returns `true` if the client gets a header of this name.
    pub(crate) fn exposes(&self, name: &HeaderName) -> bool {
        self.expose.is_empty() || self.expose.contains(name)
    }
}
