//! The instructions that reading and writing WebSocket events takes: `cargo bench -p benches --bench codec`.
//!
//! It needs Valgrind and `cargo install gungraun-runner`, of the version of `gungraun` in Cargo.lock. The counts are
//! those of the release profile, which builds for size.

use std::hint::black_box;

use fanout::Channel;
use fanout::grip::websocket::{Event, decode, encode};
use fanout::websocket::Reply;
use grip_control::parse::WebsocketEvent;
use gungraun::prelude::*;

const SMALL: &[u8] = &[b'x'; 64];
const LARGE: &[u8] = &[b'x'; 65_536];

fn body(messages: usize, content: &[u8]) -> Vec<u8> {
    encode(vec![Event::Text(content); messages])
}

#[library_benchmark]
#[bench::one(body(1, SMALL))]
#[bench::sixteen(body(16, SMALL))]
#[bench::many(body(256, SMALL))]
#[bench::large(body(1, LARGE))]
fn decoding(body: Vec<u8>) -> (usize, Vec<u8>) {
    let mut bytes = 0;
    for event in decode(black_box(&body)) {
        let Ok(Event::Text(content)) = event else { panic!("not a text") };
        bytes += content.len();
    }
    (bytes, body)
}

// It reads one event and does not return the rest, which begins two bytes after the content.
#[library_benchmark]
#[bench::one(body(1, SMALL))]
#[bench::sixteen(body(16, SMALL))]
#[bench::many(body(256, SMALL))]
#[bench::large(body(1, LARGE))]
fn decoding_with_grip_control(body: Vec<u8>) -> (usize, Vec<u8>) {
    let mut bytes = 0;
    let mut rest = black_box(&body[..]);
    while !rest.is_empty() {
        let Ok(WebsocketEvent::Text(content)) = WebsocketEvent::parse_frame(rest) else {
            panic!("not a text")
        };
        bytes += content.len();
        let end = content.as_ptr_range().end.addr() - rest.as_ptr().addr();
        rest = &rest[end + 2..];
    }
    (bytes, body)
}

#[library_benchmark]
#[bench::one(1, SMALL)]
#[bench::sixteen(16, SMALL)]
#[bench::many(256, SMALL)]
#[bench::large(1, LARGE)]
fn encoding(messages: usize, content: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for _ in 0..messages {
        Event::Text(black_box(content)).encode(&mut body);
    }
    body
}

#[library_benchmark]
#[bench::one(1, "x".repeat(64))]
#[bench::sixteen(16, "x".repeat(64))]
#[bench::many(256, "x".repeat(64))]
#[bench::large(1, "x".repeat(65_536))]
fn replying(messages: usize, text: String) -> (Vec<u8>, String) {
    let mut reply = Reply::new();
    for _ in 0..messages {
        reply.text(black_box(&text));
    }
    (reply.into_bytes(), text)
}

#[library_benchmark]
#[bench::one(Channel::from_static("room-lobby"))]
fn subscribing(channel: Channel) -> Vec<u8> {
    let mut reply = Reply::new();
    reply.subscribe(black_box(channel)).unwrap();
    reply.into_bytes()
}

library_benchmark_group!(
    name = codec;
    benchmarks = decoding, decoding_with_grip_control, encoding, replying, subscribing
);

main!(library_benchmark_groups = codec);
