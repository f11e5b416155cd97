//! The handshake of a WebSocket.

use super::super::{check_origin, choose_subprotocol};
use super::with_head;

#[test]
fn the_apps_first_subprotocol_that_the_client_offers_is_chosen() {
    let choose = |offers: &[&str]| {
        let headers: Vec<_> = offers.iter().map(|offer| ("sec-websocket-protocol", *offer)).collect();
        with_head(&headers, |head| choose_subprotocol(head, &["v2.json", "json"]))
    };
    assert_eq!(choose(&["json"]).unwrap(), "json");
    assert_eq!(choose(&["mqtt, json ,v2.json"]).unwrap(), "v2.json");
    assert_eq!(choose(&["mqtt", "json"]).unwrap(), "json");
    for offers in [&[][..], &[""], &["JSON"], &["json2", "js, on"]] {
        let refused = choose(offers).unwrap_err();
        assert_eq!(refused.status(), 400, "{offers:?}");
        assert_eq!(refused.body(), b"this endpoint speaks v2.json, json\n");
    }
}

#[test]
fn a_page_of_another_origin_is_refused() {
    let check = |origins: &[&str]| {
        let headers: Vec<_> = origins.iter().map(|origin| ("origin", *origin)).collect();
        let checked =
            with_head(&headers, |head| check_origin(head, &["https://a.example", "http://localhost:8080"]));
        checked.map_err(|answer| answer.status().as_u16())
    };
    assert_eq!(check(&[]), Ok(()));
    assert_eq!(check(&["https://a.example"]), Ok(()));
    assert_eq!(check(&["http://localhost:8080"]), Ok(()));
    for origins in [
        &["https://b.example"][..],
        &["https://a.example:8443"],
        &["http://a.example"],
        &["https://a.example.evil.example"],
        &["https://evil.example/https://a.example"],
        &["null"],
        &[""],
        &["https://a.example", "https://b.example"],
    ] {
        assert_eq!(check(origins), Err(403), "{origins:?}");
    }
}
