//! The names in scope of an endpoint's options and handlers: the path parameters.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ops::Deref;

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{LitStr, Path};

use crate::diagnostics::{Errors, glued, is_keyword, list, nearest};
use crate::parse::channels::{Channels, GUARD, behind_guard};
use crate::parse::foreign::{self, Foreign};
use crate::parse::named::Named;
use crate::parse::option_table::{self, Options};
use crate::parse::parameter_name::is_name;
use crate::parse::signature::Parameter;
use crate::parse::types::{borrowed_value, is_of_path, is_of_request};
use crate::parse::value::Setting;

use super::path;

/// An argument of a handler.
pub struct Argument<'f> {
    pub parameter: Parameter<'f>,
    pub source: Source,
}

/// The source of an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The path parameter with this index.
    Path(usize),
    /// The request, by the argument's type.
    Request,
    /// The event on a connection: a message or a close.
    Event,
}

/// A function that an option names, and the path parameters that it takes.
pub struct Call {
    pub path: Path,
    pub given: Vec<usize>,
}

/// A name that is not a path parameter.
struct Unknown {
    name: String,
    place: TokenStream,
    /// `true` for a name in braces, which could stand for the guard value.
    in_template: bool,
}

/// The names that options use as path parameters, in braces or in call syntax.
pub fn in_options(options: &Options) -> BTreeSet<String> {
    let mut names = options.channels.value().map(Channels::names).unwrap_or_default();
    // A handler may call its argument `guard`.
    names.retain(|name| behind_guard(name).is_none());
    let functions = [&options.guard, &options.history].into_iter().filter_map(Setting::value);
    let given = functions.flat_map(|function| &function.given);
    names.extend(given.map(|name| name.unraw().to_string()));
    names
}

/// The path parameters, and how the options and the handlers use them.
pub struct Names<'s> {
    pub endpoint: &'s str,
    pub path: &'s LitStr,
    /// The names of the path parameters, unless the path has a mistake of its own. Then no name is unknown.
    parameters: Option<&'s [String]>,
    /// The names that options use, in braces or in call syntax.
    in_options: BTreeSet<String>,
    /// The names that a path parameter may have, of options and of handlers, which only errors need.
    candidates: Option<&'s dyn Deref<Target = Vec<String>>>,
    used: RefCell<BTreeSet<usize>>,
    /// The names of arguments that may be path parameters.
    in_handlers: RefCell<BTreeSet<String>>,
    /// `true` if an argument can be the body of the request.
    takes_body: bool,
    /// The names of arguments that are not path parameters.
    unknown_arguments: RefCell<BTreeSet<String>>,
    /// The names that are not path parameters.
    unknown: RefCell<Vec<Unknown>>,
    /// The parameters of a WebSocket's function that takes no message, each with its type, if they are not path parameters.
    instead_of_message: RefCell<Vec<(String, String)>>,
    /// `true` if there is no guard. An option that cannot be read may be one.
    lacks_guard: bool,
    /// The names whose absence from the path another error covers.
    covered: RefCell<BTreeSet<String>>,
    /// The first use of the guard value without a guard: the name in the template, and its place.
    missing_guard: RefCell<Option<(String, TokenStream)>>,
    /// `true` if some option may use path parameters, but has a mistake of its own.
    has_unread_option: Cell<bool>,
    /// `true` if some argument may be a path parameter, but has a mistake of its own.
    has_unread_argument: Cell<bool>,
}

