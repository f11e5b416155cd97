//! Channel functions that return a type of the app, which publishers make too.

use fanout::grip::{Hold, InvalidChannel, Subscription};
use fanout::prelude::*;

/// The inbox of a user.
#[derive(Clone)]
struct Inbox(Channel);

impl Inbox {
    fn of(user: &str) -> Result<Self, InvalidChannel> {
        Channel::new(format!("inbox-{user}")).map(Self)
    }
}

impl From<Inbox> for Channel {
    fn from(inbox: Inbox) -> Self {
        inbox.0
    }
}

/// A team, whose name needs no check.
#[derive(Clone, Copy)]
enum Team {
    Red,
    Blue,
}

impl From<Team> for Channel {
    fn from(team: Team) -> Self {
        Self::from_static(match team {
            Team::Red => "red",
            Team::Blue => "blue",
        })
    }
}

fn signed_in() -> Result<String, Answer> {
    Ok("ann".to_owned())
}

fn inbox(Guarded(user): Guarded<&String>) -> Result<Inbox, InvalidChannel> {
    Inbox::of(user)
}

fn team() -> Team {
    Team::Red
}

fn teams() -> [Team; 2] {
    [Team::Red, Team::Blue]
}

fn filtered(user: &str) -> Result<Vec<Subscription>, InvalidChannel> {
    Ok(vec![Inbox::of(user)?.into(), Team::Blue.into()])
}

#[fanout::sse(channel = inbox, guard = signed_in)]
fn mail() {}

#[fanout::long_poll(channel = team)]
fn one() {}

#[fanout::ws(channel = teams)]
fn both() {}

#[fanout::stream(path = "/some/{user}", channel = filtered(user))]
fn some(user: &str) -> Result<WithHold<()>, InvalidChannel> {
    let inbox = Inbox::of(user)?;
    Ok(WithHold::new((), move |hold: Hold| hold.channel(inbox)))
}

#[fanout::main(mail, one, both, some)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    fanout::publish(Inbox::of("ann")?, "hello")?;
    fanout::publish(Team::Red, "1 : 0")?;
    Ok(())
}
