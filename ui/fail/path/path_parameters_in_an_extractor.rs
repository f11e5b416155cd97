struct Path<T>(T);

#[fanout::sse(path = "/rooms/{room}/{user}", channel = "room-{room}")]
fn room(path: Path<(u32, String)>) -> String {
    format!("{} {}", path.0.0, path.0.1)
}

#[fanout::main(room)]
fn main() {}
