//! Any bytes as a question. From the repository's root:
//! `cargo +nightly fuzz run tsql fuzz/corpus/tsql testdata/tsql`. What it finds becomes a file in `testdata/tsql`.
#![no_main]

#[path = "../read/question.rs"]
#[expect(dead_code, reason = "The other language has a target of its own.")]
mod question;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // What it says is for whoever asked; here it is enough that it comes back.
    let _ = question::tsql(bytes);
});
