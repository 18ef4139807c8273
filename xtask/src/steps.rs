//! What a task did one after the other: announced, timed, and told at the end.

use anyhow::{Context, Result};
use std::process::Command;
use std::time::Instant;

#[derive(Debug)]
pub struct Step {
    pub name: String,
    pub seconds: f64,
    pub passed: bool,
}

#[derive(Debug, Default)]
pub struct Steps(Vec<Step>);

impl Steps {
    /// Runs a command; `false` when it fails, which is remembered.
    pub fn run(&mut self, name: &str, command: &mut Command) -> bool {
        self.take(name, || {
            let program = command.get_program().display().to_string();
            Ok(command.status().with_context(|| format!("Starting {program}"))?.success().then_some(()))
        })
        .is_some()
    }

    /// Does a piece of work; `None` and an error both count as failed.
    pub fn take<T>(&mut self, name: &str, work: impl FnOnce() -> Result<Option<T>>) -> Option<T> {
        println!("\n== {name}");
        let started = Instant::now();
        let result = work().unwrap_or_else(|error| {
            eprintln!("{error:#}");
            None
        });
        let (seconds, passed) = (started.elapsed().as_secs_f64(), result.is_some());
        println!("== {name}: {} in {seconds:.1} s", if passed { "done" } else { "FAILED" });
        self.0.push(Step { name: name.to_owned(), seconds, passed });
        result
    }

    pub fn all(&self) -> &[Step] {
        &self.0
    }

    pub fn failed(&self) -> impl Iterator<Item = &Step> {
        self.0.iter().filter(|it| !it.passed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;

    #[test]
    fn a_failing_step_is_remembered_and_the_next_one_still_runs() {
        let mut steps = Steps::default();
        assert_eq!(steps.take("breaks", || -> Result<Option<()>> { bail!("no") }), None);
        assert_eq!(steps.take("works", || Ok(Some(7))), Some(7));
        assert!(!steps.run("fails", Command::new("/bin/sh").args(["-c", "exit 1"])));
        let failed: Vec<&str> = steps.failed().map(|it| it.name.as_str()).collect();
        assert_eq!(failed, ["breaks", "fails"]);
        assert_eq!(steps.all().len(), 3);
    }
}
