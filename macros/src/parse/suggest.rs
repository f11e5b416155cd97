//! Guesses at values that are written as another language or library would have them.

use proc_macro2::{Delimiter, Group, Punct, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{BinOp, Expr, ExprLit, ExprPath, Ident, Lit, LitStr, Path, Stmt, Token, token};

use super::expr::{self, expression};
use super::separated;
use crate::diagnostics::glued;

/// A value that is not written behind a `=`: `: value`, `(value)`, `(name = value)`. Behind it are guesses at it.
pub fn misplaced(input: ParseStream<'_>) -> syn::Result<(Option<Expr>, Vec<String>)> {
    while input.peek(Token![->])
        || input.fork().parse::<Punct>().is_ok_and(|punct| ":=>".contains(punct.as_char()))
    {
        input.parse::<Punct>()?;
    }
    if input.is_empty() || input.peek(Token![,]) {
        return Ok((None, Vec::new()));
    }
    let tokens = separated::skip(&input.fork())?;
    let value = if input.peek(token::Paren) || input.peek(token::Brace) {
        let group: Group = input.parse()?;
        let inside = group.stream();
        let several = || syn::parse2(Group::new(Delimiter::Parenthesis, inside.clone()).into_token_stream());
        syn::parse2(inside.clone())
            .or_else(|_| several())
            .ok()
            .filter(|value| !inside.is_empty() || !is_unit(value))
    } else {
        expression(input)?.ok()
    };
    let guesses = value.as_ref().map_or_else(|| of_tokens(&tokens), guesses);
    Ok((value.map(without_names), guesses))
}

fn is_unit(value: &Expr) -> bool {
    matches!(value, Expr::Tuple(tuple) if tuple.elems.is_empty())
}

/// The value behind `name =`, also of each element.
fn without_names(value: Expr) -> Expr {
    match value {
        Expr::Assign(assign) => *assign.right,
        Expr::Tuple(mut tuple) => {
            tuple.elems = tuple.elems.into_iter().map(without_names).collect();
            Expr::Tuple(tuple)
        }
        value => value,
    }
}

/// Guesses at the value that was meant, the likeliest first. Some are not values of the option.
pub fn guesses(value: &Expr) -> Vec<String> {
    let mut guesses = Vec::new();
    match value {
        Expr::Lit(_) | Expr::Path(_) => guesses.push(glued(value)),
        Expr::Call(call) if text(value).is_none() => guesses.extend([spaced(value), glued(&call.func)]),
        Expr::Array(_) | Expr::Tuple(_) => guesses.push(spaced(value)),
        Expr::Assign(assign) => {
            // The two ways to keep a stream awake.
            if expr::is_word(&assign.left, "idle") || expr::is_word(&assign.left, "every") {
                guesses.push(format!("{}({})", glued(&assign.left), spaced(&assign.right)));
            }
            guesses.extend(self::guesses(&assign.right));
        }
        Expr::Struct(value) => {
            guesses.extend(value.fields.iter().flat_map(|field| self::guesses(&field.expr)))
        }
        Expr::Block(_) => guesses.extend(in_block(value).into_iter().flat_map(self::guesses)),
        _ => {}
    }
    if let Some(elements) = operands(value) {
        let elements: Vec<_> = elements.into_iter().map(spaced).collect();
        guesses.push(format!("[{}]", elements.join(", ")));
    }
    if let Some(elements) = list(value) {
        let written: Vec<_> = elements.iter().map(spaced).collect();
        guesses.push(format!("[{}]", written.join(", ")));
        if let Some(texts) = elements.iter().map(joined).collect::<Option<Vec<_>>>() {
            guesses.push(format!("{texts:?}"));
        }
    }
    if let Expr::Array(array) = value
        && let [one] = &array.elems.iter().collect::<Vec<_>>()[..]
    {
        guesses.push(spaced(one));
    }
    if let Some(text) = template(value).or_else(|| joined(value)) {
        guesses.extend(of_text(&text));
    }
    guesses.extend(pairs(value.to_token_stream()));
    if let Expr::Tuple(several) = value {
        let named = several.elems.iter().filter(|value| matches!(value, Expr::Assign(_)));
        guesses.extend(named.flat_map(self::guesses));
    }
    guesses
}

/// The only value in a block.
pub fn in_block(value: &Expr) -> Option<&Expr> {
    let Expr::Block(block) = value else { return None };
    match &block.block.stmts[..] {
        [Stmt::Expr(value, _)] => Some(value),
        _ => None,
    }
}

/// The operands of `|` and `&`.
fn operands(value: &Expr) -> Option<Vec<&Expr>> {
    let Expr::Binary(binary) = value else { return None };
    let is_choice = matches!(binary.op, BinOp::BitOr(_) | BinOp::BitAnd(_) | BinOp::Or(_) | BinOp::And(_));
    is_choice.then_some(())?;
    let mut all = operands(&binary.left).unwrap_or_else(|| vec![&binary.left]);
    all.extend(operands(&binary.right).unwrap_or_else(|| vec![&binary.right]));
    Some(all)
}

/// A list of pairs in another form: `["a", "b"]`, `{ "a": "b" }`, `("a" => "b")`, `(a = "b")`.
pub fn pairs(tokens: TokenStream) -> Option<String> {
    let mut texts = Vec::new();
    collect_texts(tokens, &mut texts);
    let all: Vec<_> = texts.chunks(2).map(|pair| format!("({})", pair.join(", "))).collect();
    (!texts.is_empty() && texts.len().is_multiple_of(2)).then(|| format!("[{}]", all.join(", ")))
}

/// The literals of some tokens as strings, and the names in front of a `=` or a `:`.
fn collect_texts(tokens: TokenStream, texts: &mut Vec<String>) {
    let mut tokens = tokens.into_iter().peekable();
    let mut name = String::new();
    while let Some(token) = tokens.next() {
        let next = match tokens.peek() {
            Some(TokenTree::Punct(punct)) => Some(punct.as_char()),
            _ => None,
        };
        match token {
            TokenTree::Literal(literal) => {
                let text: LitStr = match syn::parse_str(&literal.to_string()) {
                    Ok(text) => text,
                    Err(_) => LitStr::new(&literal.to_string(), literal.span()),
                };
                texts.push(format!("{:?}", text.value()));
            }
            TokenTree::Ident(word) => {
                name.push_str(&word.to_string());
                if matches!(next, Some('=' | ':')) {
                    texts.push(format!("{:?}", std::mem::take(&mut name)));
                } else if next != Some('-') {
                    name.clear();
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == '-' && !name.is_empty() => name.push('-'),
            TokenTree::Punct(punct) if punct.as_char() == ':' && next == Some(':') => drop(texts.pop()),
            TokenTree::Punct(_) => name.clear(),
            TokenTree::Group(group) => collect_texts(group.stream(), texts),
        }
    }
}

/// Guesses at the value that was meant by tokens that are not an expression.
pub fn of_tokens(tokens: &TokenStream) -> Vec<String> {
    let mut literals = Vec::new();
    collect_literals(tokens.clone(), &mut literals);
    let mut guesses = match &literals[..] {
        [] => of_text(&spaced(tokens)),
        [one] if !is_list(tokens) => vec![one.clone()],
        _ => Vec::new(),
    };
    if !literals.is_empty() {
        guesses.push(format!("[{}]", literals.join(", ")));
    }
    guesses.extend(pairs(tokens.clone()));
    guesses
}

/// Returns `true` for brackets.
fn is_list(tokens: &TokenStream) -> bool {
    let first = tokens.clone().into_iter().next();
    matches!(first, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket)
}

fn collect_literals(tokens: TokenStream, literals: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect_literals(group.stream(), literals),
            TokenTree::Literal(literal) => literals.push(literal.to_string()),
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}

/// Guesses at the value that was meant by a text.
fn of_text(text: &str) -> Vec<String> {
    let mut guesses = vec![format!("{text:?}")];
    let word = text.trim();
    if matches!(word.to_lowercase().as_str(), "any" | "all" | "everyone" | "anywhere") {
        guesses.push("\"*\"".to_owned());
    }
    let upper = word.to_uppercase();
    guesses.push(format!("{upper:?}"));
    if word.contains(['.', ':']) || word == "localhost" {
        guesses.push(format!("{:?}", format!("https://{}", word.trim_start_matches('/'))));
    }
    let is_between = |c: char| ",|&".contains(c) || c.is_whitespace();
    let mut each: Vec<_> = word.split(is_between).filter(|one| !one.is_empty()).collect();
    each.dedup();
    guesses.push(format!("{each:?}"));
    guesses.push(format!("{:?}", upper.split(is_between).filter(|one| !one.is_empty()).collect::<Vec<_>>()));
    if !word.contains("://") {
        guesses.push(format!("{:?}", format!("/{}", word.trim_start_matches('/'))));
    }
    if syn::parse_str::<Lit>(word).is_ok() || syn::parse_str::<Path>(word).is_ok() {
        guesses.push(word.to_owned());
    }
    guesses
}

/// The text of literals, names and operators, as it was probably meant.
fn joined(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Str(text) => Some(text.value()),
            Lit::Int(number) => Some(number.base10_digits().to_owned()),
            Lit::Float(number) => Some(number.base10_digits().to_owned()),
            Lit::Char(c) => Some(c.value().to_string()),
            Lit::ByteStr(bytes) => String::from_utf8(bytes.value()).ok(),
            _ => None,
        },
        Expr::Path(ExprPath { path, .. }) => Some(path.segments.last()?.ident.unraw().to_string()),
        Expr::Binary(binary) => {
            let between = if matches!(binary.op, BinOp::Add(_)) { String::new() } else { glued(binary.op) };
            Some(format!("{}{between}{}", joined(&binary.left)?, joined(&binary.right)?))
        }
        // A name in braces is a template that lacks its quotes.
        Expr::Block(_) => match in_block(value) {
            Some(value @ Expr::Lit(_)) => joined(value),
            _ => Some(glued(value)).filter(|text| !text.contains('"')),
        },
        Expr::Paren(paren) => joined(&paren.expr),
        Expr::Group(group) => joined(&group.expr),
        Expr::Reference(reference) => joined(&reference.expr),
        value => Some(text(value)?.value()),
    }
}

/// Tokens as they were probably written, with a space behind each comma and between two words.
pub fn spaced(tokens: impl ToTokens) -> String {
    let mut written = String::new();
    let is_word = |c: char| c == '_' || c.is_alphanumeric();
    for token in tokens.to_token_stream() {
        if written.ends_with(is_word) && token.to_string().starts_with(is_word) {
            written.push(' ');
        }
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => written.push_str(", "),
            TokenTree::Group(group) if group.delimiter() != Delimiter::None => {
                let outside = glued(Group::new(group.delimiter(), TokenStream::new()));
                let (open, close) = outside.split_at(1);
                written.extend([open, spaced(group.stream()).trim_end_matches(", "), close]);
            }
            token => written.push_str(&glued(token)),
        }
    }
    written
}

