//! The machine: the tools and the ports that an app needs.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Line;
use crate::stack::{PortProblem, Ports, Version};
use crate::tools::{self, TARGET};

/// The facts about a machine that a diagnosis needs.
pub(super) struct Machine {
    /// `None` if there is no rustc that runs.
    pub(super) has_target: Option<bool>,
    pub(super) has_rustup: bool,
    pub(super) viceroy: Option<Tool>,
    /// The Pushpin, and its version or the reason why it does not fit.
    pub(super) pushpin: Option<(PathBuf, Result<Version, String>)>,
    pub(super) cli: Option<Tool>,
    /// The ports of a stack, with their flags.
    pub(super) ports: [Port; 3],
}

/// A program, and the version that it says it has.
pub(super) struct Tool {
    pub(super) path: PathBuf,
    pub(super) version: Option<String>,
}

pub(super) struct Port {
    pub(super) number: u16,
    pub(super) flag: &'static str,
    pub(super) problem: Option<PortProblem>,
}

/// The major version of the Fastly CLI that deploying is tested with.
const CLI: u32 = 16;

impl Machine {
    /// Looks at this machine, and changes nothing.
    pub(super) fn look(ports: Ports, pushpin: Option<&Path>) -> Self {
        let pushpin = pushpin.map(Path::to_owned).or_else(|| which::which("pushpin").ok());
        let pushpin = pushpin.map(|path| {
            let version = Version::of(&path).map_err(|error| format!("{error:#}"));
            (path, version)
        });
        let cli = which::which("fastly").ok().map(|path| {
            let said = tools::output(Command::new(&path).arg("version"));
            let version = said.and_then(|said| {
                let word =
                    said.split_whitespace().find(|word| word.starts_with('v') && word.contains('.'))?;
                Some(word.trim_start_matches('v').to_owned())
            });
            Tool { path, version }
        });
        let viceroy = tools::installed_viceroy().map(|path| {
            let version = tools::viceroy_version(&path);
            Tool { path, version }
        });
        let ports = PortProblem::of_each(ports).map(|(number, flag, problem)| Port { number, flag, problem });
        Self {
            has_target: tools::has_target().ok(),
            has_rustup: which::which("rustup").is_ok(),
            viceroy,
            pushpin,
            cli,
            ports,
        }
    }

    pub(super) fn diagnose(&self) -> Vec<Line> {
        let mut lines = vec![self.target(), self.viceroy()];
        lines.extend(self.pushpin());
        lines.push(self.cli());
        lines.extend(self.ports.iter().map(port));
        lines
    }

    fn target(&self) -> Line {
        match (self.has_target, self.has_rustup) {
            (Some(true), _) => Line::good(format!("the target {TARGET}")),
            (Some(false), true) => Line::wrong(
                format!("the target {TARGET}, for which the app is built, is missing"),
                "`cargo fanout serve` adds it, and so does this:",
                &[&format!("rustup target add {TARGET}")],
            ),
            (Some(false), false) => Line::wrong(
                format!(
                    "the target {TARGET}, for which the app is built, is missing, and there is no rustup"
                ),
                "install it as you have installed rustc:",
                &["apt-get install libstd-rust-dev-wasm32", "dnf install rust-std-static-wasm32-wasip1"],
            ),
            (None, _) => Line::wrong(
                "there is no rustc that runs",
                "install Rust, as this page says:",
                &["https://www.rust-lang.org/tools/install"],
            ),
        }
    }

    fn viceroy(&self) -> Line {
        let mend = "`cargo fanout serve` installs one that fits. To install it alone:";
        let commands = [format!("cargo install viceroy --version {} --locked", tools::VICEROY)];
        let commands = commands.each_ref().map(String::as_str);
        match &self.viceroy {
            None => Line::wrong("Viceroy, which runs the app on this machine, is missing", mend, &commands),
            Some(Tool { path, version: Some(version) }) if tools::viceroy_fits(version) => {
                Line::good(format!("Viceroy {version}, {}", path.display()))
            }
            Some(Tool { path, version }) => {
                let version = version.as_deref().unwrap_or("of no known version");
                let needed = tools::VICEROY;
                Line::wrong(
                    format!("Viceroy is {version}, and {needed} or newer is needed: {}", path.display()),
                    mend,
                    &commands,
                )
            }
        }
    }

