//! The model of `#[fanout::main(…)]`: the list of endpoints, and the function under it.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Expr, Ident, Path, ReturnType, Token};

use crate::diagnostics::Errors;
use crate::expand;
use crate::function::Function;
use crate::options::{comma, option_name, value};

/// One entry of the list.
pub struct Entry {
    pub cfgs: Vec<Attribute>,
    pub path: Path,
}

/// A `main` as it was written. Whether it is right, the errors say.
pub struct Main<'i> {
    pub krate: Path,
    pub item: &'i TokenStream,
    pub function: Function,
    pub entries: Vec<Entry>,
    /// The function that says who is believed, where it is not the runtime's own.
    pub verify: Option<Path>,
    pub takes_request: bool,
    pub returns: bool,
}

/// Expands `#[fanout::main(list)] item`.
pub fn attribute(list: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let list = List::parse(list, &mut errors);
    let Some(function) = Function::parse("main", item.clone(), &mut errors) else {
        let errors = errors.into_tokens();
        return quote!(#item #errors);
    };
    let main = Main::new(&item, function, list, &mut errors);
    let generated = if errors.is_empty() { expand::main(&main) } else { expand::stand_in_main(&main) };
    let errors = errors.into_tokens();
    quote!(#generated #errors)
}

impl<'i> Main<'i> {
    fn new(item: &'i TokenStream, function: Function, list: List, errors: &mut Errors) -> Self {
        function.check("`main`", errors);
        if function.sig.ident != "main" {
            let help = "call it `main`: it is where the program starts";
            errors.push(&function.sig.ident, format!("`{}` is not `main`", function.sig.ident), help);
        }
        let parameters = function.parameters("`main`", errors);
        if let Some(second) = parameters.get(1) {
            let help = "take the request alone: `fn main(request: Request)`";
            errors.push(second, "`main` has one parameter at most", help);
        }
        let (takes_request, returns) = (!parameters.is_empty(), function.sig.output != ReturnType::Default);
        let List { entries, krate, verify } = list;
        let krate = krate.unwrap_or_else(expand::default_crate);
        Self { krate, item, function, entries, verify, takes_request, returns }
    }
}

/// What stands between the parentheses: entries, and options behind or between them.
#[derive(Default)]
struct List {
    entries: Vec<Entry>,
    krate: Option<Path>,
    verify: Option<Path>,
}

impl List {
    fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut list = Self::default();
        let parser = |input: ParseStream<'_>| {
            while !input.is_empty() {
                let cfgs = input.call(Attribute::parse_outer)?;
                if input.peek(Ident::peek_any) && input.peek2(Token![=]) && !input.peek2(Token![==]) {
                    let name = option_name(input)?;
                    input.parse::<Token![=]>()?;
                    list.option(&name, value(&name, input)?, errors);
                } else {
                    list.entry(cfgs, input.parse()?, errors);
                }
                if !input.is_empty() {
                    comma(input)?;
                }
            }
            Ok(())
        };
        if let Err(error) = parser.parse2(tokens) {
            errors.add(error);
        }
        list
    }

    fn option(&mut self, name: &Ident, value: Expr, errors: &mut Errors) {
        let (option, what, example) = match name.to_string().as_str() {
            "crate" => (&mut self.krate, "the path of the fanout crate", "crate = path::to::fanout"),
            "verify" => (
                &mut self.verify,
                "the path of a function that returns a `Policy`",
                "verify = path::to::policy",
            ),
            _ => {
                let help = "`main` takes the endpoints' names, `verify = path::to::policy` and `crate = path::to::fanout`";
                errors.push(name, format!("`main` has no option `{name}`"), help);
                return;
            }
        };
        if option.is_some() {
            errors.push(name, format!("`{name}` is given twice"), "leave one of them");
            return;
        }
        match value {
            Expr::Path(path) => *option = Some(path.path),
            other => errors.push(
                other,
                format!("`{name}` is {what}"),
                format!("write `{example}`, without quotes"),
            ),
        }
    }

    fn entry(&mut self, cfgs: Vec<Attribute>, value: Expr, errors: &mut Errors) {
        if let Some(other) = cfgs.iter().find(|attribute| !attribute.path().is_ident("cfg")) {
            errors.push(other, "an entry can have `#[cfg(…)]` and no other attribute", "remove it");
        }
        match value {
            Expr::Group(group) => self.entry(cfgs, *group.expr, errors),
            Expr::Path(path) if path.qself.is_none() => {
                let path = path.path;
                let same =
                    |earlier: &Entry| earlier.path == path && cfgs.is_empty() && earlier.cfgs.is_empty();
                if self.entries.iter().any(same) {
                    let name = path.to_token_stream();
                    errors.push(&path, format!("`{name}` is in the list twice"), "leave one of them");
                } else {
                    self.entries.push(Entry { cfgs, path });
                }
            }
            other => {
                let help = "list the functions by name: `#[fanout::main(sse, ws)]`";
                errors.push(other, "this is not the name of an endpoint", help);
            }
        }
    }
}
