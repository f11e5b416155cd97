//! Times, as the values of options.

use std::ops::RangeInclusive;

use quote::ToTokens;
use syn::{Expr, ExprLit, Lit};

use crate::diagnostics::{Advice, Errors, ends};

use super::suggest;
use super::value::Slot;

/// A time.
pub struct Seconds {
    pub count: u32,
    pub written: Expr,
}

/// Numbers without a unit that are probably milliseconds. The proxy counts no more seconds.
const PROBABLY_MILLISECONDS: RangeInclusive<u64> = 3_601..=2_147_483;

impl Slot<'_> {
    /// A time in whole seconds: `30` or `"30s"`, `"2m"`, `"1h"`.
    pub fn seconds(&self, value: &Expr, errors: &mut Errors) -> Option<Seconds> {
        if let Some(help) = self.instead_of_constant(value) {
            errors.push(value, self.needs_time(), help);
            return None;
        }
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
            if !is_string && PROBABLY_MILLISECONDS.contains(&count) {
                let shorter = format!("{} = \"{}s\"", self.option, count.div_ceil(1000));
                let behind = format!(", or `\"{count}s\"` to mean seconds");
                let problem =
                    format!("`{}` without a unit is in seconds, and this is over an hour", self.option);
                let help = format!("write it with its unit: `\"{count}s\"`");
                errors.advise(ends(value), problem, [Advice::write(shorter, &behind)], help);
            }
            return Some(Seconds { count: u32::try_from(count).unwrap_or(u32::MAX), written: value.clone() });
        }
        let unit = suggest::unit(unit.trim());
        let (time, behind) = match (digits.parse::<u64>(), unit) {
            (Ok(count), "ms") => (Some(format!("{}s", count.div_ceil(1000))), ""),
            (Ok(count), "s" | "m" | "h") => {
                (Some(format!("{count}{unit}")), "; the units are `s`, `m` and `h`")
            }
            _ => (None, ""),
        };
        let help = format!(
            "write one number and one unit, as in `{}`; the units are `s`, `m` and `h`",
            self.example_of_time()
        );
        let other = suggest::seconds(value).map(|seconds| format!("{seconds}s"));
        let times = time.map(|time| (time, behind)).into_iter().chain(other.map(|time| (time, "")));
        let advice = times.map(|(time, behind)| Advice::write(format!("{} = {time:?}", self.option), behind));
        errors.advise(ends(value), self.needs_time(), advice, help);
        None
    }

    fn example_of_time(&self) -> String {
        if self.example.ends_with(')') { self.example.clone() } else { format!("{} = \"30s\"", self.option) }
    }

    pub(super) fn needs_time(&self) -> String {
        format!("`{}` must be a time in whole seconds", self.option)
    }
}
