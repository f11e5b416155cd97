//! The driver of the endpoint attributes: parse, lower, and expand or write the stand-in.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;

use crate::diagnostics::Errors;
use crate::expand::kept::Mentioned;
use crate::expand::{self, stand_in};
use crate::kind::Kind;
use crate::model::endpoint::Endpoint;
use crate::parse::impl_block::{ImplBlock, snake_case};
use crate::parse::item::{Form, Item};
use crate::parse::option_table::Options;
use crate::parse::options;
use crate::parse::signature::Function;

/// Expands `#[fanout::{kind}(options)] item`. The item always comes back, without the parts for which the compiler would report an
/// error beside the one from here.
pub fn attribute(kind: Kind, options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let item = Item::parse(item);
    let own_name = own_name(kind, &item.form);
    let written = options.clone();
    let options = options::parse(kind, &own_name, options, &mut errors);
    let krate = options.krate();
    let completion: TokenStream =
        options.unknown.iter().map(|word| expand::completion::options(word, options::known(kind))).collect();
    let generated = match &item.form {
        Form::Function(function) => of_function(kind, options, &item, function, &mut errors),
        Form::HalfTypedFunction { vis, name } => {
            let name = options.type_name(name);
            // Such a type would hide the crate, and the attributes of other items with it.
            let hides = krate.segments.first().is_some_and(|first| first.ident.unraw() == name.unraw());
            (!hides).then(|| stand_in::half_typed(&krate, vis, &name, options.channels.value()))
        }
        Form::Impl(block) if kind == Kind::Ws => {
            of_connection(options, &item, block, own_name.clone(), &mut errors)
        }
        Form::HalfTypedImpl if kind == Kind::Ws => None,
        Form::Impl(_) | Form::HalfTypedImpl | Form::Type { .. } | Form::Other => {
            item.refuse(kind, &mut errors);
            stand_in::other(&krate, &item, options.channels.value())
        }
    };
    errors.settle(|option| is_right(kind, &own_name, &item.form, option));
    let errors = errors.into_tokens(&krate, |first| match &item.form {
        Form::Function(function) if !function.is_method() => {
            Mentioned::of(&written, false).beside(first, &krate)
        }
        Form::Impl(_) | Form::Type { .. } => Mentioned::of(&written, false).beside(first, &krate),
        _ => first,
    });
    let item = &item.tokens;
    quote!(#item #completion #generated #errors)
}

/// The name in messages.
fn own_name(kind: Kind, form: &Form) -> String {
    match form {
        Form::Function(function) => function.own_name(),
        Form::HalfTypedFunction { name, .. } => name.unraw().to_string(),
        Form::Impl(block) if kind == Kind::Ws => snake_case(&type_name(block).unraw().to_string()),
        Form::Impl(_) | Form::HalfTypedImpl | Form::Type { .. } | Form::Other => kind.name().to_owned(),
    }
}

fn type_name(block: &ImplBlock) -> Ident {
    block.own_name().unwrap_or_else(|| Ident::new("connection", Span::call_site()))
}

/// Returns `true` if an option of this item has no mistake.
fn is_right(kind: Kind, own_name: &str, form: &Form, option: &str) -> bool {
    let Ok(tokens) = option.parse() else { return false };
    let mut errors = Errors::default();
    let options = options::parse(kind, own_name, tokens, &mut errors);
    if let (Some(message), Form::Function(function)) = (options.message.value(), form)
        && !function.has_parameter(message)
    {
        return false;
    }
    Endpoint::check_options(kind, own_name, options, &mut errors);
    errors.is_empty()
}

fn of_function(
    kind: Kind,
    options: Options,
    item: &Item,
    function: &Function,
    errors: &mut Errors,
) -> Option<TokenStream> {
    let endpoint = Endpoint::of_function(kind, options, item, function, errors);
    if errors.is_empty() {
        Some(expand::endpoint(&endpoint))
    } else {
        endpoint.has_type.then(|| stand_in::endpoint(&endpoint))
    }
}

fn of_connection(
    options: Options,
    item: &Item,
    block: &ImplBlock,
    own_name: String,
    errors: &mut Errors,
) -> Option<TokenStream> {
    let krate = options.krate();
    if block.half_typed {
        return stand_in::connection(&krate, block, options.channels.value(), "");
    }
    let endpoint = Endpoint::of_connection(options, item, block, own_name, &type_name(block), errors);
    if errors.is_empty() {
        Some(expand::endpoint(&endpoint))
    } else if endpoint.has_type {
        stand_in::connection(&krate, block, endpoint.written_channels.as_ref(), &endpoint.path.value())
    } else {
        None
    }
}

#[cfg(test)]
pub mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proc_macro2::TokenTree;
    use syn::{LitStr, parse_str};

    use super::*;
    use crate::kind::Method;

    /// The problems of the errors in the code that an attribute becomes.
    fn problems(kind: Kind, options: &[&str], item: &str) -> BTreeSet<String> {
        let options = options.join(", ").parse().expect("tokens");
        let mut found = BTreeSet::new();
        collect(attribute(kind, options, item.parse().expect("tokens")), &mut found);
        found
    }

    fn collect(tokens: TokenStream, found: &mut BTreeSet<String>) {
        let mut is_error = false;
        for token in tokens {
            match token {
                TokenTree::Group(group) if is_error => {
                    let text: LitStr = parse_str(&group.stream().to_string()).expect("a message");
                    found.extend(text.value().lines().next().map(str::to_owned));
                    is_error = false;
                }
                TokenTree::Group(group) => collect(group.stream(), found),
                TokenTree::Ident(word) => is_error = word == "compile_error",
                _ => {}
            }
        }
    }

    /// The mistakes show the same errors together as alone, two options at a time, and one beside each wrong item. An
    /// option of the base gives way to a mistake of its name.
    fn no_mistake_hides_another(kind: Kind, base: &[&str], mistakes: &[&str], right: &str, wrong: &[&str]) {
        let name = |option: &str| option.split(' ').next().map(str::to_owned);
        let with = |mistakes: &[&str], item| {
            let is_right = |option: &&&str| mistakes.iter().all(|mistake| name(mistake) != name(option));
            let base: Vec<_> = base.iter().filter(is_right).copied().collect();
            problems(kind, &[&base, mistakes].concat(), item)
        };
        assert_eq!(with(&[], right), BTreeSet::new());
        for item in wrong {
            assert_eq!(with(&[], item).len(), 1, "{item}: {:?}", with(&[], item));
        }
        for (index, one) in mistakes.iter().enumerate() {
            let of_one = with(&[one], right);
            assert_eq!(of_one.len(), 1, "{one}: {of_one:?}");
            for other in &mistakes[index + 1..] {
                assert_eq!(with(&[one, other], right), &of_one | &with(&[other], right), "{one}, {other}");
            }
            for item in wrong {
                assert_eq!(with(&[one], item), &of_one | &with(&[], item), "{one} {item}");
            }
        }
    }

    #[test]
    fn no_mistake_hides_another_of_a_stream() {
        let base = ["channel = \"news\"", "next = \"/{room}\"", "path = \"/{room}\""];
        let mistakes = [
            "channel = \"{\"",
            "guard = 5",
            "next = \"news\"",
            "next_after = 0",
            "gone = \"gone\"",
            "keep_alive = every(\"20s\", \"\")",
            "methods = \"HEAD\"",
            "cors = \"a.example\"",
            "content_type = 5",
            "headers = [(\"a b\", \"c\")]",
            "expose_headers = \"*\"",
            "status = 1000",
            "meta = [(\"a b\", \"c\")]",
            "history = 5",
            "last_event_id_query = 5",
            "strict",
            "backend = \"\"",
            "name = 1",
            "krate = fanout",
            "timeout = 30",
        ];
        let wrong = [
            "async fn news(room: &str) {}",
            "fn news<T>(room: &str) {}",
            "fn news(room: &str) -> ! {}",
            "fn news(room: &str, query: impl Trait) {}",
            "fn news(&self, room: &str) {}",
            "fn news(head: &'static RequestHead, room: &str) {}",
            "#[fanout::stream(name = news)] fn news(room: &str) {}",
        ];
        no_mistake_hides_another(Kind::Stream, &base, &mistakes, "fn news(room: &str) {}", &wrong);
    }

    /// A path with a mistake says nothing about its parameters, so those of the function are neither wrong nor unused.
    #[test]
    fn a_wrong_path_hides_no_other_mistake() {
        let base = ["channel = \"news\"", "path = \"/news\""];
        let mistakes =
            ["path = \"/{room\"", "channel = \"{\"", "guard = 5", "keep_alive = \"0s\"", "next_after = 60"];
        no_mistake_hides_another(Kind::Sse, &base, &mistakes, "fn news() {}", &["async fn news() {}"]);
        let options =
            ["path = \"/{room\"", "channel = \"{room}-{user}\"", "guard = may_enter(room)", "strict"];
        assert_eq!(problems(Kind::Sse, &options, "fn news(room: u32, id: u32) {}").len(), 1);
        let written =
            "impl Chat { fn text(&mut self, room: u32, text: &str) {} fn disconnect(&mut self, id: u32) {} }";
        assert_eq!(problems(Kind::Ws, &options, written).len(), 1);
        let written = "fn chat(id: &str, text: &str) {}";
        assert_eq!(problems(Kind::Ws, &["path = \"/{id\"", "echo"], written).len(), 1);
    }

    #[test]
    fn no_mistake_hides_another_of_a_websocket() {
        let mistakes = [
            "channel = \"{\"",
            "guard = 5",
            "max_message = 0",
            "subprotocols = \"a b\"",
            "origins = \"*\"",
            "keep_alive = idle(\"20s\", \"\")",
            "keep_alive_interval = 1",
            "strict",
            "message = mesage",
            "status = 202",
        ];
        let right = "fn chat(message: Message) {}";
        let base = ["path = \"/chat\""];
        no_mistake_hides_another(Kind::Ws, &base, &mistakes, right, &["unsafe fn chat(message: Message) {}"]);
        let wrong = ["fn chat(one: Message, message: Message) {}"];
        let mistakes: Vec<_> =
            mistakes.into_iter().filter(|mistake| !mistake.starts_with("message")).collect();
        no_mistake_hides_another(Kind::Ws, &base, &mistakes, right, &wrong);

        let mistakes =
            ["guard = 5", "echo", "message = text", "name = Room", "max_message = 0", "origins = \"*\""];
        let wrong = [
            "impl Hears for Chat { fn text(&mut self) {} }",
            "impl<'a> Chat<'a> { fn text(&mut self) {} }",
            "impl &Chat { fn text(&mut self) {} }",
            "impl Arc<Mutex<Chat>> { fn text(&mut self) {} }",
            "impl Chat { const ROOM: u8 = 0; }",
            "impl Chat { fn words(&mut self) {} }",
            "impl Chat { fn text() {} }",
            "impl Chat { fn open(&self) -> Self {} }",
            "impl Chat { fn text(&mut self, message: &[u8]) {} }",
            "#[fanout::ws] impl Chat {}",
        ];
        no_mistake_hides_another(Kind::Ws, &[], &mistakes, "impl Chat { fn text(&mut self) {} }", &wrong);
    }

    /// The compiler would refuse the reference or the container too.
    #[test]
    fn an_impl_comes_back_as_one_of_the_type_itself() {
        let impls = |item: &str| {
            let expanded = attribute(Kind::Ws, TokenStream::new(), item.parse().expect("tokens")).to_string();
            expanded.starts_with("# [a] impl Chat < u8 > where u8 : Copy { fn text (& self) { self . 0 } }")
        };
        let of = |ty: &str| format!("#[a] impl {ty} where u8: Copy {{ fn text(&self) {{ self.0 }} }}");
        for ty in [
            "Chat<u8>",
            "&Chat<u8>",
            "&'static mut Chat<u8>",
            "Box<Chat<u8>>",
            "&std::sync::Arc<Mutex<Chat<u8>>>",
        ] {
            assert!(impls(&of(ty)), "{ty}");
        }
        // From a `macro_rules!`, the type, its parts and the item are in invisible groups.
        let group = |tokens: TokenStream| proc_macro2::Group::new(proc_macro2::Delimiter::None, tokens);
        let (whole, item) = (group(quote!(&Chat<u8>)), group(quote!(impl &Chat<u8> {})));
        let (first, part) = (group(quote!(impl & Chat)), group(quote!(Chat<u8>)));
        for item in [
            quote!(impl #whole {}),
            quote!(#item),
            quote!(#first <u8> {}),
            quote!(impl &#part {}),
            quote!(#[a] #item),
        ] {
            let expanded = attribute(Kind::Ws, TokenStream::new(), item).to_string();
            assert!(expanded.contains("must be of the type itself"), "{expanded}");
        }
        for ty in ["Vec<Chat<u8>>", "[Chat<u8>]", "&[Chat<u8>]", "Hears for &Chat<u8>"] {
            assert!(!impls(&of(ty)), "{ty}");
        }
    }

    /// The options of an item that cannot be an endpoint are read, but have no effect.
    #[test]
    fn a_wrong_item_hides_no_mistake_in_the_options() {
        let mistakes = ["chanel = \"news\"", "echo", "status", "name = 1"];
        let base = ["channel = \"news\""];
        // The compiler reports the error of an unfinished item.
        assert_eq!(problems(Kind::Ws, &["echoo"], "impl Chat").len(), 1);
        assert_eq!(problems(Kind::Ws, &["echoo"], "impl Chat { fn text(x) {} }").len(), 1);
        assert_eq!(problems(Kind::Ws, &["echoo"], "fn chat(text) {}").len(), 1);
        no_mistake_hides_another(
            Kind::Sse,
            &base,
            &mistakes,
            "fn news() {}",
            &["struct News;", "impl News {}"],
        );
    }

    /// Tokens that are not an option may stand for one that is absent.
    #[test]
    fn no_option_is_missing_beside_one_that_is_not_recognised() {
        for options in [&["topic = \"news\""][..], &["5"], &["path = \"/news\" topic"]] {
            assert_eq!(problems(Kind::Sse, options, "fn news() {}").len(), 1, "{options:?}");
        }
        let options = ["channel = \"{room}\"", "urls = \"/{room}\"", "next_after = 60", "strict"];
        assert_eq!(problems(Kind::Sse, &options, "fn news(room: u32) {}").len(), 1);
        assert_eq!(problems(Kind::Sse, &["echo"], "fn news() {}").len(), 2);
    }

    /// Literal text is refused only if the names of the endpoint say that a path parameter was meant.
    #[test]
    fn a_parameter_in_another_spelling_is_one_mistake() {
        let one = "`{}` in a {what} is not a path parameter";
        let said = |written: &str, what| one.replace("{}", written).replace("{what}", what);
        let room = "path = \"/rooms/{room}\"";
        for written in [":room", "<room>", "<int:room>", "$room", "[room]", "*room", "(?P<room>.)"] {
            for text in ["{}", "room-{}", "{}/log", "a:{}"] {
                let text = text.replace("{}", written);
                for (option, what) in [
                    (format!("channel = {text:?}"), "channel"),
                    (format!("channel = [\"all\", {text:?}]"), "channel"),
                    (format!("channel = \"all\", next = {:?}", format!("/{text}")), "link"),
                    (format!("channel = \"all\", gone = {:?}", format!("/{text}")), "link"),
                    (format!("channel = \"all\", meta = [(\"room\", {text:?})]"), "meta value"),
                ] {
                    let item = "fn news(room: &str) {}";
                    let found = problems(Kind::Sse, &[room, &option], item);
                    assert_eq!(found, BTreeSet::from([said(written, what)]), "{option}");
                    // It is used, so no other error says that it is not.
                    assert_eq!(problems(Kind::Sse, &[room, &option], "fn news() {}"), found, "{option}");
                    // Without such a path parameter it is text, if a link can contain it.
                    if what == "link" && written.contains('<') {
                        continue;
                    }
                    assert_eq!(problems(Kind::Sse, &[&option], "fn news() {}"), BTreeSet::new(), "{option}");
                }
            }
            let option = format!("channel = {:?}", format!("{written}-{{room}}"));
            assert_eq!(problems(Kind::Sse, &[room, &option], "fn news() {}"), BTreeSet::new(), "{option}");
            let option = format!("channel = [\"{{room}}\", {written:?}]");
            assert_eq!(problems(Kind::Sse, &[room, &option], "fn news() {}"), BTreeSet::new(), "{option}");
            let option = format!("path = \"/rooms/{written}\", channel = \"news\"");
            let is_doubtful = written.starts_with('$');
            let found = problems(Kind::Sse, &[&option], "fn news() {}");
            assert_eq!(found.len(), usize::from(!is_doubtful), "{option}: {found:?}");
            for item in ["fn news(room: &str) {}", "fn news(room: Room) {}"] {
                assert_eq!(problems(Kind::Sse, &[&option], item).len(), 1, "{option}");
            }
        }
    }

    /// The errors in the code that an attribute becomes, each a problem and its help.
    fn helps(kind: Kind, options: &str, item: &str) -> Vec<String> {
        let options = options.parse().unwrap_or_else(|_| panic!("no tokens: {options}"));
        let mut found = Vec::new();
        collect_helps(attribute(kind, options, item.parse().expect("tokens")), &mut found);
        found
    }

    pub fn collect_helps(tokens: TokenStream, found: &mut Vec<String>) {
        let mut is_error = false;
        for token in tokens {
            match token {
                TokenTree::Group(group) if is_error => {
                    let text: LitStr = parse_str(&group.stream().to_string()).expect("a message");
                    found.push(text.value());
                    is_error = false;
                }
                TokenTree::Group(group) => collect_helps(group.stream(), found),
                TokenTree::Ident(word) => is_error = word == "compile_error",
                _ => {}
            }
        }
    }

    #[test]
    fn a_message_is_always_there_and_first() {
        let one = |item: &str, problem: &str, help: &str| {
            assert_eq!(
                helps(Kind::Ws, "path = \"/chat\"", item),
                [format!("{problem}\nhelp: {help}")],
                "{item}"
            );
        };
        for ty in ["&str", "String", "&[u8]", "Vec<u8>"] {
            let help = format!("write `{ty}`: the function runs once for each message");
            one(&format!("fn chat(said: Option<{ty}>) {{}}"), "a message cannot be optional", &help);
            let help = format!(
                "put `said: {ty}` before `context`; if `said` is a path parameter, add it to the path: `/{{said}}`"
            );
            let item = format!("impl Chat {{ fn message(&mut self, context: &Context, said: {ty}) {{}} }}");
            one(&item, "the message must be the first parameter of `message`", &help);
        }
        for item in [
            "fn chat(query: Option<Query<Page>>, said: &str) {}",
            "impl Chat { fn text(&mut self, head: &RequestHead, said: &str, own: Own) {} }",
            "impl Chat { fn text(&mut self, said: Said, own: Own) {} }",
        ] {
            assert_eq!(helps(Kind::Ws, "path = \"/chat\"", item), [""; 0], "{item}");
        }
    }

    #[test]
    fn a_path_parameter_is_no_reference_to_a_value_and_no_part_of_another_type() {
        let options = "path = \"/{room}/{*rest}\", channel = \"{room}\"";
        let one = |item: &str, problem: &str, help: &str| {
            assert_eq!(helps(Kind::Sse, options, item), [format!("{problem}\nhelp: {help}")], "{item}");
        };
        for (ty, help) in [("u32", "u32"), ("bool", "bool"), ("f64", "f64"), ("String", "&str")] {
            let item = format!("fn news(room: &{ty}, rest: &str) {{}}");
            one(&item, &format!("a path parameter cannot be `&{ty}`"), &format!("write `{help}`"));
        }
        for item in ["fn news(Path(all): Path<(u32, String)>) {}", "fn news(all: web::Path<All>) {}"] {
            let help = "take each path parameter as an argument of its name: `room: &str`, `rest: &str`";
            one(item, "this type does not take the path parameters", help);
        }
        for item in [
            "fn news(room: &str, rest: &Text) {}",
            "fn news(path: Path<All>, rest: &str) {}",
            "fn news(path: Path, rest: String) {}",
        ] {
            assert_eq!(helps(Kind::Sse, options, item), [""; 0], "{item}");
        }
    }

    /// An editor sees a word in the place of an option as a field. While it completes the word, it compares the code with that of
    /// the marked word, up to there.
    #[test]
    fn a_word_that_is_no_option_is_a_field_for_editors() {
        let written = |options: &str| {
            let options = options.parse().unwrap_or_else(|_| panic!("no tokens: {options}"));
            attribute(
                Kind::Sse,
                options,
                quote!(
                    fn news() {}
                ),
            )
            .to_string()
        };
        for options in ["WORD", "channel = \"a\", WORD", "channel = \"a\", WORD, strict", "WORD = 5"] {
            for word in ["chan", "x"] {
                let [plain, marked] = [word.to_owned(), format!("{word}raCompletionMarker")]
                    .map(|word| written(&options.replace("WORD", &word)));
                let field = format!("| __options . {word}");
                let at = plain.find(&field).unwrap_or_else(|| panic!("{options}: {plain}"));
                assert_eq!(plain[..at + field.len()], marked[..at + field.len()], "{options}");
                assert!(plain[..at].contains("struct __Options { channel : () , path : () ,"), "{plain}");
                assert!(plain[..at].contains("# [cfg (miri)] const _ : () ="), "{plain}");
            }
        }
        assert!(!written("channel = \"a\", strict").contains("miri"));
    }

    /// Values of every form, right for few options.
    pub const VALUES: &[&str] = &[
        "\"\"",
        "\"a\"",
        "\"a b\"",
        "\"a, b\"",
        "\"a,b\"",
        "\"/a b\"",
        "\"a\\\"b\"",
        "\"10_000\"",
        "\"5\"",
        "\"0\"",
        "\"GET /a\"",
        "\"GET, POST\"",
        "\"get\"",
        "\"HEAD\"",
        "\"{room}\"",
        "\"{\"",
        "\"/{type}\"",
        "\"/:room/é\"",
        "\"é\"",
        "\"https://a.b, https://c.d\"",
        "\"https://a.b/c\"",
        "\"HTTPS://A.b:443\"",
        "\"ftp://a/b\"",
        "\"//a/b\"",
        "\"http://\"",
        "\"any\"",
        "\"*\"",
        "\"a:b\"",
        "\"X-A: b\"",
        "\"é: ü\"",
        "\"30 seconds\"",
        "\"500ms\"",
        "\"99999999h\"",
        "\"off\"",
        "\"a::b\"",
        "\"a::B\"",
        "\"f(room)\"",
        "\"f(5)\"",
        "\"r#type\"",
        "\"type\"",
        "\"\\n\"",
        "r#\"a\"b\"#",
        "0",
        "5",
        "5u8",
        "10_000",
        "0x10",
        "1.5",
        "1e3",
        "-5",
        "30s",
        "99999999999999999999",
        "204",
        "1000",
        "true",
        "'a'",
        "b\"a\"",
        "b'a'",
        "c\"a\"",
        "a",
        "any",
        "off",
        "idle",
        "every",
        "none",
        "None",
        "sport",
        "r#type",
        "Self",
        "self",
        "crate",
        "SECS",
        "Method::GET",
        "GET",
        "get",
        "a::b",
        "a::B",
        "a::SECS",
        "<A as B>::c",
        "a()",
        "a::b()",
        "a(room)",
        "a(5)",
        "a(\"{room}\")",
        "a(&room)",
        "a()?",
        "&a",
        "GET()",
        "idle()",
        "idle(0)",
        "every(\"x\", 5)",
        "idle(5, \"\")",
        "each(5)",
        "Duration::from_secs(5)",
        "\"a\" + \"b\"",
        "5 + 5",
        "\"a\" + b",
        "a + b",
        "a / b",
        "!a",
        "*a",
        "{ room }",
        "{ \"a\" }",
        "(\"a\")",
        "(5)",
        "()",
        "(\"a\", \"b\")",
        "(\"a\", 5)",
        "[]",
        "[\"a\", \"b\"]",
        "[\"a\", 5]",
        "[\"a\", \"a\"]",
        "[a, b]",
        "[GET, POST]",
        "[(\"a\", \"b\")]",
        "[(\"a b\", \"c\")]",
        "[\"a\" \"b\"]",
        "[5]",
        "[[\"a\"]]",
        "&[\"a\", \"b\"]",
        "vec![\"a\", \"b\"]",
        "vec![a, b]",
        "format!(\"a-{room}\")",
        "format!(\"a-{}\", room)",
        "format!(\"{}\", 5)",
        "concat!(\"a\", \"b\")",
        "concat!(\"a\" \"b\")",
        "concat!(a)",
        "env!(\"A\")",
        "\"a\".to_string()",
        "String::from(\"a b\")",
        "Channel::new(\"a\")?",
        "|| a",
        "|room| a(room)",
        "async { a }",
        "if a { b } else { c }",
        "match a { _ => b }",
        "unsafe { a }",
        "/news",
        "/a/b",
        "/a/{id}",
        "https://a.b",
        "a-b",
        "application/json",
        "text/html; b",
        "a b",
        "a = b",
        "..",
        "_",
        "$",
        "@",
        "#a",
        "a.b",
        "a[0]",
        "a as u8",
        "A<'_>",
        "Vec<A>",
        "Map<A, B>",
        "&'static [A]",
        "impl A",
        "dyn A",
        "Vec::<A>",
        "[A; 2]",
        "A+B",
        "\"64 KB\"",
        "64k",
        "1MB",
        "64 * 1024",
        "1 << 20",
        "30 seconds",
        "30u64",
        "\"1m 30s\"",
        "\"every 5s\"",
        "Some(5)",
        "Some(\"a\")",
        "Idle(5)",
        "KeepAlive::every(\"5s\", \"x\")",
        "KeepAlive::Off",
        "idle \"5s\"",
        "every 5",
        "every[5]",
        "(\"5s\", \"x\")",
        "5.secs()",
        "Duration::from_millis(5_000)",
        "false",
        "null",
        "{ a: \"https://a.b\" }",
        "{ \"X-A\": \"b\" }",
        "{ a = [\"a\", \"b\"], c = 5 }",
        "A { b: [\"a\"], c: 5 }",
        "[\"X-A\" => \"b\"]",
        "[(\"X-A\" => \"b\")]",
        "[\"X-A\", \"b\", \"X-B\", \"c\"]",
        "[[\"X-A\", \"b\"], [\"X-B\", \"c\"]]",
        "a = \"https://a.b\", c = [\"GET\"]",
        "a = \"X\"",
        "every = 5",
        "\"X-A, X-B\"",
        "\"GET|POST\"",
        "\"a\" | \"b\"",
        "\"a=b\"",
        "\"200 OK\"",
        "\"*.a.b\"",
    ];

    /// A suggested option is right: written instead of the wrong one, it gets no error.
    #[test]
    fn a_suggested_option_is_right() {
        let (mut wrong, mut known) = (BTreeSet::new(), BTreeMap::new());
        // The attributes of one method are alike.
        let kinds = Kind::ALL.iter().copied().filter(|kind| {
            !matches!(kind, Kind::Plain(Some(Method::Get | Method::Put | Method::Patch | Method::Delete)))
        });
        for (index, kind) in kinds.enumerate() {
            for option in options::known(kind) {
                let is_known =
                    Kind::ALL[..index].iter().any(|kind| options::known(*kind).any(|known| known == option));
                for (at, value) in VALUES.iter().enumerate() {
                    // The same reader reads the option of another kind.
                    if is_known && at % 4 != index {
                        continue;
                    }
                    let others = ["{option}: ", "{option}(", "{option} == ", "{option} ", "x, "];
                    let other = others[(at + index) % others.len()].replace("{option}", option);
                    let end = if other.ends_with('(') { ")" } else { "" };
                    for written in [format!("{option} = {value}"), format!("{other}{value}{end}")] {
                        if written.parse::<TokenStream>().is_err() {
                            continue;
                        }
                        for error in helps(kind, &written, item(kind)) {
                            for suggested in suggestions(&error, option) {
                                if !*known
                                    .entry((kind.name(), suggested.clone()))
                                    .or_insert_with(|| is_right(kind, &suggested))
                                {
                                    wrong.insert(format!("{}: {written}: {suggested}", kind.name()));
                                }
                            }
                        }
                    }
                }
            }
        }
        let count = known.len();
        assert!(count > 500, "{count}");
        let list: Vec<_> = wrong.into_iter().collect();
        assert!(list.is_empty(), "{} of {count}:\n{}", list.len(), list.join("\n"));
    }

    #[test]
    fn a_suggestion_is_in_the_words_of_the_user() {
        let suggested = |kind, option: &str| {
            let needed = if option.starts_with("channel") { "" } else { "channel = \"a\", " };
            let errors = helps(kind, &format!("{needed}{option}"), item(kind));
            assert_eq!(errors.len(), 1, "{option}: {errors:?}");
            let help = errors[0].split_once("\nhelp: ").expect("a help").1;
            help.split("the options of").next().unwrap_or_default().to_owned()
        };
        for (option, help) in [
            ("path = news", "write `path = \"/news\"`"),
            ("path news", "write `path = \"/news\"`"),
            ("path = \"GET /news\"", "write `path = \"/news\"`"),
            ("expose_headers = [\"a\" \"b\"]", "write `expose_headers = [\"a\", \"b\"]`"),
            ("cors = any", "write `cors = \"*\"`"),
            ("cors = \"any\"", "write `cors = \"*\"`"),
            (
                "cors = \"https://a.b, https://c.d\"",
                "write a list: `cors = [\"https://a.b\", \"https://c.d\"]`",
            ),
            ("next = \"ftp://a/b\"", "write `next = \"https://a/b\"`"),
            ("next = news", "write `next = \"/news\"`"),
            ("methods(GET)", "write `methods = \"GET\"`"),
            ("methods = get", "write `\"GET\"`"),
            ("backend = \"a\" + \"b\"", "write `backend = \"ab\"`"),
            ("status = \"201\"", "write `status = 201`"),
            ("status = \"200 OK\"", "write `status = 200`"),
            ("cors(origin = \"https://a.b\")", "write `cors = \"https://a.b\"`"),
            ("cors(origins = [\"https://a.b\"], max_age = 5)", "write `cors = [\"https://a.b\"]`"),
            ("cors(\"https://a.b\", \"https://c.d\")", "write `cors = [\"https://a.b\", \"https://c.d\"]`"),
            ("cors { origin: \"https://a.b\" }", "write `cors = \"https://a.b\"`"),
            ("cors = { origin: \"https://a.b\" }", "write `cors = \"https://a.b\"`"),
            ("cors = Cors { origins: [\"https://a.b\"] }", "write `cors = [\"https://a.b\"]`"),
            ("cors = true", "write `cors = \"*\"`"),
            (
                "cors = None",
                "remove the option, or write a value, as in `cors = \"https://www.example.com\"`",
            ),
            ("cors = \"*.a.b\"", "write each origin: `*` cannot stand for a part of a host"),
            ("path, \"/a\"", "write `path = \"/a\"`"),
            ("path -> \"/a\"", "write `path = \"/a\"`"),
            ("path = = \"/a\"", "write `path = \"/a\"`"),
            ("path { \"/a\" }", "write `path = \"/a\"`"),
            ("path = Some(\"/a\")", "write `path = \"/a\"`"),
            ("/a", "write `path = \"/a\"`"),
            ("methods(GET, POST)", "write `methods = [\"GET\", \"POST\"]`"),
            ("methods = \"GET|POST\"", "write a list: `methods = [\"GET\", \"POST\"]`"),
            ("expose_headers = \"X-A, X-B\"", "write a list: `expose_headers = [\"X-A\", \"X-B\"]`"),
            ("headers = [\"X-A\", \"b\"]", "write `headers = [(\"X-A\", \"b\")]`"),
            ("headers = { \"X-A\": \"b\" }", "write `headers = [(\"X-A\", \"b\")]`"),
            ("headers = [(\"X-A\" => \"b\")]", "write `headers = [(\"X-A\", \"b\")]`"),
            ("headers(X-A = \"b\")", "write `headers = [(\"X-A\", \"b\")]`"),
            ("headers = HeaderMap::from([(\"X-A\", \"b\")])", "write `headers = [(\"X-A\", \"b\")]`"),
            ("meta(user = \"a\", room = \"b\")", "write `meta = [(\"user\", \"a\"), (\"room\", \"b\")]`"),
            ("meta = \"user=a\"", "write `(\"user\", \"a\")`"),
            ("keep_alive = Duration::from_secs(5)", "write `keep_alive = \"5s\"`"),
            ("keep_alive = Duration::from_millis(1500)", "write `keep_alive = \"2s\"`"),
            ("keep_alive = 2.minutes()", "write `keep_alive = \"120s\"`"),
            ("keep_alive = \"1m 30s\"", "write `keep_alive = \"90s\"`"),
            ("keep_alive = KeepAlive::every(\"5s\")", "write `keep_alive = every(\"5s\")`"),
            ("keep_alive = \"every 5 seconds\"", "write `keep_alive = every(\"5s\")`"),
            ("keep_alive = every 5", "write `keep_alive = every(5)`"),
            ("keep_alive = idle: \"5s\"", "write `keep_alive = idle(\"5s\")`"),
            ("keep_alive(every = 5)", "write `keep_alive = every(5)`"),
            ("keep_alive = (\"5s\", \":\n\n\")", "write `keep_alive = idle(\"5s\", \":\\n\\n\")`"),
            ("keep_alive = KeepAlive::Off", "write `keep_alive = off`"),
            ("keep_alive = 30 seconds", "write `keep_alive = \"30s\"`"),
            ("guard = None", "remove the option, or write a value, as in `guard = may_listen`"),
            ("guard = async may", "write `guard = may_listen`"),
            ("{ path = \"/a\" }", "write the options without `{` and `}` around them"),
            ("(path = \"/a\", strict)", "write the options without `(` and `)` around them"),
            ("channel = \"a-\" + b", "write `channel = \"a-{b}\"`"),
            ("channel = [\"a\", b]", "write `\"b\"`"),
            ("guard(may, other)", "write one function that calls `may` and `other`, and its name here"),
            ("GET", "write `methods = \"GET\"`; "),
            ("\"GET\"", "write `methods = \"GET\"`"),
            ("\"POST /a/:b\"", "write `methods = \"POST\", path = \"/a/{b}\"`"),
            ("let path = \"/a\"", "remove `let`"),
            (", path = \"/a\"", "remove the comma"),
            (
                "origins = \"https://a.b\"",
                "write `cors`: it says which pages may read the answer; `origins` is an option of `ws`",
            ),
            ("headers = \"X-A: b\"", "write `(\"X-A\", \"b\")`"),
        ] {
            assert_eq!(suggested(Kind::Sse, option), help, "{option}");
        }
        for (value, help) in [
            ("\"10_000\"", "write `max_message = 10_000`"),
            ("\"64 KB\"", "write `max_message = 65_536`"),
            ("64k", "write `max_message = 65_536`"),
            ("64 KiB", "write `max_message = 65_536`"),
            ("64 * 1024", "write `max_message = 65_536`"),
            ("1 << 16", "write `max_message = 65_536`"),
            ("1000 + 24", "write `max_message = 1_024`"),
            ("5u32", "write `max_message = 5`"),
            // It is over the limit, and without its unit it would be another size.
            ("1MB", "write `max_message = 65_536`"),
        ] {
            assert_eq!(suggested(Kind::Ws, &format!("max_message = {value}")), help, "{value}");
        }
        for (option, help) in [
            ("max_size = 5", "did you mean `max_message`? "),
            ("subprotocols = \"a, b\"", "write a list: `subprotocols = [\"a\", \"b\"]`"),
            ("keep_alive = false", "remove the option: without it, nothing is sent"),
            ("cors = \"*\"", "write `origins`: it says which pages may open the WebSocket"),
        ] {
            assert_eq!(suggested(Kind::Ws, option), help, "{option}");
        }
        for (kind, options, help) in [
            (Kind::Sse, "\"news\", \"sport\"", "write `channel = [\"news\", \"sport\"]`"),
            (Kind::Sse, "\"news\", \"sport\", strict = 5", "write `channel = [\"news\", \"sport\"]`"),
            (Kind::Plain(None), "\"GET /a\"", "write `methods = \"GET\", path = \"/a\"`"),
            (Kind::Plain(Some(Method::Get)), "\"GET /a\"", "write `path = \"/a\"`"),
            (Kind::Plain(Some(Method::Get)), "GET", "remove it: the attribute `get` says the method"),
            (
                Kind::Stream,
                "channel = \"a\", content_type = \"html\"",
                "write `content_type = \"text/html\"`",
            ),
            (
                Kind::Stream,
                "channel = \"a\", content_type = \"text / html\"",
                "write `content_type = \"text/html\"`",
            ),
        ] {
            let all = helps(kind, options, item(kind));
            assert!(all[0].split_once("\nhelp: ").expect("a help").1.starts_with(help), "{options}: {all:?}");
            assert_eq!(all.len(), 1 + usize::from(options.contains("strict")), "{options}: {all:?}");
        }
        let unused = helps(Kind::Sse, "channel = \"a\", path = \"/{type}\"", "fn news() {}").concat();
        assert!(unused.contains("`r#type: &str`"), "{unused}");
        let pattern =
            helps(Kind::Sse, "channel = \"a\", path = \"/{type}\"", "fn news(Pair(r#type, _): Pair) {}")
                .concat();
        assert!(pattern.contains("`r#type: &str`"), "{pattern}");
    }

    fn item(kind: Kind) -> &'static str {
        if kind == Kind::Ws { "fn news(text: &str) {}" } else { "fn news() {}" }
    }

    /// The options that a help writes: each code that is one, and a string or number that is written for the value alone.
    fn suggestions(error: &str, option: &str) -> Vec<String> {
        let Some((_, help)) = error.split_once("\nhelp: ") else { return Vec::new() };
        let mut found = Vec::new();
        for (index, code) in help.split('`').skip(1).step_by(2).enumerate() {
            let name = code.split(" = ").next().unwrap_or_default();
            if code.contains(" = ")
                && options::known(Kind::Sse)
                    .chain(options::known(Kind::Ws))
                    .chain(options::known(Kind::Plain(None)))
                    .chain(["timeout"])
                    .any(|known| known == name)
            {
                found.push(code.to_owned());
            } else if index == 0
                && help.starts_with("write `")
                && (parse_str::<LitStr>(code).is_ok() || code.parse::<u64>().is_ok())
            {
                let is_pair = matches!(option, "headers" | "meta");
                let value = if is_pair { format!("[(\"a\", {code})]") } else { code.to_owned() };
                found.push(format!("{option} = {value}"));
            }
        }
        found
    }

    /// The option that every endpoint of a kind has.
    fn needed(kind: Kind) -> Option<&'static str> {
        match kind {
            Kind::Sse | Kind::Stream | Kind::LongPoll => Some("channel = \"a\""),
            Kind::Plain(None) => Some("methods = \"POST\""),
            Kind::Ws | Kind::Plain(Some(_)) => None,
        }
    }

    /// Returns `true` if an option gets no error, in an endpoint that has the rest.
    fn is_right(kind: Kind, option: &str) -> bool {
        if option.parse::<TokenStream>().is_err() {
            return false;
        }
        let mut all = vec![option];
        all.extend(needed(kind).filter(|needed| option.split(' ').next() != needed.split(' ').next()));
        let names = ["room", "type", "id", "a", "b"].into_iter().filter(|name| {
            [("{", "}"), ("(", ")")]
                .iter()
                .any(|(open, close)| option.contains(&format!("{open}{name}{close}")))
        });
        let path = format!("path = {:?}", names.map(|name| format!("/{{{name}}}")).collect::<String>());
        if !option.starts_with("path ") && path != "path = \"\"" {
            all.push(&path);
        }
        if option.starts_with("next_after ") {
            all.push("next = \"/a\"");
        }
        if option.starts_with("replay ") {
            all.push("history = a");
        }
        let is_other = |problem: &&String| !problem.starts_with("nothing uses");
        problems(kind, &all, item(kind)).iter().filter(is_other).count() == 0
    }

    /// A condition is honoured, or is one error on it.
    #[test]
    fn a_condition_is_never_overlooked() {
        let depends = |what: &str| BTreeSet::from([format!("{what} cannot depend on `#[cfg]`")]);
        let message = |name: &str| depends(&format!("the message of `{name}`"));
        for cfg in [
            "#[cfg(any())]",
            "#[cfg_attr(all(), cfg(any()))]",
            "#[cfg_attr(a, b, cfg_attr(c = \"d\", cfg(any())))]",
        ] {
            for (item, expected) in [
                ("fn c(# m: &str, #[cfg(all())] m: &[u8]) {}", message("c")),
                ("fn c(m: &str, # n: &[u8]) {}", message("c")),
                ("fn c(# message: &str) {}", message("c")),
                ("fn c(# head: &RequestHead, m: &str) {}", BTreeSet::new()),
                ("impl C { fn text(&mut self, # y: Missing, m: &str) {} }", message("text")),
                (
                    "impl C { fn binary(&mut self, # y: Missing, # m: &[u8], a: Json<u8>) {} }",
                    message("binary"),
                ),
                ("impl C { fn text(&mut self, m: &str, # y: Missing) {} }", BTreeSet::new()),
                ("impl C { fn close(&mut self, # y: Missing) {} }", depends("the close of `close`")),
                ("impl C { fn renew(# y: Stale) -> Self {} }", depends("the stale state of `renew`")),
                ("impl C { fn open(# y: Missing) -> Self {} }", BTreeSet::new()),
                ("impl C { fn text(# &mut self) {} }", depends("`self`")),
                ("impl C { # fn text(&mut self) {} # fn text(&mut self, m: &str) {} }", BTreeSet::new()),
            ] {
                let item = item.replace("# ", &format!("{cfg} "));
                assert_eq!(problems(Kind::Ws, &[], &item), expected, "{item}");
            }
        }
        let problems = problems(Kind::Ws, &["message = m"], "fn c(#[cfg(any())] m: M) {}");
        assert_eq!(problems, message("c"));
    }

    /// The generated code has each condition of a method, in words that the compiler knows.
    #[test]
    fn a_condition_inside_of_another_attribute_is_copied() {
        let item =
            "impl C { #[cfg_attr(a, inline, cfg(b), cfg_attr(c, cfg(d)))] fn disconnect(&mut self) {} }";
        let expanded = attribute(Kind::Ws, TokenStream::new(), item.parse().expect("tokens")).to_string();
        let condition = "# [cfg (any (not (a) , b))] # [cfg (any (not (a) , any (not (c) , d)))] let";
        assert_eq!(expanded.matches(condition).count(), 2, "{expanded}");
    }

    /// A macro such as `#[throws]` makes `fn() -> Option<()>` of a `fn()`.
    #[test]
    fn a_function_that_another_macro_may_change_is_converted() {
        for (kind, options, conversion) in [
            (Kind::Sse, "channel = \"news\"", "IntoEvents :: into_events (news ())"),
            (Kind::Sse, "channel = \"news\", keep_alive = off", "IntoEvents :: into_events (news ())"),
            (Kind::Stream, "channel = \"news\"", "IntoStream :: into_stream (news ())"),
            (Kind::LongPoll, "channel = [\"news\", \"goals\"]", "IntoPoll :: into_poll (news ())"),
        ] {
            for (item, is_converted) in [
                ("fn news() {}", false),
                ("#[must_use] #[inline] #[cfg(all())] fn news() {}", false),
                ("#[throws] fn news() {}", true),
                ("#[culpa::throws(as Option)] fn news() {}", true),
            ] {
                let expanded =
                    attribute(kind, options.parse().expect("tokens"), item.parse().expect("tokens"))
                        .to_string();
                assert_eq!(expanded.contains(conversion), is_converted, "{options}, {item}: {expanded}");
            }
        }
    }

    /// The compiler would report an attribute that it does not know too.
    #[test]
    fn an_attribute_of_a_parameter_is_one_mistake_and_removed() {
        for (kind, item) in [
            (Kind::Sse, "fn news(#[query] count: u8, #[allow(unused)] b: Own) { (#[query] 5,) }"),
            (Kind::Sse, "fn news(#[fanout::query(a = \"b\")] count: u8) {}"),
            (Kind::Sse, "fn news(#[validate] (room): &str) {}"),
            (Kind::Ws, "fn news(#[body] text: &str) {}"),
            (Kind::Ws, "impl News { fn text(&mut self, #[body] text: &str) {} }"),
        ] {
            let options: &[&str] = if kind == Kind::Ws { &[] } else { &["channel = \"a\""] };
            let found = problems(kind, options, item);
            assert!(
                found.len() == 1
                    && found.iter().all(|problem| problem.ends_with("means nothing on a parameter")),
                "{item}: {found:?}"
            );
            let expanded =
                attribute(kind, options.concat().parse().expect("tokens"), item.parse().expect("tokens"));
            let given_back = expanded.to_string();
            let given_back = given_back.split(":: fanout").next().unwrap_or_default();
            for name in ["[query] count", "query (", "validate]", "body]"] {
                assert!(!given_back.contains(name), "{given_back}");
            }
            assert_eq!(item.contains("5,"), given_back.contains("[query] 5"), "{given_back}");
        }
        // Another macro may read them.
        for item in [
            "#[instrument] fn news(#[skip] a: A) {}",
            "fn news(#[cfg_attr(x, skip)] a: A, #[expect(unused)] b: B) {}",
        ] {
            assert_eq!(problems(Kind::Sse, &["channel = \"a\""], item), BTreeSet::new(), "{item}");
        }
    }

    #[test]
    fn a_function_that_names_its_type_is_a_method() {
        for item in [
            "fn news() -> Self {}",
            "fn news(a: &[Self], room: u8) {}",
            "fn news() -> Result<u8, (Self, Self)> {}",
        ] {
            let found = problems(Kind::Sse, &["channel = \"a\", path = \"/{room}\""], item);
            let found: Vec<_> = found.iter().filter(|problem| !problem.starts_with("nothing uses")).collect();
            assert_eq!(found, ["`news` cannot be a method"], "{item}");
        }
    }

    #[test]
    fn a_test_is_no_endpoint() {
        for attribute in ["test", "bench", "tokio::test", "test(flavor = \"a\")"] {
            let item = format!("#[{attribute}] fn news() {{}}");
            let found = problems(Kind::Sse, &["channel = \"a\""], &item);
            assert_eq!(found, BTreeSet::from(["`news` cannot be an endpoint and a test".to_owned()]));
        }
    }

    #[test]
    fn a_main_is_no_endpoint() {
        for kind in Kind::ALL.iter().copied() {
            let options: Vec<_> = needed(kind).into_iter().collect();
            let found = problems(kind, &options, "#[fanout::main(news)] fn main() {}");
            assert_eq!(found, BTreeSet::from(["`main` cannot be an endpoint".to_owned()]));
        }
    }

    /// An option `message` with a mistake leaves open which parameter is the message.
    #[test]
    fn a_message_that_is_not_found_is_one_mistake() {
        for message in ["message = mesage", "message = 5"] {
            for function in ["fn chat(one: &str, message: &str) {}", "fn chat(text: Own) {}"] {
                assert_eq!(problems(Kind::Ws, &[message], function).len(), 1, "{message} {function}");
            }
        }
    }

    /// A parameter counts as unused only if everything that may use it is understood.
    #[test]
    fn a_misspelt_use_is_a_use() {
        for (kind, options, item) in [
            (Kind::Sse, "", "fn news() {}"),
            (Kind::Sse, "channel = \"{rom}\"", "fn news() {}"),
            (Kind::Sse, "channel = \"{room\"", "fn news() {}"),
            (Kind::Sse, "channel = \"news\"", "fn news(rom: &str) {}"),
            (Kind::Sse, "channel = \"news\"", "fn news((room): &str) {}"),
            (Kind::Sse, "channel = \"news\", guard = may_enter(\"room\")", "fn news() {}"),
            (Kind::Sse, "channel = \"news\", headers = [(\"X-Room\", \"{room}\")]", "fn news() {}"),
            (Kind::Ws, "", "fn chat(rooom: &str) {}"),
            (Kind::Ws, "", "impl Chat { fn words(&mut self, room: &str) {} }"),
            (Kind::Ws, "", "impl Hears for Chat { fn text(&mut self, room: &str) {} }"),
        ] {
            let options = ["path = \"/{room}\"", options];
            assert_eq!(
                problems(kind, &options, item).len(),
                1,
                "{item}: {:?}",
                problems(kind, &options, item)
            );
        }
        let options = ["path = \"/{room}\"", "channel = \"news\"", "status = 1000"];
        assert_eq!(problems(Kind::Sse, &options, "async fn news() {}").len(), 3);
    }
}
