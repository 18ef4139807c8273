//! Replays the seeds of the fuzz target `odata`, whole and damaged.

#[path = "../../../fuzz/read/odata.rs"]
mod odata;

use std::path::PathBuf;

fn seeds() -> Vec<(PathBuf, Vec<u8>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata/odata");
    let files = std::fs::read_dir(folder).expect("testdata/odata").flatten().map(|it| it.path());
    let read = |it: PathBuf| std::fs::read(&it).ok().map(|bytes| (it, bytes));
    let seeds: Vec<_> = files.filter_map(read).collect();
    assert!(seeds.len() > 20, "The seeds are in {folder}");
    seeds
}

#[test]
fn seeds_are_read_without_panic() {
    for (_, bytes) in seeds() {
        odata::read(&bytes);
    }
}

#[test]
fn seeds_that_end_early_or_begin_late_are_read_without_panic() {
    for (_, bytes) in seeds() {
        for at in 0..bytes.len() {
            odata::read(&bytes[..at]);
            odata::read(&bytes[at..]);
        }
    }
}

#[test]
fn seeds_with_a_wrong_byte_or_one_too_few_are_read_without_panic() {
    for (_, bytes) in seeds() {
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            for wrong in *b"'()/,\"$@ -0\xff" {
                damaged[at] = wrong;
                odata::read(&damaged);
            }
            damaged.remove(at);
            odata::read(&damaged);
        }
    }
}

#[test]
fn seeds_are_what_their_names_say() {
    use formats::odata::{batch, expr, options, path};
    for (file, bytes) in seeds() {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let text = String::from_utf8_lossy(&bytes);
        let refused = match name.split('-').next() {
            _ if name == "filter-too-deep.txt" => continue,
            Some("query") => options::parse(&text).err(),
            Some("filter") => expr::parse(&text).err(),
            Some("path") => path::parse(&text).err(),
            Some("batch") if name == "batch-json.txt" => batch::parse("application/json", &bytes).err(),
            Some("batch") => batch::parse("multipart/mixed; boundary=b", &bytes).err(),
            _ => continue,
        };
        assert_eq!(refused, None, "{name}");
    }
}
