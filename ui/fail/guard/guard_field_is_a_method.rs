#[derive(serde::Serialize, serde::Deserialize)]
struct User {
    full_name: String,
}

impl User {
    fn name(&self) -> &str {
        &self.full_name
    }
}

fn signed_in() -> Result<User, fanout::Answer> {
    Ok(User { full_name: String::new() })
}

#[fanout::sse(channel = "user-{guard.name}", guard = signed_in)]
fn mine() {}

#[fanout::main(mine)]
fn main() {}
