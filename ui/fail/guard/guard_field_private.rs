mod auth {
    #[derive(serde::Serialize, serde::Deserialize)]
    pub struct User {
        name: String,
    }

    pub fn signed_in() -> Result<User, fanout::Answer> {
        Ok(User { name: String::new() })
    }
}

#[fanout::sse(channel = "user-{guard.name}", guard = auth::signed_in)]
fn mine() {}

#[fanout::main(mine)]
fn main() {}
