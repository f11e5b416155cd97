//! A real browser, driven by the few commands of the WebDriver protocol that the tests need.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use base64ct::{Base64, Encoding as _};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Answer, PATIENCE};

/// A Chromium with one page. It ends when this is dropped.
pub struct Browser {
    client: reqwest::Client,
    session: String,
    driver: Child,
    _profile: TempDir,
}

impl Browser {
    /// Starts a ChromeDriver and, through it, a Chromium.
    pub async fn start(chromedriver: &Path, chromium: &Path) -> Result<Self> {
        let profile = tempfile::tempdir()?;
        let mut driver = Command::new(chromedriver)
            .arg("--port=0")
            // Chromium writes its crash reports there, whatever its profile.
            .env("XDG_CONFIG_HOME", profile.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", chromedriver.display()))?;
        let output = driver.stdout.take();
        let mut browser = Self {
            // A proxy that the environment names would not reach this machine.
            client: reqwest::Client::builder().no_proxy().build()?,
            session: String::new(),
            driver,
            _profile: profile,
        };

        let mut lines = BufReader::new(output.context("chromedriver has no output")?).lines();
        // `ChromeDriver was started successfully on port 40123.`
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            line.split_once("successfully on port ")?.1.trim_end_matches('.').parse::<u16>().ok()
        });
        browser.session =
            format!("http://127.0.0.1:{}/session", port.context("chromedriver did not say its port")?);
        // It may go on talking, and must not choke on a full pipe.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));

        let options = json!({
            "binary": chromium,
            "args": [
                // Root has no sandbox.
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                // Chromium would ask the network for updates, and for much more.
                "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--disable-quic", "--no-proxy-server",
                format!("--user-data-dir={}", browser._profile.path().display()),
            ],
        });
        let capabilities = json!({
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL"},
            "timeouts": {"script": PATIENCE.as_millis() as u64},
        });
        let session = browser.command("", json!({"capabilities": {"alwaysMatch": capabilities}}));
        let id = session.await?["sessionId"].as_str().context("no session id")?.to_owned();
        browser.session = format!("{}/{id}", browser.session);
        Ok(browser)
    }

    /// Opens an address.
    pub async fn open(&self, url: &str) -> Result<()> {
        self.command("/url", json!({"url": url})).await.map(drop)
    }

    /// Runs a script at the start of each page that is opened from now on.
    pub async fn prepare(&self, script: &str) -> Result<()> {
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": script})).await.map(drop)
    }

    /// Runs a script in the page.
    pub async fn run(&self, script: &str) -> Result<()> {
        self.command("/execute/sync", json!({"script": script, "args": []})).await.map(drop)
    }

    /// Runs a script in the page, and returns the value with which the script calls `arguments[0]`.
    pub async fn ask(&self, script: &str) -> Result<Value> {
        self.command("/execute/async", json!({"script": script, "args": []})).await
    }

    /// Waits until an expression is truthy in the page, and returns its value.
    pub async fn until(&self, expression: &str) -> Result<Value> {
        let look = format!(
            "const done = arguments[0];
             const look = () => {{ const value = ({expression}); value ? done(value) : setTimeout(look, 5); }};
             look();"
        );
        self.ask(&look).await.with_context(|| format!("waited for {expression}"))
    }

    /// Types a text, or presses the keys that WebDriver writes as private characters, such as `\u{e004}` for Tab.
    pub async fn press(&self, keys: &str) -> Result<()> {
        let press = |key: char| [("keyDown", key), ("keyUp", key)];
        let presses: Vec<_> =
            keys.chars().flat_map(press).map(|(kind, key)| json!({"type": kind, "value": key})).collect();
        let keyboard = json!([{"type": "key", "id": "keyboard", "actions": presses}]);
        self.command("/actions", json!({"actions": keyboard})).await.map(drop)
    }

    /// The console lines of the page since the last call, from the level of warnings on.
    pub async fn console(&self) -> Result<Vec<String>> {
        let entries = self.command("/se/log", json!({"type": "browser"})).await?;
        let entries = entries.as_array().context("no list of entries")?.iter();
        let bad = entries.filter(|entry| matches!(entry["level"].as_str(), Some("WARNING" | "SEVERE")));
        Ok(bad.map(|entry| entry["message"].to_string()).collect())
    }

    /// Sets the width of the page, and the preferences of its user: `("prefers-color-scheme", "dark")`.
    pub async fn look(&self, width: u32, preferences: &[(&str, &str)]) -> Result<()> {
        // The image of the whole page would lack their width.
        self.devtools("Emulation.setScrollbarsHidden", json!({"hidden": true})).await?;
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", size).await?;
        let features: Vec<_> =
            preferences.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        self.devtools("Emulation.setEmulatedMedia", json!({"features": features})).await.map(drop)
    }

    /// The whole page as a PNG.
    pub async fn screenshot(&self) -> Result<Vec<u8>> {
        let all = json!({"format": "png", "captureBeyondViewport": true});
        let image = self.devtools("Page.captureScreenshot", all).await?;
        Ok(Base64::decode_vec(image["data"].as_str().context("no image")?)?)
    }

    /// Sends a command of the DevTools protocol.
    async fn devtools(&self, command: &str, parameters: Value) -> Result<Value> {
        self.command("/goog/cdp/execute", json!({"cmd": command, "params": parameters})).await
    }

    /// Without the client, whose runtime may be gone after a panic.
    fn end_session(&self) -> Result<()> {
        let address = self.session.strip_prefix("http://").context("no session")?;
        let (host, path) = address.split_once('/').context("no path")?;
        let mut connection = TcpStream::connect(host)?;
        connection.set_read_timeout(Some(PATIENCE))?;
        write!(connection, "DELETE /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n")?;
        // The answer begins when the browser has ended.
        let _ = connection.read(&mut [0; 64])?;
        Ok(())
    }

    async fn command(&self, command: &str, arguments: Value) -> Result<Value> {
        let url = self.session.clone() + command;
        let answer = Answer::of(self.client.post(url).body(arguments.to_string())).await?;
        ensure!(answer.status == 200, "the browser says {}", answer.body);
        Ok(serde_json::from_str::<Value>(&answer.body)?["value"].take())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // ChromeDriver ends its browser with the session, and leaves it behind when it is killed before.
        let _ = self.end_session();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
