//! Endpoints that macros of macros write, with options, methods and lists as fragments.

#![deny(warnings)]
#![forbid(unsafe_code)]

use fanout::Answer;

macro_rules! room {
    ($(#[$meta:meta])* $vis:vis $name:ident $(($($parameter:ident: $type:ty),*))?
        => $path:expr, $channel:expr $(, $option:ident = $value:expr)*) => {
        $(#[$meta])*
        #[fanout::sse(path = $path, channel = $channel $(, $option = $value)*)]
        $vis fn $name($($($parameter: $type),*)?) -> String {
            let given: Vec<String> = vec![$($($parameter.to_string()),*)?];
            given.concat()
        }
    };
}

room!(news => "/news", "news");
room!(
    /// Documented.
    pub(crate) room(room: u32, name: &str) => "/rooms/{room}/{name}", "room-{room}", status = 202, guard = may_enter(room)
);

fn may_enter(_: u32) -> Result<(), Answer> {
    Ok(())
}

macro_rules! chat {
    ($name:ident: $($moment:ident),*) => {
        #[derive(Default, serde::Serialize, serde::Deserialize)]
        struct $name {
            count: u8,
        }

        #[fanout::ws(channel = ["all", "chat"])]
        impl $name {
            $(fn $moment(&mut self) {
                self.count += 1;
            })*
        }
    };
}

chat!(Chat: text, binary, close);

macro_rules! several {
    ($($kind:ident $name:ident;)*) => {
        $(one!($kind $name);)*
    };
}

macro_rules! one {
    (get $name:ident) => {
        #[fanout::get]
        fn $name() -> &'static str {
            stringify!($name)
        }
    };
    ($kind:ident $name:ident) => {
        #[fanout::$kind(channel = "several")]
        fn $name() {}
    };
}

several! { sse first; get second; ws third; }

macro_rules! in_module {
    ($module:ident { $($name:ident),* }) => {
        mod $module {
            $(
                #[fanout::get]
                pub fn $name() -> &'static str {
                    concat!(module_path!(), "::", stringify!($name))
                }
            )*

            #[fanout::endpoints($($name),*)]
            pub enum Endpoints {}
        }
    };
}

in_module!(inner { fourth, fifth });

macro_rules! app {
    ($($tokens:tt)*) => {
        #[fanout::main($($tokens)*)]
        fn main() {}
    };
}

app!(news, room, Chat, first, second, #[cfg(any())] missing, third, inner::Endpoints);
