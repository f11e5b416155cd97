use super::handshake;
use crate::endpoint::request::RequestHead;
use crate::endpoint::response::{Answer, IntoAnswer, IntoSubscriptions, subscriptions};
use crate::grip::websocket::{InvalidReply, Reply};

/// Opens a connection: accepts the subprotocol, and subscribes to the channels.
pub fn connect(
    head: &RequestHead<'_>,
    reply: &mut Reply,
    channels: impl IntoSubscriptions,
) -> Result<(), Answer> {
    if let Some(settings) = head.settings()
        && let Some(subprotocol) = handshake::subprotocol(settings, head)?
    {
        said(reply.subprotocol(subprotocol))?;
    }
    for subscription in subscriptions(channels)? {
        said(reply.subscribe(subscription))?;
    }
    Ok(())
}

/// An early answer for an invalid reply.
pub fn said(result: Result<(), InvalidReply>) -> Result<(), Answer> {
    result.map_err(IntoAnswer::into_answer)
}

/// Adds the first messages of a handler.
pub fn begin(reply: &mut Reply, first: Result<Reply, Answer>) -> Result<(), Answer> {
    reply.append(first?);
    Ok(())
}
