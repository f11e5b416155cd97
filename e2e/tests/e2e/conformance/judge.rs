//! The comparison of both sides.

use std::fmt::Write as _;

use super::stage::{Proxy, Record};

/// The simulation alone: the scenario ran to its end, and its clients saw what it expects.
pub fn simulated(record: &Record) -> Result<(), String> {
    if record.expected.is_empty() {
        return Err("expects nothing: two sides that both fail would agree".to_owned());
    }
    if let Some(reason) = &record.failed {
        return Err(format!("fails in the simulation: {reason}\n{}", seen(record)));
    }
    match record.transcript.lacks(&record.expected) {
        Some(line) => Err(format!("expects this, and the simulation lacks it: {line}\n{}", seen(record))),
        None => Ok(()),
    }
}

/// Both sides: what [`simulated`] says, and no difference but the stated one.
pub fn both(proxy: Proxy, real: &Record, simulation: &Record) -> Result<(), String> {
    simulated(simulation).map_err(|reason| format!("{reason}on the proxy:\n{}", seen(real)))?;
    let difference = real.transcript.difference(&simulation.transcript, ["proxy", "simulation"]);
    let stated = real.differences.iter().find(|stated| stated.proxy == proxy);
    match (stated, difference) {
        (Some(stated), None) => Err(format!("states a difference which is gone: {}", stated.why)),
        (Some(stated), Some(difference)) => match real.transcript.lacks(&stated.lines) {
            Some(line) => Err(format!(
                "states a difference ({}), and the proxy lacks its line: {line}\n{difference}",
                stated.why
            )),
            None => Ok(()),
        },
        (None, Some(difference)) => {
            let failed = real.failed.as_deref().map(|reason| format!("{reason}\n")).unwrap_or_default();
            Err(format!("differs:\n{failed}{difference}"))
        }
        (None, None) => match &real.failed {
            Some(reason) => Err(format!("fails on the proxy: {reason}\n{}", seen(real))),
            None => Ok(()),
        },
    }
}

fn seen(record: &Record) -> String {
    record.transcript.lines().iter().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "    {line}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::stage::Difference;
    use crate::conformance::transcript::Transcript;

    fn record(lines: &[&str], expected: &[&str]) -> Record {
        let mut transcript = Transcript::default();
        for line in lines {
            transcript.add("ann", line);
        }
        let expected = expected.iter().map(|line| format!("ann: {line}")).collect();
        Record { transcript, expected, differences: Vec::new(), failed: None }
    }

    fn differing(lines: &[&str], stated: &[&str]) -> Record {
        let lines_of_proxy = stated.iter().map(|line| format!("ann: {line}")).collect();
        let difference = Difference { proxy: Proxy::Old, why: "it is old".to_owned(), lines: lines_of_proxy };
        Record { differences: vec![difference], ..record(lines, &["a"]) }
    }

    #[test]
    fn equal_records_pass() {
        let same = || record(&["a", "b", "c"], &["a", "c"]);
        assert_eq!(both(Proxy::Old, &same(), &same()), Ok(()));
    }

    #[test]
    fn any_difference_fails() {
        let simulation = record(&["a", "b"], &["a"]);
        for lines in [&["a"][..], &["a", "b", "c"], &["b", "a"], &["a", "B"], &[]] {
            let error = both(Proxy::Current, &record(lines, &["a"]), &simulation).unwrap_err();
            assert!(error.starts_with("differs:\n") && error.contains("\n! "), "{error}");
        }
        let error = both(Proxy::Current, &record(&["a", "x"], &["a"]), &simulation).unwrap_err();
        assert_eq!(error, "differs:\n  both       | ann: a\n! proxy      | ann: x\n! simulation | ann: b\n");
    }

    #[test]
    fn two_sides_that_both_fail_do_not_agree() {
        let nothing = || record(&[], &[]);
        assert!(both(Proxy::Old, &nothing(), &nothing()).unwrap_err().starts_with("expects nothing"));
        let too_little = || record(&["a"], &["a", "b"]);
        let error = both(Proxy::Old, &too_little(), &too_little()).unwrap_err();
        assert!(error.starts_with("expects this, and the simulation lacks it: ann: b"), "{error}");
        let wrong_order = || record(&["b", "a"], &["a", "b"]);
        assert!(both(Proxy::Old, &wrong_order(), &wrong_order()).is_err());
        let failed = || Record { failed: Some("it broke".to_owned()), ..record(&["a"], &["a"]) };
        assert!(both(Proxy::Old, &failed(), &failed()).unwrap_err().contains("it broke"));
        assert!(both(Proxy::Old, &failed(), &record(&["a"], &["a"])).unwrap_err().contains("it broke"));
    }

    #[test]
    fn a_stated_difference_must_be_there() {
        let simulation = record(&["a", "b"], &["a"]);
        assert_eq!(both(Proxy::Old, &differing(&["a", "end"], &["end"]), &simulation), Ok(()));
        // For the other proxy it is not stated.
        assert!(both(Proxy::Current, &differing(&["a", "end"], &["end"]), &simulation).is_err());
        let gone = both(Proxy::Old, &differing(&["a", "b"], &["b"]), &simulation).unwrap_err();
        assert_eq!(gone, "states a difference which is gone: it is old");
        let other = both(Proxy::Old, &differing(&["a", "cut"], &["end"]), &simulation).unwrap_err();
        assert!(other.contains("the proxy lacks its line: ann: end"), "{other}");
    }
}
