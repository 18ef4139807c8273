//! The main job in a real Chromium: track a message, find it on the account, let it go again.

#![expect(clippy::unwrap_used, reason = "what a test cannot do without fails it")]

mod demo;
mod story;
mod webdriver;
