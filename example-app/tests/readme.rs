//! The code in the README is the code of this app.

#[test]
fn the_readme_shows_the_app() {
    let app = include_str!("../src/main.rs");
    assert!(include_str!("../../README.md").contains(app), "README.md shows another example-app/src/main.rs");
}
