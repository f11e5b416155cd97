//! The configuration of a stack.

use std::path::PathBuf;

use super::Ports;

/// The `iss` of the tokens that Viceroy's own signing, and a local Pushpin, put into `Grip-Sig`.
pub const DEV_ISSUER: &str = "viceroy";
/// The key of those tokens. It is public, so it proves nothing on other machines.
pub const DEV_KEY: &str = "viceroy_dev_signing_key_dont_use_in_production";

/// The configuration of a [`Stack`](super::Stack).
#[derive(Debug, Clone)]
pub struct Config {
    /// The app.
    pub wasm: PathBuf,
    /// The `viceroy` binary.
    pub viceroy: PathBuf,
    /// The `pushpin` binary, 1.36 or newer.
    pub pushpin: PathBuf,
    /// The port of Viceroy, for clients.
    pub port: u16,
    /// The port of Pushpin, for handoffs.
    pub pushpin_port: u16,
    /// The port of Pushpin, for publishing.
    pub publish_port: u16,
    /// The port at which Pushpin reaches the app, if it is not `port`.
    pub origin_port: Option<u16>,
    /// `true` leaves Pushpin's buffers at their defaults, as production may have them and `serve` does. Otherwise 1 MB can be published,
    /// and a WebSocket client can send 200,000 bytes in a message, a limit that no setting of Pushpin raises.
    pub small_buffers: bool,
    /// The number of messages that Pushpin delivers in a second, counting one for each receiver; 0 is no limit. With
    /// small buffers it is Pushpin's own 2,500, and Pushpin drops what waits beyond 25,000.
    pub message_rate: u32,
    /// `true` if the service has Fanout enabled. Without it Viceroy hands nothing off, as Fastly does.
    pub fanout: bool,
    /// Pushpin's `sig_iss`; `None` leaves the line out of its config.
    pub sig_iss: Option<String>,
    /// Pushpin's `sig_key`; `None` leaves the line out of its config.
    pub sig_key: Option<String>,
    /// Other backends that the app hands off to: the name of each, and its port on this machine.
    pub backends: Vec<(String, u16)>,
    /// The app's `fastly.toml`. Viceroy gets it with the ports of this stack, and runs in its folder.
    pub manifest: PathBuf,
    /// More arguments for Viceroy, such as `-vvvv`.
    pub viceroy_args: Vec<String>,
    /// More environment for Viceroy, such as `RUST_LOG`.
    pub viceroy_env: Vec<(String, String)>,
}

impl Config {
    /// The three ports that the stack listens on.
    pub(super) fn ports(&self) -> Ports {
        let Self { port, pushpin_port, publish_port, .. } = *self;
        Ports { port, pushpin_port, publish_port }
    }

    /// A stack on the ports that the Fastly CLI uses too.
    pub fn new(
        wasm: impl Into<PathBuf>,
        manifest: impl Into<PathBuf>,
        viceroy: impl Into<PathBuf>,
        pushpin: impl Into<PathBuf>,
    ) -> Self {
        Self {
            wasm: wasm.into(),
            viceroy: viceroy.into(),
            pushpin: pushpin.into(),
            port: 7676,
            pushpin_port: 7677,
            publish_port: 5561,
            origin_port: None,
            small_buffers: false,
            message_rate: 10_000,
            fanout: true,
            sig_iss: Some(DEV_ISSUER.into()),
            sig_key: Some(DEV_KEY.into()),
            backends: Vec::new(),
            manifest: manifest.into(),
            viceroy_args: Vec::new(),
            viceroy_env: Vec::new(),
        }
    }
}
