//! Limits by a constructor, and by a function of the app.

use std::time::Duration;

use fanout::Reuse;

#[fanout::sse(channel = "news")]
fn news() {}

mod limits {
    pub fn short() -> super::Reuse {
        super::Reuse::new()
            .requests(100)
            .lifetime(super::Duration::from_secs(5))
            .memory(32)
            .wait(super::Duration::ZERO)
    }
}

mod defaults {
    #[fanout::main(super::news, reuse = fanout::Reuse::new)]
    pub fn main() {}
}

#[fanout::main(news, reuse = limits::short)]
fn main() {
    let _: fn() = defaults::main;
}
