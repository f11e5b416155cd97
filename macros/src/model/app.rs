//! The model of an app, which `main` lists, and of a list that other lists name.

use std::borrow::Cow;

use proc_macro2::TokenStream;
use syn::{Attribute, Generics, LitStr, Path, ReturnType, Type};

use crate::diagnostics::{Errors, glued};
use crate::kind::Kind;
use crate::parse::endpoint_list::{Entry, List};
use crate::parse::item::{Form, Item};
use crate::parse::signature::Function;

/// A `main`. It is valid only if no error was recorded.
pub struct Main<'i> {
    pub krate: Path,
    pub item: Cow<'i, TokenStream>,
    pub function: &'i Function,
    pub entries: Vec<Entry>,
    /// The function that returns the policy, if it is not the runtime's own.
    pub verify: Option<Path>,
    /// The function that answers refusals, if they are not the runtime's own.
    pub refuse: Option<Path>,
    /// The backend that gets every request that no endpoint matches.
    pub fallback: Option<LitStr>,
    /// The function that returns the limits of a sandbox, if it serves more than one request.
    pub reuse: Option<Path>,
    /// The type of the parameter.
    pub request: Option<&'i Type>,
    pub returns: bool,
}

/// A list that other lists name. It is valid only if no error was recorded.
pub struct Listing<'i> {
    pub krate: Path,
    pub cfgs: Vec<Attribute>,
    pub generics: &'i Generics,
    /// The type that stands for it.
    pub ty: TokenStream,
    pub entries: Vec<Entry>,
}

impl<'i> Listing<'i> {
    /// Lowers a list, if its item can stand for one.
    pub fn lower(item: &'i Item, list: List, errors: &mut Errors) -> Option<Self> {
        let (Form::Type { name, .. }, Some((generics, ty))) = (&item.form, item.named_type()) else {
            item.refuse_list(errors);
            return None;
        };
        for Entry { path, .. } in &list.entries {
            if path.get_ident() == Some(name) {
                let help = "remove it: it is the list of the other entries";
                errors.push(path, format!("`{}` cannot list itself", glued(path)), help);
            }
        }
        Some(Self { krate: list.krate(), cfgs: item.cfgs(), generics, ty, entries: list.entries })
    }
}

/// Refuses a `main` that is also an endpoint. The error is on one of the two attributes, and `attribute` is that of the
/// endpoint.
pub fn refuse_endpoint(place: &Attribute, attribute: &str, errors: &mut Errors) {
    let help = format!(
        "write `#[{attribute}(…)]` above a function of its own, and list that: `#[fanout::main(news)] fn main() {{}}`"
    );
    errors.push(place.path(), "`main` cannot be an endpoint", help);
}

impl<'i> Main<'i> {
    pub fn lower(item: &'i Item, function: &'i Function, list: List, errors: &mut Errors) -> Self {
        function.check("`main` runs once for each request, from start to end", errors);
        let endpoint = item.attributes.iter().find(|attribute| Kind::of(attribute).is_some());
        if let Some(endpoint) = endpoint {
            refuse_endpoint(endpoint, &glued(endpoint.path()), errors);
        } else if function.own_name() != "main" {
            let problem = format!("`{}` must be named `main`", function.sig.ident);
            errors.push(&function.sig.ident, problem, "rename it to `main`: the program starts there");
        }
        let other = item
            .attributes
            .iter()
            .find(|attribute| attribute.path().segments.last().is_some_and(|last| last.ident == "main"));
        if let Some(other) = other {
            let problem = format!("`#[{}]` cannot stand beside `#[fanout::main(…)]`", glued(other.path()));
            errors.push(other.path(), problem, "remove it: a program has one entry point");
        }
        let inside = item.main_inside();
        if inside.is_some() {
            let help = "remove that attribute, such as `#[fastly::main]`: a program has one entry point";
            errors.push(&function.sig.ident, "another attribute has rewritten `main`", help);
        }
        if let Some(receiver) = function.receiver() {
            let help = "move it out of the `impl`: the program starts there";
            errors.push(receiver, "`main` cannot be a method", help);
        }
        let parameters = function.parameters(errors);
        if let Some(condition) = parameters.iter().find_map(|parameter| parameter.condition) {
            let help = "put `#[cfg(…)]` on two functions `main`, one for each case";
            errors.push(condition, "the parameter of `main` cannot depend on `#[cfg]`", help);
        } else if let Some(second) = parameters.get(1) {
            let help = "take only the request: `fn main(request: Request)`";
            errors.push(second.ty, "`main` takes at most one parameter", help);
        }
        let request = parameters.first().map(|parameter| parameter.ty);
        if let Some(Type::Reference(reference)) = request.filter(|_| list.fallback.is_absent()) {
            let help = "write `fn main(request: Request)`";
            errors.push(reference, "`main` cannot borrow the request", help);
        }
        let returns = function.sig.output != ReturnType::Default;
        if !list.fallback.is_absent() {
            let problem = "with `fallback`, `main` never runs";
            let help = "write `fn main() {}`: requests that no endpoint matches go to the backend";
            if let Some(ty) = request {
                errors.push(ty, problem, help);
            } else if let Some(body) = item.body().filter(|body| !body.stream().is_empty()) {
                errors.push_at(body.span(), problem, help);
            }
        }
        // The compiler expands an attribute of the user's own `main` once more.
        let other_item = if endpoint.is_some() { item.without_endpoints() } else { inside };
        Self {
            krate: list.krate(),
            item: other_item.map_or(Cow::Borrowed(&item.tokens), Cow::Owned),
            function,
            verify: list.verify.value().cloned(),
            refuse: list.refuse.value().cloned(),
            fallback: list.fallback.value().cloned(),
            reuse: list.reuse.value().cloned(),
            entries: list.entries,
            request,
            returns,
        }
    }
}
