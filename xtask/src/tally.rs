//! Counts tests by reading what `cargo test` says, line by line.

/// One test program, from its `Running` line to the next one.
#[derive(Debug, PartialEq)]
pub struct Program {
    pub name: String,
    pub seconds: f64,
    /// Whether it came to its `test result:` line; one that crashed did not.
    pub finished: bool,
}

#[derive(Debug, Default)]
pub struct Tally {
    pub passed: u32,
    pub failed: u32,
    pub skipped: u32,
    /// Names of failed tests, each with its program.
    pub failures: Vec<String>,
    pub programs: Vec<Program>,
    /// When the last of `programs` began; `None` when none is running.
    began: Option<f64>,
}

impl Tally {
    /// Takes in one line that came at `now`, in seconds since any fixed moment.
    pub fn line(&mut self, line: &str, now: f64) {
        if let Some(name) = program_name(line) {
            self.end(now);
            self.programs.push(Program { name, seconds: 0.0, finished: false });
            self.began = Some(now);
        } else if let Some([passed, failed, skipped]) = counts(line) {
            self.passed += passed;
            self.failed += failed;
            self.skipped += skipped;
            if let Some(program) = self.programs.last_mut() {
                program.finished = true;
            }
        } else if let Some(test) = line.strip_prefix("test ").and_then(|it| it.strip_suffix(" ... FAILED")) {
            let program = self.programs.last().map_or("", |it| &it.name);
            self.failures.push(format!("{program}: {test}"));
        }
    }

    /// Closes the last program. One without a result crashed, and counts as a failed test.
    pub fn end(&mut self, now: f64) {
        let (Some(began), Some(program)) = (self.began.take(), self.programs.last_mut()) else { return };
        program.seconds = now - began;
        if !program.finished {
            self.failed += 1;
            self.failures.push(format!("{}: ended without a result", program.name));
        }
    }
}

/// `Running unittests src/lib.rs (target/debug/deps/domain-0123456789abcdef)` and `Doc-tests domain`.
fn program_name(line: &str) -> Option<String> {
    let line = line.trim_start();
    if let Some(name) = line.strip_prefix("Doc-tests ") {
        return Some(format!("{name} documentation"));
    }
    let (source, path) = line.strip_prefix("Running ")?.split_once(" (")?;
    let file = path.strip_suffix(')')?.rsplit('/').next()?;
    let (name, _) = file.rsplit_once('-')?;
    Some(format!("{name} {}", source.strip_prefix("unittests ").unwrap_or(source)))
}

/// Passed, failed and ignored of `test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; ...`.
fn counts(line: &str) -> Option<[u32; 3]> {
    let (_, numbers) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let number = |what: &str| {
        numbers.split("; ").find_map(|it| it.strip_suffix(what)).and_then(|it| it.trim().parse().ok())
    };
    Some([number(" passed")?, number(" failed")?, number(" ignored")?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(output: &str, counts: [u32; 3], failures: &[&str], programs: &[(&str, bool)]) {
        let mut tally = Tally::default();
        let mut now = 0.0;
        for line in output.lines() {
            tally.line(line, now);
            now += 1.0;
        }
        tally.end(now);
        assert_eq!([tally.passed, tally.failed, tally.skipped], counts);
        assert_eq!(tally.failures, failures);
        let found: Vec<_> = tally.programs.iter().map(|it| (it.name.as_str(), it.finished)).collect();
        assert_eq!(found, programs);
    }

    #[test]
    fn results_of_all_programs_are_added_up() {
        check(
            "   Compiling domain v0.1.0\n\
             \x20    Running unittests src/lib.rs (target/debug/deps/domain-0a1b)\n\
             running 3 tests\n\
             test a::b ... ok\n\
             test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
             \x20    Running tests/track-and-untrack.rs (target/debug/deps/track_and_untrack-99ff)\n\
             test eva_tracks ... FAILED\n\
             test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
             \x20  Doc-tests domain\n\
             test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n",
            [4, 1, 1],
            &["track_and_untrack tests/track-and-untrack.rs: eva_tracks"],
            &[
                ("domain src/lib.rs", true),
                ("track_and_untrack tests/track-and-untrack.rs", true),
                ("domain documentation", true),
            ],
        );
    }

    #[test]
    fn a_program_that_crashes_counts_as_failed() {
        check(
            "     Running unittests src/lib.rs (target/debug/deps/store-0a)\n\
             running 3 tests\n\
             error: test failed, to rerun pass `-p store --lib` (signal: 11, SIGSEGV)\n\
             \x20    Running unittests src/lib.rs (target/debug/deps/app-0b)\n\
             test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n",
            [2, 1, 0],
            &["store src/lib.rs: ended without a result"],
            &[("store src/lib.rs", false), ("app src/lib.rs", true)],
        );
    }

    #[test]
    fn nothing_is_read_into_other_lines() {
        check("Running late (as ever)\ntest result: unclear\ntest \n", [0, 0, 0], &[], &[]);
    }

    #[test]
    fn each_program_gets_its_own_seconds() {
        let mut tally = Tally::default();
        tally.line("Running unittests src/lib.rs (target/debug/deps/store-0a)", 10.0);
        tally.line("Running unittests src/lib.rs (target/debug/deps/app-0a)", 12.5);
        tally.end(20.0);
        let seconds: Vec<f64> = tally.programs.iter().map(|it| it.seconds).collect();
        assert_eq!(seconds, [2.5, 7.5]);
    }
}
