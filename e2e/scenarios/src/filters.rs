//! Subscriptions with filters, and their meta.

use fanout::grip::Filter;
use fanout::prelude::*;

fn filtered(of: &str, filters: &[Filter]) -> Result<Subscription, Answer> {
    let channel = Channel::new(format!("filters-{of}")).map_err(IntoAnswer::into_answer)?;
    Ok(filters.iter().fold(Subscription::new(channel), |subscription, &filter| subscription.filter(filter)))
}

fn of_others(of: &str) -> Result<Subscription, Answer> {
    filtered(of, &[Filter::SkipSelf, Filter::SkipUsers])
}

/// Items of other users, and for this user.
#[fanout::stream(path = "/filters/others/{of}/{user}", channel = of_others(of), meta = ("user", "{user}"))]
pub fn others() {}

fn of_members(of: &str) -> Result<[Subscription; 2], Answer> {
    let members = Channel::new(format!("members-{of}")).map_err(IntoAnswer::into_answer)?;
    Ok([filtered(of, &[Filter::RequireSub])?, members.into()])
}

/// Items for members.
#[fanout::stream(path = "/filters/members/{of}", channel = of_members(of))]
pub fn members() {}

fn of_anyone(of: &str) -> Result<Subscription, Answer> {
    filtered(of, &[Filter::RequireSub])
}

/// Items for everybody.
#[fanout::stream(path = "/filters/anyone/{of}", channel = of_anyone(of))]
pub fn anyone() {}

fn named(of: &str) -> Result<Subscription, Answer> {
    filtered(of, &[Filter::VarSubst])
}

/// `%(user)s` is the user.
#[fanout::stream(
    path = "/filters/named/{of}/{user}",
    channel = named(of),
    meta = [("user", "{user}"), ("text", "a \"b\", c=\\d; e")]
)]
pub fn named_user() {}

fn numbered(of: &str) -> Result<Subscription, Answer> {
    filtered(of, &[Filter::BuildId])
}

/// `%I` is an id, in hex.
#[fanout::stream(
    path = "/filters/numbered/{of}",
    channel = numbered(of),
    meta = [("id_format", "abc"), ("id_encoding", "hex")]
)]
pub fn numbered_stream() {}

/// `%(user)s` is the user, in polls too.
#[fanout::long_poll(
    path = "/filters/poll/{of}/{user}",
    channel = named(of),
    timeout = "10m",
    meta = ("user", "{user}")
)]
pub fn poll() {}

fn too_many(of: &str) -> Result<Subscription, Answer> {
    filtered(of, &[Filter::SkipSelf; 6])
}

/// More filters than the proxy takes.
#[fanout::stream(path = "/filters/many/{of}", channel = too_many(of))]
pub fn many() {}

/// The endpoints of this module.
#[fanout::endpoints(others, members, anyone, named_user, numbered_stream, poll, many)]
pub enum Endpoints {}