impl<'s> Names<'s> {
    pub fn new(
        endpoint: &'s str,
        path: &'s LitStr,
        parameters: Option<&'s [String]>,
        options: &Options,
    ) -> Self {
        let has_unread_option = options.unrecognised
            || !options.guessed.is_empty()
            || options.channels.is_invalid()
            || options.guard.is_invalid()
            || options.history.is_invalid()
            || options.next.is_invalid()
            || options.gone.is_invalid()
            || options.meta.is_invalid();
        Self {
            endpoint,
            path,
            parameters,
            in_options: in_options(options),
            candidates: None,
            used: RefCell::default(),
            in_handlers: RefCell::default(),
            takes_body: false,
            unknown_arguments: RefCell::default(),
            unknown: RefCell::default(),
            lacks_guard: options.guard.is_absent() && !options.unrecognised,
            covered: RefCell::default(),
            missing_guard: RefCell::default(),
            instead_of_message: RefCell::default(),
            has_unread_option: Cell::new(has_unread_option),
            has_unread_argument: Cell::new(false),
        }
    }

    /// Says that an argument can be the body of the request.
    pub fn with_body(self, takes_body: bool) -> Self {
        Self { takes_body, ..self }
    }

    /// Adds the names that a path parameter may have.
    pub fn with_candidates(self, candidates: &'s dyn Deref<Target = Vec<String>>) -> Self {
        Self { candidates: Some(candidates), ..self }
    }

