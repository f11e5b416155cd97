#[fanout::get(path = "/live//news")]
fn news() -> &'static str {
    "news\n"
}

#[fanout::main(news)]
fn main() {}
