//! Connection types of the probe as another deployment of it has them: the same paths, another connection state.

use serde::{Deserialize, Serialize};

/// A number, which the probe stores as text. This app replaces state that it cannot read.
#[derive(Serialize, Deserialize, Default)]
struct Renewed {
    said: u32,
}

#[fanout::ws(path = "/websockets/renewed")]
impl Renewed {
    fn text(&mut self, _message: &str) -> String {
        self.said += 1;
        self.said.to_string()
    }
}

/// The same state, which the probe does not replace.
#[derive(Serialize, Deserialize, Default)]
struct Strict {
    said: u32,
}

#[fanout::ws(path = "/websockets/not_renewed")]
impl Strict {
    fn text(&mut self, _message: &str) -> String {
        self.said += 1;
        self.said.to_string()
    }
}

#[fanout::main(Renewed, Strict)]
fn main() {}
