//! The output of `serve`: the lines of the app as they are, and the logs of the proxies on request.

use std::fs;

use anyhow::Result;
use e2e::{Answer, config};
use xtask::build;

use super::Serve;

/// Sends as many `GET`s to the app at the same time, and returns the status of each answer.
fn get(serve: &Serve, path: &str, count: usize) -> Result<Vec<u16>> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let requests = (0..count).map(|_| Answer::of(client.get(serve.url(path))));
    let answers = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(futures_util::future::try_join_all(requests))?;
    Ok(answers.iter().map(|answer| answer.status).collect())
}

#[test]
fn what_the_app_prints_is_shown() -> Result<()> {
    let mut serve = Serve::start("probe", &[])?;
    serve.runs()?;

    assert_eq!(get(&serve, "/panics/stream", 1)?, [500]);
    let panic = serve.says(|line| line.contains("the secret of the stream"))?;
    assert!(panic.starts_with("fanout: the endpoint `/panics/stream`"), "a line of the library: {panic}");
    assert_eq!(get(&serve, "/language/guard/ticket?seated", 1)?, [200]);
    serve.says(|line| line == "a ticket is spent: seated")?;

    assert!(serve.interrupt()?.success());
    let output = serve.output();
    assert!(!output.iter().any(|line| line.starts_with("pushpin: ")), "{output:#?}");
    assert!(!output.iter().any(|line| line.starts_with("viceroy: ")), "{output:#?}");
    Ok(())
}

/// An app with a page at `/` is for a browser, and the others are not.
#[test]
fn a_page_is_said() -> Result<()> {
    for (app, has_page) in
        [(build::EXAMPLE_APP, true), ("chat", true), ("departures", false), ("probe", false)]
    {
        let mut serve = Serve::start(app, &[])?;
        serve.says(|line| line.starts_with("Ctrl-C ends everything."))?;
        let said = format!("Open {} in a browser.", serve.url("/"));
        let output = serve.output();
        assert_eq!(output.contains(&said), has_page, "{app}: {output:#?}");
        assert!(serve.interrupt()?.success());
    }
    Ok(())
}

#[test]
fn verbose_shows_the_proxies_too() -> Result<()> {
    let mut serve = Serve::start("probe", &["--verbose"])?;
    serve.runs()?;
    assert_eq!(get(&serve, "/panics/stream", 1)?, [500]);
    serve.says(|line| line.starts_with("fanout: the endpoint `/panics/stream`"))?;
    serve.says(|line| line.starts_with("viceroy: ") && line.contains("GET http://127.0.0.1"))?;
    serve.says(|line| line.starts_with("pushpin: ") && line.contains("/panics/stream"))?;
    Ok(())
}

/// Requests that are answered at the same time do not mix their lines.
#[test]
fn lines_of_several_requests_stay_whole() -> Result<()> {
    let mut serve = Serve::start("probe", &[])?;
    serve.runs()?;
    let is_whole =
        |line: &str| line.starts_with("fanout: the endpoint") && line.ends_with(": the secret of the stream");
    const REQUESTS: usize = 40;
    assert_eq!(get(&serve, "/panics/stream", REQUESTS)?, [500; REQUESTS]);
    assert!(serve.interrupt()?.success());
    let output = serve.output();
    assert_eq!(output.iter().filter(|line| is_whole(line)).count(), REQUESTS, "{output:#?}");
    Ok(())
}

#[test]
fn a_manifest_that_viceroy_refuses_is_an_error() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let manifest = folder.path().join("fastly.toml");
    fs::write(&manifest, "[local_server.backends.self]\nuri = \"http://127.0.0.1:7676/\"\n")?;
    let mut config = config::of_app(build::EXAMPLE_APP)?;
    config.manifest = manifest;
    let mut serve = Serve::of(config, &[])?;
    assert_eq!(serve.ends()?.code(), Some(1));
    serve.says(|line| line.contains("invalid configuration for 'self': missing 'url' field"))?;
    Ok(())
}
