macro_rules! pages {
    ($($name:ident($argument:ident: $type:ty);)*) => {$(
        #[fanout::get]
        fn $name($argument: $type) {
            let _ = $argument;
        }
    )*};
}

struct Session;

pages! {
    start(cookies: fanout::Cookies);
    settings(session: Session);
}

#[fanout::main(start)]
fn main() {}
