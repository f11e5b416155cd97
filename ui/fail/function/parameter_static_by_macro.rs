macro_rules! room {
    ($text:ty) => {
        #[fanout::sse(path = "/rooms/{room}", channel = "room-{room}")]
        fn news(room: $text) {
            let _ = room;
        }
    };
}

room!(&'static str);

#[fanout::main(news)]
fn main() {}
