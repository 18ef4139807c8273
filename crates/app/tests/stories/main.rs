//! What people live through, on both engines, with real Maildir folders.

mod privacy;
mod tracking;
mod trouble;
mod world;
