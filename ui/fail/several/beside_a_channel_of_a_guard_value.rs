#[derive(serde::Serialize, serde::Deserialize)]
struct User {
    name: String,
}

fn signed_in() -> Result<User, fanout::Answer> {
    Ok(User { name: String::new() })
}

#[fanout::sse(channel = "user-{guard.name}", guard = signed_in, status = 204)]
fn mine() {}

#[fanout::main(mine)]
fn main() {
    fanout::publish(mine::channel(7), "hello").unwrap();
}
