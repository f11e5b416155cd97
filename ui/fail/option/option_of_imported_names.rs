mod config {
    pub const NEWS: &str = "news";
    pub static mut COUNT: u8 = 0;
    pub struct Score<T>(pub T);

    pub fn may_listen<T: Default>() -> T {
        T::default()
    }
}

// The compiler warns about none of them.
use config::{COUNT, NEWS, Score, may_listen};

#[fanout::sse(channel = NEWS, guard = may_listen, data = Score<u8>, history = COUNT)]
fn news() {}

#[fanout::main(news)]
fn main() {}
