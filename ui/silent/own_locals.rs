//! A crate whose functions, constants and macros have the names of locals in generated code.

#![allow(nonstandard_style)]

use fanout::RequestHead;

const argument0: &str = "zero";
const argument1: &str = "one";
static events: &str = "events";
static app: &str = "app";
static endpoint: &str = "endpoint";
static request: &str = "request";

#[fanout::ws(echo)]
fn head(first: &RequestHead<'_>, second: &RequestHead<'_>) -> String {
    let path = if first.path() == second.path() { argument() } else { argument0.to_owned() };
    path + argument1 + events + app + endpoint + request
}

#[fanout::sse(channel = "argument")]
fn reply(head: &RequestHead<'_>) {
    assert!(head.path().starts_with('/'));
}

#[fanout::stream(channel = "hold", name = hold)]
fn answer() {}

fn argument() -> String {
    String::new()
}

fn main_() {}

#[fanout::main(head, reply, hold)]
fn main() {
    main_();
}
