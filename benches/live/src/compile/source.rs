//! The sources of the apps that are checked.

use std::fmt::{self, Write as _};

use ui::repository;

/// The number of endpoints in a module.
const IN_A_MODULE: usize = 20;

/// The way in which an app serves its endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Main {
    /// The plain `fastly` crate.
    ByHand,
    /// A plain list of routes, without the search for route conflicts.
    Handle,
    /// One list of all endpoints.
    Listed,
    /// A list of the modules, and in each of them a list.
    Nested,
}

impl fmt::Display for Main {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ByHand => "by hand",
            Self::Handle => "in a plain list of routes",
            Self::Listed => "in one list",
            Self::Nested => "in lists in a list",
        })
    }
}

/// The manifest of an app.
pub(super) fn manifest(main: Main) -> String {
    let dependency = match main {
        // The version is that of the lock file.
        Main::ByHand => "fastly = \"*\"".to_owned(),
        _ => format!("fanout = {{ path = {:?} }}", repository().join("runtime")),
    };
    format!("[package]\nname = \"app\"\nedition = \"2024\"\n\n[dependencies]\n{dependency}\n\n[workspace]\n")
}

/// The source of an app. Some paths have parameters, and their lengths differ.
pub(super) fn source(count: usize, main: Main) -> String {
    if main == Main::ByHand { by_hand(count) } else { with_attributes(count, main) }
}

fn with_attributes(count: usize, main: Main) -> String {
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
        if main == Main::Nested {
            source +=
                &format!("    #[fanout::endpoints({})]\n    pub enum Endpoints {{}}\n", listed.join(", "));
        }
        source += "}\n";
    }
    let every = || {
        (0..modules).flat_map(|module| (0..IN_A_MODULE).map(move |number| format!("m{module}::e{number}")))
    };
    source += &match main {
        Main::ByHand => unreachable!("it has no attributes"),
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
    source
}

/// The same paths and channels, each endpoint a function that hands off or holds.
fn by_hand(count: usize) -> String {
    let mut source =
        "use fastly::http::header::CONTENT_TYPE;\nuse fastly::{Error, Request, Response};\n\n".to_owned();
    let mut arms = String::new();
    for module in 0..count / IN_A_MODULE {
        source += &format!("mod m{module} {{\n    use super::*;\n");
        for number in 0..IN_A_MODULE {
            let (pattern, channel) = match number % 4 {
                0 => (format!(r#""m{module}", "e{number}""#), format!(r#""m{module}-e{number}""#)),
                1 => (format!(r#""m{module}", "e{number}", id"#), format!(r#"format!("e{number}-{{id}}")"#)),
                2 => (format!(r#""m{module}", id, "e{number}""#), format!(r#"format!("e{number}-{{id}}")"#)),
                _ => (
                    format!(r#""m{module}", id, "e{number}", .."#),
                    format!(r#"format!("e{number}-{{id}}")"#),
                ),
            };
            let (parameter, argument) = if number % 4 == 0 { ("", "") } else { (", id: &str", ", id") };
            let _ = write!(
                source,
                r#"
    pub fn e{number}(request: Request{parameter}) -> Result<(), Error> {{
        if !request.contains_header("Grip-Sig") {{
            return Ok(request.handoff_fanout("self")?);
        }}
        Response::from_status(200)
            .with_header(CONTENT_TYPE, "text/event-stream")
            .with_header("Grip-Hold", "stream")
            .with_header("Grip-Channel", {channel})
            .with_body(":\n\n")
            .send_to_client();
        Ok(())
    }}
"#
            );
            let _ = writeln!(arms, "        [{pattern}] => m{module}::e{number}(request{argument}),");
        }
        source += "}\n\n";
    }
    source
        + &format!(
            r#"fn main() -> Result<(), Error> {{
    let request = Request::from_client();
    let path = request.get_path().to_owned();
    let segments: Vec<_> = path.split('/').skip(1).collect();
    match segments[..] {{
{arms}        _ => {{
            Response::from_status(404).with_body("not found\n").send_to_client();
            Ok(())
        }}
    }}
}}
"#
        )
}
