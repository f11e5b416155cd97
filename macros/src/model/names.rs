//! What names mean in the options and the signatures of an endpoint.

use std::cell::RefCell;
use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{LitStr, Path};

use crate::diagnostics::{Errors, list, nearest};
use crate::parse::options;
use crate::parse::signature::Parameter;
use crate::parse::types::is_of_path;
use crate::parse::value::Named;

use super::path;

/// An argument of a function.
pub struct Argument<'f> {
    pub parameter: Parameter<'f>,
    pub source: Source,
}

/// What an argument is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The parameter of the path with this index.
    Path(usize),
    /// The request, by the argument's type.
    Request,
    /// What happened on a connection: a message, or a close.
    Event,
}

/// A function that an option names, and the parameters of the path that it is given.
pub struct Call {
    pub path: Path,
    pub given: Vec<usize>,
}

/// What names mean in the options and the signature of an endpoint.
pub struct Scope<'s> {
    pub endpoint: &'s str,
    pub path: &'s LitStr,
    /// The names of the path's parameters.
    pub parameters: &'s [String],
    /// The names that options use, in braces or in call syntax.
    used: BTreeSet<String>,
    /// The names that the path has no parameter of, and where each stands.
    unknown: RefCell<Vec<(String, TokenStream)>>,
}

impl<'s> Scope<'s> {
    pub fn new(
        endpoint: &'s str,
        path: &'s LitStr,
        parameters: &'s [String],
        channels: Option<&options::Channels>,
        guard: Option<&Named>,
    ) -> Self {
        let mut used: BTreeSet<_> = channels.map(options::Channels::names).unwrap_or_default();
        used.extend(guard.into_iter().flat_map(|guard| &guard.given).map(|name| name.unraw().to_string()));
        Self { endpoint, path, parameters, used, unknown: RefCell::default() }
    }

    pub fn index(&self, name: &Ident) -> Option<usize> {
        let name = name.unraw().to_string();
        self.parameters.iter().position(|parameter| *parameter == name)
    }

    /// Whether this is a parameter of the path, or would be one if the path had what the options say.
    pub fn is_of_path(&self, name: &Ident) -> bool {
        self.index(name).is_some() || self.used.contains(&name.unraw().to_string())
    }

