//! The drivers of `main` and `endpoints`: parse, lower, and expand or write the stand-in.

use proc_macro2::{Span, TokenStream};
use quote::quote;

use crate::diagnostics::Errors;
use crate::expand::kept::Mentioned;
use crate::expand::{self, stand_in};
use crate::model::app::{Listing, Main};
use crate::parse::endpoint_list::List;
use crate::parse::item::{Form, Item};

/// Expands `#[fanout::main(list)] item`. The item always comes back as it was. If it is a `main`, it comes back inside the
/// program's entry.
pub fn main(list: TokenStream, item: TokenStream) -> TokenStream {
    program(list, item, Errors::default())
}

/// As [`main`], where the runtime has no entry: an error beside the user's other mistakes.
pub fn main_without_compute(list: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let problem = "the `main` of an app needs the feature `compute` of the crate `fanout`";
    let help = "add `compute` to the features of `fanout` in Cargo.toml, or remove this attribute from a program that does \
                not run on Compute";
    errors.push_at(Span::call_site(), problem, help);
    program(list, item, errors)
}

fn program(list: TokenStream, item: TokenStream, mut errors: Errors) -> TokenStream {
    let written = list.clone();
    let list = List::default().parse(list, &mut errors);
    let krate = list.krate();
    let item = Item::parse(item);
    let generated = match &item.form {
        Form::Function(function) => {
            let main = Main::lower(&item, function, list, &mut errors);
            if errors.is_empty() { expand::main(&main) } else { stand_in::main(&main) }
        }
        Form::HalfTypedFunction { name, .. } => stand_in::half_typed_main(&krate, name, &item.tokens),
        Form::Impl(_) | Form::HalfTypedImpl | Form::Type { .. } | Form::Other => {
            item.refuse_main(&mut errors);
            item.tokens.clone()
        }
    };
    errors.settle(|option| is_right(false, option));
    let errors = errors.into_tokens(&krate, |first| match &item.form {
        Form::Function(function) if !function.is_method() => {
            Mentioned::of(&written, true).beside(first, &krate)
        }
        _ => first,
    });
    quote!(#generated #errors)
}

/// Expands `#[fanout::endpoints(list)] item`. The item always comes back as it was.
pub fn endpoints(list: TokenStream, item: TokenStream) -> TokenStream {
    let (written, mut errors) = (list.clone(), Errors::default());
    let list = List { nested: true, ..List::default() }.parse(list, &mut errors);
    let krate = list.krate();
    let item = Item::parse(item);
    let listing = Listing::lower(&item, list, &mut errors);
    let generated = match listing {
        Some(listing) if errors.is_empty() => Some(expand::list(&listing)),
        Some(listing) => Some(stand_in::list(listing)),
        None => stand_in::other(&krate, &item, None),
    };
    errors.settle(|option| is_right(true, option));
    let errors = errors.into_tokens(&krate, |first| match &item.form {
        Form::Type { .. } => Mentioned::of(&written, true).beside(first, &krate),
        _ => first,
    });
    let item = &item.tokens;
    quote!(#item #generated #errors)
}

/// Returns `true` if an option has no mistake.
fn is_right(nested: bool, option: &str) -> bool {
    let Ok(tokens) = option.parse() else { return false };
    let mut errors = Errors::default();
    let list = List { nested, ..List::default() }.parse(tokens, &mut errors);
    errors.is_empty() && list.entries.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::tests::{VALUES, collect_helps};

    /// A suggested option is right: written instead of the wrong one, it gets no error.
    #[test]
    fn a_suggested_option_is_right() {
        let helps = |list: &str| {
            let mut found = Vec::new();
            collect_helps(
                main(
                    list.parse().expect("tokens"),
                    quote!(
                        fn main() {}
                    ),
                ),
                &mut found,
            );
            found
        };
        let (mut wrong, mut count) = (Vec::new(), 0);
        for value in VALUES {
            for option in ["verify", "fallback", "reuse", "crate"] {
                for between in [" = ", ": ", " == "] {
                    let list = format!("{option}{between}{value}");
                    if list.parse::<TokenStream>().is_err() {
                        continue;
                    }
                    for help in helps(&list) {
                        let codes = help.split('`').skip(1).step_by(2);
                        for code in codes.filter(|code| code.starts_with(&format!("{option} = "))) {
                            count += 1;
                            if code.parse::<TokenStream>().is_err() || !helps(code).is_empty() {
                                wrong.push(format!("{list}: {code}"));
                            }
                        }
                    }
                }
            }
        }
        assert!(count > 500, "{count}");
        assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
        let help = helps("verify = trusted()").concat();
        assert!(help.contains("write `verify = trusted`"), "{help}");
    }

    #[test]
    fn without_compute_a_main_is_an_error_that_names_the_feature() {
        for item in ["fn main() {}", "fn main(request: Request) -> Response { todo() }", "struct Main;"] {
            let [list, tokens] = ["news", item].map(|text| text.parse::<TokenStream>().expect("tokens"));
            let (with, without) = (main(list.clone(), tokens.clone()), main_without_compute(list, tokens));
            let errors = |tokens: &TokenStream| tokens.to_string().matches("compile_error").count();
            assert_eq!(errors(&without), errors(&with) + 1, "{item}");
            assert!(without.to_string().contains("the feature `compute`"), "{item}: {without}");
        }
    }

    /// Each list with a mistake shows its error beside that of each function with another.
    #[test]
    fn no_mistake_of_a_main_hides_another() {
        let count = |list: &str, item: &str| {
            let generated = main(list.parse().expect("tokens"), item.parse().expect("tokens"));
            generated.to_string().matches("compile_error").count()
        };
        assert_eq!(count("news, fallback = \"origin\"", "fn main() {}"), 0);
        let lists = [
            "news, news",
            "5",
            "crate = 5",
            "verify = 5",
            "refuse = 5",
            "reuse = 5",
            "fallback = 5",
            "fallback = \"\"",
            "fallback = \"/index.html\"",
            "fallbak = \"origin\"",
        ];
        let items = [
            "fn serve() {}",
            "async fn main() {}",
            "#[other::main] fn main() {}",
            "fn main(&self) {}",
            "#[fanout::sse(channel = \"a\")] fn main() {}",
            "#[fanout::ws(echo)] fn serve() {}",
        ];
        for list in lists {
            assert_eq!(count(list, "fn main() {}"), 1, "{list}");
            for item in items {
                assert_eq!(count("", item), 1, "{item}");
                assert_eq!(count(list, item), 2, "{list}; {item}");
            }
        }
        for list in lists {
            assert_eq!(count(list, "struct Main;"), 2, "{list}");
        }
        for list in ["fallback = \"\"", "fallback = 5"] {
            for item in ["fn main(request: Request) {}", "fn main() { serve() }"] {
                assert_eq!(count(list, item), 2, "{list}; {item}");
            }
        }
        assert_eq!(count("fallback = 1, fallback = \"b\"", "fn main() {}"), 2);
    }
}
