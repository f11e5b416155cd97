//! The attributes on mutated tokens: they never panic, and an item without an error comes back unchanged, beside code that
//! parses.
//!
//! Run it with `cargo +nightly fuzz run attributes corpus/attributes`, in `fuzz/`.

#![no_main]
#![allow(dead_code, unreachable_pub)]

// The macros name it, as the compiler gives it to them.
extern crate proc_macro;

// A crate of procedural macros can only be called by the compiler, so its modules are compiled here.
#[path = "../../macros/src/app.rs"]
mod app;
#[path = "../../macros/src/diagnostics.rs"]
mod diagnostics;
#[path = "../../macros/src/endpoint.rs"]
mod endpoint;
#[path = "../../macros/src/expand/mod.rs"]
mod expand;
#[path = "../../macros/src/kind.rs"]
mod kind;
#[path = "../../macros/src/model/mod.rs"]
mod model;
#[path = "../../macros/src/parse/mod.rs"]
mod parse;

use libfuzzer_sys::fuzz_target;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use kind::Kind;

/// Options and items, right and wrong.
const SEEDS: &[(&str, &str)] = &[
    ("channel = \"news\"", "fn news() {}"),
    (
        "path = \"/rooms/{room}/{*rest}\", channel = [\"room-{room}\", \"all\"], guard = may_enter(room)",
        "pub(crate) fn r#type(room: &str, #[cfg(unix)] Query(page): Query<Page>) -> Result<Event, Answer> { todo!() }",
    ),
    (
        "channel = topics(id), path = \"/{id}\", keep_alive = every(\"20s\", \"\\n\"), next = \"/{id}/missed\", next_after = 60, gone = \"https://a.b/c\"",
        "#[deprecated] fn log<'a>(head: &'a RequestHead<'a>, id: u32) -> impl Iterator<Item = String> { x }",
    ),
    (
        "channel = \"a\", timeout = \"30s\", methods = [\"GET\", \"POST\"], cors = \"*\", headers = [(\"X-A\", \"b\")], expose_headers = [\"a\"], status = 202, meta = (\"a\", \"b\"), content_type = \"text/html\", strict, backend = \"self\", name = News, crate = ::a::b",
        "async unsafe extern \"C\" fn poll(self, mut a: [u8; 5], (b, c): (u8, impl Fn())) -> ! {}",
    ),
    (
        "echo, message = text, subprotocols = [\"json\"], origins = \"https://a.b\", max_message = 5_000, keep_alive_interval = 30",
        "fn chat(text: Json<Own<u8>>, bytes: &[u8]) -> Option<String> { None }",
    ),
    (
        "path = concat!(\"/\", 1, 'a', true, 1.5), channel = format!(\"a-{}\", room), guard(a::b::<u8>()?), cors: vec![\"a\"], x => y",
        "#[cfg_attr(a, cfg(b))] impl Chat { fn open() -> Self {} #[cfg(any())] fn text(&mut self, #[body] t: &str) {} fn close(&mut self, c: Option<Close>) {} const A: u8 = 5; type B = u8; m!(); }",
    ),
    ("\"a\" \"b\", 5, = c, #[cfg(unix)] d::e, ::f", "unsafe impl<'a, T: A> B for C<'a, T> where T: D {}"),
    (
        "news, #[cfg(unix)] rooms::chat, verify = a::b, fallback = \"origin\", crate = fanout",
        "#[tokio::main] fn main(request: Request) -> Result<Response, Error> { main() }",
    ),
    ("rooms::{a, b}, c(), &d, [e, f], \"g\", h::*", "pub(in a::b) struct Endpoints<T: A = B>(T) where T: C;"),
    (
        "path = \"/:id/<int:b>/[c]/(?P<d>[^/]+)/$e\", channel = \"room-:id\"",
        "enum A { B, C(u8), D { e: u8 } }",
    ),
    ("", "trait A { fn b(&self); } macro_rules! c { ($($d:tt)*) => {} } mod e { use f; } static G: u8 = 5;"),
    (
        "\"/a//b\" => a::b, routes![a, b::c], Service::news, guard = [a, b] && c, data = \"<x>\", chanraCompletionMarker, timeout = 30_000",
        "fn c(Path(x): web::Path<(u32, String)>, y: &u32, m: Option<&str>, q: Result<Query<A<'a, 'static>>, E>) {}",
    ),
];

