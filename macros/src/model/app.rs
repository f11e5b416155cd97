//! The model of `#[fanout::main(…)]`: the list of endpoints, and the function under it.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Expr, ExprLit, Generics, Ident, Lit, LitStr, Path, ReturnType, Token, Type, token};

use crate::diagnostics::{Errors, glued, list as words, meant};
use crate::expand::{self, stand_in};
use crate::parse::item::{self, Item};
use crate::parse::separated::{self as commas, Read};
use crate::parse::signature::{self as function, Function};
use crate::parse::value::{Slot, Value, expression};

/// One entry of the list.
pub struct Entry {
    pub cfgs: Vec<Attribute>,
    pub path: Path,
}

/// A `main` as it was written. Whether it is right, the errors say.
pub struct Main<'i> {
    pub krate: Path,
    pub item: &'i TokenStream,
    pub function: &'i Function,
    pub entries: Vec<Entry>,
    /// The function that says who is believed, where it is not the runtime's own.
    pub verify: Option<Path>,
    /// The backend that everything else is handed off to.
    pub fallback: Option<LitStr>,
    /// The type of its parameter.
    pub request: Option<&'i Type>,
    pub returns: bool,
}

/// A list that other lists name.
pub struct Listing {
    pub krate: Path,
    pub cfgs: Vec<Attribute>,
    pub generics: Generics,
    /// The type that stands for it.
    pub ty: TokenStream,
    pub entries: Vec<Entry>,
}

