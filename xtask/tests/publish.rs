//! `cargo xtask publish` on the command line.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Output};
use std::thread;

/// Runs the command against a server that answers with this status, and returns the request's body.
fn publish(status: &str, command: impl FnOnce(&mut Command, &str)) -> (Output, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://127.0.0.1:{}/?key=s3cret", listener.local_addr().unwrap().port());
    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let server = thread::spawn(move || {
        let mut connection = BufReader::new(listener.accept().unwrap().0);
        let mut length = 0;
        loop {
            let mut line = String::new();
            connection.read_line(&mut line).unwrap();
            let line = line.trim_end().to_ascii_lowercase();
            match line.strip_prefix("content-length: ") {
                Some(value) => length = value.parse().unwrap(),
                None if line.is_empty() => break,
                None => {}
            }
        }
        let mut body = vec![0; length];
        connection.read_exact(&mut body).unwrap();
        connection.get_mut().write_all(answer.as_bytes()).unwrap();
        String::from_utf8(body).unwrap()
    });
    let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
    xtask.env_remove("GRIP_URL").arg("publish");
    command(&mut xtask, &url);
    let output = xtask.output().unwrap();
    let body = server.join().unwrap();
    let said = [&output.stdout[..], &output.stderr].concat();
    assert!(!String::from_utf8_lossy(&said).contains("s3cret"), "{output:?}");
    (output, body)
}

#[test]
fn it_publishes_to_the_given_address() {
    let (output, body) = publish("200 OK", |xtask, url| {
        xtask.args(["room-1", "two\nlines", "--to", url]);
    });
    assert!(output.status.success(), "{output:?}");
    assert!(body.contains(r#""channel":"room-1""#), "{body}");
    assert!(body.contains(r#""http-stream":{"content":"data: two\ndata: lines\n\n"}"#), "{body}");
}

#[test]
fn it_publishes_to_the_grip_url_of_the_environment() {
    let (output, body) = publish("200 OK", |xtask, url| {
        xtask.args(["room-1", "hello", "--unframed"]).env("GRIP_URL", url);
    });
    assert!(output.status.success(), "{output:?}");
    assert!(body.contains(r#""http-stream":{"content":"hello"}"#), "{body}");
}

#[test]
fn it_fails_if_the_proxy_refuses() {
    let (output, _) = publish("403 Forbidden", |xtask, url| {
        xtask.args(["room-1", "hello", "--to", url]);
    });
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("it answered 403: `key` of the GRIP_URL may not publish there"), "{said}");
}