/// The elements of a list in other brackets: `("a", "b")`, `&["a", "b"]`, `vec!["a", "b"]`.
pub fn list(value: &Expr) -> Option<Vec<Expr>> {
    let elements: Vec<_> = match value {
        Expr::Tuple(tuple) => tuple.elems.iter().cloned().collect(),
        Expr::Reference(reference) => match &*reference.expr {
            Expr::Array(array) => array.elems.iter().cloned().collect(),
            _ => return None,
        },
        Expr::Macro(call) if call.mac.path.is_ident("vec") => arguments(call.mac.tokens.clone())?,
        _ => return None,
    };
    Some(elements).filter(|elements| !elements.is_empty())
}

/// A pair in one string, in the form of a sent header: `"X-Feed: live"`, or `"user=ann"`.
pub fn pair(value: &Expr) -> Option<(String, String)> {
    let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = value else { return None };
    let text = text.value();
    let (name, value) = text.split_once([':', '='])?;
    Some((name.trim().to_owned(), value.trim().to_owned()))
}

/// The name of a parameter in `"{room}"`, `{room}` or `&room`.
pub fn parameter(value: &Expr) -> Option<String> {
    let name = match value {
        Expr::Block(block) => glued(&block.block).strip_prefix('{')?.strip_suffix('}')?.to_owned(),
        Expr::Reference(reference) => glued(&reference.expr),
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
            text.value().strip_prefix('{')?.strip_suffix('}')?.to_owned()
        }
        _ => return None,
    };
    syn::parse_str::<Ident>(&name).is_ok().then_some(name)
}

