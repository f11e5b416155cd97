//! A server that takes the place of an API.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use anyhow::Result;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::header::HeaderMap;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// A server on this machine. It remembers the requests.
pub struct StandIn {
    port: u16,
    received: Arc<Mutex<Vec<Received>>>,
}

/// A request that came.
#[derive(Debug)]
pub struct Received {
    /// Its method and its path with the query, with a space between.
    pub line: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Vec<u8>,
}

impl Received {
    /// A header's value, empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl StandIn {
    /// Starts one that answers every request alike, in a thread that ends with the process.
    pub fn start(status: u16, body: &'static str) -> Result<Self> {
        Self::answering(move |_| (status, body.to_owned()))
    }

    /// Starts one that answers each request with a status and a body, in a thread that ends with the process.
    pub fn answering(answer: impl FnMut(&Received) -> (u16, String) + Send + 'static) -> Result<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let stand_in = Self { port: listener.local_addr()?.port(), received: Arc::default() };
        let received = Arc::clone(&stand_in.received);
        let answer = Arc::new(Mutex::new(answer));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::spawn(move || {
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).expect("it does not block");
                while let Ok((connection, _)) = listener.accept().await {
                    let (received, answer) = (Arc::clone(&received), Arc::clone(&answer));
                    let service = service_fn(move |request| {
                        let (received, answer) = (Arc::clone(&received), Arc::clone(&answer));
                        async move {
                            let request = receive(request).await;
                            let (status, body) =
                                (answer.lock().expect("no thread panics with the lock"))(&request);
                            received.lock().expect("no thread panics with the lock").push(request);
                            let mut response = Response::new(Full::new(Bytes::from(body)));
                            *response.status_mut() = status.try_into().expect("it is a status");
                            Ok::<_, Infallible>(response)
                        }
                    });
                    tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(connection), service));
                }
            });
        });
        Ok(stand_in)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The URL of the server, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The requests since the last call.
    pub fn received(&self) -> Vec<Received> {
        std::mem::take(&mut self.received.lock().expect("no thread panics with the lock"))
    }
}

async fn receive(request: Request<hyper::body::Incoming>) -> Received {
    let (head, body) = request.into_parts();
    Received {
        line: format!("{} {}", head.method, head.uri),
        headers: head.headers,
        body: body.collect().await.map(|body| body.to_bytes().to_vec()).unwrap_or_default(),
    }
}
