//! 4 endpoints.

endpoints::app! {
    s1 s2 last
}