/// A `format!` as a string with path parameters.
pub fn template(value: &Expr) -> Option<String> {
    let Expr::Macro(call) = value else { return None };
    call.mac.path.is_ident("format").then_some(())?;
    let mut arguments = arguments(call.mac.tokens.clone())?.into_iter();
    let Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) = arguments.next() else { return None };
    arguments.try_fold(text.value(), |text, argument| match argument {
        Expr::Path(_) => Some(text.replacen("{}", &format!("{{{}}}", glued(argument)), 1)),
        _ => None,
    })
}

/// The sum of texts and path parameters as one text: `"room-" + room`.
pub fn sum(value: &Expr) -> Option<String> {
    fn part(value: &Expr) -> Option<String> {
        match value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            Expr::Path(ExprPath { path, .. }) => path
                .get_ident()
                .filter(|name| !expr::is_constant_name(name))
                .map(|name| format!("{{{}}}", name.unraw())),
            Expr::Reference(reference) => part(&reference.expr),
            value => sum(value),
        }
    }
    let Expr::Binary(binary) = value else { return None };
    let sum = matches!(binary.op, BinOp::Add(_)).then_some(part(&binary.left)? + &part(&binary.right)?);
    sum.filter(|sum| sum.contains('{'))
}

/// The text inside the conversion to a string or another type: `"news".to_string()`, `Channel::new("news")`.
pub fn text(value: &Expr) -> Option<LitStr> {
    let text = match value {
        Expr::MethodCall(call) if call.args.is_empty() => &*call.receiver,
        Expr::Call(call) => match (&*call.func, call.args.first()) {
            (Expr::Path(function), Some(text)) if call.args.len() == 1 => {
                // A method of a type, or a wrapper such as `Some`.
                let mut last = function.path.segments.iter().rev().take(2);
                last.any(|word| word.ident.to_string().starts_with(char::is_uppercase)).then_some(text)?
            }
            _ => return None,
        },
        _ => return None,
    };
    match text {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.clone()),
        _ => None,
    }
}

