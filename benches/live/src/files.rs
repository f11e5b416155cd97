//! The limit of open files.

use anyhow::{Result, bail};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises the limit of open files to the most that the system allows this process and what it starts.
pub(crate) fn raise() {
    let limit = getrlimit(Resource::Nofile);
    // A system that refuses keeps its limit, which `need` names.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
}

/// Fails if a process cannot open so many files. `other_way` says how to do with fewer.
pub(crate) fn need(count: usize, other_way: &str) -> Result<()> {
    check(count as u64, getrlimit(Resource::Nofile).current, other_way)
}

fn check(count: u64, limit: Option<u64>, other_way: &str) -> Result<()> {
    match limit {
        Some(limit) if limit < count => bail!(
            "this part needs {count} open files, and the system allows {limit}: raise the hard limit, for example with \
             `sudo prlimit --pid $$ --nofile={count}` in this shell, {other_way}"
        ),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn a_low_limit_is_an_error_that_says_the_way_out() {
        check(10_500, Some(10_500), "").unwrap();
        check(10_500, None, "").unwrap();
        let error = check(10_500, Some(4_096), "or choose fewer clients with --clients").unwrap_err();
        let error = error.to_string();
        assert!(
            error.starts_with("this part needs 10500 open files, and the system allows 4096: "),
            "{error}"
        );
        assert!(error.ends_with("in this shell, or choose fewer clients with --clients"), "{error}");
    }
}
