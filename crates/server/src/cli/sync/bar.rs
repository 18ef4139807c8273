//! How far a pass has come: one moving line on a terminal, a line for each folder elsewhere.

use app::sync::Progress;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};

pub enum Bar {
    Terminal(ProgressBar),
    /// Which folders have been told of.
    Lines(Mutex<Vec<(String, String)>>),
}

impl Bar {
    pub fn new() -> Bar {
        if !std::io::stderr().is_terminal() {
            return Bar::Lines(Mutex::default());
        }
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template("{bar:30} {pos:>7} of {len}  {msg}");
        Bar::Terminal(bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
    }

    pub fn show(&self, progress: &Progress) {
        let Progress { mailbox, folder, seen, of, tracked } = progress;
        match self {
            Bar::Terminal(bar) => {
                bar.set_length(*of);
                bar.set_position(*seen);
                bar.set_message(format!("{mailbox}  {folder}  {tracked} tracked"));
            }
            Bar::Lines(told) => {
                let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                let place = (mailbox.clone(), folder.clone());
                if seen == of && !told.contains(&place) {
                    eprintln!("{mailbox}  {folder}: {seen} read, {tracked} tracked");
                    told.push(place);
                }
            }
        }
    }

    pub fn end(&self) {
        match self {
            Bar::Terminal(bar) => bar.finish_and_clear(),
            Bar::Lines(_) => {}
        }
    }
}
