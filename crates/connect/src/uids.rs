//! Sets of UIDs as IMAP writes them: `1:3,7` (RFC 9051, sequence-set).

/// A command line stays below what every server takes (RFC 7162, 4 asks for 8192 bytes).
const LONGEST: usize = 7000;

/// The sets to ask for these UIDs: neighbours as ranges, in ascending order, each set short enough for one command.
pub fn sets(uids: &[u32]) -> Vec<String> {
    let mut sorted = uids.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut sets = Vec::new();
    let mut set = String::new();
    for range in sorted.chunk_by(|left, right| left.checked_add(1) == Some(*right)) {
        let text = match range {
            [] => continue,
            [single] => single.to_string(),
            [first, .., last] => format!("{first}:{last}"),
        };
        if set.len() + text.len() >= LONGEST {
            sets.push(std::mem::take(&mut set));
        }
        if !set.is_empty() {
            set.push(',');
        }
        set.push_str(&text);
    }
    if !set.is_empty() {
        sets.push(set);
    }
    sets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(uids: &[u32], wanted: &[&str]) {
        assert_eq!(sets(uids), wanted);
    }

    #[test]
    fn neighbours_become_ranges() {
        check(&[], &[]);
        check(&[7], &["7"]);
        check(&[3, 1, 2, 2, 9], &["1:3,9"]);
        check(&[u32::MAX, u32::MAX - 1], &["4294967294:4294967295"]);
    }

    #[test]
    fn a_long_set_is_split_and_complete() {
        let uids: Vec<u32> = (0..10_000).map(|n| n * 2 + 100_000).collect();
        let sets = sets(&uids);
        assert!(sets.len() > 1);
        assert!(sets.iter().all(|set| set.len() <= LONGEST));
        let back: Vec<u32> =
            sets.iter().flat_map(|set| set.split(',')).map(|uid| uid.parse().unwrap()).collect();
        assert_eq!(back, uids);
    }
}
