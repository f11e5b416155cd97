//! The two forms of a hold on its way to the proxy: headers, which are easy to read, and JSON, which carries any text and
//! is one body.

mod check;
mod header_form;
mod json_form;
mod keep_alive_header;
mod limit;
mod problem;
mod response;

use super::Instruction;
use crate::grip::{Channel, Hold, Mode, Subscription};

pub(crate) use check::{check, check_headers};
#[cfg(test)]
pub(crate) use header_form::GRIP_HOLD;
pub(crate) use header_form::{GRIP_CHANNEL, GRIP_EXPOSE_HEADERS, GRIP_LINK, proof_channel};
#[cfg(test)]
pub(crate) use json_form::INSTRUCT;
pub(crate) use limit::check_len;
pub(crate) use problem::Problem;
pub(crate) use response::Response;

/// The longest body that is put into JSON only to save headers, in bytes. Every byte of it is escaped.
const MAX_SHORT: usize = 4096;

/// Writes an instruction and the client's response as the response for the proxy.
///
/// With `few_headers`, the hold goes into JSON if JSON can say it: each header is a hostcall on Compute, and JSON needs one
/// header and one body in place of four headers or more. Keep-alives, the `gone` link and the status are headers in both
/// forms.
///
/// Otherwise the channels go into a header if each of them means itself there, and into JSON otherwise: the proxy splits the header
/// at `,` and cuts it at `;`.
///
/// # Errors
///
/// The problem, if the proxy would refuse the response or would take it for another.
pub(crate) fn write(
    instruction: &Instruction,
    client: Response,
    few_headers: bool,
) -> Result<Response, Problem> {
    check_headers(&client.headers)?;
    if few_headers
        && instruction.next.is_none()
        && client.body.len() <= MAX_SHORT
        && let Ok(json) = json_form::write(instruction, &client)
        && json.body.len() <= Hold::MAX_INSTRUCTION
    {
        return Ok(json);
    }
    match header_form::lists(instruction) {
        Some(lists) => Ok(header_form::write(instruction, &lists, client)),
        None if instruction.next.is_some() => Err(Problem::next_as_json(instruction)),
        None => json_form::write(instruction, &client),
    }
}

/// The channel that is another one for each request, of a hold that makes the proxy ask again.
pub(crate) fn always_new(instruction: &Instruction) -> Option<&Channel> {
    let is_repeated = instruction.mode == Mode::Response || instruction.next.is_some();
    let changing = instruction.subscriptions.iter().find(|subscription| subscription.changes);
    changing.filter(|_| is_repeated).map(Subscription::channel)
}