thread_local! {
    static TOKENS: Vec<[TokenStream; 2]> = SEEDS
        .iter()
        .map(|(options, item)| [options, item].map(|text| text.parse().expect("a seed is tokens")))
        .collect();
    static POOL: Vec<TokenTree> = TOKENS.with(|tokens| {
        let mut pool = Vec::new();
        tokens.iter().flatten().for_each(|stream| flatten(stream, &mut pool));
        pool
    });
}

fn flatten(stream: &TokenStream, pool: &mut Vec<TokenTree>) {
    for token in stream.clone() {
        if let TokenTree::Group(group) = &token {
            flatten(&group.stream(), pool);
        }
        pool.push(token);
    }
}

/// The limit of mutations of one input.
const MAX_MUTATIONS: usize = 48;

const DELIMITERS: [Delimiter; 4] =
    [Delimiter::Parenthesis, Delimiter::Brace, Delimiter::Bracket, Delimiter::None];

fuzz_target!(|data: &[u8]| {
    let mut bytes = data.iter().copied();
    let mut next = || usize::from(bytes.next().unwrap_or_default());
    let (attribute, options, item) = (next(), next(), next());
    let [mut options, mut item] = TOKENS
        .with(|tokens| [tokens[options % tokens.len()][0].clone(), tokens[item % tokens.len()][1].clone()]);
    let count = data.len().saturating_sub(3) / 3;
    for _ in 0..count.min(MAX_MUTATIONS) {
        let stream = if next() % 3 == 0 { &mut item } else { &mut options };
        *stream = mutate(std::mem::take(stream), &mut next, 0);
    }

    let (given, expanded) = (
        item.to_string(),
        match Kind::ALL.get(attribute % (Kind::ALL.len() + 2)) {
            Some(kind) => endpoint::attribute(*kind, options, item.clone()),
            None if attribute % 2 == 0 => app::main(options, item.clone()),
            None => app::endpoints(options, item.clone()),
        },
    );
    drop(expand::write_out(expanded.clone()));
    let text = expanded.to_string();
    if text.contains("compile_error") || syn::parse2::<syn::Item>(item).is_err() {
        return;
    }
    assert!(text.contains(&given), "the item is not there: {text}");
    assert!(syn::parse2::<syn::File>(expanded).is_ok(), "the code does not parse: {text}");
});

/// Changes one token somewhere.
fn mutate(stream: TokenStream, next: &mut impl FnMut() -> usize, depth: usize) -> TokenStream {
    let mut tokens: Vec<_> = stream.into_iter().collect();
    let other = POOL.with(|pool| pool[(next() * 256 + next()) % pool.len()].clone());
    let (at, change) = (next(), next());
    if tokens.is_empty() {
        return TokenStream::from(other);
    }
    let at = at % tokens.len();
    match (&tokens[at], change % 10) {
        // The deeper, the likelier.
        (TokenTree::Group(group), 0..=4) if depth < 8 => {
            let inside = mutate(group.stream(), next, depth + 1);
            tokens[at] = Group::new(group.delimiter(), inside).into();
        }
        (TokenTree::Group(group), 5) => {
            tokens[at] = Group::new(DELIMITERS[next() % DELIMITERS.len()], group.stream()).into();
        }
        (TokenTree::Group(group), 6) => {
            let inside = group.stream();
            tokens.splice(at..=at, inside);
        }
        (_, 0 | 7) => drop(tokens.remove(at)),
        (_, 1 | 8) => tokens.insert(at, other),
        (_, 2) => tokens.insert(at, tokens[at].clone()),
        (_, 3) => {
            let length = tokens.len();
            tokens.swap(at, next() % length);
        }
        (_, 4) => {
            let rest: TokenStream = tokens.drain(at..).collect();
            tokens.push(Group::new(DELIMITERS[next() % DELIMITERS.len()], rest).into());
        }
        _ => tokens[at] = other,
    }
    tokens.into_iter().collect()
}
