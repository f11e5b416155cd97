struct Pool;
struct State<T>(T);

#[fanout::sse(channel = "news")]
fn news(State(pool): State<Pool>) {
    let Pool = pool;
}

#[fanout::main(news)]
fn main() {}
