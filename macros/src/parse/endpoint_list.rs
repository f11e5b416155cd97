//! The list of `main` and `endpoints`: entries, and options behind or between them.

use std::collections::HashSet;

use proc_macro2::{Punct, TokenStream, TokenTree};
use quote::ToTokens;
use syn::buffer::Cursor;
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Ident, Lit, LitStr, Path, PathArguments, Token, token};

use crate::diagnostics::{Advice, Errors, glued, list as words, meant};

use super::expr::expression;
use super::option_table;
use super::separated::{self, Read};
use super::signature;
use super::suggest::{in_block, spaced};
use super::value::{Setting, Slot, Value, default_crate};

/// One entry of the list.
pub struct Entry {
    pub cfgs: Vec<Attribute>,
    pub path: Path,
}

/// The arguments of `main` or `endpoints`.
#[derive(Default)]
pub struct List {
    /// `true` for a list that other lists name, `false` for an app's.
    pub nested: bool,
    pub entries: Vec<Entry>,
    /// The names of the entries. Comparing two paths of many entries with each other takes the compiler long.
    pub names: HashSet<String>,
    pub krate: Setting<Path>,
    pub verify: Setting<Path>,
    pub refuse: Setting<Path>,
    pub fallback: Setting<LitStr>,
    pub reuse: Setting<Path>,
}

/// An option of a list.
struct Row {
    name: &'static str,
    example: &'static str,
    reader: Reader,
}

