//! The model of `#[fanout::main(…)]`: the list of endpoints, and the function under it.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Expr, Path, ReturnType, Token};

use crate::diagnostics::Errors;
use crate::expand;
use crate::function::Function;
use crate::options::{comma, crate_path, option_name, value};

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
    pub takes_request: bool,
    pub returns: bool,
}

/// Expands `#[fanout::main(list)] item`.
pub fn attribute(list: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let (entries, krate) = parse(list, &mut errors);
    let Some(function) = Function::parse("main", item.clone(), &mut errors) else {
        let errors = errors.into_tokens();
        return quote!(#item #errors);
    };
    let main = Main::new(&item, function, entries, krate, &mut errors);
    let generated = if errors.is_empty() { expand::main(&main) } else { expand::stand_in_main(&main) };
    let errors = errors.into_tokens();
    quote!(#generated #errors)
}

impl<'i> Main<'i> {
    fn new(
        item: &'i TokenStream,
        function: Function,
        entries: Vec<Entry>,
        krate: Option<Path>,
        errors: &mut Errors,
    ) -> Self {
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
        Self {
            krate: krate.unwrap_or_else(expand::default_crate),
            item,
            function,
            entries,
            takes_request,
            returns,
        }
    }
}

fn parse(list: TokenStream, errors: &mut Errors) -> (Vec<Entry>, Option<Path>) {
    let mut entries: Vec<Entry> = Vec::new();
    let mut krate = None;
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            let cfgs = input.call(Attribute::parse_outer)?;
            if input.peek(Token![crate]) && input.peek2(Token![=]) {
                let name = option_name(input)?;
                input.parse::<Token![=]>()?;
                krate = crate_path(value(&name, input)?, errors);
            } else {
                entry(cfgs, input.parse()?, &mut entries, errors);
            }
            if !input.is_empty() {
                comma(input)?;
            }
        }
        Ok(())
    };
    if let Err(error) = parser.parse2(list) {
        errors.add(error);
    }
    (entries, krate)
}

fn entry(cfgs: Vec<Attribute>, value: Expr, entries: &mut Vec<Entry>, errors: &mut Errors) {
    if let Some(other) = cfgs.iter().find(|attribute| !attribute.path().is_ident("cfg")) {
        errors.push(other, "an entry can have `#[cfg(…)]` and no other attribute", "remove it");
    }
    match value {
        Expr::Group(group) => entry(cfgs, *group.expr, entries, errors),
        Expr::Path(path) if path.qself.is_none() => {
            let path = path.path;
            let same = |earlier: &Entry| earlier.path == path && cfgs.is_empty() && earlier.cfgs.is_empty();
            if entries.iter().any(same) {
                let name = path.to_token_stream();
                errors.push(&path, format!("`{name}` is in the list twice"), "leave one of them");
            } else {
                entries.push(Entry { cfgs, path });
            }
        }
        Expr::Assign(assign) => {
            let help = "`main` takes the endpoints' names, and `crate = path::to::fanout`";
            errors.push(
                &assign.left,
                format!("`main` has no option `{}`", assign.left.to_token_stream()),
                help,
            );
        }
        other => {
            errors.push(
                other,
                "this is not the name of an endpoint",
                "list the functions by name: `#[fanout::main(sse, ws)]`",
            );
        }
    }
}
