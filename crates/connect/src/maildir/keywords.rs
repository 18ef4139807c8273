//! Keywords the way Dovecot keeps them: a small letter in the file name, and `dovecot-keywords` says which word
//! each letter is (`0 Tracked` is `a`).

use crate::Trouble;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

const FILE: &str = "dovecot-keywords";

/// Dovecot's own lock on the file: whoever makes it may write.
const LOCK: &str = "dovecot-keywords.lock";

/// How long another program may hold the lock, and when a lock was left behind by a crash (Dovecot's numbers are
/// of this size too).
const PATIENCE: Duration = Duration::from_secs(10);
const STALE: Duration = Duration::from_mins(2);

/// The words of the letters a to z.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words([Option<String>; 26]);

impl Words {
    pub fn read(folder: &Path) -> Result<Words, Trouble> {
        match fs::read(folder.join(FILE)) {
            Ok(bytes) => Ok(Words::parse(&String::from_utf8_lossy(&bytes))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Words::default()),
            Err(error) => Err(error.into()),
        }
    }

    fn parse(text: &str) -> Words {
        let mut words = Words::default();
        for line in text.lines() {
            if let Some((number, word)) = line.split_once(' ')
                && let Some(place) = number.parse().ok().and_then(|number: usize| words.0.get_mut(number))
                && !word.is_empty()
            {
                *place = Some(word.to_owned());
            }
        }
        words
    }

    fn text(&self) -> String {
        let lines = self.0.iter().enumerate();
        lines.filter_map(|(number, word)| word.as_ref().map(|word| format!("{number} {word}\n"))).collect()
    }

    /// The words that these letters stand for.
    pub fn of(&self, letters: &str) -> Vec<String> {
        let known = letters.chars().filter_map(|letter| self.0.get(place(letter)?)?.clone());
        known.collect()
    }

    /// The letter of a word; keywords are compared without case (RFC 9051, 2.3.2).
    pub fn letter(&self, word: &str) -> Option<char> {
        let is_it =
            |known: &Option<String>| known.as_ref().is_some_and(|known| known.eq_ignore_ascii_case(word));
        let place = self.0.iter().position(is_it)?;
        char::from_u32('a' as u32 + u32::try_from(place).ok()?)
    }
}

fn place(letter: char) -> Option<usize> {
    letter.is_ascii_lowercase().then(|| letter as usize - 'a' as usize)
}

/// The letter of a word, given a new one if it has none yet. None when all 26 are taken.
pub fn letter_for(folder: &Path, word: &str) -> Result<Option<char>, Trouble> {
    if let Some(letter) = Words::read(folder)?.letter(word) {
        return Ok(Some(letter));
    }
    let mut lock = Lock::take(folder)?;
    // Another program may have written while we waited.
    let mut words = Words::read(folder)?;
    if words.letter(word).is_none() {
        let Some(free) = words.0.iter_mut().find(|word| word.is_none()) else { return Ok(None) };
        *free = Some(word.to_owned());
        lock.replace(folder, &words.text())?;
    }
    Ok(words.letter(word))
}

/// The lock file, which becomes the new file when something was written; otherwise it is removed.
struct Lock<'a> {
    folder: &'a Path,
    file: fs::File,
    is_renamed: bool,
}

impl<'a> Lock<'a> {
    fn take(folder: &'a Path) -> Result<Lock<'a>, Trouble> {
        let path = folder.join(LOCK);
        let until = Instant::now() + PATIENCE;
        loop {
            match fs::OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => return Ok(Lock { folder, file, is_renamed: false }),
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error.into()),
                Err(_) if is_stale(&path) => drop(fs::remove_file(&path)),
                Err(_) if Instant::now() > until => return Err(Trouble::Timeout),
                Err(_) => std::thread::sleep(Duration::from_millis(10)),
            }
        }
    }

    fn replace(&mut self, folder: &Path, text: &str) -> Result<(), Trouble> {
        self.file.write_all(text.as_bytes())?;
        self.file.sync_all()?;
        fs::rename(folder.join(LOCK), folder.join(FILE))?;
        self.is_renamed = true;
        Ok(())
    }
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        if !self.is_renamed {
            // If this fails the lock grows stale and is taken over.
            drop(fs::remove_file(self.folder.join(LOCK)));
        }
    }
}

fn is_stale(lock: &Path) -> bool {
    let written = fs::symlink_metadata(lock).and_then(|file| file.modified());
    written.is_ok_and(|written| SystemTime::now().duration_since(written).is_ok_and(|age| age > STALE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_letters_follow_dovecots_file() {
        let words = Words::parse("0 Tracked\n2 $Forwarded\n99 Far\nnonsense\n3 \n");
        assert_eq!(words.of("Sacz"), ["Tracked", "$Forwarded"]);
        assert_eq!(words.letter("tracked"), Some('a'));
        assert_eq!(words.letter("Far"), None);
        assert_eq!(words.text(), "0 Tracked\n2 $Forwarded\n");
    }

    #[test]
    fn a_new_word_takes_the_first_free_letter_and_the_27th_none() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "0 One\n2 Three\n").unwrap();
        assert_eq!(letter_for(folder.path(), "Two").unwrap(), Some('b'));
        for number in 3..26 {
            assert!(letter_for(folder.path(), &format!("Word{number}")).unwrap().is_some());
        }
        assert_eq!(letter_for(folder.path(), "TooMany").unwrap(), None);
        assert_eq!(letter_for(folder.path(), "three").unwrap(), Some('c'));
        assert!(!folder.path().join(LOCK).exists());
    }
}
