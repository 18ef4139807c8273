//! The real program, as people and scripts call it: what it prints, and what its exit code says.

mod configuration;
mod help;
mod mail;
mod people;
mod serving;
mod world;
