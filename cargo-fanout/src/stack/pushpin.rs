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
    /// The oldest version that the stack was tried with.
    pub const OLDEST: Self = Self { major: 1, minor: 36 };

    /// Runs `pushpin --version`.
    pub fn of(pushpin: &Path) -> Result<Self> {
        let output = Command::new(pushpin)
            .arg("--version")
            .output()
            .with_context(|| format!("cannot run {}", pushpin.display()))?;
        Self::said_by(pushpin, &String::from_utf8_lossy(&output.stdout))
    }

    fn said_by(pushpin: &Path, text: &str) -> Result<Self> {
        let (pushpin, Self { major, minor }) = (pushpin.display(), Self::OLDEST);
        // Another program may print its license too.
        let text = text.lines().next().unwrap_or_default();
        match Self::parse(text) {
            Some(version) if version >= Self::OLDEST => Ok(version),
            Some(_) => bail!(
                "{pushpin} is {text}, and {major}.{minor} or newer is needed: give the path of another with --pushpin"
            ),
            None => bail!(
                "{pushpin} is no Pushpin: `--version` says {text:?}, not `pushpin {major}.{minor}`: give the path \
                 of one with --pushpin"
            ),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (major, rest) = text.trim().strip_prefix("pushpin ")?.split_once('.')?;
        let minor = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        Some(Self { major: major.parse().ok()?, minor: minor.parse().ok()? })
    }

    /// Returns `true` from 1.37 on, where Pushpin has its own connection manager. Earlier versions have Condure for
    /// clients, and Zurl for requests to the app.
    pub(crate) fn has_connmgr(self) -> bool {
        self >= Self { major: 1, minor: 37 }
    }
}

/// The variables from which Zurl, as every libcurl, takes a proxy for its requests to the app.
const PROXIES: [&str; 6] =
    ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

/// Starts Pushpin with the config in `dir`, its services' logs merged into its own.
pub(super) fn command(config: &Config, dir: &Path) -> Command {
    let mut command = Command::new(&config.pushpin);
    command.arg("--merge-output").arg(format!("--config={}", dir.join("pushpin.conf").display()));
    for proxy in PROXIES {
        command.env_remove(proxy);
    }
    command
}

/// The routes by which Pushpin reaches the app. Viceroy names the backend in `Pushpin-Route`, and Pushpin finds it by
/// `id`.
pub(super) fn routes(config: &Config) -> String {
    let port = config.port;
    let origin = config.origin_port.unwrap_or(port);
    let mut routes = format!("id=self 127.0.0.1:{origin},over_http,host=localhost:{port}\n");
    for (name, port) in &config.backends {
        let _ = writeln!(routes, "id={name} 127.0.0.1:{port},over_http");
    }
    routes
}

