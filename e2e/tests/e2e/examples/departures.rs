//! The example `departures`: the server is a program of its own, without the `fastly` crate.

use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use e2e::{Held, on_app};
use xtask::build::{cargo, target_dir};

#[test]
fn what_the_server_reads_reaches_the_clients_of_the_station() -> Result<()> {
    let built = cargo().args(["build", "--package", "departures-server"]).status()?;
    ensure!(built.success(), "the server does not build");
    on_app("departures", async |app| {
        let mut bern = Held::open(app.client().get(app.url("/stations/Bern"))).await?;
        app.subscribed("/stations/Bern", "departures-Bern").await?;
        let mut zurich = Held::open(app.client().get(app.url("/stations/Z%C3%BCrich"))).await?;
        app.subscribed("/stations/Z%C3%BCrich", "departures-Zürich").await?;
        let mut server = Command::new(target_dir().join("debug/departures-server"))
            .env("GRIP_URL", format!("http://127.0.0.1:{}/", app.stack().config().publish_port))
            .stdin(Stdio::piped())
            .spawn()?;
        let mut lines = server.stdin.take().context("the server has a standard input")?;
        lines.write_all("Bern 7 IC 8\nZürich 31 S 3\nBern 4 \"RE\"\n".as_bytes())?;
        drop(lines);
        ensure!(server.wait()?.success(), "the server failed");
        let departures = [r#"{"train":"IC 8","platform":7}"#, r#"{"train":"\"RE\"","platform":4}"#];
        let departures = departures.map(|json| format!("data: {json}\n\n")).concat();
        let heard = bern.heard_until("4}\n\n").await?;
        assert_eq!(heard, format!(": departures from Bern\n\n{departures}"));
        let heard = zurich.heard_until("}\n\n").await?;
        assert!(heard.ends_with("data: {\"train\":\"S 3\",\"platform\":31}\n\n"), "{heard}");
        Ok(())
    })
}