/// The call of a function without the quotes or the operator around it.
pub fn function(value: &Expr) -> Option<(String, &'static str)> {
    let named = |value: &Expr| {
        let (function, arguments) = match value {
            Expr::Call(call) => (&*call.func, call.args.iter().map(glued).collect()),
            function => (function, Vec::new()),
        };
        let Expr::Path(path) = function else { return None };
        let arguments =
            if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
        Some(format!("{}{arguments}", glued(path)))
    };
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
            Some((named(&text.parse().ok()?)?, ", without quotes"))
        }
        Expr::Try(value) => Some((named(&value.expr)?, "")),
        Expr::Reference(value) => Some((named(&value.expr)?, "")),
        Expr::Array(value) if value.elems.len() == 1 => Some((named(&value.elems[0])?, ", without brackets")),
        _ => None,
    }
}

/// The functions in a list, or beside operators.
pub fn functions(value: &Expr) -> Option<Vec<String>> {
    let each: Vec<&Expr> = match value {
        Expr::Macro(_) => vec![value],
        Expr::Array(array) => array.elems.iter().collect(),
        Expr::Tuple(tuple) => tuple.elems.iter().collect(),
        Expr::Binary(binary) => vec![&binary.left, &binary.right],
        Expr::Unary(unary) => vec![&unary.expr],
        _ => return None,
    };
    let named = |value: &Expr| match value {
        Expr::Path(path) => Some(vec![glued(path)]),
        Expr::Call(call) if matches!(*call.func, Expr::Path(_)) => Some(vec![glued(&call.func)]),
        Expr::Macro(call) => Some(vec![format!("{}!", glued(&call.mac.path))]),
        Expr::Paren(paren) => functions(&paren.expr),
        several => functions(several),
    };
    let each: Option<Vec<_>> = each.into_iter().map(named).collect();
    each.map(|each| each.concat()).filter(|each| !each.is_empty())
}

/// The name inside quotes.
pub fn unquoted(value: &Expr) -> Option<Ident> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => text.parse().ok(),
        _ => None,
    }
}

/// Returns `true` for `true`.
pub fn is_true(value: &Expr) -> bool {
    matches!(value, Expr::Lit(ExprLit { lit: Lit::Bool(flag), .. }) if flag.value)
}

/// Returns `true` for the values of other languages and libraries that mean no value.
pub fn is_nothing(value: &Expr) -> bool {
    is_no_function(value) || ["none", "null", "nil"].iter().any(|word| expr::is_word(value, word))
}

/// The same for an option that names a function, which may have any name in lower case.
pub fn is_no_function(value: &Expr) -> bool {
    let is_false = matches!(value, Expr::Lit(ExprLit { lit: Lit::Bool(flag), .. }) if !flag.value);
    is_false || is_unit(value) || expr::is_word(value, "None")
}

