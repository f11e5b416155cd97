use crate::grip::IntoText;

/// The location of an address, as Fastly's database has it. A [`ClientGeo`](crate::ClientGeo) argument of a guard has it.
///
/// ```
/// use fanout::prelude::*;
/// use fanout::{ClientGeo, Geo};
///
/// fn in_japan(ClientGeo(geo): ClientGeo) -> Result<String, Answer> {
///     if geo.country_code() == "JP" { Ok(geo.city().to_owned()) } else { Err(Answer::text(451, "")) }
/// }
///
/// // In a `#[test]`:
/// assert_eq!(in_japan(ClientGeo(Geo::new("JP").with_city("Tokyo"))).unwrap(), "Tokyo");
/// assert!(in_japan(ClientGeo(Geo::new("FR"))).is_err());
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Geo {
    as_name: String,
    as_number: u32,
    area_code: u16,
    city: String,
    conn_speed: String,
    conn_type: String,
    continent: String,
    country_code: String,
    country_code3: String,
    country_name: String,
    latitude: f64,
    longitude: f64,
    metro_code: i64,
    postal_code: String,
    proxy_description: String,
    proxy_type: String,
    region: Option<String>,
    utc_offset: Option<i32>,
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident $with:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name(&self) -> &str {
            &self.$name
        }

        #[doc = concat!("Sets [`", stringify!($name), "`](Self::", stringify!($name), ").")]
        #[must_use]
        pub fn $with(mut self, $name: impl IntoText) -> Self {
            self.$name = $name.into();
            self
        }
    )*};
}

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident $with:ident $type:ty;)*) => {$(
        $(#[$doc])*
        pub fn $name(&self) -> $type {
            self.$name
        }

        #[doc = concat!("Sets [`", stringify!($name), "`](Self::", stringify!($name), ").")]
        #[must_use]
        pub fn $with(mut self, $name: $type) -> Self {
            self.$name = $name;
            self
        }
    )*};
}

impl Geo {
    /// A location in the country with this code of two letters. Everything else is empty or zero.
    pub fn new(country_code: impl IntoText) -> Self {
        Self { country_code: country_code.into(), ..Self::default() }
    }

    texts! {
        /// The name of the organization of [`as_number`](Self::as_number).
        as_name with_as_name;
        /// The city or town.
        city with_city;
        /// The speed of the connection, such as `broadband` or `mobile`.
        conn_speed with_conn_speed;
        /// The type of the connection: `wired`, `wifi`, `mobile`, `dialup`, `satellite` or `?`.
        conn_type with_conn_type;
        /// The continent, as its code of two letters, such as `AS`.
        continent with_continent;
        /// The country, as its ISO 3166-1 code of two letters.
        country_code with_country_code;
        /// The country, as its ISO 3166-1 code of three letters.
        country_code3 with_country_code3;
        /// The name of the country, in English and in lower case.
        country_name with_country_name;
        /// The postal code.
        postal_code with_postal_code;
        /// The kind of proxy that the client uses, such as `vpn`, or `?`.
        proxy_description with_proxy_description;
        /// The type of that proxy, such as `anonymous`, or `?`.
        proxy_type with_proxy_type;
    }

    numbers! {
        /// The number of the autonomous system.
        as_number with_as_number u32;
        /// The telephone area code, in North America.
        area_code with_area_code u16;
        /// The latitude, from -90 to 90 degrees.
        latitude with_latitude f64;
        /// The longitude, from -180 to 180 degrees.
        longitude with_longitude f64;
        /// The metro code, in the United States.
        metro_code with_metro_code i64;
    }

    /// The subdivision of the country, as the second part of its ISO 3166-2 code.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Sets [`region`](Self::region).
    #[must_use]
    pub fn with_region(mut self, region: impl IntoText) -> Self {
        self.region = Some(region.into());
        self
    }

    /// The offset of the local time from UTC, in minutes.
    pub fn utc_offset(&self) -> Option<i32> {
        self.utc_offset
    }

    /// Sets [`utc_offset`](Self::utc_offset).
    #[must_use]
    pub fn with_utc_offset(mut self, minutes: i32) -> Self {
        self.utc_offset = Some(minutes);
        self
    }
}