    fn pushpin(&self) -> Vec<Line> {
        const INSTALL: [&str; 3] =
            ["sudo apt-get install pushpin", "brew install pushpin", "https://pushpin.org/docs/install/"];
        match &self.pushpin {
            None => vec![Line::wrong(
                "Pushpin, which is Fanout on this machine, is missing",
                "`cargo fanout serve` installs it with apt-get or Homebrew. To install it yourself, one of these:",
                &INSTALL,
            )],
            Some((_, Err(why))) => {
                vec![Line::wrong(why.clone(), "install another, or name one with --pushpin:", &INSTALL)]
            }
            Some((path, Ok(version))) => {
                let Version { major, minor } = *version;
                let mut lines = vec![Line::good(format!("Pushpin {major}.{minor}, {}", path.display()))];
                if !version.has_connmgr() {
                    lines.push(Line::warning(
                        format!("`fastly compute serve` hangs with Pushpin {major}.{minor}"),
                        "use this instead, or a Pushpin of version 1.37 or newer:",
                        &["cargo fanout serve"],
                    ));
                }
                lines
            }
        }
    }

    fn cli(&self) -> Line {
        match &self.cli {
            None => Line::warning(
                "the Fastly CLI, which deploys the app, is not on PATH",
                "it is needed for nothing else. One of these installs it:",
                &["npm install --global @fastly/cli", "brew install fastly/tap/fastly"],
            ),
            Some(Tool { path, version: Some(version) }) if major(version) >= Some(CLI) => {
                Line::good(format!("Fastly CLI {version}, {}", path.display()))
            }
            Some(Tool { path, version }) => {
                let version = version.as_deref().unwrap_or("of no known version");
                Line::warning(
                    format!(
                        "the Fastly CLI is {version}, and deploying is tested with {CLI}: {}",
                        path.display()
                    ),
                    "this updates it:",
                    &["fastly update"],
                )
            }
        }
    }
}

fn major(version: &str) -> Option<u32> {
    version.split('.').next()?.parse().ok()
}