/// The number at the start of a text or a number with a fraction.
pub fn number(value: &Expr) -> Option<String> {
    let text = joined(value)?;
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

/// The bytes of a size: `"64 KB"`, `64k`, `64 * 1024`, `1 << 16`.
pub fn bytes(value: &Expr) -> Option<String> {
    let bytes = size(value)?.to_string();
    let digits: Vec<_> = bytes.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    Some(digits.join("_"))
}

fn size(value: &Expr) -> Option<u64> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => size_in(&number.to_string()),
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => size_in(&text.value()),
        Expr::Binary(binary) => {
            let (left, right) = (size(&binary.left)?, size(&binary.right)?);
            match binary.op {
                BinOp::Add(_) => left.checked_add(right),
                BinOp::Mul(_) => left.checked_mul(right),
                BinOp::Shl(_) => left.checked_shl(u32::try_from(right).ok()?),
                _ => None,
            }
        }
        Expr::Paren(paren) => size(&paren.expr),
        Expr::Group(group) => size(&group.expr),
        _ => None,
    }
}

fn size_in(text: &str) -> Option<u64> {
    let text = text.trim().replace('_', "").to_lowercase();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let factor = match text[end..].trim() {
        "" | "b" | "bytes" | "u8" | "u16" | "u32" | "u64" | "usize" => 1,
        "k" | "kb" | "kib" => 1024,
        "m" | "mb" | "mib" => 1024 * 1024,
        _ => return None,
    };
    text[..end].parse::<u64>().ok()?.checked_mul(factor)
}

/// The unit of a time.
pub fn unit(written: &str) -> &str {
    match written {
        "sec" | "secs" | "second" | "seconds" | "S" | "" => "s",
        "min" | "mins" | "minute" | "minutes" | "M" => "m",
        "hr" | "hrs" | "hour" | "hours" | "H" => "h",
        unit => unit,
    }
}

/// The seconds of a time in the form of another library, of several units, or of a product: `Duration::from_secs(30)`, `30.secs()`,
/// `"1m 30s"`, `60 * 2`.
pub fn seconds(value: &Expr) -> Option<u64> {
    let of = |function: &str, count: &Expr| {
        let count = seconds(count)?;
        match function.trim_start_matches("from_").trim_end_matches("_f32").trim_end_matches("_f64") {
            "millis" | "milliseconds" | "ms" => Some(count.div_ceil(1000)),
            word => count.checked_mul(factor(word)?),
        }
    };
    match value {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => {
            number.base10_parse().ok().filter(|_| !matches!(number.suffix(), "ms" | "us" | "ns"))
        }
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => seconds_in(&text.value()),
        Expr::Call(call) if call.args.len() == 1 => {
            let Expr::Path(function) = &*call.func else { return None };
            let word = function.path.segments.last()?.ident.to_string();
            if word == "Some" { seconds(&call.args[0]) } else { of(&word, &call.args[0]) }
        }
        Expr::MethodCall(call) if call.args.is_empty() => of(&call.method.to_string(), &call.receiver),
        Expr::Binary(binary) if matches!(binary.op, BinOp::Mul(_)) => {
            seconds(&binary.left)?.checked_mul(seconds(&binary.right)?)
        }
        Expr::Array(array) if array.elems.len() == 1 => seconds(&array.elems[0]),
        Expr::Paren(paren) => seconds(&paren.expr),
        Expr::Group(group) => seconds(&group.expr),
        _ => None,
    }
}

/// The seconds of a unit.
fn factor(word: &str) -> Option<u64> {
    match unit(word) {
        "s" => Some(1),
        "m" => Some(60),
        "h" => Some(3600),
        "d" | "day" | "days" => Some(86_400),
        _ => None,
    }
}

/// The sum of several times in one text.
fn seconds_in(text: &str) -> Option<u64> {
    let (mut sum, mut rest) = (0_u64, text.trim());
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (count, behind) = rest.split_at(digits);
        let behind = behind.trim_start();
        let letters = behind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(behind.len());
        sum = sum.checked_add(count.parse::<u64>().ok()?.checked_mul(factor(&behind[..letters])?)?)?;
        rest = behind[letters..].trim_start();
    }
    (!text.trim().is_empty()).then_some(sum)
}

