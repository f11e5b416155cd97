#[fanout::ws(data: HashMap<String, News>, echo)]
fn news() {}

struct News;

#[fanout::main(news)]
fn main() {}
