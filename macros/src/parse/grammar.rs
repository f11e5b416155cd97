//! The grammars in the docs of the attributes, which the runtime has.

/// The options in the grammar of an attribute, sorted.
pub(super) fn options(attribute: &str) -> Vec<String> {
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime/src/lib.rs");
    let docs = std::fs::read_to_string(docs).expect("the runtime is beside the macros");
    let grammar = docs
        .split("/// ```text\n")
        .find(|grammar| grammar.starts_with(&format!("/// {attribute} ")))
        .unwrap_or_else(|| panic!("`{attribute}` has no grammar"));
    let lines = grammar.lines().map_while(|line| line.strip_prefix("/// ")).take_while(|line| *line != "```");
    let mut of_options = false;
    let mut options = Vec::new();
    for line in lines {
        if let Some((rule, _)) = line.split_once(" := ") {
            of_options = matches!(rule.trim(), "option" | "item");
        }
        // Every second piece is between quotes.
        let words = line.split('"').skip(1).step_by(2).filter(|_| of_options);
        options.extend(words.filter(|word| word.starts_with(char::is_alphabetic)).map(str::to_owned));
    }
    options.sort_unstable();
    options
}
