#[fanout::get(path = "/files/{*file}")]
fn files(file: Vec<String>) -> String {
    file.concat()
}

#[fanout::main(files)]
fn main() {}
