//! The time that the table of endpoints, with its search for route conflicts, adds to `cargo check`.
//!
//! `cargo xtask bench check` measures it in a few minutes.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use ui::{neutral, repository};

/// The number of checks of each app. The fastest one counts, because other work slows the rest.
const RUNS: usize = 5;

/// The number of endpoints in a module.
const IN_A_MODULE: usize = 20;

/// The way in which an app serves its endpoints.
#[derive(Clone, Copy, Debug)]
enum Main {
    /// A plain list of routes, without the search for route conflicts.
    Handle,
    /// One list of all endpoints.
    Listed,
    /// A list of the modules, and in each of them a list.
    Nested,
}

#[test]
#[ignore = "it measures"]
fn a_list_of_endpoints_costs_little() {
    for count in [200, 1000] {
        let apps = [Main::Handle, Main::Listed, Main::Nested].map(|main| (main, App::new(count, main)));
        let mut seconds = [f64::INFINITY; 3];
        for _ in 0..RUNS {
            for (best, (_, app)) in seconds.iter_mut().zip(&apps) {
                *best = best.min(app.check());
            }
        }
        for ((main, _), best) in apps.iter().zip(seconds) {
            println!("{count:>5} endpoints  {main:<8?} {best:>6.2} s  × {:.2}", best / seconds[0]);
        }
        // A thousand endpoints only have to compile: the compiler warns about constants that take long to evaluate.
        let bound = if count == 200 { 1.5 } else { f64::INFINITY };
        assert!(seconds.iter().all(|best| *best <= bound * seconds[0]), "{seconds:?}");
    }
}

/// An app in a folder of its own.
struct App {
    folder: String,
}

impl App {
    fn new(count: usize, main: Main) -> Self {
        let folder = format!("{}/check-time/{count}-{main:?}", env!("CARGO_TARGET_TMPDIR"));
        fs::create_dir_all(format!("{folder}/src")).expect("a folder");
        let manifest = format!(
            "[package]\nname = \"app\"\nedition = \"2024\"\n\n[dependencies]\nfanout = {{ path = {:?} }}\n\n[workspace]\n",
            repository().join("runtime")
        );
        write(&folder, "Cargo.toml", &manifest);
        fs::copy(repository().join("Cargo.lock"), format!("{folder}/Cargo.lock")).expect("a lock file");
        write(&folder, "src/main.rs", &source(count, main));
        let app = Self { folder };
        app.check();
        app
    }

    /// The seconds of processor time for a check of the app, without its dependencies.
    fn check(&self) -> f64 {
        let source = format!("{}/src/main.rs", self.folder);
        fs::write(&source, fs::read(&source).expect("it is there")).expect("it is newer now");
        let target = format!("{}/check-time/target", env!("CARGO_TARGET_TMPDIR"));
        let mut shell = Command::new("sh");
        shell.args(["-c", "cargo check --offline --quiet && times"]);
        neutral(&mut shell, &[]).current_dir(&self.folder).env("CARGO_TARGET_DIR", target);
        let output = shell.output().expect("a shell");
        let Output { status, stdout, stderr } = output;
        let said = String::from_utf8_lossy(&stderr);
        assert!(status.success() && said.is_empty(), "{said}");
        // The second line has the times of the commands: `0m1.30s 0m0.20s`.
        let times = String::from_utf8(stdout).expect("text");
        let user = times.lines().nth(1).and_then(|line| line.split_whitespace().next()).expect("two times");
        let (minutes, seconds) = user.trim_end_matches('s').split_once('m').expect("minutes and seconds");
        minutes.parse::<f64>().expect("a number") * 60.0 + seconds.parse::<f64>().expect("a number")
    }
}

fn write(folder: &str, name: &str, text: &str) {
    let path = Path::new(folder).join(name);
    if fs::read_to_string(&path).is_ok_and(|there| there == text) {
        return;
    }
    fs::write(path, text).expect("a file");
}

/// The source of an app. Some paths have parameters, and their lengths differ.
fn source(count: usize, main: Main) -> String {
    let mut source = String::new();
    let modules = count / IN_A_MODULE;
    for module in 0..modules {
        let listed: Vec<_> = (0..IN_A_MODULE).map(|number| format!("e{number}")).collect();
        source += &format!("mod m{module} {{\n");
        for (number, name) in listed.iter().enumerate() {
            let path = match number % 4 {
                0 => format!("/m{module}/e{number}"),
                1 => format!("/m{module}/e{number}/{{id}}"),
                2 => format!("/m{module}/{{id}}/e{number}"),
                _ => format!("/m{module}/{{id}}/e{number}/{{*_rest}}"),
            };
            let channel =
                if number % 4 == 0 { format!("m{module}-e{number}") } else { format!("e{number}-{{id}}") };
            source += &format!(
                "    #[fanout::sse(path = {path:?}, channel = {channel:?})]\n    pub fn {name}() {{}}\n"
            );
        }
        if matches!(main, Main::Nested) {
            source +=
                &format!("    #[fanout::endpoints({})]\n    pub enum Endpoints {{}}\n", listed.join(", "));
        }
        source += "}\n";
    }
    let every = || {
        (0..modules).flat_map(|module| (0..IN_A_MODULE).map(move |number| format!("m{module}::e{number}")))
    };
    let main = match main {
        Main::Handle => {
            let routes: String =
                every().map(|name| format!("    <{name} as fanout::Endpoint>::ROUTE,\n")).collect();
            format!(
                "const ROUTES: &[fanout::Route] = &[\n{routes}];\n\
                 fn main() {{\n    let _ = fanout::handle(fanout::prelude::Request::from_client(), ROUTES);\n}}\n"
            )
        }
        Main::Listed => {
            format!("#[fanout::main({})]\nfn main() {{}}\n", every().collect::<Vec<_>>().join(", "))
        }
        Main::Nested => {
            let modules: Vec<_> = (0..modules).map(|module| format!("m{module}::Endpoints")).collect();
            format!("#[fanout::main({})]\nfn main() {{}}\n", modules.join(", "))
        }
    };
    source + &main
}
