macro_rules! feeds {
    ($($name:ident -> $returned:ty = $value:expr;)*) => {$(
        #[fanout::sse(channel = "feeds")]
        fn $name() -> $returned {
            $value
        }
    )*};
}

feeds! {
    news -> &'static str = "welcome";
    score -> u8 = 3;
}

#[fanout::main(news)]
fn main() {}
