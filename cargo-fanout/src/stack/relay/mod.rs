//! The connections from clients to Viceroy and from Viceroy to Pushpin, passed on byte by byte.
//!
//! Viceroy 0.22 loses what Pushpin sends together with the answer that opens a WebSocket, since it takes over the
//! connection without the bytes that its HTTP client has already read. So the relay sends the head of that answer alone,
//! and the bytes behind it once the head has come out of Viceroy on the client's side.
//!
//! Clients connect to the relay, so an app can be replaced while they are connected: a new connection goes to the new
//! Viceroy, a response or a WebSocket that an earlier Viceroy carries goes on. A connection that waits for its next
//! request is closed, as every HTTP server may close it.

mod exchange;

use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, TcpListener as StdListener};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::io::AsyncWriteExt as _;
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use exchange::Exchange;

/// The largest number of bytes that one read takes. A connection without traffic has no buffer.
const READ: usize = 64 * 1024;

/// The time for which bytes behind a head wait. The head comes out of Viceroy within a millisecond or so, and this is for
/// heads that never do.
const HELD: Duration = Duration::from_secs(20);

/// The relay of one stack, on a thread of its own. Dropping it closes all connections.
pub(super) struct Relay {
    shared: Arc<Shared>,
    commands: mpsc::UnboundedSender<Command>,
    thread: Option<thread::JoinHandle<()>>,
    /// The port at which Viceroy reaches Pushpin.
    pub(super) proxy_port: u16,
}

enum Command {
    Listen(StdListener),
    /// The sender gets word when the port is closed.
    Close(std::sync::mpsc::Sender<()>),
}

impl Relay {
    /// Starts a relay to the Pushpin at a port. There is no port for clients yet.
    pub(super) fn start(pushpin_port: u16) -> Result<Self> {
        more_files();
        let proxy = listener(0)?;
        let proxy_port = proxy.local_addr()?.port();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (commands, received) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared::new());
        let thread = thread::spawn({
            let shared = Arc::clone(&shared);
            move || runtime.block_on(run(proxy, pushpin_port, received, shared))
        });
        Ok(Self { shared, commands, thread: Some(thread), proxy_port })
    }

    /// Listens for clients at `port`, if it does not yet, and takes new connections to the Viceroy at `viceroy_port`.
    pub(super) fn open(&self, port: u16, viceroy_port: u16) -> Result<()> {
        self.shared.viceroy.send_replace(viceroy_port);
        let mut listens = self.shared.listens();
        if !*listens {
            let _ = self.commands.send(Command::Listen(listener(port)?));
            *listens = true;
        }
        Ok(())
    }

    /// Ends listening for clients, so that they are refused as if Viceroy itself had listened.
    pub(super) fn close(&self) {
        *self.shared.listens() = false;
        let (sender, closed) = std::sync::mpsc::channel();
        let _ = self.commands.send(Command::Close(sender));
        let _ = closed.recv();
    }

    /// The number of connections of clients that the Viceroy at a port carries.
    pub(super) fn connections(&self, viceroy_port: u16) -> usize {
        self.shared.connections().get(&viceroy_port).copied().unwrap_or(0)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // The thread ends when no sender is left.
        self.commands = mpsc::unbounded_channel().0;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A listener on this machine.
fn listener(port: u16) -> Result<StdListener> {
    let listener = StdListener::bind((Ipv4Addr::LOCALHOST, port))
        .with_context(|| format!("cannot listen on port {port}"))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Raises the limit of open files as far as the system allows: a client takes four in the relay.
fn more_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    // macOS names no maximum, and refuses more than this.
    for current in [limit.maximum.unwrap_or(10_240), 10_240] {
        let more = limit.current.is_some_and(|now| now < current);
        if !more
            || setrlimit(Resource::Nofile, rustix::process::Rlimit { current: Some(current), ..limit })
                .is_ok()
        {
            return;
        }
    }
}

/// The state that all connections share.
struct Shared {
    /// The port of the Viceroy that gets new connections.
    viceroy: watch::Sender<u16>,
    listens: Mutex<bool>,
    connections: Mutex<HashMap<u16, usize>>,
    /// For each `Sec-WebSocket-Accept` that Pushpin has sent, those who wait until it comes out of Viceroy.
    opening: Mutex<HashMap<Vec<u8>, VecDeque<oneshot::Sender<()>>>>,
}

impl Shared {
    fn new() -> Self {
        Self {
            viceroy: watch::Sender::new(0),
            listens: Mutex::default(),
            connections: Mutex::default(),
            opening: Mutex::default(),
        }
    }

    fn listens(&self) -> MutexGuard<'_, bool> {
        self.listens.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn connections(&self) -> MutexGuard<'_, HashMap<u16, usize>> {
        self.connections.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn opening(&self) -> MutexGuard<'_, HashMap<Vec<u8>, VecDeque<oneshot::Sender<()>>>> {
        self.opening.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Waits for [`opened`](Self::opened) with the same value.
    fn opens(&self, accept: &[u8]) -> oneshot::Receiver<()> {
        let (sender, receiver) = oneshot::channel();
        let mut opening = self.opening();
        opening.retain(|_, waiting| {
            waiting.retain(|sender| !sender.is_closed());
            !waiting.is_empty()
        });
        opening.entry(accept.to_owned()).or_default().push_back(sender);
        receiver
    }

    /// A WebSocket has opened on the client's side.
    fn opened(&self, accept: &[u8]) {
        let mut opening = self.opening();
        if let Some(sender) = opening.get_mut(accept).and_then(VecDeque::pop_front) {
            let _ = sender.send(());
        }
    }
}

/// One of the connections that a Viceroy carries.
struct Counted<'a>(&'a Shared, u16);