/// The ways to keep a stream awake, in other forms: `KeepAlive::every("20s")`, `every["20s"]`, `"every 20s"`, `("20s", "content")`.
pub fn keep_alive(value: &Expr) -> Option<String> {
    let known = |name: &str| ["idle", "every"].into_iter().find(|known| name.eq_ignore_ascii_case(known));
    let last = |path: &ExprPath| path.path.segments.last().map(|last| last.ident.to_string());
    match value {
        Expr::Call(call) => {
            let Expr::Path(function) = &*call.func else { return None };
            let arguments: Vec<_> = call.args.iter().map(spaced).collect();
            Some(format!("{}({})", known(&last(function)?)?, arguments.join(", ")))
        }
        Expr::Index(index) => {
            let Expr::Path(function) = &*index.expr else { return None };
            Some(format!("{}({})", known(&last(function)?)?, spaced(&index.index)))
        }
        Expr::Tuple(_) => Some(format!("idle{}", spaced(value))),
        Expr::Path(path) => {
            let word = last(path)?.to_lowercase();
            matches!(&*word, "off" | "none" | "never" | "disabled").then(|| "off".to_owned())
        }
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
            let text = text.value();
            let (name, time) = text.trim().split_once(' ')?;
            Some(format!("{}(\"{}s\")", known(name)?, seconds_in(time)?))
        }
        _ => None,
    }
}

fn arguments(tokens: TokenStream) -> Option<Vec<Expr>> {
    let arguments = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(tokens).ok()?;
    Some(arguments.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(written: &str) -> Expr {
        syn::parse_str(written).expect("an expression")
    }

    #[test]
    fn a_value_is_found_behind_anything() {
        for written in [": \"a b\"", "(\"a b\")", "\"a b\"", ":= \"a b\"", "=> \"a b\"", "== \"a b\""] {
            let value = misplaced.parse_str(written).unwrap().0.unwrap();
            assert_eq!(glued(value), "\"a b\"", "{written}");
        }
        assert!(misplaced.parse_str("()").unwrap().0.is_none());
        assert!(misplaced.parse_str(":").unwrap().0.is_none());
    }

    #[test]
    fn lists_of_other_shapes_are_lists() {
        for written in ["(\"a\", \"b\")", "&[\"a\", \"b\"]", "vec![\"a\", \"b\"]"] {
            assert_eq!(list(&value(written)).unwrap().len(), 2, "{written}");
        }
        assert!(list(&value("()")).is_none() && list(&value("\"a\"")).is_none());
    }

    #[test]
    fn a_formatted_text_is_a_template() {
        let template = |written| template(&value(written));
        assert_eq!(template("format!(\"room-{room}\")").unwrap(), "room-{room}");
        assert_eq!(template("format!(\"{}-{}\", room, user)").unwrap(), "{room}-{user}");
        assert_eq!(template("format!(\"{}\", 1 + 1)"), None);
    }

    #[test]
    fn a_parameter_is_a_name() {
        let parameter = |written| parameter(&value(written));
        assert_eq!(parameter("&room").unwrap(), "room");
        assert_eq!(parameter("\"{room}\"").unwrap(), "room");
        assert_eq!(parameter("{room}").unwrap(), "room");
        assert_eq!(parameter("\"room\""), None);
    }

    #[test]
    fn a_text_is_found_in_its_conversion() {
        for written in
            ["\"news\".to_string()", "Channel::new(\"news\")", "std::string::String::from(\"news\")"]
        {
            assert_eq!(text(&value(written)).unwrap().value(), "news", "{written}");
        }
        for written in ["\"news\"", "topics(\"news\")", "auth::topics(\"news\")", "Channel::new(news)"] {
            assert!(text(&value(written)).is_none(), "{written}");
        }
    }

    #[test]
    fn several_functions_are_found_in_lists_and_between_operators() {
        let functions = |written| functions(&value(written));
        for written in ["[a, b::c]", "(a, b::c)", "a && b::c", "a | b::c(room)"] {
            assert_eq!(functions(written).unwrap(), ["a", "b::c"], "{written}");
        }
        assert_eq!(functions("a && (b || c)").unwrap(), ["a", "b", "c"]);
        for written in ["!a", "!a(room)", "[a]"] {
            assert_eq!(functions(written).unwrap(), ["a"], "{written}");
        }
        assert_eq!(functions("a!(b) && c").unwrap(), ["a!", "c"]);
        for written in ["a", "a + 1", "[\"a\", \"b\"]", "!1"] {
            assert_eq!(functions(written), None, "{written}");
        }
    }

    #[test]
    fn a_function_is_found_behind_quotes_and_operators() {
        let function = |written| function(&value(written));
        assert_eq!(function("\"may(room, user)\"").unwrap().0, "may(room, user)");
        assert_eq!(function("\"auth::may\"").unwrap().0, "auth::may");
        assert_eq!(function("may()?").unwrap().0, "may");
        assert_eq!(function("&may").unwrap().0, "may");
        assert_eq!(function("[may]").unwrap(), ("may".to_owned(), ", without brackets"));
        assert!(function("\"may not\"").is_none() && function("!may").is_none());
    }
}
