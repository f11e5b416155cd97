#[fanout::get(path = "/files/{{*file}}")]
fn files(file: &str) {
    let _ = file;
}

#[fanout::main(files)]
fn main() {}
