//! Times, as the values of options.

use quote::ToTokens;
use syn::{Expr, ExprCall, ExprLit, Lit, LitStr};

use crate::diagnostics::{Errors, glued};
use crate::kind::Kind;

use super::expr::{self, ungrouped};
use super::suggest;
use super::value::Slot;

/// A time.
pub struct Seconds {
    pub count: u32,
    pub written: Expr,
}

/// The data that a stream sends in quiet times.
pub enum KeepAlive {
    /// The word `off`.
    Off(Expr),
    /// Data after so many quiet seconds.
    Idle(Seconds, Option<LitStr>),
    /// Data every so many seconds.
    Every(Seconds, Option<LitStr>),
}

impl Slot<'_> {
    /// A time in whole seconds: `30` or `"30s"`, `"2m"`, `"1h"`.
    pub fn seconds(&self, value: &Expr, errors: &mut Errors) -> Option<Seconds> {
        let written = match value {
            Expr::Lit(ExprLit { lit: Lit::Int(seconds), .. }) if seconds.suffix().is_empty() => {
                seconds.base10_digits().to_owned()
            }
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => text.value(),
            other => other.to_token_stream().to_string(),
        };
        let unit = written.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = &written[..written.len() - unit.len()];
        let is_string = matches!(value, Expr::Lit(ExprLit { lit: Lit::Str(_), .. }));
        let factor = match unit {
            "" if !is_string => Some(1),
            "s" if is_string => Some(1),
            "m" if is_string => Some(60),
            "h" if is_string => Some(3600),
            _ => None,
        };
        if let (Some(factor), false) = (factor, digits.is_empty()) {
            // A time that is too long has its error from the option, which knows its limit.
            let count = digits.parse::<u64>().unwrap_or(u64::MAX).saturating_mul(factor);
            return Some(Seconds { count: u32::try_from(count).unwrap_or(u32::MAX), written: value.clone() });
        }
        let unit = suggest::unit(unit.trim());
        let help = match (digits.parse::<u64>(), unit) {
            (Ok(count), "ms") => {
                let seconds = format!("{}s", count.div_ceil(1000));
                format!("write `{} = {seconds:?}`", self.option)
            }
            (Ok(count), "s" | "m" | "h") => {
                let time = format!("{count}{unit}");
                format!("write `{} = {time:?}`; the units are `s`, `m` and `h`", self.option)
            }
            _ => {
                format!(
                    "write one number and one unit, as in `{} = \"30s\"`; the units are `s`, `m` and `h`",
                    self.option
                )
            }
        };
        errors.push(value, self.needs_time(), help);
        None
    }

    fn needs_time(&self) -> String {
        format!("`{}` must be a time in whole seconds", self.option)
    }

    /// A time, or `idle(time, data)`, `every(time, data)`, `off`.
    pub fn keep_alive(&self, value: &Expr, kind: Kind, errors: &mut Errors) -> Option<KeepAlive> {
        if expr::is_word(value, "off") {
            return Some(KeepAlive::Off(value.clone()));
        }
        let Expr::Call(ExprCall { func, args, .. }) = value else {
            let help = match glued(value).trim_matches('"') {
                "off" | "false" | "never" | "no" | "none" | "None" if kind == Kind::Sse => "off",
                "idle" => "idle(\"20s\")",
                "every" => "every(\"20s\")",
                _ => return self.seconds(value, errors).map(|seconds| KeepAlive::Idle(seconds, None)),
            };
            errors.push(value, self.needs_time(), format!("write `keep_alive = {help}`"));
            return None;
        };
        let name = glued(func);
        let every = name == "every";
        if !every && name != "idle" {
            let off = if kind == Kind::Sse { ", or `off`" } else { "" };
            let help = format!(
                "write `idle(\"20s\")` to send after 20 quiet seconds, `every(\"20s\")` to send every 20 seconds{off}"
            );
            errors.push(func, format!("`keep_alive` cannot be `{name}(…)`"), help);
            return None;
        }
        let mut arguments = args.iter().cloned().map(ungrouped);
        let Some(seconds) = arguments.next() else {
            errors.push(func, format!("`{name}` needs a time"), format!("write `{name}(\"20s\")`"));
            return None;
        };
        let seconds = self.seconds(&seconds, errors);
        let data = match arguments.next() {
            None => Some(None),
            Some(data @ (Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) | Expr::Macro(_))) => {
                self.string(&data, errors).map(Some)
            }
            Some(other) => {
                let help = format!("write a string: `{name}(\"20s\", \"…\")`");
                errors.push(other, "the content of a keep-alive must be a string", help);
                None
            }
        };
        if let Some(more) = arguments.next() {
            let help = format!("write the time and the content: `{name}(\"20s\", \"…\")`");
            errors.push(more, format!("`{name}` takes at most two arguments"), help);
        }
        let make = if every { KeepAlive::Every } else { KeepAlive::Idle };
        Some(make(seconds?, data?))
    }
}
