//! A mailbox in a Maildir or Maildir++ on this machine: the embedded default of the demo, and a real one.

mod content;
mod directory;
mod index;
mod keywords;
mod name;
mod scan;

use crate::{Flags, Folder, Head, Mark, Status, Trouble, Which};
use directory::Tree;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// An open Maildir. All work with the disk happens off the async threads.
#[derive(Debug)]
pub struct Maildir {
    tree: Arc<Mutex<Tree>>,
}

/// Makes an empty Maildir (`cur`, `new`, `tmp`); one that exists already is fine.
pub fn create(path: &Path) -> Result<(), Trouble> {
    for part in ["cur", "new", "tmp"] {
        std::fs::create_dir_all(path.join(part))?;
    }
    Ok(())
}

impl Maildir {
    pub async fn open(path: PathBuf) -> Result<Maildir, Trouble> {
        let tree = blocking(move || Tree::open(&path)).await?;
        Ok(Maildir { tree: Arc::new(Mutex::new(tree)) })
    }

    pub async fn folders(&mut self) -> Result<Vec<Folder>, Trouble> {
        self.work(|tree| tree.folders()).await
    }

    pub async fn status(&mut self, folder: &str) -> Result<Status, Trouble> {
        let folder = folder.to_owned();
        self.work(move |tree| content::status(tree, &folder)).await
    }

    pub async fn heads(&mut self, folder: &str, which: Which) -> Result<Vec<Head>, Trouble> {
        let folder = folder.to_owned();
        self.work(move |tree| content::heads(tree, &folder, &which)).await
    }

    pub async fn message(&mut self, folder: &str, uid: u32) -> Result<Vec<u8>, Trouble> {
        let folder = folder.to_owned();
        self.work(move |tree| content::message(tree, &folder, uid)).await
    }

    pub async fn messages(&mut self, folder: &str, uids: &[u32]) -> Result<Vec<(u32, Vec<u8>)>, Trouble> {
        let (folder, uids) = (folder.to_owned(), uids.to_vec());
        self.work(move |tree| content::messages(tree, &folder, &uids)).await
    }

    pub async fn find(
        &mut self,
        message_id: &str,
        folders: &[String],
    ) -> Result<Option<(String, u32)>, Trouble> {
        let (message_id, folders) = (message_id.to_owned(), folders.to_vec());
        self.work(move |tree| content::find(tree, &message_id, folders)).await
    }

    pub async fn set_keyword(
        &mut self,
        folder: &str,
        uids: &[u32],
        keyword: &str,
        mark: Mark,
    ) -> Result<(), Trouble> {
        let (folder, uids, keyword) = (folder.to_owned(), uids.to_vec(), keyword.to_owned());
        self.work(move |tree| content::set_keyword(tree, &folder, &uids, &keyword, mark)).await
    }

    pub async fn missing(&mut self, folder: &str, uids: &[u32]) -> Result<Vec<u32>, Trouble> {
        let (folder, uids) = (folder.to_owned(), uids.to_vec());
        self.work(move |tree| content::missing(tree, &folder, &uids)).await
    }

    pub async fn check(&mut self) -> Result<(), Trouble> {
        self.work(|tree| tree.check()).await
    }

    pub async fn append(&mut self, folder: &str, raw: &[u8], flags: &Flags) -> Result<(), Trouble> {
        let (folder, raw, flags) = (folder.to_owned(), raw.to_vec(), flags.clone());
        self.work(move |tree| content::append(tree, &folder, &raw, &flags)).await
    }

    pub async fn make_folder(&mut self, folder: &str) -> Result<(), Trouble> {
        let folder = folder.to_owned();
        self.work(move |tree| tree.make_folder(&folder)).await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tree) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let tree = Arc::clone(&self.tree);
        blocking(move || work(&mut tree.lock().unwrap_or_else(PoisonError::into_inner))).await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Trouble> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Trouble::Disk(std::io::ErrorKind::Interrupted))?
}
