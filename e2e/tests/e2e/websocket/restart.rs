//! The app restarts, while Pushpin holds its connections.

use anyhow::Result;
use e2e::on_app;

use super::{open_at_the_proxy, says};

#[test]
fn a_quiet_connection_survives_a_restart() -> Result<()> {
    on_app("probe", async |app| {
        let mut sockets = Vec::new();
        for number in 1..=20 {
            let mut socket = open_at_the_proxy(app, "/websockets/life/restart").await?;
            for count in 1..=number {
                says(&mut socket, "a", format!("{count} 0")).await?;
            }
            sockets.push(socket);
        }
        for more in 1..=2 {
            app.restart_viceroy(None)?;
            for (number, socket) in (1..).zip(&mut sockets) {
                says(socket, "a", format!("{} 0", number + more)).await?;
            }
        }
        Ok(())
    })
}

/// The proxy repeats a request that has surely not reached the app, and the client sends more meanwhile.
#[test]
fn a_message_during_a_restart_is_not_lost() -> Result<()> {
    on_app("probe", async |app| {
        let mut socket = open_at_the_proxy(app, "/websockets/life/restart").await?;
        says(&mut socket, "a", "1 0").await?;
        app.end_viceroy();
        socket.say("b").await?;
        socket.say("c").await?;
        // Once the proxy has given up on a new connection, it has tried these in vain.
        let refused = open_at_the_proxy(app, "/websockets/life/new").await.expect_err("it opened");
        assert!(format!("{refused:#}").contains("502"), "{refused:#}");
        app.restart_viceroy(None)?;
        for count in ["2 0", "3 0"] {
            assert_eq!(socket.hear().await?.to_text()?, count);
        }
        Ok(())
    })
}

/// The connection itself is cut in most runs, and now and then 1.36 sends the request again.
#[test]
fn an_app_that_ends_harms_no_other_connection() -> Result<()> {
    on_app("probe", async |app| {
        let mut other = open_at_the_proxy(app, "/websockets/life/restart").await?;
        says(&mut other, "a", "1 0").await?;
        let mut socket = open_at_the_proxy(app, "/websockets/slow").await?;
        socket.say("hello").await?;
        app.logged("the app to begin", |viceroy, _| viceroy.contains("slow: hello")).await?;
        app.restart_viceroy(None)?;
        says(&mut other, "a", "2 0").await
    })
}
