fn main() {
    let _ = fanout::close_code!("a");
}
