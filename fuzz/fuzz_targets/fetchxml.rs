//! Any bytes as a question. From the repository's root:
//! `cargo +nightly fuzz run fetchxml fuzz/corpus/fetchxml testdata/fetchxml`. What it finds becomes a file in `testdata/fetchxml`.
#![no_main]

#[path = "../read/question.rs"]
#[expect(dead_code, reason = "The other language has a target of its own.")]
mod question;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // What it says is for whoever asked; here it is enough that it comes back.
    let _ = question::fetchxml(bytes);
});
