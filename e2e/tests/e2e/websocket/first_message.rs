//! The messages of `open`, which reach the proxy's client together with the answer that opens the connection.

use anyhow::Result;
use e2e::{App, on_app};
use futures_util::future::join_all;

use super::open;

/// The messages of `open`, or what came instead.
async fn welcomed(app: &App, client: usize) -> Result<()> {
    let mut socket = open(app, &format!("/ws/welcome/first{client}")).await?;
    for message in ["welcome".to_owned(), format!("first{client}")] {
        assert_eq!(socket.hear().await?.to_text()?, message);
    }
    Ok(())
}

/// Without the stack's relay, Viceroy 0.22 loses it for about a third of the clients.
#[test]
fn each_of_200_clients_gets_what_open_sends() -> Result<()> {
    on_app("scenarios", async |app| {
        for first in (0..200).step_by(20) {
            for welcomed in join_all((first..first + 20).map(|client| welcomed(app, client))).await {
                welcomed?;
            }
        }
        Ok(())
    })
}
