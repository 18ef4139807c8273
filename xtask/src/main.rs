//! The developer's tasks: `cargo xtask` lists them.

mod args;
mod bench;
mod caretaker;
mod cargo;
mod check;
mod clients;
mod demo;
mod package;
mod parts;
mod provision;
mod steps;
mod tally;
mod test;
mod tidy;

use anyhow::Result;
use args::Args;
use std::path::Path;
use std::process::ExitCode;

struct Task {
    name: &'static str,
    help: &'static str,
    run: fn(Args) -> Result<ExitCode>,
}

const TASKS: &[Task] = &[
    Task { name: "demo", help: demo::HELP, run: demo::run },
    Task { name: "check", help: check::HELP, run: check::run },
    Task { name: "test", help: test::HELP, run: test::run },
    Task { name: "parts", help: parts::HELP, run: parts::run },
    Task { name: "tidy", help: tidy::HELP, run: tidy::run },
    Task { name: "bench", help: bench::HELP, run: bench::run },
    Task { name: "package", help: package::HELP, run: package::run },
];

fn main() -> ExitCode {
    let mut args = Args::new(std::env::args().skip(1));
    let asked_for_help = args.flag("--help") | args.flag("-h");
    let name = args.word();
    let task = TASKS.iter().find(|it| Some(it.name) == name.as_deref());
    let result = match (task, &name) {
        (Some(task), _) if asked_for_help => {
            println!("{}", task.help);
            Ok(ExitCode::SUCCESS)
        }
        (Some(task), _) => {
            std::env::set_current_dir(root()).map_err(Into::into).and_then(|()| (task.run)(args))
        }
        (None, None) => {
            print_overview();
            Ok(ExitCode::SUCCESS)
        }
        (None, Some(name)) => {
            print_overview();
            Err(anyhow::anyhow!("There is no task {name:?}"))
        }
    };
    result.unwrap_or_else(|error| {
        eprintln!("\n{error:#}");
        ExitCode::FAILURE
    })
}

/// The first line of each task's help.
fn print_overview() {
    println!("Usage: cargo xtask TASK [--help]\n");
    for task in TASKS {
        println!("    {:8} {}", task.name, task.help.lines().next().unwrap_or_default());
    }
}

/// The repository's directory.
fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}
