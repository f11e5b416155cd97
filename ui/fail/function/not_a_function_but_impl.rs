struct News;

#[fanout::ws(echo)]
impl News {
    fn open() {}
}

#[fanout::main(News)]
fn main() {
    News::open();
}
