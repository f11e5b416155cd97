//! `gen` is a name before edition 2024.

#[fanout::sse(channel = "gen")]
fn gen() {}

#[fanout::stream(path = "/of/{gen}", channel = "gen-{gen}")]
fn of(gen: &str) -> String {
    gen.to_owned()
}

mod inner {
    #[derive(Default, serde::Serialize, serde::Deserialize)]
    #[allow(non_camel_case_types)]
    pub struct gen {
        count: u8,
    }

    #[fanout::ws(path = "/inner/{gen}", channel = ["{gen}"])]
    impl gen {
        fn text(&mut self, gen: u8, text: &str) -> String {
            self.count = gen;
            format!("{gen}: {text}")
        }
    }
}

#[fanout::main(gen, of, inner::gen)]
fn main() {
    let _ = (gen::channel(), of::channel("a"), inner::gen::channels("a"));
}
