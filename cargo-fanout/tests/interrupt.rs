//! Ctrl-C while `cargo fanout serve` starts, with programs that stand for the tools.

use std::fs::{self, File, Permissions};
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};

/// The time limit for the end of a command, which would otherwise go on for two minutes or more.
const LIMIT: Duration = Duration::from_secs(30);

/// A folder with the tools, an app, and a home.
struct Machine(tempfile::TempDir);

impl Machine {
    /// A machine whose Viceroy is this script.
    fn new(viceroy: &str) -> Result<Self> {
        let machine = Self(tempfile::tempdir()?);
        for folder in ["bin", "home", "rust/lib/rustlib/wasm32-wasip1/lib"] {
            fs::create_dir_all(machine.path(folder))?;
        }
        for file in ["fastly.toml", "app.wasm", "rust/lib/rustlib/wasm32-wasip1/lib/libstd-1.rlib"] {
            fs::write(machine.path(file), "")?;
        }
        machine.tool("viceroy", viceroy)?;
        machine.tool("rustc", &format!("echo '{}'", machine.path("rust").display()))?;
        machine.tool("pushpin", "[ \"$1\" = --version ] && echo pushpin 1.41.0 && exit\nexec sleep 300")?;
        for tool in ["cargo", "cargo-binstall"] {
            machine.tool(tool, &format!("echo {tool} >>'{}'", machine.path("ran").display()))?;
        }
        Ok(machine)
    }

    fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    fn tool(&self, name: &str, script: &str) -> Result<()> {
        let path = self.path("bin").join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n"))?;
        Ok(fs::set_permissions(path, Permissions::from_mode(0o755))?)
    }

    fn serve(&self) -> Result<Serve> {
        let listeners = [(); 3].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)));
        let mut ports = Vec::new();
        for listener in listeners {
            ports.push(listener?.local_addr()?.port().to_string());
        }
        let path = format!("{}:/usr/bin:/bin", self.path("bin").display());
        let mut process = Command::new(env!("CARGO_BIN_EXE_cargo-fanout"))
            .args(["fanout", "serve", "--wasm", "app.wasm", "--port", &ports[0]])
            .args(["--pushpin-port", &ports[1], "--publish-port", &ports[2]])
            .current_dir(self.0.path())
            .env_remove("CARGO")
            .env_remove("FANOUT_VICEROY_MIRROR")
            .env_remove("XDG_CONFIG_HOME")
            .env("XDG_CACHE_HOME", self.path("cache"))
            .env("HOME", self.path("home"))
            .env("PATH", path)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let errors = process.stderr.take().context("it is piped")?;
        Ok(Serve { process, errors: BufReader::new(errors).lines(), said: Vec::new() })
    }
}

/// A command that starts.
struct Serve {
    process: Child,
    errors: std::io::Lines<BufReader<std::process::ChildStderr>>,
    said: Vec<String>,
}

impl Serve {
    fn says(&mut self, part: &str) -> Result<()> {
        for line in self.errors.by_ref() {
            let line = line?;
            let is_it = line.contains(part);
            self.said.push(line);
            if is_it {
                return Ok(());
            }
        }
        bail!("it does not say {part:?}: {:#?}", self.said)
    }

    fn interrupt(&self) -> Result<()> {
        Ok(kill_process(Pid::from_child(&self.process), Signal::INT)?)
    }

    /// The status, and every line that it has said.
    fn ends(mut self) -> Result<(ExitStatus, Vec<String>)> {
        let deadline = Instant::now() + LIMIT;
        loop {
            if let Some(status) = self.process.try_wait()? {
                for line in self.errors {
                    self.said.push(line?);
                }
                return Ok((status, self.said));
            }
            if Instant::now() > deadline {
                self.process.kill()?;
                self.process.wait()?;
                bail!("it does not end: {:#?}", self.said);
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

const OLD: &str = "echo viceroy 0.1.0";

/// Ctrl-C in a terminal ends curl, perhaps before this command hears of it.
#[test]
fn no_other_way_is_tried_when_a_fetch_is_interrupted() -> Result<()> {
    let machine = Machine::new(OLD)?;
    machine.tool("curl", "kill -INT $$")?;
    let (status, said) = machine.serve()?.ends()?;
    assert!(status.success(), "{status}: {said:#?}");
    assert!(!machine.path("ran").exists(), "{said:#?}");
    assert!(!said.iter().any(|line| line.contains("cannot be used") || line.contains("error")), "{said:#?}");

    // Another failure leads to another way.
    machine.tool("curl", "exit 7")?;
    let (status, said) = machine.serve()?.ends()?;
    assert!(!status.success() && said.iter().any(|line| line.contains("cannot be used")), "{said:#?}");
    assert_eq!(fs::read_to_string(machine.path("ran"))?, "cargo\ncargo\n");
    Ok(())
}

/// A signal to this command alone, as from a supervisor.
#[test]
fn a_fetch_is_ended() -> Result<()> {
    let machine = Machine::new(OLD)?;
    let pid = machine.path("pid");
    machine
        .tool("curl", &format!("echo $$ >'{0}.new'; mv '{0}.new' '{0}'; exec sleep 300", pid.display()))?;
    let serve = machine.serve()?;
    let pid = pid_in(&pid)?;
    serve.interrupt()?;
    let (status, said) = serve.ends()?;
    assert!(status.success() && !machine.path("ran").exists(), "{status}: {said:#?}");
    assert!(test_kill_process(pid).is_err(), "curl is left");
    Ok(())
}

#[test]
fn waiting_for_another_installation_ends() -> Result<()> {
    let machine = Machine::new(OLD)?;
    let tools = machine.path("cache/fanout/tools");
    fs::create_dir_all(&tools)?;
    let lock = File::create(tools.join("lock"))?;
    lock.lock()?;
    let mut serve = machine.serve()?;
    serve.says("waiting for another command of fanout")?;
    serve.interrupt()?;
    let (status, said) = serve.ends()?;
    assert!(status.success(), "{status}: {said:#?}");
    Ok(())
}

#[test]
fn the_start_of_the_stack_ends_with_its_programs() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let pid = folder.path().join("pid");
    let machine = Machine::new(&format!(
        "[ \"$1\" = --version ] && echo viceroy 0.22.0 && exit\n\
         echo $$ >'{0}.new'; mv '{0}.new' '{0}'; exec sleep 300",
        pid.display()
    ))?;
    let mut serve = machine.serve()?;
    serve.says("waiting for Viceroy and Pushpin to answer")?;
    let pid = pid_in(&pid)?;
    serve.interrupt()?;
    let (status, said) = serve.ends()?;
    assert!(status.success() && !said.iter().any(|line| line.contains("error")), "{status}: {said:#?}");
    assert!(test_kill_process(pid).is_err(), "Viceroy is left");
    Ok(())
}

/// The id of the process that writes this file.
fn pid_in(file: &Path) -> Result<Pid> {
    let deadline = Instant::now() + LIMIT;
    while !file.exists() {
        if Instant::now() > deadline {
            bail!("there is no {}", file.display());
        }
        thread::sleep(Duration::from_millis(10));
    }
    Pid::from_raw(fs::read_to_string(file)?.trim().parse()?).context("0 is no process")
}