impl<'a> Counted<'a> {
    fn new(shared: &'a Shared, viceroy_port: u16) -> Self {
        *shared.connections().entry(viceroy_port).or_default() += 1;
        Self(shared, viceroy_port)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        let mut connections = self.0.connections();
        if let Some(count) = connections.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                connections.remove(&self.1);
            }
        }
    }
}

/// The thread of a relay, until the last sender of commands is dropped.
async fn run(
    proxy: StdListener,
    pushpin_port: u16,
    mut commands: mpsc::UnboundedReceiver<Command>,
    shared: Arc<Shared>,
) {
    let to_pushpin = Arc::clone(&shared);
    accept(proxy, move |viceroy| handed_off(viceroy, pushpin_port, Arc::clone(&to_pushpin)));
    let mut clients: Option<JoinHandle<()>> = None;
    while let Some(command) = commands.recv().await {
        if let Some(clients) = clients.take() {
            clients.abort();
            let _ = clients.await;
        }
        match command {
            Command::Listen(listener) => {
                let shared = Arc::clone(&shared);
                clients = accept(listener, move |client| from_client(client, Arc::clone(&shared)));
            }
            Command::Close(closed) => drop(closed),
        }
    }
}

/// Passes every connection on in a task of its own.
fn accept<F: Future<Output = ()> + Send + 'static>(
    listener: StdListener,
    pass_on: impl Fn(TcpStream) -> F + Send + 'static,
) -> Option<JoinHandle<()>> {
    let listener = TcpListener::from_std(listener).ok()?;
    Some(tokio::spawn(async move {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => drop(tokio::spawn(pass_on(stream))),
                // Too many open files, or a client that is gone already.
                Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    }))
}

/// A connection of a client, or of Pushpin to the app.
async fn from_client(client: TcpStream, shared: Arc<Shared>) {
    let mut current = shared.viceroy.subscribe();
    let viceroy_port = *current.borrow_and_update();
    // Counted for longer than the sockets are open.
    let _counted = Counted::new(&shared, viceroy_port);
    carried(client, viceroy_port, current, &shared).await;
}

async fn carried(
    mut client: TcpStream,
    viceroy_port: u16,
    mut current: watch::Receiver<u16>,
    shared: &Shared,
) {
    let Some(mut viceroy) = connect(viceroy_port, &client).await else { return };
    let exchange = watch::Sender::new(Exchange::default());

    let (from_client, to_client) = client.split();
    let (from_viceroy, to_viceroy) = viceroy.split();
    let requests = async {
        let mut requests = Pipe { from: from_client, to: to_viceroy };
        while let Some(bytes) = requests.read().await? {
            exchange.send_modify(|exchange| exchange.request(&bytes));
            requests.to.write_all(&bytes).await?;
        }
        requests.end().await
    };
    let responses = async {
        let mut responses = Pipe { from: from_viceroy, to: to_client };
        while let Some(bytes) = responses.read().await? {
            responses.to.write_all(&bytes).await?;
            exchange.send_modify(|exchange| {
                if let Some(accept) = exchange.response(&bytes) {
                    shared.opened(&accept);
                }
            });
        }
        responses.end().await
    };
    let superseded = async {
        if current.changed().await.is_ok() {
            let _ = exchange.subscribe().wait_for(Exchange::is_idle).await;
        }
    };
    let ended = tokio::select! {
        ended = both(requests, responses) => ended,
        () = superseded => Ok(()),
    };
    close(ended, &client, &viceroy);
}