    fn candidates(&self) -> &'s [String] {
        self.candidates.map_or(&[], |candidates| candidates)
    }

    /// The names of the path parameters. If the path has a mistake, they are those of the path without it.
    pub fn meant(&self) -> Vec<String> {
        match self.parameters {
            Some(parameters) => parameters.to_vec(),
            None => path::fixed(&self.path.value(), self.candidates())
                .map(|path| path::names(&path))
                .unwrap_or_default(),
        }
    }

    /// Notes that an error has the path with this name.
    pub fn cover(&self, name: &str) {
        self.covered.borrow_mut().insert(name.to_owned());
    }

    /// The name of a first path parameter, and the path with it.
    pub fn with_first(&self, written: &str) -> (String, Option<String>) {
        let name =
            Some(written).filter(|name| is_name(name)).or(self.candidates().first().map(String::as_str));
        let name = name.unwrap_or("room");
        let path = format!("{}/{{{name}}}", self.path.value().trim_end_matches('/'));
        (name.to_owned(), path::fixed(&path, &[]))
    }

    /// The names of the path parameters.
    pub fn parameters(&self) -> &'s [String] {
        self.parameters.unwrap_or_default()
    }

    pub fn index(&self, name: &Ident) -> Option<usize> {
        self.position(&name.unraw().to_string())
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.parameters().iter().position(|parameter| parameter == name)
    }

    /// The path parameter of this name, which counts as used.
    pub fn resolve(&self, name: &str) -> Option<usize> {
        let index = self.position(name)?;
        self.used.borrow_mut().insert(index);
        Some(index)
    }

    /// Returns `true` for the name of a path parameter.
    pub fn has(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    /// Returns `true` if the endpoint has no guard.
    pub fn lacks_guard(&self) -> bool {
        self.lacks_guard
    }

    /// Returns `true` for the field of something that is not a path parameter: `user.name`.
    pub fn is_field(&self, name: &str) -> bool {
        name.split_once('.').is_some_and(|(first, _)| is_name(first.trim()) && !self.has(first.trim()))
    }

    /// The first name in braces that stands for the guard value of this endpoint, in a text that is not a template.
    pub fn guard_value_in<'t>(&self, text: &'t str) -> Option<&'t str> {
        let mut names = text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
        names.find(|name| !self.lacks_guard && behind_guard(name).is_some())
    }

    /// Notes a use of the guard value without a guard. If the path has a mistake, `guard` may be a path parameter.
    pub fn note_missing_guard(&self, name: &str, place: impl ToTokens) {
        self.note_unread_option();
        if self.parameters.is_some() || name != GUARD {
            self.missing_guard.borrow_mut().get_or_insert((name.to_owned(), place.into_token_stream()));
        }
    }

    /// Returns `true` for a path parameter, and for a name that should be one.
    pub fn is_parameter(&self, name: &str) -> bool {
        self.position(name).is_some() || self.unknown.borrow().iter().any(|unknown| unknown.name == name)
    }

    /// Returns `true` for a path parameter, and for a name that an option uses as one.
    pub fn is_of_path(&self, name: &Ident) -> bool {
        self.index(name).is_some() || self.in_options.contains(&name.unraw().to_string())
    }

    /// Returns `true` if only the path, which has a mistake, could tell that the parameter of a handler is its own.
    pub fn may_be_of_path(&self, parameter: &Parameter<'_>) -> bool {
        self.parameters.is_none() && parameter.name.is_some() && is_of_path(parameter.ty)
    }

    /// The arguments for the parameters of a handler. The event fills the parameter that `is_event` picks. It is called
    /// in turn for the parameters that are not path parameters.
    pub fn arguments<'f>(
        &self,
        written: Vec<Parameter<'f>>,
        mut is_event: impl FnMut(&Parameter<'f>) -> bool,
        errors: &mut Errors,
    ) -> Vec<Argument<'f>> {
        let mut arguments = Vec::new();
        for parameter in written {
            let from_path = parameter.name.and_then(|name| self.resolve(&name.unraw().to_string()));
            let is_meant = parameter.name.is_some_and(|name| self.is_of_path(name));
            let source = match from_path {
                Some(index) => Source::Path(index),
                None if !is_meant && is_event(&parameter) => Source::Event,
                None => Source::Request,
            };
            if source == Source::Request && !is_of_request(parameter.ty) {
                let name = parameter.name.map(|name| name.unraw().to_string());
                self.in_handlers.borrow_mut().extend(name);
            }
            if matches!(source, Source::Path(_))
                && let Some(owned) = borrowed_value(parameter.ty)
            {
                let help =
                    if owned == "String" { "write `&str`".to_owned() } else { format!("write `{owned}`") };
                errors.push(parameter.ty, format!("a path parameter cannot be `&{owned}`"), help);
            }
            if source == Source::Request && (is_meant || is_of_path(parameter.ty)) {
                self.note_unread_argument();
                match parameter.name {
                    _ if parameter.is_refused => {}
                    Some(name) => {
                        let written = name.unraw().to_string();
                        self.unknown_arguments.borrow_mut().insert(written.clone());
                        self.refuse(&written, name);
                    }
                    None => {
                        let help = match self.parameters() {
                            [] => "give it a name, and add that name to the path: `/{name}`".to_owned(),
                            _ => format!("name it after a path parameter: {}", list(self.names())),
                        };
                        errors.push(parameter.ty, "a path parameter is passed by its name", help);
                    }
                }
            }
            arguments.push(Argument { parameter, source });
        }
        arguments
    }

    /// Notes a name that is not a path parameter.
    pub fn refuse(&self, name: &str, place: impl ToTokens) {
        self.push_unknown(name, place, false);
    }

    /// Notes a name in braces that is not a path parameter.
    pub fn refuse_in_template(&self, name: &str, place: impl ToTokens) {
        self.push_unknown(name, place, true);
    }

    fn push_unknown(&self, name: &str, place: impl ToTokens, in_template: bool) {
        if self.parameters.is_some() {
            let unknown = Unknown { name: name.to_owned(), place: place.into_token_stream(), in_template };
            self.unknown.borrow_mut().push(unknown);
        }
    }

    /// Notes that a parameter may be the message, if its name is not that of a path parameter.
    pub fn note_message(&self, parameter: &Parameter<'_>) {
        if let Some(name) = parameter.name {
            self.instead_of_message.borrow_mut().push((name.unraw().to_string(), glued(parameter.ty)));
        }
    }

    /// Notes an option that may use path parameters, but cannot be read.
    pub fn note_unread_option(&self) {
        self.has_unread_option.set(true);
    }

    /// Notes an argument that may be a path parameter, but has a mistake of its own.
    pub fn note_unread_argument(&self) {
        self.has_unread_argument.set(true);
    }

    /// Returns `true` if it is known which arguments are path parameters.
    pub fn knows_arguments(&self) -> bool {
        self.parameters.is_some() && !self.has_unread_argument.get()
    }

    /// The path parameters that nothing uses. There are none if something with a mistake may use them.
    pub fn unused(&self) -> Vec<&'s str> {
        if !self.knows_arguments() || self.has_unread_option.get() || !self.unknown.borrow().is_empty() {
            return Vec::new();
        }
        let used = self.used.borrow();
        let unused = self.parameters().iter().enumerate().filter(|(index, _)| !used.contains(index));
        unused.map(|(_, name)| &**name).filter(|name| !name.starts_with('_')).collect()
    }

    /// Refuses the names that are not path parameters, each once.
    pub fn check(&self, errors: &mut Errors) {
        if let Some((name, place)) = &*self.missing_guard.borrow() {
            let example = option_table::example("guard", self.endpoint);
            let help = format!("add the function that returns it: `{example}`");
            errors.push(place, format!("`{{{name}}}` needs a guard, and `{}` has none", self.endpoint), help);
        }
        let unknown = self.unknown.borrow();
        for (index, Unknown { name, place, in_template }) in unknown.iter().enumerate() {
            let is_known = unknown[..index].iter().any(|earlier| earlier.name == *name);
            if is_known || self.covered.borrow().contains(name) {
                continue;
            }
            let count = unknown.iter().filter(|other| other.name == *name).count();
            let problem = format!("`{}` has no path parameter `{name}`", self.endpoint);
            match self.corrected(name, count > 1) {
                Some(path) => errors.push(self.path, problem, format!("write `path = {path:?}`")),
                None => {
                    let messages = self.instead_of_message.borrow();
                    let message = messages.iter().find(|(this, _)| this == name && count == 1);
                    let message =
                        message.map(|(_, ty)| format!("; if it is the message, write `Json<{ty}>`"));
                    let help = self.instead_of(name, *in_template) + &message.unwrap_or_default();
                    errors.push(place, problem, help);
                }
            }
        }
        let is_meant = |foreign: &Foreign<'_>| {
            let is_known = unknown.iter().any(|unknown| unknown.name == foreign.name);
            let is_used =
                self.in_handlers.borrow().contains(foreign.name) || self.in_options.contains(foreign.name);
            foreign.is_doubtful && is_used && !is_known && self.position(foreign.name).is_none()
        };
        if let Some(path) = foreign::path(&self.path.value(), is_meant)
            && let Some(path) = path::fixed(&path, &[])
        {
            errors.push(self.path, "a path parameter must be in braces", format!("write `path = {path:?}`"));
        }
    }

    /// The path with this parameter, if the mistake is probably in the path: it has the parameter in the syntax of another
    /// router, or the options and handlers agree on another name.
    fn corrected(&self, name: &str, is_agreed: bool) -> Option<String> {
        let path = self.path.value();
        let corrected = foreign::path(&path, |foreign| foreign.name == name).or_else(|| {
            let nearest = nearest(name, self.names()).filter(|_| is_agreed && is_name(name))?;
            let renamed = path.replace(&format!("{{{nearest}}}"), &format!("{{{name}}}"));
            Some(renamed.replace(&format!("{{*{nearest}}}"), &format!("{{*{name}}}")))
        })?;
        path::fixed(&corrected, &[])
    }

    /// The help for a name that is not a path parameter.
    fn instead_of(&self, name: &str, in_template: bool) -> String {
        // The name may have a format behind it, or the star of the path.
        let stem = name.trim_start_matches('*').split([':', '.', '?']).next().unwrap_or_default().trim();
        let is_there = |name: &str| self.names().any(|known| known == name);
        if name != stem && is_there(stem) {
            format!("write `{{{stem}}}`: it inserts the text from the path")
        } else if name.strip_prefix('_').is_some_and(is_there) {
            format!("rename it to `{}`, or remove it: a path parameter need not be an argument", &name[1..])
        } else if let Some((_, field)) = name.split_once('.').filter(|_| in_template && self.is_field(name)) {
            let written = format!("`{{{GUARD}.{}}}`", field.trim());
            if self.lacks_guard {
                let example = option_table::example("guard", self.endpoint);
                format!("for a field of the guard value, add the guard, `{example}`, and write {written}")
            } else {
                format!("for a field of the guard value, write {written}")
            }
        } else if let Some(nearest) = nearest(name, self.names()) {
            match is_keyword(nearest) && !in_template {
                true => format!("write `r#{nearest}`: the name of the path parameter is a keyword"),
                false => format!("did you mean `{nearest}`?"),
            }
        } else if self.parameters().is_empty() {
            let (parameter, fixed) = self.with_first(name);
            let add = match fixed {
                Some(path) => format!("add it to the path: `path = {path:?}`"),
                None => format!("add `/{{{parameter}}}` to the path"),
            };
            if in_template && !self.lacks_guard {
                format!("{add}; for a field of the guard value, write `{{{GUARD}.{parameter}}}`")
            } else {
                add + self.or_body(name)
            }
        } else {
            format!("the path has {}{}", list(self.names()), self.or_body(name))
        }
    }

    /// The other thing that an argument may have been meant to be.
    fn or_body(&self, name: &str) -> &'static str {
        let may_be = self.takes_body && self.unknown_arguments.borrow().contains(name);
        if may_be { "; to take the body of the request, write `Body<String>`" } else { "" }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.parameters().iter().map(String::as_str)
    }

    /// Refuses the name of a path parameter in another spelling, which would be literal text, unless one of the texts has it
    /// in braces. Returns `true` if it refused one.
    pub fn refuse_foreign(&self, texts: &[LitStr], option: &str, what: &str, errors: &mut Errors) -> bool {
        let mut is_refused = false;
        let values: Vec<_> = texts.iter().map(LitStr::value).collect();
        let is_inserted = |name: &str| values.iter().any(|value| value.contains(&format!("{{{name}}}")));
        for (text, value) in texts.iter().zip(&values) {
            let is_meant =
                |foreign: &Foreign<'_>| self.is_parameter(foreign.name) && !is_inserted(foreign.name);
            let Some((whole, first)) = foreign::replaced(value, is_meant) else { continue };
            let whole = whole.replace("{*", "{");
            is_refused = true;
            for foreign in foreign::all(value) {
                self.resolve(foreign.name);
            }
            let problem = format!("`{first}` in a {what} is not a path parameter");
            let help = match texts {
                [_] if !option.is_empty() => format!("write `{option} = {whole:?}`"),
                _ => format!("write `{whole:?}`"),
            };
            let name = foreign::all(first).first().map_or(first, |foreign| foreign.name);
            errors.push(
                text,
                problem,
                format!("{help}; to mean `{first}` itself, rename the path parameter `{name}`"),
            );
        }
        is_refused
    }

    /// Lowers a function that an option names.
    pub fn call(&self, option: &str, named: &Named, errors: &mut Errors) -> Call {
        if let (Some(name), []) = (named.path.get_ident(), &named.given[..])
            && self.resolve(&name.unraw().to_string()).is_some()
        {
            let value = match option {
                "channel" => format!("\"{{{}}}\"", name.unraw()),
                "history" => format!("events({name})"),
                _ => format!("may_enter({name})"),
            };
            let help = format!("write `{option} = {value}`, or `self::{name}` for a function of that name");
            errors.push(name, format!("`{name}` is a path parameter, not a function"), help);
        }
        let mut given = Vec::new();
        let is_extractor = |name: &&Ident| {
            let name = name.unraw().to_string();
            EXTRACTORS.contains(&&*name)
                && !self.is_parameter(&name)
                && nearest(&name, self.names()).is_none()
        };
        if let Some(extractor) = named.given.iter().find(is_extractor) {
            let others = named.given.iter().filter(|name| !is_extractor(name)).map(ToString::to_string);
            let (function, others) = (glued(&named.path), others.collect::<Vec<_>>().join(", "));
            let others = if others.is_empty() { others } else { format!("({others})") };
            let help = format!(
                "write `{option} = {function}{others}`: the other parameters of the function are extractors"
            );
            errors.push(extractor, format!("`{extractor}` is not a path parameter"), help);
        }
        for name in named.given.iter().filter(|name| !is_extractor(name)) {
            let written = name.unraw().to_string();
            match self.resolve(&written) {
                Some(index) => given.push(index),
                None => self.refuse(&written, name),
            }
        }
        if let Some(fifth) = named.given.get(4) {
            let name = fifth.unraw();
            let help = format!(
                "remove `{name}` here, write `{{_{name}}}` in the path, take `head: &RequestHead` in the function, and read it with \
                 `head.parameters().get(\"_{name}\")`"
            );
            errors.push(fifth, "a function takes at most 4 path parameters", help);
        }
        Call { path: named.path.clone(), given }
    }
}

