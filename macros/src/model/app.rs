//! The model of `#[fanout::main(…)]`: the list of endpoints, and the function under it.

use proc_macro2::TokenStream;
use syn::{Attribute, Generics, LitStr, Path, ReturnType, Type};

use crate::diagnostics::{Errors, glued};
use crate::parse::endpoint_list::{Entry, List};
use crate::parse::item;
use crate::parse::signature::Function;
use crate::parse::value;

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

impl<'i> Main<'i> {
    pub fn new(item: &'i TokenStream, function: &'i Function, list: List, errors: &mut Errors) -> Self {
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
        let krate = krate.unwrap_or_else(value::default_crate);
        Self { krate, item, function, entries, verify, fallback, request, returns }
    }
}
