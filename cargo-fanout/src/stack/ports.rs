//! The ports of a stack.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU16, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// The ports of a stack, as options of a command.
#[derive(clap::Args, Clone, Copy, Debug)]
pub struct Ports {
    /// The port for clients
    #[arg(long, default_value_t = 7676)]
    pub port: u16,
    /// The port of Pushpin, for handoffs
    #[arg(long, default_value_t = 7677)]
    pub pushpin_port: u16,
    /// The port to publish to
    #[arg(long, default_value_t = 5561)]
    pub publish_port: u16,
}

impl Ports {
    /// Returns each port with its option.
    pub fn with_flags(self) -> [(u16, &'static str); 3] {
        let Self { port, pushpin_port, publish_port } = self;
        [(port, "--port"), (pushpin_port, "--pushpin-port"), (publish_port, "--publish-port")]
    }
}

/// Fails if one of the ports of a stack is taken.
pub fn check_ports(ports: Ports) -> Result<()> {
    for (port, flag) in ports.with_flags() {
        if !becomes_free(port, Duration::from_secs(1)) {
            bail!(
                "port {port} is taken: end the program that listens on it, or choose another port with {flag}"
            )
        }
    }
    Ok(())
}

/// Returns `true` if nothing listens on a port of this machine.
pub fn is_free(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    // macOS allows a second listener beside one on all addresses, so connect as well.
    TcpListener::bind(address).is_ok() && TcpStream::connect(address).is_err()
}

/// Returns `true` if a port becomes free within a time. A port whose listener was just closed may stay taken for a
/// moment, because a child process that another thread starts holds all sockets until its `exec`.
pub(super) fn becomes_free(port: u16, patience: Duration) -> bool {
    let deadline = Instant::now() + patience;
    while !is_free(port) {
        if Instant::now() > deadline {
            return false;
        }
        thread::sleep(Duration::from_millis(20));
    }
    true
}

/// Returns a free port, below the range from which systems take the ports of outgoing connections, so that a port that is free now stays
/// free until it is listened on. Processes start at different places, and one process never gets a port twice.
pub fn free_port() -> u16 {
    const FIRST: u16 = 16_000;
    const COUNT: u16 = 16_000;
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = (std::process::id().wrapping_mul(61) % u32::from(COUNT)) as u16;
    loop {
        let port = FIRST + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % COUNT;
        if is_free(port) {
            return port;
        }
    }
}
