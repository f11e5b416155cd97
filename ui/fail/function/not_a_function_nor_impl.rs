#[fanout::ws]
struct Chat;

fn main() {
    let _ = Chat;
}
