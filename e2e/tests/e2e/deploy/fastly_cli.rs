//! The Fastly CLI builds, validates and serves the app with the `fastly.toml` of this repository.

use std::fs;
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use cargo_fanout::stack::Version;
use e2e::{Answer, Held, PATIENCE, config, skip, tool};
use serde_json::json;
use tempfile::TempDir;
use xtask::build::EXAMPLE_APP;

#[test]
fn the_fastly_cli_builds_valid_packages() -> Result<()> {
    let Some(cli) = Cli::of_this_machine()? else {
        return Ok(());
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    // The CLI runs `cargo metadata`, which needs the dependencies of other platforms too.
    done(Command::new("cargo").args(["fetch", "--quiet", "--locked"]).current_dir(&root))?;
    is_valid(&cli, &root, "fanout-example-app")?;
    for name in ["chat", "departures", "json-rpc", "scores", "topics"] {
        is_valid(&cli, &root.join("examples").join(name), &format!("fanout-{name}"))?;
    }
    Ok(())
}

/// The app in a folder, whose fastly.toml has this name.
fn is_valid(cli: &Cli, app: &Path, name: &str) -> Result<()> {
    let package = app.join(format!("pkg/{name}.tar.gz"));
    if package.exists() {
        fs::remove_file(&package)?;
    }
    done(cli.command("build", app).args(["--non-interactive", "--metadata-disable"]))?;
    done(cli.command("validate", app).arg("-p").arg(&package))?;

    let unpacked = tempfile::tempdir()?;
    done(Command::new("tar").arg("-xzf").arg(&package).arg("-C").arg(unpacked.path()))?;
    let folder = unpacked.path().join(name);
    assert_eq!(fs::read(folder.join("fastly.toml"))?, fs::read(app.join("fastly.toml"))?);
    assert!(fs::read(folder.join("bin/main.wasm"))?.starts_with(b"\0asm"), "no wasm in the package");
    Ok(())
}

/// With the manifest of the repository, except for the ports. The other test covers the CLI's build.
#[test]
fn the_fastly_cli_serves_the_app() -> Result<()> {
    let Some(cli) = Cli::of_this_machine()? else {
        return Ok(());
    };
    let config = config::of_app(EXAMPLE_APP)?;
    if Version::of(&config.pushpin)? < (Version { major: 1, minor: 37 }) {
        skip("the config that the Fastly CLI writes names services that this Pushpin does not have");
        return Ok(());
    }
    let [port, proxy, publish] = free_ports()?;
    let folder = tempfile::tempdir()?;
    let manifest = include_str!("../../../../fastly.toml");
    ensure!(manifest.contains("127.0.0.1:7676"), "fastly.toml has another address");
    let manifest = manifest
        .replace("127.0.0.1:7676", &format!("127.0.0.1:{port}"))
        .replace("127.0.0.1:5561", &format!("127.0.0.1:{publish}"));
    fs::write(folder.path().join("fastly.toml"), manifest)?;

    let mut command = cli.command("serve", folder.path());
    command.args(["--non-interactive", "--metadata-disable"]);
    command.arg("--file").arg(&config.wasm);
    command.arg("--viceroy-path").arg(&config.viceroy);
    command.arg("--pushpin-path").arg(&config.pushpin);
    command.arg(format!("--addr=127.0.0.1:{port}"));
    command.arg(format!("--pushpin-proxy-port={proxy}"));
    command.arg(format!("--pushpin-publish-port={publish}"));
    let mut served = Served::start(command, cli, folder)?;

    let client = reqwest::Client::builder().no_proxy().build()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let outcome = runtime.block_on(async {
        let app = format!("http://127.0.0.1:{port}");
        let deadline = Instant::now() + PATIENCE;
        while client.get(&app).send().await.is_err() {
            served.runs()?;
            ensure!(Instant::now() < deadline, "nothing answers at {app}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }

        let mut held = Held::open(client.get(format!("{app}/sse?client=1"))).await?;
        assert_eq!((held.status(), held.header("content-type")), (200, "text/event-stream"));
        let deadline = Instant::now() + PATIENCE;
        while !served.pushpin_log().contains("/sse?client=1 channel=test") {
            ensure!(Instant::now() < deadline, "Pushpin did not subscribe the client");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let event = json!({"http-stream": {"content": "data: hello\n\n"}});
        let items = json!({"items": [{"channel": "test", "formats": event}]});
        let publish = client.post(format!("http://127.0.0.1:{publish}/publish/"));
        assert_eq!(Answer::of(publish.body(items.to_string())).await?.status, 200);
        assert_eq!(held.heard_until("hello\n\n").await?, "data: hello\n\n");

        let publish = client.post(format!("{app}/publish?channel=test")).body("from the app");
        assert_eq!(Answer::of(publish).await?.status, 200);
        assert_eq!(held.heard_until("app\n\n").await?, "data: hello\n\ndata: from the app\n\n");
        Ok(())
    });
    outcome.and_then(|()| served.end()).with_context(|| served.logs())
}

/// The CLI with a home of its own, and no network.
struct Cli {
    path: PathBuf,
    home: TempDir,
}

impl Cli {
    fn of_this_machine() -> Result<Option<Self>> {
        let Some(path) = tool("FANOUT_CLI", "npm")? else {
            return Ok(None);
        };
        Ok(Some(Self { path, home: tempfile::tempdir()? }))
    }

    fn command(&self, command: &str, folder: &Path) -> Command {
        let mut cli = Command::new(&self.path);
        cli.args(["compute", command]).current_dir(folder).stdin(Stdio::null());
        // The CLI writes its settings and downloads there.
        cli.env("XDG_CONFIG_HOME", self.home.path()).env("TMPDIR", self.home.path());
        // The CLI would look for a new version of itself, and download a tool that records the builder's machine in the
        // package. Nothing listens on that port, so it gives up at once, offline or not.
        cli.env("HTTPS_PROXY", "http://127.0.0.1:9");
        // All crates are there, and cargo would use that proxy too.
        cli.env("CARGO_NET_OFFLINE", "true");
        cli
    }
}

/// A running `fastly compute serve`, with its child processes.
struct Served {
    process: Child,
    /// It stands in the command line of each child process.
    folder: TempDir,
    cli: Cli,
}

impl Served {
    fn start(mut command: Command, cli: Cli, folder: TempDir) -> Result<Self> {
        let log = fs::File::create(folder.path().join("log"))?;
        let process = command
            // As in a terminal, where Ctrl-C reaches the whole group.
            .process_group(0)
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("cannot start the Fastly CLI")?;
        Ok(Self { process, folder, cli })
    }

    fn runs(&mut self) -> Result<()> {
        match self.process.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("the Fastly CLI ended: {status}"),
        }
    }

    /// Does what Ctrl-C does, and fails if a process goes on running.
    fn end(&mut self) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        self.interrupt()?;
        while self.process.try_wait()?.is_none() {
            ensure!(Instant::now() < deadline, "the Fastly CLI does not end");
            thread::sleep(Duration::from_millis(20));
        }
        loop {
            let left = self.left_behind()?;
            if left.is_empty() {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "the Fastly CLI left behind: {left:#?}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn interrupt(&self) -> Result<()> {
        done(Command::new("kill").args(["-INT", "--", &format!("-{}", self.process.id())]))
    }

    fn left_behind(&self) -> Result<Vec<String>> {
        let output = Command::new("ps").args(["-A", "-ww", "-o", "pid=,args="]).output()?;
        let folders = [self.folder.path(), self.cli.home.path()].map(|path| path.to_string_lossy());
        let output = String::from_utf8_lossy(&output.stdout);
        let ours = output.lines().filter(|line| folders.iter().any(|folder| line.contains(&**folder)));
        Ok(ours.map(Into::into).collect())
    }

    fn pushpin_log(&self) -> String {
        let log = self.folder.path().join("pushpin-logs/pushpin-handler.log");
        String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).into_owned()
    }

    fn logs(&self) -> String {
        let log = fs::read(self.folder.path().join("log")).unwrap_or_default();
        format!("--- fastly\n{}--- pushpin\n{}", String::from_utf8_lossy(&log), self.pushpin_log())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // A test that failed has not ended it yet.
        if self.process.try_wait().is_ok_and(|status| status.is_none()) {
            let _ = self.end();
            let _ = self.process.kill();
            let _ = self.process.wait();
        }
    }
}

/// Runs a command, whose output is shown if it fails.
fn done(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("cannot run {command:?}"))?;
    let [out, err] = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    ensure!(output.status.success(), "{command:?} failed ({}):\n{out}{err}", output.status);
    Ok(())
}

/// The CLI's Pushpin also takes the three ports after the publish port. All of them are below the ports of the other
/// tests' stacks.
fn free_ports() -> Result<[u16; 3]> {
    let start = std::process::id() as u16 % 150 * 6;
    (0..150)
        .map(|step| 15_000 + (start + step * 6) % 900)
        .find(|first| {
            let listeners = (0..6).map(|offset| TcpListener::bind(("127.0.0.1", first + offset)));
            listeners.collect::<std::io::Result<Vec<_>>>().is_ok()
        })
        .map(|first| [first, first + 1, first + 2])
        .context("no free ports")
}
