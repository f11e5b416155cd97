//! Another version of the app, and the earlier one again, while the proxy holds clients. They are at the proxy's own port, because a
//! local Viceroy takes those that it handed off with it.

use anyhow::Result;
use e2e::{Answer, App, Held, Socket, on_stack};
use xtask::build::EXAMPLE_APP;

use crate::guards::without_client_request;
use crate::websocket::open_at_the_proxy;

/// A version of the app that has none of its endpoints.
const WITHOUT: &str = "deployed";

async fn connect(app: &App, path: &str) -> Result<Socket> {
    let socket = open_at_the_proxy(app, path).await?;
    app.subscribed(path, "test").await?;
    Ok(socket)
}

/// The status of a new client.
async fn new_client(app: &App) -> Result<u16> {
    // A kept-alive connection would lead to the Viceroy that has ended.
    let request = app.client().get(app.url("/")).header("connection", "close");
    Ok(Answer::of(request).await?.status)
}

#[test]
fn held_clients_stay_when_a_version_goes_and_comes_back() -> Result<()> {
    on_stack(async |app| {
        let mut stream = Held::open(without_client_request(app, "/sse?client=a")).await?;
        app.subscribed("/sse?client=a", "test").await?;
        let mut quiet = connect(app, "/ws?client=b").await?;
        let mut talking = connect(app, "/ws?client=c").await?;
        assert_eq!(new_client(app).await?, 200);

        app.restart_viceroy(Some(WITHOUT))?;
        assert_eq!(new_client(app).await?, 404);
        app.publish("test", "one").await?;
        assert_eq!(stream.heard_until("one\n\n").await?, "data: one\n\n");
        for socket in [&mut quiet, &mut talking] {
            assert_eq!(socket.hear().await?.to_text()?, "one");
        }
        // Nothing at its path handles a message of a client.
        talking.say("two").await?;
        assert!(talking.hear().await.is_err());

        app.restart_viceroy(Some(EXAMPLE_APP))?;
        assert_eq!(new_client(app).await?, 200);
        quiet.say("three").await?;
        assert_eq!(quiet.hear().await?.to_text()?, "three");
        app.publish("test", "four").await?;
        assert_eq!(stream.heard_until("four\n\n").await?, "data: one\n\ndata: four\n\n");
        assert_eq!(quiet.hear().await?.to_text()?, "four");
        Ok(())
    })
}
