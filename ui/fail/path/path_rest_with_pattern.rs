#[fanout::get(path = "/files/{file:.*}")]
fn files(file: &str) -> String {
    file.to_owned()
}

#[fanout::main(files)]
fn main() {}
