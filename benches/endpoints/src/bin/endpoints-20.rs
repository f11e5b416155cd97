//! 20 endpoints.

endpoints::app! {
    s1 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 s12 s13 s14 s15 s16 s17 s18 last
}
