//! `cargo fanout serve`, as a user runs it.

use std::env;
use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use cargo_fanout::stack::Config;
use e2e::{PATIENCE, config};

mod serve_output;
mod serve_watch;

/// A running `cargo fanout serve`, on free ports. Dropping it ends it.
pub(super) struct Serve {
    child: Child,
    /// The output so far.
    lines: Arc<Mutex<Vec<String>>>,
    config: Config,
}

impl Serve {
    /// Runs an app of [`xtask::build::APPS`] with its manifest, and with other arguments.
    pub(super) fn start(app: &str, arguments: &[&str]) -> Result<Self> {
        Self::of(config::of_app(app)?, arguments)
    }

    /// Runs the app of a configuration.
    pub(super) fn of(config: Config, arguments: &[&str]) -> Result<Self> {
        let mut serve = Self::command(&config)?;
        serve.arg("--wasm").arg(&config.wasm).arg("--manifest").arg(&config.manifest).args(arguments);
        Self::spawn(serve, config)
    }

    /// The command with the tools and the ports of a stack.
    pub(super) fn command(config: &Config) -> Result<Command> {
        let program = env::var_os("FANOUT_CARGO_FANOUT").context("run `cargo xtask test e2e`")?;
        let tools = config.viceroy.parent().context("a program is in a folder")?;
        let mut path = vec![tools.to_owned()];
        path.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        let mut serve = Command::new(program);
        serve.env("PATH", env::join_paths(path)?).args(["fanout", "serve", "--pushpin"]).arg(&config.pushpin);
        for (flag, port) in [
            ("--port", config.port),
            ("--pushpin-port", config.pushpin_port),
            ("--publish-port", config.publish_port),
        ] {
            serve.args([flag, &port.to_string()]);
        }
        Ok(serve)
    }

    pub(super) fn spawn(mut command: Command, config: Config) -> Result<Self> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let lines: Arc<Mutex<Vec<String>>> = Arc::default();
        let pipes: [Box<dyn Read + Send>; 2] = [
            Box::new(child.stdout.take().context("it is piped")?),
            Box::new(child.stderr.take().context("it is piped")?),
        ];
        for pipe in pipes {
            let lines = Arc::clone(&lines);
            thread::spawn(move || {
                for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                    lines.lock().expect("no thread panics").push(line);
                }
            });
        }
        Ok(Self { child, lines, config })
    }

    /// Waits until the app answers.
    pub(super) fn runs(&mut self) -> Result<()> {
        self.says(|line| line.starts_with("The app is at "))?;
        Ok(())
    }

    /// Waits for a line, and returns it.
    pub(super) fn says(&mut self, wanted: impl Fn(&str) -> bool) -> Result<String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            // The end is seen before the lines, so that no line is missed.
            let ended = self.child.try_wait()?;
            let lines = self.output();
            if let Some(line) = lines.iter().find(|line| wanted(line)) {
                return Ok(line.clone());
            }
            ensure!(ended.is_none() && Instant::now() < deadline, "not said:\n{}", lines.join("\n"));
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The output so far.
    pub(super) fn output(&self) -> Vec<String> {
        self.lines.lock().expect("no thread panics").clone()
    }

    /// The address of a path of the app.
    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.config.port)
    }

    /// Its ports.
    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    /// Waits for its own end.
    pub(super) fn ends(&mut self) -> Result<ExitStatus> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            ensure!(Instant::now() < deadline, "it runs:\n{}", self.output().join("\n"));
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it as Ctrl-C does.
    pub(super) fn interrupt(&mut self) -> Result<ExitStatus> {
        let _ = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status()?;
        self.ends()
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|status| status.is_none()) && self.interrupt().is_err() {
            let _ = self.child.kill();
        }
    }
}
