//! Notifications of one member.

use fanout::prelude::*;

use crate::Failed;
use crate::members::{editor, member};

/// The endpoints of this module.
#[fanout::endpoints(notifications, notify)]
pub enum Endpoints {}

/// The member's own notifications. The channel is made of the token, so a client cannot listen to those of others.
#[fanout::sse(channel = "member-{guard.name}", guard = member)]
pub fn notifications() {}

/// Notifies a member.
#[fanout::post(path = "/members/{name}/notifications", guard = editor, max_body = 2_000)]
pub fn notify(name: &str, Body(text): Body<String>) -> Result<(), Failed> {
    fanout::publish(notifications::channel(name), text)?;
    Ok(())
}
