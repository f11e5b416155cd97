//! The README shows this app, and this app is what the README shows.

#[test]
fn the_readme_shows_the_app() {
    let app = include_str!("../src/main.rs");
    assert!(include_str!("../../README.md").contains(app), "README.md shows another example-app/src/main.rs");
}
