//! Any bytes as everything that OData is written in. From the repository's root:
//! `cargo +nightly fuzz run odata fuzz/corpus/odata testdata/odata`. What it finds becomes a file in `testdata/odata`.
#![no_main]

#[path = "../read/odata.rs"]
mod odata;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| odata::read(bytes));
