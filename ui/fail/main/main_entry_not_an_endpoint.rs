struct Chat;

#[fanout::main(Chat)]
fn main() {
    let _ = Chat;
}
