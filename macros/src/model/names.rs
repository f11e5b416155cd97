//! The names in scope of an endpoint's options and handlers: the path parameters.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{LitStr, Path};

use crate::diagnostics::{Errors, glued, list, nearest};
use crate::parse::channels::Channels;
use crate::parse::named::Named;
use crate::parse::option_table::Options;
use crate::parse::signature::Parameter;
use crate::parse::types::is_of_path;

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

/// The path parameters, and how the options and the handlers use them.
pub struct Names<'s> {
    pub endpoint: &'s str,
    pub path: &'s LitStr,
    /// The names of the path parameters, unless the path has a mistake of its own. Then no name is unknown.
    parameters: Option<&'s [String]>,
    /// The names that options use, in braces or in call syntax.
    in_options: BTreeSet<String>,
    used: RefCell<BTreeSet<usize>>,
    /// The names that are not path parameters, each with its place.
    unknown: RefCell<Vec<(String, TokenStream)>>,
    /// The parameters of a WebSocket's function that takes no message, each with its type, if they are not path parameters.
    instead_of_message: RefCell<Vec<(String, String)>>,
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
        let mut in_options = options.channels.value().map(Channels::names).unwrap_or_default();
        let given = options.guard.value().into_iter().flat_map(|guard| &guard.given);
        in_options.extend(given.map(|name| name.unraw().to_string()));
        let has_unread_option = options.unrecognised
            || !options.guessed.is_empty()
            || options.channels.is_invalid()
            || options.guard.is_invalid()
            || options.next.is_invalid()
            || options.gone.is_invalid()
            || options.meta.is_invalid();
        Self {
            endpoint,
            path,
            parameters,
            in_options,
            used: RefCell::default(),
            unknown: RefCell::default(),
            instead_of_message: RefCell::default(),
            has_unread_option: Cell::new(has_unread_option),
            has_unread_argument: Cell::new(false),
        }
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
            if source == Source::Request && (is_meant || is_of_path(parameter.ty)) {
                self.note_unread_argument();
                match parameter.name {
                    Some(name) => self.refuse(&name.unraw().to_string(), name),
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
        if self.parameters.is_some() {
            self.unknown.borrow_mut().push((name.to_owned(), place.into_token_stream()));
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
        let unknown = self.unknown.borrow();
        for (index, (name, place)) in unknown.iter().enumerate() {
            if unknown[..index].iter().any(|(earlier, _)| earlier == name) {
                continue;
            }
            let count = unknown.iter().filter(|(other, _)| other == name).count();
            let problem = format!("`{}` has no path parameter `{name}`", self.endpoint);
            match self.corrected(name, count > 1) {
                Some(path) => errors.push(self.path, problem, format!("write `path = {path:?}`")),
                None => {
                    let messages = self.instead_of_message.borrow();
                    let message = messages.iter().find(|(this, _)| this == name && count == 1);
                    let message =
                        message.map(|(_, ty)| format!("; if it is the message, write `Json<{ty}>`"));
                    errors.push(place, problem, self.instead_of(name) + &message.unwrap_or_default());
                }
            }
        }
    }

    /// The path with this parameter, if the mistake is probably in the path: it has the parameter in the syntax of another
    /// router, or the options and handlers agree on another name.
    fn corrected(&self, name: &str, is_agreed: bool) -> Option<String> {
        let path = self.path.value();
        path::in_braces(&path, |_, written| written == name).or_else(|| {
            let nearest = nearest(name, self.names()).filter(|_| is_agreed && path::is_name(name))?;
            let renamed = path.replace(&format!("{{{nearest}}}"), &format!("{{{name}}}"));
            Some(renamed.replace(&format!("{{*{nearest}}}"), &format!("{{*{name}}}")))
        })
    }

    /// The help for a name that is not a path parameter.
    fn instead_of(&self, name: &str) -> String {
        // The name may have a format behind it, or the star of the path.
        let stem = name.trim_start_matches('*').split([':', '.', '?']).next().unwrap_or_default().trim();
        let is_there = |name: &str| self.names().any(|known| known == name);
        if name != stem && is_there(stem) {
            format!("write `{{{stem}}}`: it inserts the text from the path")
        } else if name.strip_prefix('_').is_some_and(is_there) {
            format!("rename it to `{}`, or remove it: a path parameter need not be an argument", &name[1..])
        } else if let Some(nearest) = nearest(name, self.names()) {
            format!("did you mean `{nearest}`?")
        } else if self.parameters().is_empty() {
            let name = if path::is_name(name) { name } else { "room" };
            format!("add it to the path: `path = \"{}/{{{name}}}\"`", self.path.value().trim_end_matches('/'))
        } else {
            format!("the path has {}", list(self.names()))
        }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.parameters().iter().map(String::as_str)
    }

    /// Lowers a function that an option names.
    pub fn call(&self, option: &str, named: &Named, errors: &mut Errors) -> Call {
        if let (Some(name), []) = (named.path.get_ident(), &named.given[..])
            && self.resolve(&name.unraw().to_string()).is_some()
        {
            let value = match option {
                "channel" => format!("\"{{{}}}\"", name.unraw()),
                _ => format!("may_enter({name})"),
            };
            let help = format!("write `{option} = {value}`, or `self::{name}` for a function of that name");
            errors.push(name, format!("`{name}` is a path parameter, not a function"), help);
        }
        let mut given = Vec::new();
        for name in &named.given {
            let written = name.unraw().to_string();
            match self.resolve(&written) {
                Some(index) => given.push(index),
                None => self.refuse(&written, name),
            }
        }
        if let Some(fifth) = named.given.get(4) {
            let name = fifth.unraw();
            let help = format!(
                "take `head: &RequestHead` in the function, and read it with `head.parameters().get(\"{name}\")`"
            );
            errors.push(fifth, "a function takes at most 4 path parameters", help);
        }
        Call { path: named.path.clone(), given }
    }
}

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
