//! The page of the chat.

use anyhow::Result;
use e2e::{App, Browser, Socket};
use serde_json::json;

use super::looks::looks_well;
use super::on_page;

async fn enter(page: &Browser, nickname: &str) -> Result<()> {
    page.run(&format!("nickname.value = '{nickname}'; enter.requestSubmit()")).await
}

async fn say(page: &Browser, said: &str) -> Result<()> {
    page.run(&format!("text.value = {}; say.requestSubmit()", json!(said))).await
}

/// The last line that the page shows, once it is this one.
async fn shows(page: &Browser, line: &str) -> Result<()> {
    page.until(&format!("heard.lastChild?.textContent === {}", json!(line))).await.map(drop)
}

/// Waits for words of the page about its connection, and returns all of them.
async fn states(page: &Browser, part: &str) -> Result<()> {
    page.until(&format!("document.getElementById('state').textContent.includes({})", json!(part)))
        .await
        .map(drop)
}

/// Another client, which hears what the page says.
async fn other(app: &App) -> Result<Socket> {
    let path = "/rooms/lobby?nickname=bob";
    let socket = Socket::open(&app.url(path).replacen("http", "ws", 1)).await?;
    app.subscribed(path, "room-lobby").await?;
    Ok(socket)
}

#[test]
fn the_chat_comes_back_with_its_nickname() -> Result<()> {
    on_page(
        "chat",
        |_| {},
        async |app, page| {
            looks_well(page, "chat-enter").await?;
            enter(page, "ann").await?;
            states(page, "You are ann in lobby.").await?;
            app.subscribed("/rooms/lobby?nickname=ann", "room-lobby").await?;
            assert_eq!(page.until("document.activeElement.id").await?, "text");
            let mut bob = other(app).await?;
            shows(page, "bob is here").await?;
            bob.say("hello, Ann, ".repeat(20)).await?;
            page.until("heard.lastChild.textContent.startsWith('bob: hello, Ann, ')").await?;
            // With the keyboard alone.
            page.press("<b>hello</b>, Bob\u{e007}").await?;
            shows(page, "ann: <b>hello</b>, Bob").await?;
            say(page, "/nick Anna").await?;
            shows(page, "ann is Anna now").await?;
            states(page, "You are Anna in lobby.").await?;
            assert_eq!(page.console().await?, Vec::<String>::new());
            looks_well(page, "chat").await?;
            drop(bob);

            app.end_viceroy();
            states(page, "The connection is lost. Trying again").await?;
            say(page, "not yet").await?;
            states(page, "Not sent").await?;
            assert_eq!(page.until("text.value").await?, "not yet", "it is not lost");
            looks_well(page, "chat-lost").await?;
            app.restart_viceroy(None)?;
            page.until("[...heard.children].some(line => line.textContent === 'You are back in lobby')")
                .await?;
            states(page, "You are Anna in lobby.").await?;
            app.subscribed("/rooms/lobby?nickname=Anna", "room-lobby").await?;
            let mut bob = other(app).await?;
            page.run("say.requestSubmit()").await?;
            while bob.hear_json().await?["text"] != "not yet" {}
            shows(page, "Anna: not yet").await?;

            page.run("leave.click()").await?;
            shows(page, "You have left lobby").await?;
            while bob.hear_json().await? != json!({"type": "left", "nickname": "Anna"}) {}
            page.until("document.activeElement.id === 'room' && !say.checkVisibility()").await?;
            Ok(())
        },
    )
}

#[test]
fn a_message_that_is_too_long_is_not_sent() -> Result<()> {
    on_page(
        "chat",
        |_| {},
        async |app, page| {
            enter(page, "ann").await?;
            app.subscribed("/rooms/lobby?nickname=ann", "room-lobby").await?;
            // 1,001 characters are 2,002 bytes.
            page.run("text.value = 'ä'.repeat(1001); text.oninput(); say.requestSubmit()").await?;
            let invalid = page.until("text.validationMessage").await?;
            assert_eq!(invalid, "A message has at most 2,000 bytes, and this has 2002.");
            page.run("text.value = 'ä'.repeat(1000); text.oninput(); say.requestSubmit()").await?;
            shows(page, &format!("ann: {}", "ä".repeat(1000))).await?;
            states(page, "You are ann in lobby.").await
        },
    )
}

#[test]
fn a_room_that_does_not_open_is_not_tried_again() -> Result<()> {
    on_page(
        "chat",
        |_| {},
        async |app, page| {
            app.end_viceroy();
            enter(page, "ann").await?;
            states(page, "lobby does not open. Is the app running?").await?;
            assert_eq!(page.until("String(enter.checkVisibility())").await?, "true");
            app.restart_viceroy(None)?;
            enter(page, "ann").await?;
            states(page, "You are ann in lobby.").await
        },
    )
}
