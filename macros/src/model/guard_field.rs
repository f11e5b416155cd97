//! The guard value in templates: `{guard}`, `{guard.name}`, `{guard.team.id}`, `{guard.0}`.

use crate::parse::channels::GUARD;

use crate::parse::parameter_name::is_name;

/// A field of the guard value, by the names that lead to it. Without names, it is the value itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field(pub Vec<String>);

impl Field {
    /// The field with these names, as `behind_guard` found them.
    pub fn of(members: &str) -> Option<Self> {
        if members.is_empty() {
            return Some(Self(Vec::new()));
        }
        let names = members.strip_prefix('.')?.split('.');
        names.map(|name| is_member(name).then(|| name.to_owned())).collect::<Option<_>>().map(Self)
    }

    /// The name of the field as it stands in a template, without braces.
    pub fn written(&self) -> String {
        [GUARD].into_iter().chain(self.0.iter().map(String::as_str)).collect::<Vec<_>>().join(".")
    }

    /// The names of a parameter for this field, the shortest first: `id`, `team_id`, `guard_team_id`.
    fn candidates(&self) -> impl Iterator<Item = String> {
        let all: Vec<_> = [GUARD].into_iter().chain(self.0.iter().map(String::as_str)).collect();
        let last = all.len();
        let names = (0..last).rev().map(move |first| all[first..].join("_"));
        names.filter(|name| !name.starts_with(|c: char| c.is_ascii_digit()))
    }
}

fn is_member(name: &str) -> bool {
    is_name(name) || (name.parse::<u32>().is_ok_and(|index| index.to_string() == name))
}

/// The help for text behind `guard` that is not a field.
pub fn help(members: &str) -> String {
    let separates = |c: char| !c.is_alphanumeric() && c != '_';
    let members = members.replace("r#", "");
    // A call or a format ends the names.
    let names = members.split(['(', ':', ' ']).next().unwrap_or_default();
    let mut names: Vec<_> = names.split(separates).filter(|name| is_member(name)).collect();
    // A method of a field: `name.len()`.
    if members.contains('(') && names.len() > 1 {
        names.pop();
    }
    let example = if names.is_empty() { "name".to_owned() } else { names.join(".") };
    format!("write a field, as in `{{{GUARD}.{example}}}`, or let the guard return the text")
}

/// Some fields, each once, and the names of their parameters: the last name of a field, with as many names before it as
/// distinguish it from the other fields and from `taken`.
pub fn parameters<'f>(
    fields: impl IntoIterator<Item = &'f Field>,
    taken: &[&str],
) -> Vec<(&'f Field, String)> {
    let mut each: Vec<&Field> = Vec::new();
    for field in fields {
        if !each.contains(&field) {
            each.push(field);
        }
    }
    let mut named: Vec<(&Field, String)> = Vec::new();
    for field in &each {
        let is_free = |name: &String| {
            let others = each.iter().filter(|other| *other != field);
            !taken.contains(&name.as_str())
                && !others.clone().any(|other| other.candidates().any(|theirs| theirs == *name))
                && !named.iter().any(|(_, earlier)| earlier == name)
        };
        let numbered = (2..).map(|number| format!("{}_{number}", field.written().replace('.', "_")));
        let name = field.candidates().chain(numbered).find(is_free).expect("there are numbers enough");
        named.push((field, name));
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(members: &str) -> Field {
        Field::of(members).unwrap()
    }

    #[test]
    fn a_field_is_a_path_of_names_and_indices() {
        for (members, written) in [
            ("", "guard"),
            (".name", "guard.name"),
            (".team.id", "guard.team.id"),
            (".0.type", "guard.0.type"),
        ] {
            assert_eq!(field(members).written(), written);
        }
        for members in
            [".", ".a.", "..a", ".a b", ".name()", ".name:?", "[0]", ".01", ".-1", ".self", "._", ".r#a"]
        {
            assert_eq!(Field::of(members), None, "{members}");
        }
    }

    #[test]
    fn the_help_keeps_the_names() {
        for (members, example) in [
            (".name()", "{guard.name}"),
            (".name:?", "{guard.name}"),
            (".name.len()", "{guard.name}"),
            ("[0]", "{guard.0}"),
            (".r#type", "{guard.type}"),
            (".", "{guard.name}"),
            (":?", "{guard.name}"),
        ] {
            assert!(help(members).contains(&format!("`{example}`")), "{}", help(members));
        }
    }

    #[test]
    fn a_parameter_has_the_last_name_of_its_field() {
        let named = |members: &[&str], taken: &[&str]| {
            let fields: Vec<_> = members.iter().map(|members| field(members)).collect();
            parameters(&fields, taken).into_iter().map(|(_, name)| name).collect::<Vec<_>>()
        };
        assert_eq!(named(&[".name", ".team.id", ".name"], &[]), ["name", "id"]);
        assert_eq!(named(&["", ".0", ".team.1"], &[]), ["guard", "guard_0", "team_1"]);
        assert_eq!(named(&[".user.id", ".team.id"], &[]), ["user_id", "team_id"]);
        assert_eq!(named(&[".id", ".team.id"], &[]), ["guard_id", "team_id"]);
        assert_eq!(named(&[".room"], &["room"]), ["guard_room"]);
        assert_eq!(named(&[".type"], &[]), ["type"]);
        assert_eq!(named(&[""], &["guard"]), ["guard_2"]);
        assert_eq!(named(&[".a.b", ".a_b"], &["b"]), ["guard_a_b_2", "guard_a_b_3"]);
    }
}
