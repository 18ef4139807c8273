//! The program `regarding`.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::main()
}
