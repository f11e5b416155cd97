use std::net::SocketAddr;

struct ConnectInfo<T>(T);

#[fanout::sse(channel = "news")]
fn news(ConnectInfo(client): ConnectInfo<SocketAddr>) -> String {
    client.to_string()
}

#[fanout::main(news)]
fn main() {}
