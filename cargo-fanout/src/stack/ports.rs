//! The ports of a stack.

use std::io;
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

/// The reason why a stack cannot use a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// The number 0, with which the system chooses a port.
    Zero,
    /// The port of another option.
    Same(&'static str),
    /// A port on which this user may not listen.
    NotAllowed,
    /// Something listens on it.
    Taken,
}

impl Problem {
    /// The problem of each port of a stack, with the port and its option.
    pub(crate) fn of_each(ports: Ports) -> [(u16, &'static str, Option<Self>); 3] {
        let all = ports.with_flags();
        all.map(|(port, flag)| {
            let earlier = all.iter().take_while(|(_, other)| *other != flag);
            let same = earlier.into_iter().find(|(other, _)| *other == port);
            let problem = match same {
                _ if port == 0 => Some(Self::Zero),
                Some((_, other)) => Some(Self::Same(other)),
                None => Self::of(port),
            };
            (port, flag, problem)
        })
    }

    /// The problem of one port, which is not 0.
    fn of(port: u16) -> Option<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let bound = TcpListener::bind(address).map(drop);
        // macOS allows a second listener beside one on all addresses, so connect as well.
        Self::of_listening(bound, || TcpStream::connect(address).is_ok())
    }

    fn of_listening(bound: io::Result<()>, answers: impl FnOnce() -> bool) -> Option<Self> {
        match bound {
            _ if answers() => Some(Self::Taken),
            Ok(()) => None,
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Some(Self::NotAllowed),
            Err(_) => Some(Self::Taken),
        }
    }

    /// Says what is wrong with a port.
    pub(crate) fn of_port(self, port: u16, flag: &str) -> String {
        match self {
            Self::Zero => format!("{flag} is 0, which is no port that clients can connect to"),
            Self::Same(other) => {
                format!("{other} and {flag} are both {port}, and each needs a port of its own")
            }
            Self::NotAllowed => format!("this user may not listen on port {port}"),
            Self::Taken => format!("port {port} is taken"),
        }
    }

    /// Says what to do.
    fn remedy(self, flag: &str) -> String {
        match self {
            Self::Zero | Self::Same(_) => format!("choose another port with {flag}"),
            Self::NotAllowed => {
                format!("systems reserve the ports below 1024: choose a higher one with {flag}")
            }
            Self::Taken => {
                format!("end the program that listens on it, or choose another port with {flag}")
            }
        }
    }
}

/// Fails if a stack cannot use one of its ports.
pub fn check_ports(ports: Ports) -> Result<()> {
    for (port, flag, problem) in Problem::of_each(ports) {
        if let Some(problem) = problem
            && !(problem == Problem::Taken && becomes_free(port, Duration::from_secs(1)))
        {
            bail!("{}: {}", problem.of_port(port, flag), problem.remedy(flag));
        }
    }
    Ok(())
}

/// Returns `true` if this user can listen on a port of this machine, and nothing does.
pub fn is_free(port: u16) -> bool {
    Problem::of(port).is_none()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn said(port: u16, pushpin_port: u16, publish_port: u16) -> String {
        check_ports(Ports { port, pushpin_port, publish_port }).unwrap_err().to_string()
    }

    #[test]
    fn ports_that_are_free_are_good() -> Result<()> {
        check_ports(Ports { port: free_port(), pushpin_port: free_port(), publish_port: free_port() })
    }

    #[test]
    fn port_0_is_refused() {
        let (one, two) = (free_port(), free_port());
        for (said, flag) in [
            (said(0, one, two), "--port"),
            (said(one, 0, two), "--pushpin-port"),
            (said(one, two, 0), "--publish-port"),
            (said(one, 0, 0), "--pushpin-port"),
        ] {
            let expected = format!(
                "{flag} is 0, which is no port that clients can connect to: choose another port with {flag}"
            );
            assert_eq!(said, expected);
        }
    }

    #[test]
    fn equal_ports_are_refused_with_both_options() {
        let (one, two) = (free_port(), free_port());
        for (said, first, second) in [
            (said(one, one, two), "--port", "--pushpin-port"),
            (said(one, two, one), "--port", "--publish-port"),
            (said(two, one, one), "--pushpin-port", "--publish-port"),
        ] {
            let expected = format!(
                "{first} and {second} are both {one}, and each needs a port of its own: \
                 choose another port with {second}"
            );
            assert_eq!(said, expected);
        }
    }

    #[test]
    fn a_port_that_is_taken_is_refused() -> Result<()> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let taken = listener.local_addr()?.port();
        let said = said(free_port(), taken, free_port());
        assert!(said.starts_with(&format!("port {taken} is taken: end the program")), "{said}");
        assert!(said.ends_with("--pushpin-port"), "{said}");
        Ok(())
    }

    /// A superuser may listen on each port, so the error is made here.
    #[test]
    fn a_port_that_needs_a_permission_is_not_called_taken() {
        let denied = || Err(io::ErrorKind::PermissionDenied.into());
        let problem = Problem::of_listening(denied(), || false).unwrap();
        assert_eq!(problem.of_port(80, "--port"), "this user may not listen on port 80");
        assert!(problem.remedy("--port").ends_with("choose a higher one with --port"));
        assert_eq!(Problem::of_listening(denied(), || true), Some(Problem::Taken));
        let in_use = Err(io::ErrorKind::AddrInUse.into());
        assert_eq!(Problem::of_listening(in_use, || false), Some(Problem::Taken));
        assert_eq!(Problem::of_listening(Ok(()), || false), None);
    }
}