/// A request that Viceroy has handed off. Viceroy makes a connection for each.
async fn handed_off(mut viceroy: TcpStream, pushpin_port: u16, shared: Arc<Shared>) {
    let Some(mut pushpin) = connect(pushpin_port, &viceroy).await else { return };
    let (from_viceroy, to_viceroy) = viceroy.split();
    let (from_pushpin, to_pushpin) = pushpin.split();
    let requests = async {
        let mut requests = Pipe { from: from_viceroy, to: to_pushpin };
        while let Some(bytes) = requests.read().await? {
            requests.to.write_all(&bytes).await?;
        }
        requests.end().await
    };
    let responses = async {
        let mut responses = Pipe { from: from_pushpin, to: to_viceroy };
        let mut head = Some(exchange::Head::default());
        while let Some(bytes) = responses.read().await? {
            let mut bytes = &bytes[..];
            if let Some(read) = head.as_mut().and_then(|head| head.read(bytes)) {
                head = None;
                if let Some(accept) = read.accept {
                    let (alone, behind) = bytes.split_at(read.end);
                    let opened = shared.opens(&accept);
                    responses.to.write_all(alone).await?;
                    let _ = tokio::time::timeout(HELD, opened).await;
                    bytes = behind;
                }
            }
            responses.to.write_all(bytes).await?;
        }
        responses.end().await
    };
    let ended = both(requests, responses).await;
    close(ended, &viceroy, &pushpin);
}

/// Connects one side of a relayed connection. If that fails, the other side is reset.
async fn connect(port: u16, other: &TcpStream) -> Option<TcpStream> {
    let Ok(stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await else {
        let _ = other.set_zero_linger();
        return None;
    };
    let _ = stream.set_nodelay(true);
    let _ = other.set_nodelay(true);
    Some(stream)
}

/// Runs both directions to the end of the responses, or up to the first error. A server that has sent its last byte
/// reads no more, a client that has may wait for the response.
async fn both(
    requests: impl Future<Output = io::Result<()>>,
    responses: impl Future<Output = io::Result<()>>,
) -> io::Result<()> {
    let failed = async {
        match requests.await {
            Ok(()) => std::future::pending().await,
            Err(error) => error,
        }
    };
    tokio::select! {
        ended = responses => ended,
        error = failed => Err(error),
    }
}

/// A connection that has failed on one side is reset on both, as if there were no relay.
fn close(ended: io::Result<()>, one: &TcpStream, other: &TcpStream) {
    if ended.is_err() {
        let _ = one.set_zero_linger();
        let _ = other.set_zero_linger();
    }
}

/// One direction of a relayed connection.
struct Pipe<'a> {
    from: ReadHalf<'a>,
    to: WriteHalf<'a>,
}

