mod rooms {
    #[fanout::sse(channel = "news")]
    pub(crate::rooms) fn news() {}
}

#[fanout::main(rooms::news)]
fn main() {}