/// The content of `pushpin.conf`.
pub(super) fn config(config: &Config, version: Version, dir: &Path) -> String {
    let dir = dir.display();
    let Config { pushpin_port, publish_port, .. } = config;
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
        // A client's message may have 200,000 bytes, a limit in Pushpin's source, and 1.36 needs all of it in this
        // buffer. Published content is cut into pieces, and may be longer.
        text.push_str("client_buffer_size=262144\n");
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
message_rate={rate}
message_hwm={hwm}
id_cache_ttl=60
",
        rate = if config.small_buffers { 2_500 } else { config.message_rate },
        hwm = if config.small_buffers { 25_000 } else { 1_000_000 },
    );
    if !config.small_buffers {
        // A message of 1 MB in JSON, escaped, and in several formats. The first name is what 1.36 reads.
        text.push_str("push_in_max_body_size=10000000\npush_in_http_max_body_size=10000000\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOKWORM: Version = Version { major: 1, minor: 36 };
    const SID: Version = Version { major: 1, minor: 41 };

    fn text(version: Version, change: impl FnOnce(&mut Config)) -> String {
        let mut sample = Config::new("app.wasm", "fastly.toml", "viceroy", "pushpin");
        change(&mut sample);
        config(&sample, version, Path::new("/run/it"))
    }

    #[test]
    fn versions() {
        for (text, version) in [
            ("pushpin 1.36.0\n", Some(BOOKWORM)),
            ("pushpin 1.41.0", Some(SID)),
            ("pushpin 2.0.0-dev\n", Some(Version { major: 2, minor: 0 })),
            ("pushpin 1.9", Some(Version { major: 1, minor: 9 })),
            ("pushpin", None),
            ("pushpin one.two", None),
            ("viceroy 0.22.0", None),
            ("", None),
        ] {
            assert_eq!(Version::parse(text), version, "{text:?}");
        }
        assert!(Version { major: 1, minor: 9 } < Version::OLDEST, "numbers, not text");
        assert!(Version { major: 2, minor: 0 } > SID);
    }

    #[test]
    fn a_version_that_does_not_fit_is_named() {
        let told =
            |text| Version::said_by(Path::new("/opt/pushpin"), text).map_err(|error| error.to_string());
        assert_eq!(told("pushpin 1.36.0"), Ok(BOOKWORM));
        let old = told("pushpin 1.35.0").unwrap_err();
        assert!(old.starts_with("/opt/pushpin is pushpin 1.35.0, and 1.36 or newer is needed: "), "{old}");
        let other = told("cat (GNU coreutils) 9.1\nThere is NO WARRANTY").unwrap_err();
        assert!(
            other.starts_with("/opt/pushpin is no Pushpin: `--version` says \"cat (GNU coreutils) 9.1\","),
            "{other}"
        );
        assert!(old.ends_with("--pushpin") && other.ends_with("--pushpin"), "{old}\n{other}");
    }

    #[test]
    fn condure_and_zurl_until_1_36() {
        let text = text(BOOKWORM, |_| {});
        assert!(text.contains("\nservices=condure,zurl,pushpin-proxy,pushpin-handler\n"), "{text}");
        assert!(text.contains("\nzurl_in_specs=ipc://{rundir}/{ipc_prefix}zurl-out\n"), "{text}");
    }

    #[test]
    fn its_own_connection_manager_after() {
        for version in [SID, Version { major: 1, minor: 37 }] {
            let text = text(version, |_| {});
            assert!(text.contains("\nservices=connmgr,proxy,handler\n"), "{text}");
            assert!(!text.contains("zurl"), "{text}");
        }
    }

    #[test]
    fn ports_and_folders_are_ours() {
        for version in [BOOKWORM, SID] {
            let text = text(version, |config| {
                config.pushpin_port = 1234;
                config.publish_port = 5678;
            });
            assert!(text.contains("\nhttp_port=127.0.0.1:1234\n"), "{text}");
            assert!(text.contains("\npush_in_http_port=5678\n"), "{text}");
            assert!(text.contains("\nrundir=/run/it\n"), "{text}");
            assert!(text.contains("\nlogdir=/run/it\n"), "{text}");
            assert!(!text.contains("tcp://"), "{text}");
        }
    }

    #[test]
    fn no_proxy_stands_between_it_and_the_app() {
        let command =
            command(&Config::new("app.wasm", "fastly.toml", "viceroy", "pushpin"), Path::new("/run/it"));
        for proxy in ["http_proxy", "all_proxy", "ALL_PROXY"] {
            assert!(command.get_envs().any(|(name, value)| name == proxy && value.is_none()), "{proxy}");
        }
    }

    #[test]
    fn signatures() {
        let default = text(SID, |_| {});
        assert!(default.contains("\nsig_iss=viceroy\nsig_key=viceroy_dev_signing_key"), "{default}");
        let other = text(SID, |config| {
            config.sig_iss = None;
            config.sig_key = Some(String::new());
        });
        assert!(!other.contains("sig_iss"), "{other}");
        assert!(other.contains("\nsig_key=\n"), "{other}");
    }

    #[test]
    fn small_buffers_are_pushpins_own() {
        let text = text(BOOKWORM, |config| config.small_buffers = true);
        assert!(!text.contains("buffer_size"), "{text}");
        assert!(!text.contains("max_body_size"), "{text}");
        assert!(text.contains("\nmessage_rate=2500\nmessage_hwm=25000\n"), "{text}");
    }

    #[test]
    fn the_route_leads_to_viceroy() {
        let mut config = Config::new("app.wasm", "fastly.toml", "viceroy", "pushpin");
        config.port = 4321;
        let own = "id=self 127.0.0.1:4321,over_http,host=localhost:4321\n";
        assert_eq!(routes(&config), own);
        config.backends.push(("origin".into(), 8080));
        assert_eq!(routes(&config), own.to_owned() + "id=origin 127.0.0.1:8080,over_http\n");
        config.backends.clear();
        config.origin_port = Some(5432);
        assert_eq!(routes(&config), "id=self 127.0.0.1:5432,over_http,host=localhost:4321\n");
    }
}