impl Pipe<'_> {
    /// The next bytes, or `None` at the end.
    async fn read(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            self.from.readable().await?;
            let mut bytes = Vec::with_capacity(READ);
            match self.from.try_read_buf(&mut bytes) {
                Ok(0) => return Ok(None),
                Ok(_) => return Ok(Some(bytes)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Passes on that there are no more bytes.
    async fn end(&mut self) -> io::Result<()> {
        // The other side may be gone.
        let _ = self.to.shutdown().await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream as StdStream;
    use std::time::Instant;

    use super::*;
    use crate::stack::free_port;

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const FINITE: &str = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n";
    const OPEN: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n";

    /// A server that answers each request with the same bytes, and returns its port.
    fn server(answer: String) -> u16 {
        let listener = StdListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for mut stream in listener.incoming().map_while(io::Result::ok) {
                let answer = answer.clone();
                thread::spawn(move || {
                    let mut request = [0; REQUEST.len()];
                    while stream.read_exact(&mut request).is_ok() {
                        stream.write_all(answer.as_bytes()).unwrap();
                    }
                });
            }
        });
        port
    }

    fn ask(client: &mut StdStream, length: usize) -> String {
        client.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        client.write_all(REQUEST).unwrap();
        let mut answer = vec![0; length];
        client.read_exact(&mut answer).unwrap();
        String::from_utf8(answer).unwrap()
    }

    fn connect(port: u16) -> StdStream {
        StdStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap()
    }

    #[test]
    fn a_new_app_gets_new_requests_and_open_responses_go_on() -> Result<()> {
        let relay = Relay::start(free_port())?;
        let port = free_port();
        let first = format!("{FINITE}one");
        let length = first.len();
        let (first, second) = (server(first), server(format!("{FINITE}two")));
        relay.open(port, first)?;
        let (mut idle, mut held) = (connect(port), connect(port));
        assert!(ask(&mut idle, length).ends_with("one"));
        assert!(ask(&mut idle, length).ends_with("one"), "a second request on the same connection");
        held.write_all(&REQUEST[..5])?;
        let deadline = Instant::now() + Duration::from_secs(20);
        while relay.connections(first) < 2 {
            assert!(Instant::now() < deadline);
            thread::yield_now();
        }
        // The relay has read the first bytes once a later connection is answered.
        thread::sleep(Duration::from_millis(100));

        relay.open(port, second)?;
        assert_eq!(idle.read(&mut [0])?, 0, "the idle connection ends");
        assert!(ask(&mut connect(port), length).ends_with("two"));
        held.write_all(&REQUEST[5..])?;
        let mut answer = String::new();
        held.set_read_timeout(Some(Duration::from_secs(20)))?;
        held.read_to_string(&mut answer)?;
        assert!(answer.ends_with("one"), "the response comes, and then the connection ends: {answer}");
        while relay.connections(first) > 0 {
            assert!(Instant::now() < deadline);
            thread::yield_now();
        }
        Ok(())
    }

    #[test]
    fn many_clients_stay_connected() -> Result<()> {
        let relay = Relay::start(free_port())?;
        let (port, first) = (free_port(), server(OPEN.to_owned()));
        relay.open(port, first)?;
        let mut clients: Vec<_> = (0..300).map(|_| connect(port)).collect();
        for client in &mut clients {
            assert_eq!(ask(client, OPEN.len()), OPEN);
        }
        relay.open(port, server(OPEN.to_owned()))?;
        assert_eq!(relay.connections(first), 300);
        for client in &mut clients {
            assert_eq!(ask(client, OPEN.len()), OPEN, "the bytes go on in both directions");
        }
        Ok(())
    }

    #[test]
    fn a_port_that_is_taken_is_an_error_until_it_is_free() -> Result<()> {
        let relay = Relay::start(free_port())?;
        let taken = StdListener::bind("127.0.0.1:0")?;
        let port = taken.local_addr()?.port();
        let error = relay.open(port, 1).expect_err("it listens").to_string();
        assert_eq!(error, format!("cannot listen on port {port}"));
        drop(taken);
        relay.open(port, server(format!("{FINITE}one")))?;
        assert!(ask(&mut connect(port), FINITE.len() + 3).ends_with("one"));
        Ok(())
    }

    #[test]
    fn clients_are_refused_while_there_is_no_app() -> Result<()> {
        let relay = Relay::start(free_port())?;
        let (port, first) = (free_port(), server(format!("{FINITE}one")));
        for _ in 0..20 {
            relay.open(port, first)?;
            connect(port);
            relay.close();
            assert!(StdStream::connect((Ipv4Addr::LOCALHOST, port)).is_err());
        }
        Ok(())
    }

    #[test]
    fn bytes_behind_a_head_wait_until_it_has_come_out() -> Result<()> {
        let opens = "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: abc=\r\n\r\n";
        let relay = Relay::start(server(format!("{opens}hello")))?;
        let mut viceroy = connect(relay.proxy_port);
        assert_eq!(ask(&mut viceroy, opens.len()), opens);
        viceroy.set_read_timeout(Some(Duration::from_millis(300)))?;
        assert!(viceroy.read(&mut [0]).is_err(), "the head is alone");
        relay.shared.opened(b"another");
        assert!(viceroy.read(&mut [0]).is_err(), "another connection has opened");
        relay.shared.opened(b"abc=");
        viceroy.set_read_timeout(Some(Duration::from_secs(20)))?;
        let mut behind = [0; 5];
        viceroy.read_exact(&mut behind)?;
        assert_eq!(&behind, b"hello");
        Ok(())
    }
}
