//! The folders of a Maildir++ on disk: `.Sent.Gamla` beside the root's own `cur`, `new` and `tmp`. A name from
//! outside never becomes a path; it is looked up among the folders that are there, and links are not followed.

use super::scan::Scan;
use crate::{Folder, Role, Trouble, role, utf7};
use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// A Maildir and what was seen in it last.
#[derive(Debug)]
pub struct Tree {
    root: PathBuf,
    pub scans: HashMap<String, Scan>,
}

impl Tree {
    pub fn open(path: &Path) -> Result<Tree, Trouble> {
        let root = fs::canonicalize(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => Trouble::NoFolder { folder: "INBOX".to_owned() },
            ErrorKind::PermissionDenied => Trouble::NotAllowed { folder: "INBOX".to_owned() },
            kind => Trouble::Disk(kind),
        })?;
        let tree = Tree { root, scans: HashMap::new() };
        tree.check()?;
        Ok(tree)
    }

    /// Whether the mailbox is still there.
    pub fn check(&self) -> Result<(), Trouble> {
        if is_maildir(&self.root) { Ok(()) } else { Err(Trouble::NoFolder { folder: "INBOX".to_owned() }) }
    }

    pub fn folders(&self) -> Result<Vec<Folder>, Trouble> {
        let mut folders: Vec<Folder> = self
            .named()?
            .into_iter()
            .map(|(name, _)| Folder { name, role: Role::Other, selectable: true })
            .collect();
        role::settle(&mut folders);
        Ok(folders)
    }

    /// The directory of a folder. Errors: `NoFolder`.
    pub fn directory(&self, folder: &str) -> Result<PathBuf, Trouble> {
        let named = self.named()?.into_iter().find(|(name, _)| name == folder);
        named.map(|(_, path)| path).ok_or_else(|| Trouble::NoFolder { folder: folder.to_owned() })
    }

    pub fn make_folder(&self, folder: &str) -> Result<(), Trouble> {
        if self.directory(folder).is_ok() {
            return Ok(());
        }
        let wrong = || Trouble::BadSetting("this cannot be the name of a folder".to_owned());
        let levels: Vec<String> = folder.split('/').map(utf7::encode).collect();
        // A dot separates levels in Maildir++, and a slash cannot be left in by the split.
        if levels.iter().any(|level| level.is_empty() || level.contains('.')) || folder.contains('\0') {
            return Err(wrong());
        }
        let path = self.root.join(format!(".{}", levels.join(".")));
        super::create(&path)?;
        fs::write(path.join("maildirfolder"), "")?;
        Ok(())
    }

    fn named(&self) -> Result<Vec<(String, PathBuf)>, Trouble> {
        self.check()?;
        let mut named = vec![("INBOX".to_owned(), self.root.clone())];
        for entry in fs::read_dir(&self.root)? {
            let entry = entry?;
            let file = entry.file_name();
            let Some(levels) = file.to_str().and_then(|name| name.strip_prefix('.')) else { continue };
            let level =
                |part| utf7::decode(part).filter(|name| !name.is_empty() && !name.contains(['/', '\0']));
            let Some(levels) = levels.split('.').map(level).collect::<Option<Vec<String>>>() else {
                continue;
            };
            if is_maildir(&entry.path()) {
                named.push((levels.join("/"), entry.path()));
            }
        }
        Ok(named)
    }
}

/// A directory of its own with `cur` and `new` of its own; a link is not its own.
fn is_maildir(path: &Path) -> bool {
    [path.to_owned(), path.join("cur"), path.join("new")]
        .iter()
        .all(|path| fs::symlink_metadata(path).is_ok_and(|found| found.is_dir()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(folders: &[&str]) -> (tempfile::TempDir, Tree) {
        let root = tempfile::tempdir().unwrap();
        super::super::create(root.path()).unwrap();
        for folder in folders {
            super::super::create(&root.path().join(folder)).unwrap();
        }
        let tree = Tree::open(root.path()).unwrap();
        (root, tree)
    }

    #[test]
    fn folders_carry_their_swedish_names() {
        let (_root, tree) = tree(&[".Skickat", ".Skickat.&ANY-land &- co", ".Skr&AOQ-ppost"]);
        let names: Vec<(String, Role)> =
            tree.folders().unwrap().into_iter().map(|folder| (folder.name, folder.role)).collect();
        let wanted = [
            ("INBOX".to_owned(), Role::Inbox),
            ("Skickat".to_owned(), Role::Sent),
            ("Skräppost".to_owned(), Role::Junk),
            ("Skickat/Öland & co".to_owned(), Role::Other),
        ];
        assert_eq!(names, wanted);
    }

    #[test]
    fn a_folder_that_was_made_is_found_again() {
        let (_root, tree) = tree(&[]);
        tree.make_folder("Kunder/Åre").unwrap();
        tree.make_folder("Kunder/Åre").unwrap();
        assert!(tree.directory("Kunder/Åre").unwrap().ends_with(".Kunder.&AMU-re"));
    }

    #[test]
    fn no_name_leads_out_of_the_maildir() {
        let (root, tree) = tree(&[".Inne"]);
        let outside = tempfile::tempdir().unwrap();
        super::super::create(outside.path()).unwrap();
        std::os::unix::fs::symlink(outside.path(), root.path().join(".Ute")).unwrap();
        for name in ["Ute", "..", "../x", "/etc", "Inne/..", "", ".", "a\0b", "Inne/"] {
            assert_eq!(tree.directory(name).unwrap_err(), Trouble::NoFolder { folder: name.to_owned() });
        }
        for name in ["..", "../x", "", "a.b", "a//b", "a\0b"] {
            assert!(matches!(tree.make_folder(name), Err(Trouble::BadSetting(_))), "{name}");
        }
    }
}
