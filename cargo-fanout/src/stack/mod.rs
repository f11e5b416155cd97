//! Viceroy and Pushpin as one stack: the app on one port, the proxy that holds its connections on another,
//! and a third to publish to them.

mod child;
mod config;
mod manifest;
mod ports;
mod pushpin;
mod relay;

use std::fs;
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf, absolute};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use tempfile::TempDir;

use crate::interrupt;
use child::{Child, Watchdog};
pub use config::{Config, DEV_ISSUER, DEV_KEY};
use manifest::Manifest;
pub(crate) use manifest::is_here as is_this_machine;
pub(crate) use ports::Problem as PortProblem;
use ports::becomes_free;
pub use ports::{Ports, check_ports, free_port, is_free};
pub use pushpin::Version;
use relay::Relay;

/// The name of Viceroy in a stack. Its log has what the app prints.
pub(crate) const VICEROY: &str = "viceroy";
const PUSHPIN: &str = "pushpin";

/// The time limit for the start. Viceroy compiles the app first, which takes a while on a busy machine.
const READY: Duration = Duration::from_secs(120);

/// The time that the ports of ended programs get to become free.
const GONE: Duration = Duration::from_secs(5);

/// The largest number of Viceroys of earlier apps.
const EARLIER: usize = 8;

/// A unix socket's path may have 104 bytes on macOS and 108 on Linux, and the longest that Pushpin makes in our folder
/// is `pushpin/connmgr-client-in-stream`.
const LONGEST_DIR: usize = 70;

/// A running Viceroy and a running Pushpin. Dropping the stack ends both, and so does the end of this process, however
/// it comes.
pub struct Stack {
    config: Config,
    manifest: Manifest,
    viceroy: Child,
    /// The port of Viceroy itself. Clients connect to the relay.
    viceroy_port: u16,
    /// The Viceroys of earlier apps that carry connections, each with its port.
    earlier: Vec<(Child, u16)>,
    /// The number of apps so far.
    apps: usize,
    pushpin: Child,
    relay: Relay,
    /// True if the app answered `GET /` with a page.
    has_page: bool,
    // Declared after the children: the watchdog must outlive them, and the folder all three.
    _watchdog: Watchdog,
    dir: TempDir,
}

impl Stack {
    /// Starts both and waits until they answer.
    pub fn start(config: Config) -> Result<Self> {
        let version = Version::of(&config.pushpin)?;
        check_ports(config.ports())?;

        let dir = new_dir()?;
        let pushpin_dir = dir.path().join("pushpin");
        let viceroy_dir = dir.path().join("viceroy");
        fs::create_dir(&pushpin_dir)?;
        fs::create_dir(&viceroy_dir)?;
        fs::write(pushpin_dir.join("pushpin.conf"), pushpin::config(&config, version, &pushpin_dir))?;
        fs::write(pushpin_dir.join("routes"), pushpin::routes(&config))?;

        let relay = Relay::start(config.pushpin_port)?;
        let viceroy_port = free_port();
        let manifest = Manifest::read(&config, &viceroy_dir)?;
        manifest.write(&viceroy_dir)?;

        let watchdog = Watchdog::start(dir.path())?;
        let pushpin = Child::spawn(PUSHPIN, pushpin::command(&config, &pushpin_dir), &pushpin_dir)?;
        let command = viceroy_command(&config, &manifest, &viceroy_dir, viceroy_port, &relay)?;
        let viceroy = Child::spawn(VICEROY, command, &viceroy_dir)?;
        let mut stack = Self {
            config,
            manifest,
            viceroy,
            viceroy_port,
            earlier: Vec::new(),
            apps: 1,
            pushpin,
            relay,
            has_page: false,
            _watchdog: watchdog,
            dir,
        };
        stack.wait_until_ready()?;
        Ok(stack)
    }

    /// The URL for clients, as on Compute: `http://127.0.0.1:PORT`.
    pub fn app_url(&self) -> String {
        url(self.config.port)
    }

    /// The URL of the page at `/`, if the app had one when it started.
    pub fn page_url(&self) -> Option<String> {
        self.has_page.then(|| format!("{}/", self.app_url()))
    }

    /// The URL of Pushpin's own port, to which the app hands requests off.
    pub fn proxy_url(&self) -> String {
        url(self.config.pushpin_port)
    }

    /// The URL to publish to.
    pub fn publish_url(&self) -> String {
        format!("{}/publish/", url(self.config.publish_port))
    }

    /// The configuration of the stack.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Notes about the manifest for the user.
    pub fn notes(&self) -> &[String] {
        &self.manifest.notes
    }