    /// What each parameter of a function is. `is_event` says which one the event fills: it is asked in turn about those
    /// that are not of the path.
    pub fn arguments<'f>(
        &self,
        written: Vec<Parameter<'f>>,
        mut is_event: impl FnMut(&Parameter<'f>) -> bool,
        errors: &mut Errors,
    ) -> Vec<Argument<'f>> {
        let mut arguments = Vec::new();
        for parameter in written {
            let from_path = parameter.name.and_then(|name| self.index(name));
            let is_meant = parameter.name.is_some_and(|name| self.is_of_path(name));
            let source = match from_path {
                Some(index) => Source::Path(index),
                None if !is_meant && is_event(&parameter) => Source::Event,
                None => Source::Request,
            };
            if source == Source::Request && (is_meant || is_of_path(parameter.ty)) {
                match parameter.name {
                    Some(name) => self.refuse(&name.unraw().to_string(), name),
                    None => {
                        let help = "give the parameter the name of the path's parameter that it is";
                        errors.push(parameter.ty, "a parameter of the path goes by its name", help);
                    }
                }
            }
            arguments.push(Argument { parameter, source });
        }
        arguments
    }

    /// Takes note of a name that the path has no parameter of.
    pub fn refuse(&self, name: &str, place: impl ToTokens) {
        self.unknown.borrow_mut().push((name.to_owned(), place.into_token_stream()));
    }

    /// Says which names the path has no parameter of: each once, however often it stands there.
    pub fn check(&self, errors: &mut Errors) {
        let unknown = self.unknown.borrow();
        for (index, (name, place)) in unknown.iter().enumerate() {
            if unknown[..index].iter().any(|(earlier, _)| earlier == name) {
                continue;
            }
            let count = unknown.iter().filter(|(other, _)| other == name).count();
            let problem = format!("the path of `{}` has no parameter `{name}`", self.endpoint);
            match self.corrected(name, count > 1) {
                Some(path) => errors.push(self.path, problem, format!("write `path = {path:?}`")),
                None => errors.push(place, problem, self.instead_of(name)),
            }
        }
    }

    /// The path with this parameter, where it is probably the path that is wrong: it has the parameter as another router
    /// would, or everybody else calls it otherwise.
    fn corrected(&self, name: &str, is_agreed: bool) -> Option<String> {
        let path = self.path.value();
        path::in_braces(&path, |_, written| written == name).or_else(|| {
            let nearest = nearest(name, self.names()).filter(|_| is_agreed && path::is_name(name))?;
            let renamed = path.replace(&format!("{{{nearest}}}"), &format!("{{{name}}}"));
            Some(renamed.replace(&format!("{{*{nearest}}}"), &format!("{{*{name}}}")))
        })
    }

    fn instead_of(&self, name: &str) -> String {
        // As `format!` would have it, or the path.
        let stem = name.trim_start_matches('*').split([':', '.', '?']).next().unwrap_or_default().trim();
        let is_there = |name: &str| self.names().any(|known| known == name);
        if name != stem && is_there(stem) {
            format!("write `{{{stem}}}`: it stands for the text of the path")
        } else if name.strip_prefix('_').is_some_and(is_there) {
            format!("call it `{}`, or leave the argument out: not every parameter has to be one", &name[1..])
        } else if let Some(nearest) = nearest(name, self.names()) {
            format!("did you mean `{nearest}`?")
        } else if self.parameters.is_empty() {
            let name = if path::is_name(name) { name } else { "room" };
            format!("give it one: `path = \"{}/{{{name}}}\"`", self.path.value().trim_end_matches('/'))
        } else {
            format!("it has {}", list(self.names()))
        }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.parameters.iter().map(String::as_str)
    }

    pub fn call(&self, named: &Named, errors: &mut Errors) -> Call {
        let mut given = Vec::new();
        for name in &named.given {
            match self.index(name) {
                Some(index) => given.push(index),
                None => self.refuse(&name.unraw().to_string(), name),
            }
        }
        if let Some(fifth) = named.given.get(4) {
            let help = "take `&RequestHead` in the function: `head.parameters().get(\"…\")` has the others";
            errors.push(fifth, "a function is given at most 4 parameters of the path", help);
        }
        Call { path: named.path.clone(), given }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(path: &str, parameters: &[&str], unknown: &[&str]) -> Vec<(String, String)> {
        let path = LitStr::new(path, Span::call_site());
        let parameters: Vec<_> = parameters.iter().map(|&name| name.to_owned()).collect();
        let scope = Scope::new("news", &path, &parameters, None, None);
        for name in unknown {
            scope.refuse(name, &path);
        }
        let mut errors = Errors::default();
        scope.check(&mut errors);
        errors.all()
    }

    #[test]
    fn what_is_unknown_is_guessed() {
        let help = |name, path, parameters: &[&str]| said(path, parameters, &[name]).remove(0).1;
        let both = ["room", "user"];
        assert_eq!(help("rom", "/{room}/{user}", &both), "did you mean `room`?");
        assert_eq!(help("topic", "/{room}/{user}", &both), "it has `room` and `user`");
        for written in ["room:?", "room.name", "*room"] {
            let expected = "write `{room}`: it stands for the text of the path";
            assert_eq!(help(written, "/{room}/{user}", &both), expected);
        }
        assert_eq!(
            help("_user", "/{room}/{user}", &both),
            "call it `user`, or leave the argument out: not every parameter has to be one"
        );
        assert_eq!(
            help("topic", "/{room}/{user}/:topic", &both),
            "write `path = \"/{room}/{user}/{topic}\"`"
        );
        assert_eq!(help("topic", "/live/", &[]), "give it one: `path = \"/live/{topic}\"`");
        assert_eq!(help("topic", "/live/:topic", &[]), "write `path = \"/live/{topic}\"`");
        assert_eq!(help("a b", "/news", &[]), "give it one: `path = \"/news/{room}\"`");
    }

    #[test]
    fn a_name_is_unknown_once_and_wrong_where_nobody_else_has_it() {
        let one =
            |help: &str| vec![("the path of `news` has no parameter `room`".to_owned(), help.to_owned())];
        assert_eq!(said("/{rom}", &["rom"], &["room"]), one("did you mean `rom`?"));
        assert_eq!(said("/{rom}", &["rom"], &["room", "room"]), one("write `path = \"/{room}\"`"));
        assert_eq!(said("/{*rom}", &["rom"], &["room", "room"]), one("write `path = \"/{*room}\"`"));
        assert_eq!(said("/live", &[], &["room", "room"]), one("give it one: `path = \"/live/{room}\"`"));
        assert_eq!(said("/live", &[], &["room", "user", "room"]).len(), 2);
    }
}
