//! An origin behind the app that speaks GRIP itself.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use anyhow::Result;
use e2e::{Answer, App, Held, on_app_with, trace_hostcalls};

use crate::trust::app_requests;

/// An origin on a port of its own, for as long as the tests run.
struct Origin {
    port: u16,
    /// The heads of all requests.
    asked: Arc<Mutex<Vec<String>>>,
}

impl Origin {
    /// Starts it.
    fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heads = Arc::clone(&asked);
        std::thread::spawn(move || {
            for connection in listener.incoming().map_while(Result::ok) {
                let heads = Arc::clone(&heads);
                std::thread::spawn(move || answer(connection, &heads));
            }
        });
        Ok(Self { port, asked })
    }

    /// The request whose first line begins so.
    fn asked(&self, start: &str) -> Option<String> {
        let asked = self.asked.lock().expect("no thread panics with the lock");
        asked.iter().find(|head| head.starts_with(start)).cloned()
    }
}

/// Holds a `GET`, and sends anything else back.
fn answer(connection: TcpStream, heads: &Mutex<Vec<String>>) -> Result<()> {
    let mut reader = BufReader::new(connection.try_clone()?);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Ok(());
        }
    }
    let length =
        head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body)?;
    let said = if head.starts_with("GET ") {
        body = b"from the origin\n".to_vec();
        "Grip-Hold: stream\r\nGrip-Channel: origin\r\nContent-Type: text/plain\r\n"
    } else {
        "Content-Type: application/octet-stream\r\n"
    };
    heads.lock().expect("no thread panics with the lock").push(head);
    let length = body.len();
    let mut connection = connection;
    write!(connection, "HTTP/1.1 200 OK\r\n{said}Content-Length: {length}\r\nConnection: close\r\n\r\n")?;
    Ok(connection.write_all(&body)?)
}

/// Runs a test with the app in front of an origin.
fn in_front_of_an_origin(test: impl AsyncFnOnce(&App, &Origin) -> Result<()>) -> Result<()> {
    let origin = Origin::start()?;
    let configure = |config: &mut cargo_fanout::stack::Config| {
        trace_hostcalls(config);
        config.backends.push(("origin".into(), origin.port));
    };
    on_app_with("fallback", configure, async |app| test(app, &origin).await)
}

#[test]
fn a_request_for_no_endpoint_is_held_by_the_origin() -> Result<()> {
    in_front_of_an_origin(async |app, origin| {
        let path = "/any/thing?at=all";
        let mut client = Held::open(app.client().get(app.url(path)).header("X-User", "alice")).await?;
        app.subscribed(path, "origin").await?;
        app.publish("origin", "hello").await?;
        assert_eq!(client.heard_until("hello\n\n").await?, "from the origin\ndata: hello\n\n");
        let head =
            origin.asked(&format!("GET {path} HTTP/1.1\r\n")).expect("the origin was asked").to_lowercase();
        assert!(head.contains("\r\nx-user: alice\r\n") && head.contains("\r\ngrip-sig: "), "{head}");
        assert_eq!(app_requests(app, path).len(), 1, "only the client's own request");
        Ok(())
    })
}

/// Otherwise the request would loop.
#[test]
fn an_origin_that_is_the_app_itself_is_a_508() -> Result<()> {
    let configure = |config: &mut cargo_fanout::stack::Config| {
        trace_hostcalls(config);
        config.backends.push(("origin".into(), config.port));
    };
    on_app_with("fallback", configure, async |app| {
        let answer = app.get("/round").await?;
        assert_eq!((answer.status, answer.body.as_str()), (508, "the request came back\n"));
        assert_eq!(app_requests(app, "/round").len(), 2);
        app.logged("why", |viceroy, _| viceroy.contains("`origin`, the fallback, leads to this app again"))
            .await
    })
}

#[test]
fn a_body_goes_to_the_origin() -> Result<()> {
    in_front_of_an_origin(async |app, origin| {
        let body = "0123456789".repeat(1000);
        let answer = Answer::of(app.client().post(app.url("/post")).body(body.clone())).await?;
        assert_eq!((answer.status, answer.body), (200, body));
        assert!(origin.asked("POST /post ").is_some());
        Ok(())
    })
}

#[test]
fn an_endpoint_is_not_handed_to_the_origin() -> Result<()> {
    in_front_of_an_origin(async |app, origin| {
        let mut client = Held::open(app.client().get(app.url("/own"))).await?;
        app.subscribed("/own", "own").await?;
        app.publish("own", "hello").await?;
        assert_eq!(client.heard_until("hello\n\n").await?, "data: hello\n\n");
        let wrong = Answer::of(app.client().post(app.url("/own"))).await?;
        assert_eq!(wrong.status, 405, "an endpoint says no by itself");
        assert_eq!(origin.asked("GET /own"), None);
        assert_eq!(origin.asked("POST /own"), None);
        Ok(())
    })
}

/// An endpoint's own backend is one, too.
#[test]
fn the_backend_that_an_endpoint_names_is_asked() -> Result<()> {
    let origin = Origin::start()?;
    let configure =
        |config: &mut cargo_fanout::stack::Config| config.backends.push(("elsewhere".into(), origin.port));
    on_app_with("probe", configure, async |app| {
        let mut client = Held::open(app.client().get(app.url("/language/hold/elsewhere"))).await?;
        assert_eq!(client.heard_until("\n").await?, "from the origin\n");
        let head =
            origin.asked("GET /language/hold/elsewhere ").expect("the backend was asked").to_lowercase();
        assert!(head.contains("\r\ngrip-sig: "), "{head}");
        Ok(())
    })
}
