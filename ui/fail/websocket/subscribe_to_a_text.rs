use fanout::Answer;
use fanout::websocket::Reply;

#[fanout::ws(path = "/rooms/{room}")]
fn open(room: &str) -> Result<Reply, Answer> {
    let mut reply = Reply::new();
    reply.subscribe(room)?;
    Ok(reply)
}

#[fanout::main(open)]
fn main() {}
