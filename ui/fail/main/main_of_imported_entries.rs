mod rooms {
    use serde::{Deserialize, Serialize};

    #[derive(Default, Serialize, Deserialize)]
    pub struct Chat<T>(T);

    #[fanout::ws]
    impl Chat<u32> {
        fn text(&mut self) {
            self.0 += 1;
        }
    }

    #[fanout::sse(channel = "news")]
    pub fn news() {}

    pub fn policy() -> fanout::grip::sig::Policy {
        fanout::policy()
    }
}

// The compiler warns about none of them.
use rooms::{Chat, news, policy};

#[fanout::main(news, Chat::<u32>, verify = policy, fallback = "/")]
fn main() {}
