use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::pattern::names;

/// The path parameters of a request, percent-decoded, in the order of the path template.
#[derive(Clone, Copy, Debug)]
pub struct Parameters<'r> {
    pattern: &'static str,
    values: &'r [Cow<'r, str>],
}

impl<'r> Parameters<'r> {
    pub(crate) const NONE: Self = Self { pattern: "", values: &[] };

    pub(crate) fn new(pattern: &'static str, values: &'r [Cow<'r, str>]) -> Self {
        Self { pattern, values }
    }

    /// The value of a path parameter.
    pub fn get(&self, name: &str) -> Option<&'r str> {
        self.iter().find(|(this, _)| *this == name).map(|(_, value)| value)
    }

    /// Names and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &'r str)> {
        let names = names(self.pattern);
        names.zip(self.values.iter().map(|value| &**value))
    }

    /// The path template.
    pub(crate) fn pattern(&self) -> &'static str {
        self.pattern
    }

    pub(crate) fn nth(&self, index: usize) -> &'r str {
        self.values.get(index).map_or("", |value| value)
    }
}

/// Percent-decodes the values, once.
///
/// A value has no control characters, so it cannot break out of a channel, a header or a log line. All else is checked
/// by the type that it becomes.
pub(crate) fn decode(values: Vec<&str>) -> Result<Vec<Cow<'_, str>>, InvalidParameter> {
    let invalid = |(index, value)| decode_one(value).map_err(|problem| InvalidParameter { index, problem });
    values.into_iter().enumerate().map(invalid).collect()
}

fn decode_one(value: &str) -> Result<Cow<'_, str>, Problem> {
    let decoded = percent_decode_str(value).decode_utf8().map_err(|_| Problem::NotUtf8)?;
    if decoded.contains(char::is_control) { Err(Problem::Control) } else { Ok(decoded) }
}

/// A path parameter that does not decode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InvalidParameter {
    index: usize,
    problem: Problem,
}

/// The reason why a path parameter does not decode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Problem {
    NotUtf8,
    Control,
}

impl InvalidParameter {
    /// The reason, with the name of the parameter.
    pub(crate) fn in_pattern(self, pattern: &'static str) -> String {
        let name = names(pattern).nth(self.index).unwrap_or_default();
        let problem = match self.problem {
            Problem::NotUtf8 => "is not UTF-8",
            Problem::Control => "contains a control character",
        };
        format!("`{name}` in the path {problem}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_are_decoded_once() {
        assert_eq!(
            decode(vec!["a%20b", "%252F", "a%2Fb", "+", "%zz"]).unwrap(),
            ["a b", "%2F", "a/b", "+", "%zz"]
        );
    }

    #[test]
    fn control_characters_and_invalid_utf8_are_refused() {
        for value in ["%00", "a%0Ab", "%0d%0a", "%7f", "%C2%85"] {
            let invalid = InvalidParameter { index: 1, problem: Problem::Control };
            assert_eq!(decode(vec!["a", value]), Err(invalid), "{value}");
            assert_eq!(invalid.in_pattern("/{a}/b/{*c}"), "`c` in the path contains a control character");
        }
        let invalid = InvalidParameter { index: 0, problem: Problem::NotUtf8 };
        assert_eq!(decode(vec!["%ff"]), Err(invalid));
        assert_eq!(invalid.in_pattern("/b/{a}"), "`a` in the path is not UTF-8");
    }

    #[test]
    fn a_parameter_has_a_name() {
        let values = [Cow::Borrowed("1"), Cow::Borrowed("2/3")];
        let parameters = Parameters::new("/a/{b}/{*c}", &values);
        assert_eq!(
            (parameters.get("b"), parameters.get("c"), parameters.get("a")),
            (Some("1"), Some("2/3"), None)
        );
    }

    proptest! {
        #[test]
        fn any_text_comes_out_as_itself_or_is_refused(text in any::<String>()) {
            let sent = percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC).to_string();
            match decode(vec![&sent]) {
                Ok(decoded) => prop_assert_eq!(&decoded[..], [&text[..]]),
                Err(error) => prop_assert!(error.problem == Problem::Control && text.contains(char::is_control)),
            }
        }
    }
}
