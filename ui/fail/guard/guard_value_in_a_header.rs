#[derive(serde::Serialize, serde::Deserialize)]
struct User {
    name: String,
}

fn signed_in() -> Result<User, fanout::Answer> {
    Ok(User { name: String::new() })
}

#[fanout::sse(channel = "mine", guard = signed_in, headers = [("X-User", "{guard.name}")])]
fn mine() {}

#[fanout::main(mine)]
fn main() {}
