//! The server: it publishes a departure for each line `STATION PLATFORM TRAIN` of its standard input.
//!
//! A server of your own gets them from a queue or a database. `GRIP_URL` says where to publish.

use std::io;

use anyhow::{Context as _, Result};
use departures_endpoints::{Departure, station};
use fanout::publish::Message;

fn main() -> Result<()> {
    for line in io::stdin().lines() {
        let line = line?;
        let (at, departure) =
            read(&line).with_context(|| format!("not `STATION PLATFORM TRAIN`: {line:?}"))?;
        fanout::publish(station::channel(at), Message::json(&departure)?)?;
    }
    Ok(())
}

fn read(line: &str) -> Option<(&str, Departure<'_>)> {
    let (station, rest) = line.split_once(' ')?;
    let (platform, train) = rest.split_once(' ')?;
    Some((station, Departure { train, platform: platform.parse().ok()? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_departure() {
        let (station, departure) = read("Bern 7 IC 8").unwrap();
        assert_eq!((station, departure.platform, departure.train), ("Bern", 7, "IC 8"));
        for line in ["", "Bern", "Bern 7", "Bern seven IC 8", "Bern 256 IC 8"] {
            assert!(read(line).is_none(), "{line:?}");
        }
    }
}
