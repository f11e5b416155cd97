//! The names of path parameters.

/// Returns `true` for a name that a path parameter, and so an argument, can have.
pub fn is_name(name: &str) -> bool {
    let first = name.chars().next();
    first.is_some_and(|c| c == '_' || c.is_alphabetic())
        && name.chars().all(|c| c == '_' || c.is_alphanumeric())
        && !matches!(name, "_" | "self" | "Self" | "super" | "crate")
}
