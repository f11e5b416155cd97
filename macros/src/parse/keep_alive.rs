//! The values of the option `keep_alive`.

use syn::{Expr, ExprCall, ExprLit, Lit, LitStr};

use crate::diagnostics::{Errors, ends, glued};
use crate::kind::Kind;

use super::expr::{self, ungrouped};
use super::suggest;
use super::time::Seconds;
use super::value::Slot;

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
    /// A time, or `idle(time, data)`, `every(time, data)`, `off`.
    pub fn keep_alive(&self, value: &Expr, kind: Kind, errors: &mut Errors) -> Option<KeepAlive> {
        if expr::is_word(value, "off") {
            return Some(KeepAlive::Off(value.clone()));
        }
        let meant = suggest::keep_alive(value).filter(|meant| *meant != suggest::spaced(value));
        if let Some(meant) = meant.filter(|meant| kind == Kind::Sse || meant != "off") {
            errors.advise(ends(value), self.needs_time(), [self.advice(&meant)], self.as_example());
            return None;
        }
        let Expr::Call(ExprCall { func, args, .. }) = value else {
            let written = glued(value).trim_matches('"').to_owned();
            let help = match written.rsplit("::").next().unwrap_or_default() {
                "off" | "false" | "never" | "no" | "none" | "None" if kind == Kind::Sse => "off",
                "off" | "Off" | "false" | "never" | "no" | "none" | "None" => {
                    errors.push(value, self.needs_time(), "remove the option: without it, nothing is sent");
                    return None;
                }
                "idle" if kind == Kind::Stream => "idle(\"20s\", \"\\n\")",
                "idle" => "idle(\"20s\")",
                "every" if kind == Kind::Stream => "every(\"20s\", \"\\n\")",
                "every" => "every(\"20s\")",
                _ => return self.seconds(value, errors).map(|seconds| KeepAlive::Idle(seconds, None)),
            };
            errors.push(value, self.needs_time(), format!("write `keep_alive = {help}`"));
            return None;
        };
        let name = glued(func);
        let every = name == "every";
        if !every && name != "idle" {
            if let Some(seconds) = suggest::seconds(value) {
                errors.advise(
                    ends(value),
                    self.needs_time(),
                    [self.advice(&format!("\"{seconds}s\""))],
                    self.as_example(),
                );
                return None;
            }
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
        let content = arguments.next();
        if let Some(time) = content.as_ref().filter(|_| args.len() == 2)
            && self.is_content(&seconds)
            && !self.is_content(time)
        {
            let help = format!("write `{name}({}, {})`", glued(time), glued(&seconds));
            errors.push(seconds, "the time stands before the content", help);
            return None;
        }
        let seconds = self.seconds(&seconds, errors);
        let data = match content {
            None => Some(None),
            Some(data @ (Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) | Expr::Macro(_))) => {
                self.string(&data, errors).map(Some)
            }
            Some(other) => {
                let help = match self.instead_of_constant(&other) {
                    Some(_) => format!(
                        "write the text itself: an attribute cannot read the value of `{}`",
                        glued(&other)
                    ),
                    None => format!("write a string: `{name}(\"20s\", \"…\")`"),
                };
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

    /// Returns `true` for a text that is not a time.
    fn is_content(&self, value: &Expr) -> bool {
        let is_text = matches!(value, Expr::Lit(ExprLit { lit: Lit::Str(_), .. }));
        is_text && self.seconds(value, &mut Errors::default()).is_none()
    }
}
