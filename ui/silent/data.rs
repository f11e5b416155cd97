//! The types of what clients receive, with and without a schema.

use std::collections::HashMap;

use fanout::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct News<'a> {
    title: &'a str,
}

mod chat {
    #[derive(serde::Serialize)]
    pub(super) enum Said {
        Word(String),
    }

    pub(super) fn word() -> Said {
        Said::Word(String::new())
    }
}

#[fanout::sse(channel = "news", data = News<'_>)]
fn news() -> Json<News<'static>> {
    Json(News { title: "none" })
}

#[fanout::stream(data = [Option<String>; 2], channel = "log")]
fn log() {}

#[cfg(not(windows))]
#[fanout::long_poll(channel = "score", data = HashMap<String, (u8, u8)>, timeout = 30)]
fn score() {}

#[cfg(windows)]
#[fanout::long_poll(channel = "score", data = Missing)]
fn score() {}

#[fanout::ws(data = chat::Said)]
fn said(Json(News { title }): Json<News<'_>>) -> Json<chat::Said> {
    let _ = title;
    Json(chat::word())
}

#[derive(Default, Serialize, Deserialize)]
struct Chat(u8);

#[fanout::ws(data = dyn Fn(), path = "/chat")]
impl Chat {
    fn text<'a>(&mut self, news: Result<Json<News<'a>>, fanout::websocket::InvalidJson>) -> &'a str {
        self.0 += 1;
        news.map_or("", |Json(news)| news.title)
    }

    #[cfg(windows)]
    fn binary(&mut self, missing: Json<Missing>) {}
}

#[fanout::post]
fn publish(news: Option<Json<HashMap<String, u8>>>) -> String {
    format!("{}", news.is_some())
}

#[fanout::main(news, log, score, said, Chat, publish)]
fn main() {}
