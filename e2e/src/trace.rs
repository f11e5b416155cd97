//! The hostcalls of each request, from Viceroy's trace log.

use cargo_fanout::stack::Config;

/// One request to the app.
#[derive(Debug, Default)]
pub struct AppRequest {
    /// The request: `GET http://127.0.0.1:7676/sse`.
    pub request: String,
    /// Its hostcalls in order: `fastly_http_req::uri_get`.
    pub hostcalls: Vec<String>,
    /// `true` once the app has ended. Values that it drops after the answer are hostcalls too.
    pub completed: bool,
}

/// Makes Viceroy log every hostcall.
pub fn trace_hostcalls(config: &mut Config) {
    config.viceroy_args.push("-vvvv".into());
    config.viceroy_env.push(("RUST_LOG".into(), "viceroy_lib=trace".into()));
}

impl AppRequest {
    /// Every request in a log, oldest first.
    pub fn all(viceroy_log: &str) -> Vec<Self> {
        let mut all = Vec::<Self>::new();
        for line in viceroy_log.lines() {
            let Some((id, event)) = request(line) else {
                continue;
            };
            if id >= all.len() {
                all.resize_with(id + 1, Self::default);
            }
            let app_request = &mut all[id];
            if let Some(request) = event.strip_prefix(": handling request ") {
                app_request.request = request.trim_end().into();
            } else if event.starts_with(": request completed in ") {
                app_request.completed = true;
            } else if let Some(hostcall) = hostcall(event) {
                app_request.hostcalls.push(hostcall);
            }
        }
        all
    }
}

/// `… request{id=7}: handling …` or `… request{id=7}:wiggle abi{…}: …`. A request that the app makes itself, through the
/// proxy, is logged inside the one that made it: `… request{id=6}:request{id=7}: …`.
fn request(line: &str) -> Option<(usize, &str)> {
    let mut rest = line.split_once(" request{id=")?.1;
    loop {
        let (id, event) = rest.split_once('}')?;
        match event.strip_prefix(":request{id=") {
            Some(inner) => rest = inner,
            None => return Some((id.parse().ok()?, event)),
        }
    }
}

/// `:wiggle abi{module="fastly_abi" function="init"}: result=Ok(())`; most hostcalls log their arguments before.
fn hostcall(event: &str) -> Option<String> {
    let (names, rest) = event.strip_prefix(":wiggle abi{module=\"")?.split_once("\"}: ")?;
    let (module, function) = names.split_once("\" function=\"")?;
    rest.starts_with("result=").then(|| format!("{module}::{function}"))
}
