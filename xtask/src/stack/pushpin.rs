//! Pushpin's version, config and routes.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Config;

/// A Pushpin's version: `pushpin --version` says `pushpin 1.36.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The first number.
    pub major: u16,
    /// The second number.
    pub minor: u16,
}

impl Version {
    /// The oldest that the stack has been tried with.
    pub const OLDEST: Self = Self {
        major: 1,
        minor: 36,
    };

    /// Asks the binary.
    pub fn of(pushpin: &Path) -> Result<Self> {
        let output = Command::new(pushpin)
            .arg("--version")
            .output()
            .with_context(|| format!("cannot run {}", pushpin.display()))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let Some(version) = Self::parse(&text) else {
            bail!(
                "{} is no Pushpin: `--version` says {:?}, not `pushpin 1.x`",
                pushpin.display(),
                text.trim()
            );
        };
        if version < Self::OLDEST {
            bail!(
                "{} is {}; 1.36 or newer is needed",
                pushpin.display(),
                text.trim()
            );
        }
        Ok(version)
    }

    fn parse(text: &str) -> Option<Self> {
        let (major, rest) = text.trim().strip_prefix("pushpin ")?.split_once('.')?;
        let minor = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        Some(Self {
            major: major.parse().ok()?,
            minor: minor.parse().ok()?,
        })
    }

    /// From 1.37 on, Pushpin has its own connection manager in both directions; before, Condure stood before it and
    /// Zurl behind.
    fn has_connmgr(self) -> bool {
        self >= Self {
            major: 1,
            minor: 37,
        }
    }
}

/// Starts Pushpin with the config in `dir`, its services' logs merged into its own.
pub(super) fn command(config: &Config, dir: &Path) -> Command {
    let mut command = Command::new(&config.pushpin);
    command
        .arg("--merge-output")
        .arg(format!("--config={}", dir.join("pushpin.conf").display()));
    command
}

/// Where handed-off requests go back to. Viceroy names the backend in `Pushpin-Route`, and Pushpin finds it by `id`.
pub(super) fn routes(config: &Config) -> String {
    let port = config.port;
    format!("id=self 127.0.0.1:{port},over_http,host=localhost:{port}\n")
}

/// The whole of `pushpin.conf`. What it leaves out is as Pushpin has it.
pub(super) fn config(config: &Config, version: Version, dir: &Path) -> String {
    let dir = dir.display();
    let Config {
        pushpin_port,
        publish_port,
        ..
    } = config;
    let services = if version.has_connmgr() {
        "connmgr,proxy,handler"
    } else {
        "condure,zurl,pushpin-proxy,pushpin-handler"
    };

    let mut text = format!(
        "[global]
include={{libdir}}/internal.conf
rundir={dir}
ipc_prefix=

[runner]
services={services}
http_port=127.0.0.1:{pushpin_port}
logdir={dir}
"
    );
    if !config.small_buffers {
        text.push_str("client_buffer_size=1100000\n");
    }

    text.push_str(
        "
[proxy]
routesfile=routes
accept_pushpin_route=true
",
    );
    for (name, value) in [("sig_iss", &config.sig_iss), ("sig_key", &config.sig_key)] {
        if let Some(value) = value {
            let _ = writeln!(text, "{name}={value}");
        }
    }
    if !version.has_connmgr() {
        // Pushpin's own file names the sockets of a Zurl that the system runs; this one is ours.
        text.push_str(
            "zurl_out_specs=ipc://{rundir}/{ipc_prefix}zurl-in
zurl_out_stream_specs=ipc://{rundir}/{ipc_prefix}zurl-in-stream
zurl_in_specs=ipc://{rundir}/{ipc_prefix}zurl-out
",
        );
    }

    // Without `push_in_spec`, `push_in_sub_specs` and `command_spec` there are no more ports to collide on.
    let _ = write!(
        text,
        "
[handler]
push_in_http_addr=127.0.0.1
push_in_http_port={publish_port}
message_rate=2500
message_hwm=25000
id_cache_ttl=60
"
    );
    if !config.small_buffers {
        // A message of 1 MB in JSON, escaped, and in several formats. The first name is what 1.36 reads.
        text.push_str("push_in_max_body_size=10000000\npush_in_http_max_body_size=10000000\n");
    }
    text
}
