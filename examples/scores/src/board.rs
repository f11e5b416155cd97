//! The score board and the commentary of a game.

use fanout::prelude::*;
use fanout::publish::Message;
use serde::{Deserialize, Serialize};

use crate::members::{editor, member};
use crate::{Failed, Name, store};

/// The endpoints of this module.
#[fanout::endpoints(score, goal, commentary, comment)]
pub enum Endpoints {}

/// A goal.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    team: Team,
    minute: u32,
    player: String,
}

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Team {
    Home,
    Away,
}

/// The score of a game.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Score {
    home: u32,
    away: u32,
    goals: Vec<Goal>,
}

impl Score {
    /// Counts a goal, but not the same goal again.
    fn add(&mut self, goal: &Goal) {
        if self.goals.contains(goal) {
            return;
        }
        match goal.team {
            Team::Home => self.home += 1,
            Team::Away => self.away += 1,
        }
        self.goals.push(goal.clone());
    }
}

/// The score, and the new score after each goal.
#[fanout::sse(path = "/games/{game}/score", channel = "score-{game}", cors = "*", strict)]
pub fn score(game: Name) -> Result<Json<Score>, Failed> {
    store::read(&key(&game)).map(Json)
}

/// Counts a goal, and publishes the new score. A score has all goals, so a page sees which of two scores is newer.
#[fanout::post(path = "/games/{game}/score", guard = editor, max_body = 1_000, strict)]
pub fn goal(game: Name, Json(goal): Json<Goal>) -> Result<Json<Score>, Failed> {
    let score = store::update(&key(&game), |score: &mut Score| {
        score.add(&goal);
        Ok(score.clone())
    })?;
    fanout::publish(score::channel(&game), Message::json(&score)?)?;
    Ok(Json(score))
}

fn key(game: &Name) -> String {
    format!("score-{game}")
}

/// The live commentary, for members.
#[fanout::stream(
    path = "/games/{game}/commentary",
    channel = "commentary-{game}",
    guard = member,
    keep_alive = idle("30s", "\n"),
    strict
)]
pub fn commentary(game: Name) -> String {
    format!("the commentary of {game}:\n")
}

/// Publishes a line of the commentary. Only streams listen, and they show the text as it is.
#[fanout::post(path = "/games/{game}/commentary", guard = editor, max_body = 2_000, strict)]
pub fn comment(game: Name, Body(text): Body<String>) -> Result<(), Failed> {
    fanout::publish(commentary::channel(&game), Message::text(format!("{text}\n")).unframed())?;
    Ok(())
}
