//! Passwords come by standard input: on a command line everybody on the machine could read them.

use super::failure::Failure;
use connect::Secret;
use std::io::BufRead;

/// The first line, without its end. `whose` completes “Give --password-stdin and write … to standard input”.
pub fn read(asked_for: bool, whose: &str) -> Result<String, Failure> {
    if !asked_for {
        return Err(Failure::usage(format!("Give --password-stdin, and write {whose} to standard input.")));
    }
    let mut line = String::new();
    if std::io::stdin().lock().read_line(&mut line).is_err() {
        return Err(Failure::usage("Standard input is no text."));
    }
    let password = line.trim_end_matches(['\n', '\r']);
    if password.is_empty() {
        return Err(Failure::usage("There is no password on standard input."));
    }
    Ok(password.to_owned())
}

pub fn secret(asked_for: bool, whose: &str) -> Result<Secret, Failure> {
    read(asked_for, whose).map(Secret::new)
}