/// Expands `#[fanout::endpoints(list)] item`. The item always comes back as it was.
pub fn endpoints(list: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let List { entries, krate, .. } = List { nested: true, ..List::default() }.parse(list, &mut errors);
    let krate = krate.unwrap_or_else(expand::default_crate);
    let named = item::named_type(item.clone()).filter(|_| !item::is_impl(&item));
    let generated = match named {
        Some((generics, ty)) => {
            let cfgs = item::cfgs(&item);
            let own_name = ty.clone().into_iter().next().map(|name| name.to_string());
            for Entry { path, .. } in &entries {
                if path.get_ident().is_some_and(|name| own_name == Some(name.to_string())) {
                    let help = "remove it: it stands for the other entries";
                    errors.push(path, format!("`{}` cannot list itself", glued(path)), help);
                }
            }
            let entries = if errors.is_empty() { entries } else { Vec::new() };
            Some(expand::list(&Listing { krate, cfgs, generics, ty, entries }))
        }
        None => {
            item::refuse_list(&item, &mut errors);
            None
        }
    };
    let errors = errors.into_tokens();
    quote!(#item #generated #errors)
}

/// Expands `#[fanout::main(list)] item`. The item always comes back as it was, inside the program's entry where it
/// is a `main`.
pub fn attribute(list: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let list = List::default().parse(list, &mut errors);
    let generated = match Item::parse(item.clone()) {
        Item::Function(function) => {
            let main = Main::new(&item, &function, list, &mut errors);
            if errors.is_empty() { expand::main(&main) } else { stand_in::main(&main) }
        }
        Item::HalfTyped { name, .. } => stand_in::half_typed_main(&name, &item),
        Item::Other => {
            item::refuse_main(&item, &mut errors);
            item
        }
    };
    let errors = errors.into_tokens();
    quote!(#generated #errors)
}

impl<'i> Main<'i> {
    fn new(item: &'i TokenStream, function: &'i Function, list: List, errors: &mut Errors) -> Self {
        function.check("`main`", "it runs once for each request, which waits for it", errors);
        if function.sig.ident != "main" {
            let help = "call it `main`: it is where the program starts";
            errors.push(&function.sig.ident, format!("`{}` is not `main`", function.sig.ident), help);
        }
        let other = item::attributes(item)
            .into_iter()
            .find(|attribute| attribute.path().segments.last().is_some_and(|last| last.ident == "main"));
        if let Some(other) = other {
            let problem = format!("`#[{}]` is too much beside `#[fanout::main(…)]`", glued(other.path()));
            errors.push(other.path(), problem, "remove it: a program has one entry");
        }
        if let Some(receiver) = function.receiver() {
            let help = "move it out of the `impl`: it is where the program starts";
            errors.push(receiver, "`main` cannot be a method", help);
        }
        let parameters = function.parameters("`main`", errors);
        if let Some(second) = parameters.get(1) {
            let help = "take the request alone: `fn main(request: Request)`";
            errors.push(second.ty, "`main` has one parameter at most", help);
        }
        let request = parameters.first().map(|parameter| parameter.ty);
        if let Some(Type::Reference(reference)) = request.filter(|_| list.fallback.is_none()) {
            let help = "write `fn main(request: Request)`";
            errors.push(reference, "`main` is given the request itself", help);
        }
        let returns = function.sig.output != ReturnType::Default;
        let List { entries, krate, verify, fallback, .. } = list;
        if let Some(backend) = &fallback {
            let help = "write `fn main() {}`: what no endpoint matches goes to the backend";
            if backend.value().is_empty() {
                let help = "name a backend of the service: `fallback = \"origin\"`";
                errors.push(backend, "the name of a backend cannot be empty", help);
            } else if let Some(ty) = request {
                errors.push(ty, "with a `fallback` nothing is left for `main`", help);
            } else if let Some(body) = item::body(item).filter(|body| !body.stream().is_empty()) {
                errors.push_at(body.span(), "with a `fallback` nothing is left for `main`", help);
            }
        }
        let krate = krate.unwrap_or_else(expand::default_crate);
        Self { krate, item, function, entries, verify, fallback, request, returns }
    }
}

/// What stands between the parentheses: entries, and options behind or between them.
#[derive(Default)]
struct List {
    /// Whether it is for other lists to name, and not an app's.
    nested: bool,
    entries: Vec<Entry>,
    krate: Option<Path>,
    verify: Option<Path>,
    fallback: Option<LitStr>,
}

impl Read for List {
    fn read(&mut self, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
        let Some(attributes) = attributes(input, errors)? else { return commas::skip(input).map(drop) };
        if self.is_option(input) {
            if let [attribute, ..] = &attributes[..] {
                errors.push(
                    attribute,
                    "an option cannot have attributes",
                    "put `#[cfg(…)]` on `main` itself",
                );
            }
            let name = input.call(Ident::parse_any)?;
            self.option(&name, input, errors)
        } else {
            self.entry(attributes, input, errors)
        }
    }

    fn begins(&self, input: ParseStream<'_>) -> bool {
        input.peek(Ident::peek_any) || input.peek(Token![::]) || input.peek(Token![#])
    }

    fn comma(&self, _: ParseStream<'_>) -> String {
        "put a `,` between two endpoints".to_owned()
    }
}

impl List {
    fn parse(mut self, tokens: TokenStream, errors: &mut Errors) -> Self {
        commas::read(tokens, &mut self, errors);
        self
    }

    fn option(&mut self, name: &Ident, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
        let (given, example) = match name.to_string().as_str() {
            "crate" => (self.krate.is_some(), "crate = path::to::fanout"),
            "verify" if !self.nested => (self.verify.is_some(), "verify = path::to::policy"),
            "fallback" if !self.nested => (self.fallback.is_some(), "fallback = \"origin\""),
            other => {
                let known: &[&str] = if self.nested { &["crate"] } else { &["verify", "fallback", "crate"] };
                let list = if self.nested { "endpoints" } else { "main" };
                let meant = meant(other, known.iter().copied());
                let options = if self.nested { "option" } else { "options" };
                let known = words(known.iter().copied());
                let help = match other {
                    "verify" | "fallback" => {
                        "write it at `#[fanout::main(…)]`: it is for the whole app".to_owned()
                    }
                    _ => format!("{meant}`{list}` takes the endpoints' names, and the {options} {known}"),
                };
                errors.push(name, format!("`{list}` has no option `{name}`"), help);
                commas::skip(input)?;
                return Ok(());
            }
        };
        let slot = Slot { option: name, example: example.to_owned() };
        let value = slot.read(input, errors)?;
        if given {
            errors.push(name, format!("`{name}` is given twice"), "leave one of them");
            return Ok(());
        }
        match value {
            Value::Given(value) => match name.to_string().as_str() {
                "crate" => self.krate = slot.path(&value, "the path of the fanout crate", errors),
                "verify" => {
                    self.verify = slot.path(&value, "the path of a function that returns a `Policy`", errors);
                }
                _ => self.fallback = slot.string(&value, errors),
            },
            Value::None => errors.push(name, format!("`{name}` needs a value"), format!("write `{example}`")),
            Value::Meant(_) => {}
        }
        Ok(())
    }

    /// Whether an option stands here: a name in front of its value, and be it written in another way.
    fn is_option(&self, input: ParseStream<'_>) -> bool {
        let Ok(name) = input.fork().call(Ident::parse_any) else { return false };
        let is_known = ["crate", "verify", "fallback"].iter().any(|known| name == known);
        let is_valued = input.peek2(token::Paren) || input.peek2(Token![:]) && !input.peek2(Token![::]);
        input.peek2(Token![=]) && !input.peek2(Token![==]) || is_known && is_valued
    }

    fn entry(
        &mut self,
        cfgs: Vec<Attribute>,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        if let Some(other) = cfgs.iter().find(|attribute| !function::is_cfg(attribute)) {
            errors.push(other, "an entry can have `#[cfg(…)]` and no other attribute", "remove it");
        }
        if input.is_empty() || input.peek(Token![,]) {
            let help = "write the name of an endpoint, or remove the comma";
            errors.push_at(input.span(), "an endpoint is missing", help);
            return Ok(());
        }
        let path = match expression(input)? {
            Ok(Expr::Path(path)) if path.qself.is_none() => path.path,
            other => {
                let help = instead_of(&other);
                let other = other.map_or_else(|tokens| tokens, ToTokens::into_token_stream);
                errors.push(other, "this is not the name of an endpoint", help);
                commas::skip(input)?;
                return Ok(());
            }
        };
        let same = |earlier: &Entry| earlier.path == path && cfgs.is_empty() && earlier.cfgs.is_empty();
        if self.entries.iter().any(same) {
            let name = path.to_token_stream();
            errors.push(&path, format!("`{name}` is in the list twice"), "leave one of them");
        } else {
            self.entries.push(Entry { cfgs, path });
        }
        Ok(())
    }
}

/// The attributes of an entry, if they can be read.
fn attributes(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Option<Vec<Attribute>>> {
    let mut attributes = Vec::new();
    while input.peek(Token![#]) {
        let mut tokens = input.parse::<Token![#]>()?.to_token_stream();
        if input.peek(token::Bracket) {
            tokens.extend([input.parse::<TokenTree>()?]);
        }
        let Ok(read) = Attribute::parse_outer.parse2(tokens.clone()) else {
            let help = "write `#[cfg(…)]` and the name of an endpoint";
            errors.push(tokens, "this attribute cannot be read", help);
            return Ok(None);
        };
        attributes.extend(read);
    }
    Ok(Some(attributes))
}

/// What to write instead of what is not the name of an endpoint.
fn instead_of(entry: &Result<Expr, TokenStream>) -> String {
    if let Some(each) = entry.as_ref().err().and_then(with_braces) {
        return format!("write `{each}`");
    }
    match entry {
        Ok(Expr::Call(call)) => format!("write `{}`: it is called when a request comes", glued(&call.func)),
        Ok(Expr::Reference(reference)) => format!("write `{}`", glued(&reference.expr)),
        Ok(Expr::Array(array)) => {
            let names: Vec<_> = array.elems.iter().map(glued).collect();
            format!("write `{}`, without brackets", names.join(", "))
        }
        Ok(Expr::Lit(ExprLit { lit: Lit::Str(string), .. })) if string.parse::<Path>().is_ok() => {
            format!("write `{}`, without quotes", string.value())
        }
        Err(tokens) if glued(tokens).ends_with('*') => {
            "name each, or a list of the module's: `#[fanout::endpoints(…)] pub enum Endpoints {}`".to_owned()
        }
        _ => "list the functions by name: `#[fanout::main(sse, ws)]`".to_owned(),
    }
}

/// What a `use` would mean by `rooms::{chat, news}`, one by one.
fn with_braces(tokens: &TokenStream) -> Option<String> {
    let written = glued(tokens);
    let (prefix, names) = written.strip_suffix('}')?.split_once("::{")?;
    let is_plain = |name: &str| name.chars().all(|c| c == '_' || c == ':' || c.is_alphanumeric());
    let names: Vec<_> = names.split(',').filter(|name| !name.is_empty()).collect();
    let each: Vec<_> = names.iter().map(|name| format!("{prefix}::{name}")).collect();
    (!names.is_empty() && names.into_iter().all(is_plain)).then(|| each.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(written: &str) -> (List, Vec<String>) {
        let mut errors = Errors::default();
        let list = List::default().parse(written.parse().expect("tokens"), &mut errors);
        (list, errors.problems())
    }

    fn paths(list: &List) -> Vec<String> {
        list.entries.iter().map(|entry| entry.path.to_token_stream().to_string()).collect()
    }

    #[test]
    fn entries_are_paths_and_options_stand_anywhere() {
        let (list, problems) = parse("a, crate = ::b, #[cfg(unix)] c::d, ::e, verify = f::g, r#type,");
        assert_eq!(problems, [""; 0]);
        assert_eq!(paths(&list), ["a", "c :: d", ":: e", "r#type"]);
        assert_eq!(list.entries[1].cfgs.len(), 1);
        assert_eq!(list.krate.unwrap(), syn::parse_quote!(::b));
        assert_eq!(list.verify.unwrap(), syn::parse_quote!(f::g));
    }

    #[test]
    fn one_mistake_hides_no_other() {
        let (list, problems) = parse("a, \"b\", c(), a, d e, #[inline] f, crat = g, verify, verify = 1, = h");
        assert_eq!(
            problems,
            [
                "this is not the name of an endpoint",
                "this is not the name of an endpoint",
                "`a` is in the list twice",
                "expected a comma",
                "an entry can have `#[cfg(…)]` and no other attribute",
                "`main` has no option `crat`",
                "`verify` is the path of a function that returns a `Policy`",
                "this is not the name of an endpoint",
            ]
        );
        assert_eq!(paths(&list), ["a", "d", "e", "f", "verify"]);
    }

    #[test]
    fn an_entry_can_be_there_twice_in_two_configurations() {
        let (list, problems) = parse("#[cfg(unix)] a, #[cfg(windows)] a");
        assert_eq!(problems, [""; 0]);
        assert_eq!(list.entries.len(), 2);
    }
}