/// Names that users give to extractors, and that are hardly path parameters.
const EXTRACTORS: [&str; 6] = ["cookies", "geo", "head", "headers", "req", "request"];

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

    use super::*;

    fn said(path: &str, parameters: &[&str], unknown: &[&str]) -> Vec<(String, String)> {
        let path = LitStr::new(path, Span::call_site());
        let parameters: Vec<_> = parameters.iter().map(|&name| name.to_owned()).collect();
        let names = Names::new("news", &path, Some(&parameters), &Options::default());
        for name in unknown {
            names.refuse(name, &path);
        }
        let mut errors = Errors::default();
        names.check(&mut errors);
        errors.all()
    }

    #[test]
    fn an_unknown_name_gets_a_guess() {
        let help = |name, path, parameters: &[&str]| said(path, parameters, &[name]).remove(0).1;
        let both = ["room", "user"];
        assert_eq!(help("rom", "/{room}/{user}", &both), "did you mean `room`?");
        assert_eq!(help("topic", "/{room}/{user}", &both), "the path has `room` and `user`");
        for written in ["room:?", "room.name", "*room"] {
            let expected = "write `{room}`: it inserts the text from the path";
            assert_eq!(help(written, "/{room}/{user}", &both), expected);
        }
        assert_eq!(
            help("_user", "/{room}/{user}", &both),
            "rename it to `user`, or remove it: a path parameter need not be an argument"
        );
        assert_eq!(
            help("topic", "/{room}/{user}/:topic", &both),
            "write `path = \"/{room}/{user}/{topic}\"`"
        );
        assert_eq!(help("topic", "/live/", &[]), "add it to the path: `path = \"/live/{topic}\"`");
        assert_eq!(help("topic", "/live/:topic", &[]), "write `path = \"/live/{topic}\"`");
        assert_eq!(help("a b", "/news", &[]), "add it to the path: `path = \"/news/{room}\"`");
    }

    #[test]
    fn an_unknown_name_is_one_error_on_the_token_that_differs() {
        let one = |help: &str| vec![("`news` has no path parameter `room`".to_owned(), help.to_owned())];
        assert_eq!(said("/{rom}", &["rom"], &["room"]), one("did you mean `rom`?"));
        assert_eq!(said("/{rom}", &["rom"], &["room", "room"]), one("write `path = \"/{room}\"`"));
        assert_eq!(said("/{*rom}", &["rom"], &["room", "room"]), one("write `path = \"/{*room}\"`"));
        assert_eq!(
            said("/live", &[], &["room", "room"]),
            one("add it to the path: `path = \"/live/{room}\"`")
        );
        assert_eq!(said("/live", &[], &["room", "user", "room"]).len(), 2);
    }
}
