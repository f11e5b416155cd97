use std::fmt::{self, Display, Write as _};

/// Writes one line to the log. It may have text from a client, which cannot start a line of its own.
pub(crate) fn line(text: impl Display) {
    #[cfg(feature = "testing")]
    recorded::push(&OneLine(&text));
    // One write, because Viceroy passes each write on by itself, and lines of several requests would mix.
    let line = format!("fanout: {}\n", OneLine(text));
    eprint!("{line}");
}

/// The lines that are written while a test runs the app.
#[cfg(feature = "testing")]
pub(crate) mod recorded {
    use std::cell::RefCell;
    use std::fmt::Display;

    thread_local! {
        static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    }

    pub(super) fn push(line: &dyn Display) {
        LINES.with_borrow_mut(|lines| lines.push(line.to_string()));
    }

    /// Takes the lines since the last call.
    pub(crate) fn take() -> Vec<String> {
        LINES.take()
    }
}

struct OneLine<T>(T);

impl<T: Display> Display for OneLine<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaped(f), "{}", self.0)
    }
}

/// Escapes control characters as Rust does.
struct Escaped<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl fmt::Write for Escaped<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|char| {
            // These two are not control characters, but end lines too.
            if char.is_control() || matches!(char, '\u{2028}' | '\u{2029}') {
                write!(self.0, "{}", char.escape_default())
            } else {
                self.0.write_char(char)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::OneLine;

    #[test]
    fn a_line_stays_one() {
        let forged = "no \"channel\" é\r\nfanout: all is well\u{1b}[2K\u{85}\u{2028}";
        assert_eq!(
            OneLine(format_args!("{forged}!")).to_string(),
            r#"no "channel" é\r\nfanout: all is well\u{1b}[2K\u{85}\u{2028}!"#
        );
    }
}
