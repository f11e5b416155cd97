//! The name of a backend, as the value of an option.

use syn::{Expr, LitStr};

use crate::diagnostics::{Errors, ends, glued};

use super::value::Slot;

/// The limit of Compute, in bytes.
const COMPUTE_LIMIT: usize = 255;

impl Slot<'_> {
    /// The name of a backend. A name that no service can have has its error here, and so has a path or an address.
    pub fn backend(&self, value: &Expr, errors: &mut Errors) -> Option<LitStr> {
        if let Some(function) = self.handler(value) {
            let help = format!(
                "write `fallback = {function:?}` for a backend of that name; to answer in `{function}`, remove `fallback` and call it \
                 in `main`: `fn main(request: Request) -> Response {{ {function}(request) }}`"
            );
            errors.push(value, "`fallback` must be the name of a backend", help);
            return None;
        }
        let written = self.string(value, errors)?;
        if let Some(problem) = self.wrong_backend(&written.value()) {
            let name = written.value().trim().to_owned();
            errors.advise(ends(&written), problem, [self.advice(&format!("{name:?}"))], self.a_backend());
        }
        Some(written)
    }

    /// The path of a function, which is the fallback of other frameworks.
    fn handler(&self, value: &Expr) -> Option<String> {
        let Expr::Path(path) = value else { return None };
        let name = path.path.segments.last()?.ident.to_string();
        (self.option == "fallback" && name.starts_with(char::is_lowercase)).then(|| glued(value))
    }

    fn wrong_backend(&self, name: &str) -> Option<String> {
        let option = self.option;
        let is_plain = |c: char| c == ' ' || c.is_ascii_graphic();
        if name.is_empty() {
            Some("the name of a backend cannot be empty".to_owned())
        } else if name.starts_with('/') {
            Some(format!("`{option}` must be the name of a backend, not a path"))
        } else if name.contains("://") {
            Some(format!("`{option}` must be the name of a backend, not an address"))
        } else if name.contains(['{', '}']) {
            Some("the name of a backend cannot contain a path parameter".to_owned())
        } else if let Some(other) = name.chars().find(|&c| !is_plain(c)) {
            Some(format!("the name of a backend cannot contain {other:?}"))
        } else if name.trim() != name {
            Some("the name of a backend cannot begin or end with a space".to_owned())
        } else if name.len() > COMPUTE_LIMIT {
            Some(format!(
                "the name of a backend has at most {COMPUTE_LIMIT} bytes, this one has {}",
                name.len()
            ))
        } else {
            None
        }
    }

    /// The help that says which backend it is.
    fn a_backend(&self) -> String {
        let example = &self.example;
        if self.option == "fallback" {
            format!(
                "name a backend of the service: `{example}`; to answer in the app, remove `fallback` and answer in `main`"
            )
        } else {
            format!("name the backend that leads back to this app, as in fastly.toml: `{example}`")
        }
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;
    use syn::Ident;

    use super::*;

    /// The error of a name, if it has one.
    fn said(option: &str, name: &str) -> Option<(String, String)> {
        let option = Ident::new(option, Span::call_site());
        let slot = Slot { option: &option, example: format!("{option} = \"origin\"") };
        let value = syn::parse_str(&format!("{name:?}")).expect("a string");
        let mut errors = Errors::default();
        assert!(slot.backend(&value, &mut errors).is_some());
        errors.settle(|option| {
            let value = option.split_once(" = ").expect("an option").1;
            slot.wrong_backend(&syn::parse_str::<LitStr>(value).expect("a string").value()).is_none()
        });
        errors.all().pop()
    }

    #[test]
    fn a_backend_is_named_as_a_service_can_name_it() {
        for name in
            ["origin", "self", "my origin", "www.example.com", "host:8080", "F_a-b", "a/b", &"a".repeat(255)]
        {
            assert_eq!(said("fallback", name), None, "{name}");
        }
    }

    #[test]
    fn what_is_not_a_name_has_its_error() {
        for (name, problem) in [
            ("", "the name of a backend cannot be empty"),
            ("/index.html", "`fallback` must be the name of a backend, not a path"),
            ("/", "`fallback` must be the name of a backend, not a path"),
            ("https://www.example.com", "`fallback` must be the name of a backend, not an address"),
            ("{region}", "the name of a backend cannot contain a path parameter"),
            ("größe", "the name of a backend cannot contain 'ö'"),
            ("a\n", "the name of a backend cannot contain '\\n'"),
            (" a", "the name of a backend cannot begin or end with a space"),
            (&"a".repeat(256), "the name of a backend has at most 255 bytes, this one has 256"),
        ] {
            assert_eq!(said("fallback", name).expect("an error").0, problem, "{name}");
        }
        let help = |option, name| said(option, name).expect("an error").1;
        assert_eq!(
            help("fallback", "/"),
            "name a backend of the service: `fallback = \"origin\"`; to answer in the app, remove `fallback` and answer in `main`"
        );
        assert_eq!(
            help("backend", ""),
            "name the backend that leads back to this app, as in fastly.toml: `backend = \"origin\"`"
        );
        assert_eq!(help("backend", "self "), "write `backend = \"self\"`");
    }
}
