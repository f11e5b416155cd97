//! Endpoints in the bodies of functions, and in constants.

use fanout::{Answer, Endpoint, Route};

#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Outer {
    count: u32,
}

const CONSTANT: Route = {
    #[fanout::sse(channel = "constant")]
    fn constant() {}

    <constant as Endpoint>::ROUTE
};

fn routes() -> [Route; 4] {
    #[fanout::sse(path = "/inner/{room}", channel = "room-{room}", guard = may_enter(room))]
    fn inner(room: &str) -> String {
        room.to_owned()
    }

    fn may_enter(_: &str) -> Result<(), Answer> {
        Ok(())
    }

    #[derive(Default, serde::Serialize, serde::Deserialize)]
    struct Local {
        count: u32,
    }

    #[fanout::ws(channel = "local")]
    impl Local {
        fn text(&mut self, text: &str) {
            self.count += u32::from(inner::channel(text) == Self::channel());
        }
    }

    // The compiler warns about the `impl` below, and not about the generated ones.
    #[allow(non_local_definitions)]
    #[fanout::ws(path = "/outer/{room}", channel = ["outer-{room}"])]
    impl Outer {
        fn text(&mut self) {
            self.count += 1;
        }
    }

    let deeper = || {
        #[fanout::get]
        fn deeper() -> &'static str {
            "deeper\n"
        }

        <deeper as Endpoint>::ROUTE
    };
    [<inner as Endpoint>::ROUTE, <Local as Endpoint>::ROUTE, <Outer as Endpoint>::ROUTE, deeper()]
}

#[fanout::main(Outer)]
fn main() {
    assert!(routes().len() == Outer::channels("lobby").len() + 3);
    let _ = CONSTANT;
}
