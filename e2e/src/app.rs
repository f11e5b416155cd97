//! An app on a stack of its own, for one test.

use std::cell::{Ref, RefCell};
use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use cargo_fanout::stack::{Config, Stack};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use xtask::build::EXAMPLE_APP;

use crate::{Answer, Held, Poll, Socket, config};

/// The time limit for one thing that a test waits for. What takes longer does not come at all.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The time limit of one test, not counting the start of its stack.
const TEST: Duration = Duration::from_secs(240);

/// An app, Viceroy and Pushpin, running for one test. All tests of the example app publish to the channel `test`, so
/// two of them on one stack would receive each other's items.
pub struct App {
    stack: RefCell<Stack>,
    client: reqwest::Client,
    /// The first client that polls, see [`App::poll`].
    first_poll: OnceCell<Poll>,
}

/// Runs a test on a stack of its own. However it fails, what Viceroy and Pushpin logged is printed with it.
pub fn on_stack(test: impl AsyncFnOnce(&App) -> Result<()>) -> Result<()> {
    on_stack_with(|_| {}, test)
}

/// Like [`on_stack`], with a stack that is configured first.
pub fn on_stack_with(
    configure: impl FnOnce(&mut Config),
    test: impl AsyncFnOnce(&App) -> Result<()>,
) -> Result<()> {
    let mut config = config::of_app(EXAMPLE_APP)?;
    configure(&mut config);
    run(config, TEST, test)
}

/// Like [`on_stack`], with another app: a program of one of [`xtask::build::APPS`].
pub fn on_app(name: &str, test: impl AsyncFnOnce(&App) -> Result<()>) -> Result<()> {
    on_app_with(name, |_| {}, test)
}

/// Like [`on_app`], with a stack that is configured first.
pub fn on_app_with(
    name: &str,
    configure: impl FnOnce(&mut Config),
    test: impl AsyncFnOnce(&App) -> Result<()>,
) -> Result<()> {
    on_app_within(TEST, name, configure, test)
}

/// Like [`on_app_with`], for a test that may take longer than others.
pub fn on_app_within(
    limit: Duration,
    name: &str,
    configure: impl FnOnce(&mut Config),
    test: impl AsyncFnOnce(&App) -> Result<()>,
) -> Result<()> {
    let mut config = config::of_app(name)?;
    configure(&mut config);
    run(config, limit, test)
}

fn run(config: Config, limit: Duration, test: impl AsyncFnOnce(&App) -> Result<()>) -> Result<()> {
    let app = App {
        stack: Stack::start(config)?.into(),
        // A proxy that the environment names would stand between the tests and this machine.
        client: reqwest::Client::builder().no_proxy().build()?,
        first_poll: OnceCell::new(),
    };
    let mut logs = LogsOnFailure { app: &app, armed: true };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let outcome = runtime.block_on(async {
        let message = || format!("the test was not done after {} s", limit.as_secs());
        tokio::time::timeout(limit, test(&app)).await.with_context(message)?
    });
    logs.armed = outcome.is_err();
    outcome
}

/// Prints the logs when a test returns an error or panics, which is how an assertion fails.
struct LogsOnFailure<'a> {
    app: &'a App,
    armed: bool,
}

impl Drop for LogsOnFailure<'_> {
    fn drop(&mut self) {
        if self.armed {
            let logs = self.app.stack().logs();
            let lines: Vec<_> = logs.lines().collect();
            let (viceroy, pushpin) = lines.split_at(
                lines.iter().position(|line| line.starts_with("--- pushpin")).unwrap_or(lines.len()),
            );
            for log in [viceroy, pushpin] {
                eprintln!("{}", log[log.len().saturating_sub(300)..].join("\n"));
            }
        }
    }
}

/// The output of a future, if it comes within [`PATIENCE`]. The error names `what` was awaited.
pub async fn within<T>(what: &str, future: impl Future<Output = T>) -> Result<T> {
    tokio::time::timeout(PATIENCE, future)
        .await
        .with_context(|| format!("waited {} s for {what}", PATIENCE.as_secs()))
}

