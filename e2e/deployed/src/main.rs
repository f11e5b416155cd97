//! Connections of the probe, as another deployment of it has them: at the same paths, with other state.

use serde::{Deserialize, Serialize};

/// A number, which the probe has as text, and begins anew.
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

/// The same, where the probe does not begin anew.
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
