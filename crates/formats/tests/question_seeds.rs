//! Replays the seeds of the fuzz targets `fetchxml` and `tsql`, whole and damaged.

#[path = "../../../fuzz/read/question.rs"]
mod question;

use formats::question::{BadQuery, Fetched};

type Read = fn(&[u8]) -> Result<Fetched, BadQuery>;

const LANGUAGES: [(&str, Read); 2] = [("fetchxml", question::fetchxml), ("tsql", question::tsql)];

fn seeds(language: &str) -> Vec<Vec<u8>> {
    let folder = format!("{}/../../testdata/{language}", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).expect("The seeds").flatten();
    let seeds: Vec<_> = files.filter_map(|it| std::fs::read(it.path()).ok()).collect();
    assert!(seeds.len() > 2, "{language}");
    seeds
}

#[test]
fn seeds_are_understood() {
    for (language, read) in LANGUAGES {
        for seed in seeds(language) {
            let found = read(&seed);
            assert!(found.is_ok(), "{language}: {found:?}");
        }
    }
}

#[test]
fn seeds_that_end_early_or_begin_late_are_read_without_panic() {
    for (language, read) in LANGUAGES {
        for seed in seeds(language) {
            for at in 0..seed.len() {
                let _ = (read(&seed[..at]), read(&seed[at..]));
            }
        }
    }
}

#[test]
fn seeds_with_a_wrong_byte_or_one_too_few_are_read_without_panic() {
    for (language, read) in LANGUAGES {
        for seed in seeds(language) {
            for at in 0..seed.len() {
                let mut damaged = seed.clone();
                for wrong in *b"<'(-9&\xff" {
                    damaged[at] = wrong;
                    let _ = read(&damaged);
                }
                damaged.remove(at);
                let _ = read(&damaged);
            }
        }
    }
}