    /// The log of Viceroy, and with it of the app.
    pub fn viceroy_log(&self) -> String {
        self.viceroy.log()
    }

    /// The log of Pushpin and its services.
    pub fn pushpin_log(&self) -> String {
        self.pushpin.log()
    }

    /// Both logs, for a failure's message.
    pub fn logs(&self) -> String {
        format!("--- viceroy\n{}--- pushpin\n{}", self.viceroy_log(), self.pushpin_log())
    }

    /// The names and files of both logs.
    pub fn log_files(&self) -> [(&'static str, PathBuf); 2] {
        [&self.viceroy, &self.pushpin].map(|child| (child.name(), child.log_file()))
    }

    /// Fails if one of the two has ended, with its exit status and the end of its log.
    pub fn check(&mut self) -> Result<()> {
        self.end_earlier();
        self.viceroy.check()?;
        self.pushpin.check()
    }

    /// Ends Viceroy. Pushpin keeps its holds.
    pub fn end_viceroy(&mut self) {
        self.relay.close();
        self.viceroy.end();
        // So that no client, and not Pushpin, takes a connection for an open one.
        let deadline = Instant::now() + GONE;
        while self.relay.connections(self.viceroy_port) > 0 && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Ends Viceroy if it runs, and starts it again.
    pub fn restart_viceroy(&mut self) -> Result<()> {
        self.end_viceroy();
        self.viceroy_port = free_port();
        let dir = self.viceroy.dir().to_owned();
        let command = viceroy_command(&self.config, &self.manifest, &dir, self.viceroy_port, &self.relay)?;
        self.viceroy = Child::spawn(VICEROY, command, &dir)?;
        self.wait_until_ready()
    }

    /// As [`restart_viceroy`](Self::restart_viceroy), with another app: a deployment.
    pub fn replace_app(&mut self, wasm: impl Into<PathBuf>) -> Result<()> {
        self.config.wasm = wasm.into();
        self.restart_viceroy()
    }

    /// The files that the app reads when it starts: its manifest, and those that the manifest names now.
    pub fn files(&self) -> Vec<PathBuf> {
        let named = Manifest::files(&self.config).unwrap_or_default();
        std::iter::once(self.config.manifest.clone()).chain(named).collect()
    }

    /// Returns `true` if the manifest, or a file that it names, is not as it was when the app was started.
    pub fn manifest_has_changed(&self) -> Result<bool> {
        Ok(Manifest::read(&self.config, self.viceroy.dir())? != self.manifest)
    }

    /// Replaces the app while clients are connected, as a deployment does. New connections and requests go to the new
    /// app. Connections that an earlier app has handed off stay open, and so do its responses: its Viceroy carries them,
    /// and ends after the last one, or when there are more than 8.
    ///
    /// # Errors
    ///
    /// If the new app, or the manifest as it is now, does not start. Then nothing has changed.
    pub fn deploy(&mut self, wasm: impl Into<PathBuf>) -> Result<()> {
        let config = Config { wasm: wasm.into(), ..self.config.clone() };
        let dir = self.dir.path().join(format!("{VICEROY}-{}", self.apps));
        self.apps += 1;
        fs::create_dir(&dir)?;
        let manifest = Manifest::read(&config, &dir)?;
        manifest.write(&dir)?;
        let port = free_port();
        let command = viceroy_command(&config, &manifest, &dir, port, &self.relay)?;
        let mut viceroy = Child::spawn(VICEROY, command, &dir)?;
        let deadline = Instant::now() + READY;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            viceroy.check()?;
            interrupt::check()?;
            if Instant::now() > deadline {
                bail!("Viceroy does not listen after {} s\n{}", READY.as_secs(), viceroy.end_of_log());
            }
            thread::sleep(Duration::from_millis(20));
        }
        self.earlier.push((std::mem::replace(&mut self.viceroy, viceroy), self.viceroy_port));
        (self.config, self.manifest, self.viceroy_port) = (config, manifest, port);
        self.open()
    }

    /// Ends the Viceroys of earlier apps that carry nothing.
    fn end_earlier(&mut self) {
        let too_many = self.earlier.len().saturating_sub(EARLIER);
        let relay = &self.relay;
        let mut index = 0;
        self.earlier.retain(|(_, port)| {
            index += 1;
            index > too_many && relay.connections(*port) > 0
        });
    }

    /// Waits for an answer through Pushpin, which proves that both programs reach each other.
    fn wait_until_ready(&mut self) -> Result<()> {
        let deadline = Instant::now() + READY;
        // An early request can get lost between Pushpin's services, so the first time limits are short. They grow,
        // because an app may be slow.
        let mut patience = Duration::from_millis(300);
        loop {
            let error = if TcpStream::connect((Ipv4Addr::LOCALHOST, self.viceroy_port)).is_err() {
                anyhow!("Viceroy does not listen on port {}", self.viceroy_port)
            } else {
                self.open()?;
                match self.ask(patience)? {
                    Ok(has_page) => {
                        self.has_page = has_page;
                        // The answer may come from another program that took Viceroy's port.
                        return self.check();
                    }
                    Err(error) => {
                        patience = (patience * 2).min(Duration::from_secs(20));
                        error
                    }
                }
            };
            self.check()?;
            interrupt::check()?;
            if Instant::now() > deadline {
                bail!(
                    "Viceroy and Pushpin do not answer after {} s: {error:#}\n{}\n{}",
                    READY.as_secs(),
                    self.viceroy.end_of_log(),
                    self.pushpin.end_of_log(),
                );
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Lets clients in.
    fn open(&self) -> Result<()> {
        self.relay.open(self.config.port, self.viceroy_port)
    }

    /// Asks both programs for an answer, up to an interruption by the user. Then another thread still waits for it.
    fn ask(&self, patience: Duration) -> Result<Result<bool>> {
        let (port, publish_url, proxy_url) = (self.config.port, self.publish_url(), self.proxy_url());
        let answer = thread::spawn(move || ask(port, &publish_url, &proxy_url, patience));
        while !answer.is_finished() {
            interrupt::check()?;
            thread::sleep(Duration::from_millis(5));
        }
        Ok(answer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // Viceroy first: its open connections would keep Pushpin from ending at once.
        self.end_viceroy();
        self.earlier.clear();
        self.pushpin.end();
        for port in [self.config.port, self.config.pushpin_port, self.config.publish_port] {
            becomes_free(port, GONE);
        }
    }
}

/// Asks both programs for an answer. Returns `true` if the app has a page at `/`.
fn ask(port: u16, publish_url: &str, proxy_url: &str, patience: Duration) -> Result<bool> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(patience))
        // A proxy that the environment names would stand between us and this machine.
        .proxy(None)
        .build()
        .into();
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).context("Viceroy")?;
    agent.post(publish_url).send(r#"{"items":[]}"#).context("publishing")?;
    has_page(&agent, proxy_url)
}

/// Requests `/` as a browser does, through Pushpin. Returns `true` if the answer is a page.
///
/// The request is a `HEAD`, because Pushpin would keep a `GET` of a hold open.
fn has_page(agent: &ureq::Agent, proxy_url: &str) -> Result<bool> {
    let ask = |request: ureq::RequestBuilder<_>| {
        let request = request.header("Pushpin-Route", "self").header("Accept", "text/html");
        request.call().context("a request through Pushpin")
    };
    let head = ask(agent.head(proxy_url))?;
    if head.status().is_success() {
        return Ok(is_page(&head));
    }
    // The app may answer `GET` only. The app may also have reasons to answer 502: Pushpin's own has a text, which a
    // `HEAD` does not get.
    let is_bad_gateway = head.status() == 502;
    match ask(agent.get(proxy_url)) {
        Err(error) if is_bad_gateway => Err(error),
        // Held, or too slow.
        Err(_) => Ok(false),
        Ok(mut response) if response.status() == 502 => {
            if response.body_mut().read_to_string()?.contains("while proxying to origin") {
                bail!("Pushpin does not reach the app");
            }
            Ok(false)
        }
        Ok(response) => Ok(is_page(&response)),
    }
}

fn is_page(response: &ureq::http::Response<ureq::Body>) -> bool {
    response.status() == 200 && response.body().mime_type() == Some("text/html")
}

/// The stack's folder, with one folder in it for each program.
fn new_dir() -> Result<TempDir> {
    let new = |parent: &Path| {
        tempfile::Builder::new()
            .prefix("fanout-")
            .tempdir_in(parent)
            .with_context(|| format!("cannot make a folder in {}", parent.display()))
    };
    // Viceroy is started in another folder.
    let dir = new(&absolute(std::env::temp_dir())?)?;
    if dir.path().as_os_str().len() > LONGEST_DIR { new(Path::new("/tmp")) } else { Ok(dir) }
}

/// Fails if a manifest, or a file that it names, cannot be read.
pub fn check_manifest(manifest: &Path) -> Result<()> {
    Manifest::read(&Config::new("", manifest, "", ""), Path::new("")).map(drop)
}

/// The command for Viceroy, which resolves the paths in a manifest from the folder that it runs in.
fn viceroy_command(
    config: &Config,
    manifest: &Manifest,
    dir: &Path,
    port: u16,
    relay: &Relay,
) -> Result<Command> {
    // A bare name is looked up on PATH.
    let is_name = config.viceroy.components().count() == 1;
    let viceroy = if is_name { config.viceroy.clone() } else { absolute(&config.viceroy)? };
    let mut command = Command::new(viceroy);
    command.current_dir(&manifest.folder);
    command.arg("-C").arg(dir.join(manifest::NAME)).args(["--addr", &format!("127.0.0.1:{port}")]);
    if config.fanout {
        command.args(["--local-pushpin-proxy-port", &relay.proxy_port.to_string()]);
    }
    command
        .args(&config.viceroy_args)
        .arg(absolute(&config.wasm)?)
        .env("NO_COLOR", "1")
        .envs(config.viceroy_env.iter().chain(&manifest.env).map(|(name, value)| (name, value)));
    Ok(command)
}

fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;

    use super::*;

    /// Programs that start, and never answer.
    #[test]
    fn the_start_can_be_interrupted() -> Result<()> {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir()?;
        let program = |name: &str, script: &str| -> Result<PathBuf> {
            let path = folder.path().join(name);
            fs::write(&path, format!("#!/bin/sh\n{script}\n"))?;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
            Ok(path)
        };
        let pushpin =
            program("pushpin", "[ \"$1\" = --version ] && echo pushpin 1.41.0 && exit; exec sleep 300")?;
        let viceroy = program("viceroy", "exec sleep 300")?;
        let manifest = folder.path().join("fastly.toml");
        fs::write(&manifest, "")?;
        let mut config = Config::new(folder.path().join("app.wasm"), manifest, viceroy, pushpin);
        (config.port, config.pushpin_port, config.publish_port) = (free_port(), free_port(), free_port());
        let _here = interrupt::tests::Here::new();
        let start = Instant::now();
        let error = Stack::start(config).err().context("it has not started")?;
        assert!(interrupt::is_cause(&error), "{error:#}");
        assert!(start.elapsed() < READY / 4, "{:?}", start.elapsed());
        Ok(())
    }

    /// Asks a server that answers each method with a head and a body, and that holds a request without an answer.
    fn ask(head: Option<&'static str>, get: Option<&'static str>) -> Result<bool> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let url = url(listener.local_addr()?.port());
        thread::spawn(move || {
            let mut held = Vec::new();
            for mut stream in listener.incoming().map_while(Result::ok) {
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
                let request = lines.next().unwrap_or_default();
                lines.find(String::is_empty);
                match if request.starts_with("HEAD ") { head } else { get } {
                    Some(answer) => {
                        let _ = write!(stream, "HTTP/1.1 {answer}");
                    }
                    None => held.push(stream),
                }
            }
        });
        let limit = Some(Duration::from_secs(if get.is_none() { 1 } else { 20 }));
        let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(limit);
        has_page(&config.proxy(None).build().into(), &url)
    }

    const PAGE: &str = "200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 0\r\n\r\n";
    const NOTHING: &str = "200 OK\r\nContent-Length: 0\r\n\r\n";
    const NOT_ALLOWED: &str = "405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n";
    const BAD_GATEWAY: &str = "502 Bad Gateway\r\nContent-Length: 0\r\n\r\n";

    #[test]
    fn a_hold_at_the_root_answers() -> Result<()> {
        assert!(!ask(Some(NOTHING), None)?);
        assert!(ask(Some(PAGE), None)?);
        assert!(!ask(Some(NOT_ALLOWED), None)?, "an app that answers no `HEAD`");
        Ok(())
    }

    #[test]
    fn a_page_is_seen_by_an_app_without_head() -> Result<()> {
        assert!(ask(Some(NOT_ALLOWED), Some(PAGE))?);
        assert!(!ask(Some(NOT_ALLOWED), Some(NOTHING))?);
        Ok(())
    }

    #[test]
    fn an_app_that_pushpin_does_not_reach_is_not_ready() -> Result<()> {
        let own = "502 Bad Gateway\r\nContent-Type: text/plain\r\nContent-Length: 31\r\n\r\n\
                   Error while proxying to origin.";
        let error = ask(Some(BAD_GATEWAY), Some(own)).unwrap_err().to_string();
        assert_eq!(error, "Pushpin does not reach the app");
        assert!(!ask(Some(BAD_GATEWAY), Some(BAD_GATEWAY))?, "the app's own");
        Ok(())
    }
}