fn port(port: &Port) -> Line {
    let Port { number, flag, problem } = port;
    let Some(problem) = problem else { return Line::good(format!("port {number} is free")) };
    let sentence = match problem {
        PortProblem::Taken => {
            "end the program that listens on it, which may be your app, or choose another port:"
        }
        PortProblem::NotAllowed => "systems reserve the ports below 1024. Choose a higher one:",
        PortProblem::Zero | PortProblem::Same(_) => "choose another port:",
    };
    let other = match problem {
        PortProblem::Zero => 8000,
        _ => number.checked_add(1000).unwrap_or_else(|| number - 1000),
    };
    let command = format!("cargo fanout serve {flag} {other}");
    Line::wrong(problem.of_port(*number, flag), sentence, &[&command])
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    /// A machine on which nothing is missing.
    fn machine() -> Machine {
        let tool =
            |path: &str, version: &str| Some(Tool { path: path.into(), version: Some(version.into()) });
        let port = |number, flag| Port { number, flag, problem: None };
        Machine {
            has_target: Some(true),
            has_rustup: true,
            viceroy: tool("/bin/viceroy", "0.22.0"),
            pushpin: Some(("/bin/pushpin".into(), Ok(Version { major: 1, minor: 41 }))),
            cli: tool("/bin/fastly", "16.1.0"),
            ports: [port(7676, "--port"), port(7677, "--pushpin-port"), port(5561, "--publish-port")],
        }
    }

    /// The one line that is not good, on a machine with this difference.
    #[track_caller]
    fn one(change: impl FnOnce(&mut Machine)) -> (State, String, String, Vec<String>) {
        let mut machine = machine();
        change(&mut machine);
        let bad: Vec<_> = machine.diagnose().into_iter().filter(|line| line.state != State::Good).collect();
        let [line] = <[Line; 1]>::try_from(bad).unwrap_or_else(|bad| panic!("{bad:#?}"));
        let remedy = line.remedy.expect("there is a remedy");
        (line.state, line.text, remedy.sentence, remedy.lines)
    }

    fn ports(port: u16, pushpin_port: u16, publish_port: u16) -> Ports {
        Ports { port, pushpin_port, publish_port }
    }

    #[test]
    fn a_machine_with_everything_is_good() {
        let lines = machine().diagnose();
        assert!(lines.iter().all(|line| line.state == State::Good && line.remedy.is_none()), "{lines:#?}");
        let texts: Vec<_> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "the target wasm32-wasip1",
                "Viceroy 0.22.0, /bin/viceroy",
                "Pushpin 1.41, /bin/pushpin",
                "Fastly CLI 16.1.0, /bin/fastly",
                "port 7676 is free",
                "port 7677 is free",
                "port 5561 is free",
            ]
        );
    }

    #[test]
    fn a_missing_target() {
        let (state, text, _, lines) = one(|machine| machine.has_target = Some(false));
        assert_eq!((state, lines), (State::Wrong, vec!["rustup target add wasm32-wasip1".to_owned()]));
        assert!(text.contains("wasm32-wasip1") && text.contains("missing"), "{text}");

        let (state, text, _, lines) = one(|machine| {
            machine.has_target = Some(false);
            machine.has_rustup = false;
        });
        assert_eq!(state, State::Wrong);
        assert!(text.contains("there is no rustup"), "{text}");
        assert!(lines[0].starts_with("apt-get install "), "{lines:?}");

        let (state, text, _, lines) = one(|machine| machine.has_target = None);
        assert_eq!((state, text.as_str()), (State::Wrong, "there is no rustc that runs"));
        assert!(lines[0].starts_with("https://"), "{lines:?}");
    }

    #[test]
    fn a_missing_or_old_viceroy() {
        let (state, text, sentence, lines) = one(|machine| machine.viceroy = None);
        assert_eq!(state, State::Wrong);
        assert!(text.starts_with("Viceroy") && text.ends_with("is missing"), "{text}");
        assert!(sentence.starts_with("`cargo fanout serve` installs"), "{sentence}");
        assert!(lines[0].starts_with("cargo install viceroy --version "), "{lines:?}");

        for (version, said) in [(Some("0.14.3"), "0.14.3"), (None, "of no known version")] {
            let (state, text, ..) = one(|machine| {
                let version = version.map(str::to_owned);
                machine.viceroy = Some(Tool { path: "/bin/viceroy".into(), version });
            });
            assert_eq!(state, State::Wrong);
            let expected =
                format!("Viceroy is {said}, and {} or newer is needed: /bin/viceroy", tools::VICEROY);
            assert_eq!(text, expected);
        }
    }

    #[test]
    fn a_missing_or_wrong_pushpin() {
        let (state, text, _, lines) = one(|machine| machine.pushpin = None);
        assert_eq!(state, State::Wrong);
        assert!(text.starts_with("Pushpin") && text.ends_with("is missing"), "{text}");
        assert_eq!(lines[0], "sudo apt-get install pushpin");

        let why = "/bin/pushpin is pushpin 1.20, and 1.36 or newer is needed";
        let (state, text, sentence, _) =
            one(|machine| machine.pushpin = Some(("/bin/pushpin".into(), Err(why.into()))));
        assert_eq!((state, text.as_str()), (State::Wrong, why));
        assert!(sentence.contains("--pushpin"), "{sentence}");
    }

    /// It is no fault of the machine: one command works with it.
    #[test]
    fn a_pushpin_that_the_fastly_cli_cannot_configure() {
        let old = Version { major: 1, minor: 36 };
        let (state, text, _, lines) = one(|machine| machine.pushpin = Some(("/bin/pushpin".into(), Ok(old))));
        assert_eq!(
            (state, text.as_str()),
            (State::Warning, "`fastly compute serve` hangs with Pushpin 1.36")
        );
        assert_eq!(lines, ["cargo fanout serve"]);
        let first = Version { major: 1, minor: 37 };
        let mut machine = machine();
        machine.pushpin = Some(("/bin/pushpin".into(), Ok(first)));
        assert!(machine.diagnose().iter().all(|line| line.state == State::Good));
    }

    #[test]
    fn a_missing_or_old_fastly_cli() {
        let (state, text, _, lines) = one(|machine| machine.cli = None);
        assert_eq!(state, State::Warning);
        assert!(text.ends_with("is not on PATH"), "{text}");
        assert_eq!(lines[0], "npm install --global @fastly/cli");

        for version in [Some("15.2.0"), None] {
            let (state, text, _, lines) = one(|machine| {
                let version = version.map(str::to_owned);
                machine.cli = Some(Tool { path: "/bin/fastly".into(), version });
            });
            assert_eq!((state, &*lines[0]), (State::Warning, "fastly update"));
            assert!(text.contains(version.unwrap_or("of no known version")), "{text}");
        }
    }

    #[test]
    fn each_port_that_is_taken() {
        for (index, flag) in ["--port", "--pushpin-port", "--publish-port"].into_iter().enumerate() {
            let mut number = 0;
            let (state, text, _, lines) = one(|machine| {
                number = machine.ports[index].number;
                machine.ports[index].problem = Some(PortProblem::Taken);
            });
            assert_eq!((state, text), (State::Wrong, format!("port {number} is taken")));
            assert_eq!(lines, [format!("cargo fanout serve {flag} {}", number + 1000)]);
        }
    }

    #[test]
    fn each_port_that_a_stack_cannot_use() {
        for (number, problem, expected, command) in [
            (80, PortProblem::NotAllowed, "this user may not listen on port 80", "--port 1080"),
            (
                0,
                PortProblem::Zero,
                "--port is 0, which is no port that clients can connect to",
                "--port 8000",
            ),
            (65_000, PortProblem::Taken, "port 65000 is taken", "--port 64000"),
        ] {
            let (state, text, _, lines) = one(|machine| {
                (machine.ports[0].number, machine.ports[0].problem) = (number, Some(problem));
            });
            assert_eq!((state, text.as_str()), (State::Wrong, expected));
            assert_eq!(lines, [format!("cargo fanout serve {command}")]);
        }
        let (_, text, _, lines) = one(|machine| {
            machine.ports[1].number = 7676;
            machine.ports[1].problem = Some(PortProblem::Same("--port"));
        });
        assert!(text.starts_with("--port and --pushpin-port are both 7676"), "{text}");
        assert_eq!(lines, ["cargo fanout serve --pushpin-port 8676"]);
    }

    #[test]
    fn a_taken_port_is_seen() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let taken = listener.local_addr().unwrap().port();
        let machine = Machine::look(ports(taken, crate::stack::free_port(), crate::stack::free_port()), None);
        assert_eq!(machine.ports.each_ref().map(|port| port.problem), [Some(PortProblem::Taken), None, None]);
    }

    #[test]
    fn a_given_pushpin_is_looked_at() {
        let machine = Machine::look(ports(1, 2, 3), Some(Path::new("/nowhere/pushpin")));
        let (path, version) = machine.pushpin.unwrap();
        assert_eq!(path, Path::new("/nowhere/pushpin"));
        assert!(version.unwrap_err().contains("cannot run /nowhere/pushpin"));
    }
}
