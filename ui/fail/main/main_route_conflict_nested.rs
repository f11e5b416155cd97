mod rooms {
    #[fanout::sse(path = "/rooms/{room}", channel = "room-{room}")]
    pub fn room() {}

    #[fanout::endpoints(room)]
    pub enum Endpoints {}
}

mod logs {
    #[fanout::stream(path = "/rooms/{id}", channel = "log-{id}", methods = ["GET", "POST"])]
    pub fn log() {}

    #[fanout::stream(path = "/logs", channel = "logs")]
    pub fn all() {}

    #[fanout::endpoints(all, log)]
    pub enum Endpoints {}
}

#[fanout::main(rooms::Endpoints, logs::Endpoints)]
fn main() {}
