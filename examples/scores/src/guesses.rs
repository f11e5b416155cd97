//! A game over WebSocket: members guess the number of spectators.

use fanout::prelude::*;
use fanout::publish::Message;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::members::{Member, editor, member};
use crate::{Failed, Name, store};

/// The endpoints of this module.
#[fanout::endpoints(Player, spectators)]
pub enum Endpoints {}

/// The connection state of a player.
#[derive(Serialize, Deserialize)]
pub struct Player {
    guesses_left: u8,
}

/// Each text is a guess, which all players see. It needs no `origins`: the token is in the query and in no cookie, so a page of
/// another origin does not have it.
#[fanout::ws(path = "/games/{game}/guesses", channel = "guesses-{game}", guard = member, max_message = 100, strict)]
impl Player {
    fn open(game: Name) -> Result<Self, Failed> {
        if known(&game)?.is_some() { Err(Failed::Finished) } else { Ok(Self { guesses_left: 3 }) }
    }

    fn text(
        &mut self,
        text: &str,
        game: Name,
        Guarded(member): Guarded<&Member>,
    ) -> Result<Option<&'static str>, Failed> {
        let Ok(guess) = text.trim().parse::<u32>() else {
            return Ok(Some("a guess is a number"));
        };
        if known(&game)?.is_some() {
            return Err(Failed::Finished);
        }
        self.guesses_left = self.guesses_left.checked_sub(1).ok_or(Failed::NoGuessLeft)?;
        let message = Message::json(&json!({ "player": member.name, "guess": guess }))?;
        fanout::publish(Player::channel(&game), message)?;
        Ok(None)
    }
}

/// Ends the game: publishes the number to all players.
#[fanout::post(path = "/games/{game}/spectators", guard = editor, max_body = 100, strict)]
pub fn spectators(game: Name, Json(number): Json<u32>) -> Result<(), Failed> {
    store::update(&key(&game), |known: &mut Option<u32>| match *known.get_or_insert(number) {
        same if same == number => Ok(()),
        _ => Err(Failed::Finished),
    })?;
    fanout::publish(Player::channel(&game), Message::json(&json!({ "spectators": number }))?)?;
    Ok(())
}

fn known(game: &Name) -> Result<Option<u32>, Failed> {
    store::read(&key(game))
}

fn key(game: &Name) -> String {
    format!("spectators-{game}")
}