/// The reader of an option's value.
enum Reader {
    Path(fn(&mut List) -> &mut Setting<Path>, &'static str),
    Backend(fn(&mut List) -> &mut Setting<LitStr>),
}

const TABLE: &[Row] = &[
    Row {
        name: "verify",
        example: "verify = path::to::policy",
        reader: Reader::Path(|list| &mut list.verify, "the path of a function that returns a `Policy`"),
    },
    Row {
        name: "refuse",
        example: "refuse = path::to::function",
        reader: Reader::Path(
            |list| &mut list.refuse,
            "the path of a function that takes a `Rejection` and returns an answer",
        ),
    },
    Row {
        name: "fallback",
        example: "fallback = \"origin\"",
        reader: Reader::Backend(|list| &mut list.fallback),
    },
    Row {
        name: "reuse",
        example: "reuse = fanout::Reuse::new",
        reader: Reader::Path(|list| &mut list.reuse, "the path of a function that returns a `Reuse`"),
    },
    Row {
        name: "crate",
        example: "crate = path::to::fanout",
        reader: Reader::Path(|list| &mut list.krate, "the path of the fanout crate"),
    },
];

impl Read for List {
    fn read(&mut self, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
        let Some(attributes) = attributes(input, errors)? else { return separated::skip(input).map(drop) };
        if self.is_option(input) {
            if let [attribute, ..] = &attributes[..] {
                let item = if self.nested { "the type" } else { "`main`" };
                let help = format!("put `#[cfg(…)]` on {item} itself");
                errors.push(attribute, "an option cannot have attributes", help);
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

    fn comma(&mut self, _: ParseStream<'_>) -> (Vec<Advice>, String) {
        (Vec::new(), "put a `,` between two endpoints".to_owned())
    }
}

impl List {
    pub fn parse(mut self, tokens: TokenStream, errors: &mut Errors) -> Self {
        separated::read(tokens, &mut self, errors);
        self
    }

    /// The path of the runtime.
    pub fn krate(&self) -> Path {
        self.krate.value().cloned().unwrap_or_else(default_crate)
    }

    fn option(&mut self, name: &Ident, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
        let nested = self.nested;
        let row = TABLE.iter().find(|row| name == row.name);
        let Some(row) = row.filter(|row| !nested || !option_table::is_of_app(row.name)) else {
            let known = || {
                TABLE.iter().filter(|row| !nested || !option_table::is_of_app(row.name)).map(|row| row.name)
            };
            let (list, options) = if nested { ("endpoints", "option") } else { ("main", "options") };
            let help = if row.is_some() {
                "move it to `#[fanout::main(…)]`: it applies to the whole app".to_owned()
            } else if ["endpoints", "routes", "handlers", "services"].iter().any(|word| name == word) {
                format!("write the names of the endpoints alone, without `{name}`")
            } else if option_table::is_known(&name.to_string()) {
                "move it to the attribute of an endpoint".to_owned()
            } else {
                let (meant, known) = (meant(&name.to_string(), known()), words(known()));
                format!("{meant}`{list}` takes the names of endpoints, and the {options} {known}")
            };
            errors.push(name, format!("`{list}` has no option `{name}`"), help);
            separated::skip(input)?;
            return Ok(());
        };
        let slot = Slot { option: name, example: row.example.to_owned() };
        let (value, result) = match slot.read(input, errors) {
            Ok(value) => (value, Ok(())),
            Err(error) => (Value::Misplaced(None), Err(error)),
        };
        match row.reader {
            Reader::Path(field, what) => {
                put(&slot, field(self), &value, errors, |value, errors| slot.path(value, what, errors));
            }
            Reader::Backend(field) => {
                put(&slot, field(self), &value, errors, |value, errors| slot.backend(value, errors));
            }
        }
        result
    }

    /// Returns `true` for an option: a name in front of a value, even a misplaced one.
    fn is_option(&self, input: ParseStream<'_>) -> bool {
        let Ok(name) = input.fork().call(Ident::parse_any) else { return false };
        let is_known = TABLE.iter().any(|row| name == row.name);
        let is_valued = input.peek2(token::Paren)
            || input.peek2(token::Brace)
            || input.peek2(Token![==])
            || input.peek2(Token![:]) && !input.peek2(Token![::]);
        input.peek2(Token![=]) && !input.peek2(Token![==]) || is_known && is_valued
    }

    fn entry(
        &mut self,
        cfgs: Vec<Attribute>,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        if let Some(other) = cfgs.iter().find(|attribute| !signature::is_cfg(attribute)) {
            errors.push(other, "an entry can only have `#[cfg(…)]` attributes", "remove it");
        }
        if input.is_empty() || input.peek(Token![,]) {
            let help = "write the name of an endpoint, or remove the comma";
            errors.push_at(input.span(), "an endpoint is missing", help);
            return Ok(());
        }
        if let Some((path, right)) = with_arguments(input) {
            errors.push(path, "this is not the name of an endpoint", format!("write `{right}`"));
            return Ok(());
        }
        let path = match expression(input)? {
            Ok(Expr::Path(path)) if path.qself.is_none() => path.path,
            other => {
                let help = routed(&other, input).unwrap_or_else(|| instead_of(&other));
                let other = other.map_or_else(|tokens| tokens, ToTokens::into_token_stream);
                errors.push(other, "this is not the name of an endpoint", help);
                separated::skip(input)?;
                return Ok(());
            }
        };
        if let Some(ty) = of_type(&path) {
            let name = &path.segments.last().expect("a path has segments").ident;
            let problem = format!("`{ty}` is a type, and an endpoint cannot be in its `impl`");
            errors.push(&path, problem, format!("move `{name}` out of the `impl`, and write its name there"));
            return Ok(());
        }
        let same = |earlier: &Entry| earlier.path == path && cfgs.is_empty() && earlier.cfgs.is_empty();
        let name = path.segments.iter().map(|segment| segment.ident.to_string() + "::").collect();
        if !self.names.insert(name) && self.entries.iter().any(same) {
            let name = path.to_token_stream();
            errors.push(&path, format!("`{name}` is listed twice"), "remove one of them");
        } else {
            self.entries.push(Entry { cfgs, path });
        }
        Ok(())
    }
}

/// The type in the path of a method: `Service::news`. A type is named in upper camel case, and a module is not.
fn of_type(path: &Path) -> Option<&Ident> {
    let mut last = path.segments.iter().rev().map(|segment| &segment.ident);
    let (name, ty) = (last.next()?.to_string(), last.next()?);
    let written = ty.to_string();
    let is_type = written.starts_with(char::is_uppercase) && written.contains(char::is_lowercase);
    (is_type && name.starts_with(char::is_lowercase)).then_some(ty)
}

/// Reads the value of an option that should be given once.
fn put<T>(
    slot: &Slot<'_>,
    field: &mut Setting<T>,
    value: &Value,
    errors: &mut Errors,
    read: impl FnOnce(&Expr, &mut Errors) -> Option<T>,
) {
    if field.is_absent() {
        *field = slot.setting(value, errors, read);
    } else {
        errors.push(slot.option, format!("`{}` is given twice", slot.option), "remove one of them");
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

/// The help for an entry that is not the name of an endpoint.
fn instead_of(entry: &Result<Expr, TokenStream>) -> String {
    if let Some(each) = entry.as_ref().err().and_then(with_braces) {
        return format!("write `{each}`");
    }
    match entry {
        Ok(Expr::Call(call)) => format!("write `{}`: the name, without the call", glued(&call.func)),
        Ok(Expr::Reference(reference)) => format!("write `{}`", glued(&reference.expr)),
        Ok(Expr::Array(array)) => {
            let names: Vec<_> = array.elems.iter().map(glued).collect();
            format!("write `{}`, without brackets", names.join(", "))
        }
        Ok(block @ Expr::Block(_)) => match in_block(block) {
            Some(Expr::Path(name)) => format!("write `{}`, without braces", glued(name)),
            _ => NAMES.to_owned(),
        },
        Ok(Expr::Macro(call)) => {
            match Punctuated::<Path, Token![,]>::parse_terminated.parse2(call.mac.tokens.clone()) {
                Ok(names) if !names.is_empty() => {
                    let names: Vec<_> = names.iter().map(glued).collect();
                    format!("write `{}`, without `{}!`", names.join(", "), glued(&call.mac.path))
                }
                _ => NAMES.to_owned(),
            }
        }
        Ok(Expr::Lit(ExprLit { lit: Lit::Str(string), .. })) if string.parse::<Path>().is_ok() => {
            format!("write `{}`, without quotes", string.value())
        }
        Err(tokens) if glued(tokens).ends_with('*') => {
            "name each endpoint, or a list in the module: `#[fanout::endpoints(…)] pub enum Endpoints {}`"
                .to_owned()
        }
        _ => NAMES.to_owned(),
    }
}

const NAMES: &str = "write the names of endpoints: `#[fanout::main(sse, ws)]`";

/// The help for an endpoint behind its path: `"/news" => news`.
fn routed(entry: &Result<Expr, TokenStream>, input: ParseStream<'_>) -> Option<String> {
    let (path, endpoint) = match entry.as_ref().ok()? {
        Expr::Assign(assign) => (&*assign.left, glued(&assign.right)),
        path => {
            let behind = input.fork();
            let mark = behind.parse::<Punct>().ok()?.as_char();
            behind.parse::<Option<Token![>]>>().ok()?;
            (path, glued(behind.parse::<Path>().ok().filter(|_| matches!(mark, '=' | ':'))?))
        }
    };
    let Expr::Lit(ExprLit { lit: Lit::Str(path), .. }) = path else { return None };
    let path = path.value();
    Some(format!(
        "write `{endpoint}`: the attribute of an endpoint has its whole path, as in `path = {path:?}`"
    ))
}

/// Reads an entry such as `Chat<u32>`, and returns it with the `::` that an expression needs.
fn with_arguments(input: ParseStream<'_>) -> Option<(Path, String)> {
    // Nearly all entries are names, which take less time to see.
    if !has_arguments(input.cursor()) {
        return None;
    }
    let ahead = input.fork();
    let path: Path = ahead.parse().ok().filter(|_| ahead.is_empty() || ahead.peek(Token![,]))?;
    let (mut right, mut is_wrong) = (path.clone(), false);
    for segment in &mut right.segments {
        if let PathArguments::AngleBracketed(of) = &mut segment.arguments {
            is_wrong |= of.colon2_token.replace(<Token![::]>::default()).is_none();
        }
    }
    is_wrong.then(|| {
        input.advance_to(&ahead);
        (path, spaced(right))
    })
}

/// Returns `true` if a path has a `<` behind a name.
fn has_arguments(path: Cursor<'_>) -> bool {
    let mut rest = path;
    while let Some((_, behind)) = rest.ident() {
        match behind.punct() {
            Some((mark, behind)) if mark.as_char() == ':' => match behind.punct() {
                Some((_, behind)) => rest = behind,
                None => return false,
            },
            mark => return mark.is_some_and(|(mark, _)| mark.as_char() == '<'),
        }
    }
    false
}

/// The paths of `rooms::{chat, news}`, one by one.
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
    use crate::parse::grammar;

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
        let (list, problems) =
            parse("a, crate = ::b, #[cfg(unix)] c::d, ::e, verify = f::g, r#type, refuse = h");
        assert_eq!(problems, [""; 0]);
        assert_eq!(paths(&list), ["a", "c :: d", ":: e", "r#type"]);
        assert_eq!(list.entries[1].cfgs.len(), 1);
        assert_eq!(*list.krate.value().unwrap(), syn::parse_quote!(::b));
        assert_eq!(*list.verify.value().unwrap(), syn::parse_quote!(f::g));
        assert_eq!(*list.refuse.value().unwrap(), syn::parse_quote!(h));
    }

    #[test]
    fn one_mistake_hides_no_other() {
        let (list, problems) = parse("a, \"b\", c(), a, d e, #[inline] f, crat = g, verify, verify = 1, = h");
        assert_eq!(
            problems,
            [
                "this is not the name of an endpoint",
                "this is not the name of an endpoint",
                "`a` is listed twice",
                "expected a comma",
                "an entry can only have `#[cfg(…)]` attributes",
                "`main` has no option `crat`",
                "`verify` must be the path of a function that returns a `Policy`",
                "this is not the name of an endpoint",
            ]
        );
        assert_eq!(paths(&list), ["a", "d", "e", "f", "verify"]);
    }

    /// The docs of each attribute have a row for each option, and its example is one of that option.
    #[test]
    fn each_option_is_documented_where_it_applies() {
        for (nested, name, docs) in
            [(false, "main", options!(main)), (true, "endpoints", options!(endpoints))]
        {
            let rows = docs.lines().filter_map(|row| row.strip_prefix("| `")?.split('`').next());
            let examples: Vec<_> = rows.collect();
            let mut names: Vec<_> = examples.iter().filter_map(|example| example.split(' ').next()).collect();
            let mut options: Vec<_> = TABLE
                .iter()
                .filter(|row| !nested || !option_table::is_of_app(row.name))
                .map(|row| row.name)
                .collect();
            names.sort_unstable();
            options.sort_unstable();
            assert_eq!(names, options);
            assert_eq!(grammar::options(name), options);
            for written in examples.into_iter().chain(TABLE.iter().map(|row| row.example)) {
                assert_eq!(parse(written).1, [""; 0], "{written}");
            }
        }
    }

    #[test]
    fn an_entry_in_the_form_of_another_router_is_written_as_ours() {
        let help = |written: &str| {
            let mut errors = Errors::default();
            List::default().parse(written.parse().expect("tokens"), &mut errors);
            let mut all = errors.all();
            assert_eq!(all.len(), 1, "{written}: {all:?}");
            all.remove(0).1
        };
        assert_eq!(help("routes![news, rooms::chat]"), "write `news, rooms::chat`, without `routes!`");
        assert_eq!(help("routes![]"), NAMES);
        for written in ["\"/v1\" => rooms::chat", "\"/v1\": rooms::chat", "\"/v1\" = rooms::chat"] {
            assert_eq!(
                help(written),
                "write `rooms::chat`: the attribute of an endpoint has its whole path, as in `path = \"/v1\"`",
                "{written}"
            );
        }
        assert_eq!(help("Chat<u32>"), "write `Chat::<u32>`");
        assert_eq!(help("rooms::Chat<u8, Vec<Room>>"), "write `rooms::Chat::<u8, Vec<Room>>`");
        assert_eq!(help("{ news }"), "write `news`, without braces");
        assert_eq!(help("Service::news"), "move `news` out of the `impl`, and write its name there");
        for written in ["service::News", "V1::Endpoints", "SERVICE::news", "news"] {
            assert_eq!(parse(written).1, [""; 0], "{written}");
        }
    }

    #[test]
    fn an_entry_can_be_there_twice_in_two_configurations() {
        let (list, problems) = parse("#[cfg(unix)] a, #[cfg(windows)] a");
        assert_eq!(problems, [""; 0]);
        assert_eq!(list.entries.len(), 2);
    }
}