impl App {
    /// The two programs.
    pub fn stack(&self) -> Ref<'_, Stack> {
        self.stack.borrow()
    }

    /// Ends Viceroy. Pushpin keeps its holds.
    pub fn end_viceroy(&self) {
        self.stack.borrow_mut().end_viceroy();
    }

    /// Ends Viceroy and starts it again, with another app if one is given. Pushpin keeps its holds.
    pub fn restart_viceroy(&self, app: Option<&str>) -> Result<()> {
        let mut stack = self.stack.borrow_mut();
        match app {
            Some(name) => stack.replace_app(config::app(name)?),
            None => stack.restart_viceroy(),
        }
    }

    /// The address of a path at the app's own port.
    pub fn url(&self, path: &str) -> String {
        self.stack().app_url() + path
    }

    /// A client for what the other functions do not send.
    pub fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// Sends a `GET` to the app, and returns the answer.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        Answer::of(self.client.get(self.url(path))).await
    }

    /// Opens a held response, and waits for its head and its subscriptions.
    pub async fn hold(&self, path: &str) -> Result<Held> {
        let path = named(path);
        let held = Held::open(self.client.get(self.url(&path))).await?;
        self.subscribed(&path, "test").await?;
        Ok(held)
    }

    /// Starts a long poll, and waits for its subscription. The first poll must come before all other clients.
    ///
    /// A second after the first subscription to a channel, Pushpin requests the app again for each poll on that
    /// channel, and the polls lose what is published in this moment. So there is always a poll before those of the
    /// test, and they start after that moment.
    pub async fn poll(&self, path: &str) -> Result<Poll> {
        let first = self.first_poll.get_or_try_init(async || {
            let path = named(path);
            let first = Poll::start(self.client.get(self.url(&path)));
            self.pushpin_says(&format!("{path} channel=test retry")).await?;
            anyhow::Ok(first)
        });
        first.await?;
        let path = named(path);
        let poll = Poll::start(self.client.get(self.url(&path)));
        self.subscribed(&path, "test").await?;
        Ok(poll)
    }

    /// Connects a WebSocket client, and waits for its subscription.
    pub async fn connect(&self, path: &str) -> Result<Socket> {
        let path = named(path);
        let socket = Socket::open(&self.url(&path).replacen("http", "ws", 1)).await?;
        self.subscribed(&path, "test").await?;
        Ok(socket)
    }

    /// Waits until a subscription is there, so that what is published from now on reaches it.
    ///
    /// Neither the answer to a publish, nor the head of a response, nor the opening of a WebSocket proves a
    /// subscription. Pushpin's handler logs a line for each one, at the moment in which it enters it into the table
    /// that publishing uses.
    pub async fn subscribed(&self, path: &str, channel: &str) -> Result<()> {
        self.pushpin_says(&format!("{path} channel={channel}")).await
    }

    async fn pushpin_says(&self, subscribe: &str) -> Result<()> {
        let what = format!("Pushpin's `subscribe …{subscribe}`");
        self.logged(&what, |_, pushpin| pushpin.lines().any(|line| is_subscription(line, subscribe))).await
    }

    /// Returns the number of subscriptions to a channel that Pushpin has logged for a path.
    pub fn subscriptions(&self, path: &str, channel: &str) -> usize {
        let end = format!("{path} channel={channel}");
        self.stack().pushpin_log().lines().filter(|line| is_subscription(line, &end)).count()
    }

    /// Waits until each path has one more subscription to a channel than `before`.
    pub async fn subscribed_again<const N: usize>(
        &self,
        paths: [&str; N],
        channel: &str,
        before: [usize; N],
    ) -> Result<()> {
        let more = |path: &str, before: usize| self.subscriptions(path, channel) > before;
        let all = |_: &str, _: &str| paths.into_iter().zip(before).all(|(path, before)| more(path, before));
        self.logged(&format!("another subscription to `{channel}` at each of {paths:?}"), all).await
    }

    /// Waits until `said` is true of the logs of Viceroy and Pushpin.
    pub async fn logged(&self, what: &str, said: impl Fn(&str, &str) -> bool) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while !said(&self.stack().viceroy_log(), &self.stack().pushpin_log()) {
            ensure!(Instant::now() < deadline, "waited {} s for {what}", PATIENCE.as_secs());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }

    /// Publishes a text to all clients of a channel: as an event, as the whole answer to a long poll, as a message.
    pub async fn publish(&self, channel: &str, text: &str) -> Result<()> {
        self.publish_formats(
            channel,
            json!({
                "http-stream": {"content": format!("data: {text}\n\n")},
                "http-response": {"body": format!("{text}\n")},
                "ws-message": {"content": text},
            }),
        )
        .await
    }

    /// Publishes an item with these formats.
    pub async fn publish_formats(&self, channel: &str, formats: Value) -> Result<()> {
        self.publish_item(json!({"channel": channel, "formats": formats})).await
    }

    /// Publishes one item.
    pub async fn publish_item(&self, item: Value) -> Result<()> {
        let items = json!({"items": [item]});
        let request = self.client.post(self.stack().publish_url()).body(items.to_string());
        let answer = Answer::of(request).await?;
        if answer.status != 200 {
            bail!("publishing was answered with {answer:?}");
        }
        Ok(())
    }
}

/// A path for one client, which identifies it in the logs.
fn named(path: &str) -> String {
    static CLIENTS: AtomicU32 = AtomicU32::new(1);
    format!("{path}?client={}", CLIENTS.fetch_add(1, Ordering::Relaxed))
}

/// Returns `true` if Pushpin logs in this line a subscription that ends in `path channel=name`.
fn is_subscription(line: &str, end: &str) -> bool {
    line.contains(" subscribe ") && line.trim_end().ends_with(end)
}
