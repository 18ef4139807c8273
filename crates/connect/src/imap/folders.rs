//! Which folders a server has, under which names, and opening one of them.

use super::frame::{Answer, Outcome};
use super::{Access, Imap, Selected, keeps_new, quoted};
use crate::{Folder, Mark, Role, Trouble, role, utf7};
use imap_proto::{MailboxDatum, NameAttribute, Response};

/// A folder and how the server spells it.
#[derive(Debug)]
pub struct Known {
    pub folder: Folder,
    /// In modified UTF-7, with the server's separator.
    pub raw: String,
    pub separator: Option<char>,
    /// Whether new keywords are kept; none until the folder was selected.
    keeps_keywords: Option<bool>,
}

impl Imap {
    /// Reads the list of folders anew.
    pub(super) async fn list(&mut self) -> Result<(), Trouble> {
        // RFC 6154, 3: without this some servers keep the roles to themselves.
        let extended = self.abilities.contains("SPECIAL-USE") && self.abilities.contains("LIST-EXTENDED");
        let command = if extended { "LIST \"\" \"*\" RETURN (SPECIAL-USE)" } else { "LIST \"\" \"*\"" };
        let mut found: Vec<Known> = Vec::new();
        let answer = self
            .ask(command, |response| {
                if let Response::MailboxData(MailboxDatum::List(entry)) = response {
                    let separator = entry.delimiter.as_deref().and_then(|text| text.chars().last());
                    found.push(known(&entry.name, separator, &entry.name_attributes));
                }
            })
            .await?;
        super::expect_ok(&answer)?;
        found.sort_by(|left, right| left.folder.name.cmp(&right.folder.name));
        found.dedup_by(|left, right| left.folder.name == right.folder.name);
        let mut settled: Vec<Folder> = found.iter().map(|known| known.folder.clone()).collect();
        role::settle(&mut settled);
        self.known = settled
            .into_iter()
            .filter_map(|folder| {
                let place = found.iter().position(|known| known.folder.name == folder.name)?;
                let keeps_keywords = self.keeps(&folder.name);
                Some(Known { folder, keeps_keywords, ..found.swap_remove(place) })
            })
            .collect();
        Ok(())
    }

    fn keeps(&self, folder: &str) -> Option<bool> {
        self.known.iter().find(|known| known.folder.name == folder)?.keeps_keywords
    }

    /// The folder's name for a command, in quotes. Errors: `NoFolder`.
    pub(super) async fn wire_name(&mut self, folder: &str) -> Result<String, Trouble> {
        let spelled = |known: &[Known]| {
            let named = known.iter().find(|known| known.folder.name == folder && known.folder.selectable);
            named.map(|known| quoted(&known.raw))
        };
        if let Some(name) = spelled(&self.known) {
            return Ok(name);
        }
        self.list().await?;
        spelled(&self.known).ok_or_else(|| Trouble::NoFolder { folder: folder.to_owned() })
    }

    /// Opens a folder for reading, if it is not open so already.
    pub(super) async fn examine(&mut self, folder: &str) -> Result<(), Trouble> {
        match &self.selected {
            Some(selected) if selected.folder == folder && selected.access == Access::ReadOnly => Ok(()),
            _ => self.open_folder(folder, Access::ReadOnly).await.map(|_| ()),
        }
    }

    /// Opens a folder for storing a keyword. Errors: `NotAllowed`, `NoKeywords`.
    pub(super) async fn select_for_keywords(
        &mut self,
        folder: &str,
        keyword: &str,
        mark: Mark,
    ) -> Result<(), Trouble> {
        let opened = self.open_folder(folder, Access::ReadWrite).await?;
        if opened.read_only {
            return Err(Trouble::NotAllowed { folder: folder.to_owned() });
        }
        let has_it = opened.flags.iter().any(|flag| flag.eq_ignore_ascii_case(keyword));
        if mark == Mark::Set && opened.keeps_new == Some(false) && !has_it {
            return Err(Trouble::NoKeywords { folder: folder.to_owned() });
        }
        Ok(())
    }

    /// Only SELECT tells whether keywords are kept (EXAMINE permits no flags at all), so it is asked once.
    pub(super) async fn keeps_keywords(&mut self, folder: &str) -> Result<bool, Trouble> {
        if let Some(kept) = self.keeps(folder) {
            if self.selected.as_ref().is_some_and(|selected| selected.folder == folder) {
                // RFC 9051, 6.3.11: the numbers of a selected folder may be stale unless it was looked at.
                self.look_again().await?;
            }
            return Ok(kept);
        }
        let opened = self.open_folder(folder, Access::ReadWrite).await?;
        // RFC 9051, 6.3.2: a server that does not say means that all can be kept.
        let kept = !opened.read_only && opened.keeps_new.unwrap_or(true);
        if let Some(known) = self.known.iter_mut().find(|known| known.folder.name == folder) {
            known.keeps_keywords = Some(kept);
        }
        // Not left open for writing.
        self.examine(folder).await?;
        Ok(kept)
    }

    async fn open_folder(&mut self, folder: &str, access: Access) -> Result<Opened, Trouble> {
        let verb = match access {
            Access::ReadOnly => "EXAMINE",
            Access::ReadWrite => "SELECT",
        };
        let command = format!("{verb} {}", self.wire_name(folder).await?);
        let mut opened = Opened::default();
        // RFC 9051, 6.3.2: a failed SELECT leaves nothing selected.
        self.selected = None;
        let answer = self
            .ask(&command, |response| match response {
                Response::MailboxData(MailboxDatum::Exists(count)) => opened.exists = *count,
                Response::Data { outcome, .. } => {
                    if let Some(code) = &outcome.code
                        && let Some(keeps_new) = keeps_new(code)
                    {
                        opened.keeps_new = Some(keeps_new);
                        opened.flags = permanent(code);
                    }
                }
                _ => {}
            })
            .await?;
        self.folder_answered(&answer, folder)?;
        opened.read_only = answer.code == "READ-ONLY";
        let folder = folder.to_owned();
        self.selected = Some(Selected { folder, access, exists: opened.exists, come_to: None });
        Ok(opened)
    }

    /// What a refusal of a command about a folder means.
    pub(super) fn folder_answered(&mut self, answer: &Answer, folder: &str) -> Result<(), Trouble> {
        match (answer.outcome, answer.code.as_str()) {
            (Outcome::Ok, _) => Ok(()),
            (_, "NOPERM") => Err(Trouble::NotAllowed { folder: folder.to_owned() }),
            (_, "INUSE" | "UNAVAILABLE" | "SERVERBUG" | "LIMIT" | "OVERQUOTA") => {
                Err(Trouble::protocol("the server cannot open the folder at present"))
            }
            _ => {
                // It was in the list once: the list is old.
                self.known.clear();
                Err(Trouble::NoFolder { folder: folder.to_owned() })
            }
        }
    }
}

/// What opening a folder told.
#[derive(Debug, Default)]
struct Opened {
    exists: u32,
    read_only: bool,
    keeps_new: Option<bool>,
    flags: Vec<String>,
}

fn permanent(code: &imap_proto::ResponseCode<'_>) -> Vec<String> {
    match code {
        imap_proto::ResponseCode::PermanentFlags(flags) => flags.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

fn known(name: &str, separator: Option<char>, attributes: &[NameAttribute<'_>]) -> Known {
    // The parser leaves the escapes of a quoted name in.
    let raw = name.replace("\\\"", "\"").replace("\\\\", "\\");
    let level = |part: &str| utf7::decode(part).unwrap_or_else(|| part.to_owned()).replace('/', "\u{2215}");
    let name = match separator {
        Some(separator) => raw.split(separator).map(level).collect::<Vec<_>>().join("/"),
        None => level(&raw),
    };
    let is_missing = |attribute: &NameAttribute<'_>| {
        matches!(attribute, NameAttribute::NoSelect)
            || matches!(attribute, NameAttribute::Extension(name) if name.eq_ignore_ascii_case("\\NonExistent"))
    };
    let said = attributes.iter().find_map(|attribute| match attribute {
        NameAttribute::Archive => Some(Role::Archive),
        NameAttribute::Drafts => Some(Role::Drafts),
        NameAttribute::Junk => Some(Role::Junk),
        NameAttribute::Sent => Some(Role::Sent),
        NameAttribute::Trash => Some(Role::Trash),
        _ => None,
    });
    let role = if name == "INBOX" { Role::Inbox } else { said.unwrap_or(Role::Other) };
    let folder = Folder { name, role, selectable: !attributes.iter().any(is_missing) };
    Known { folder, raw, separator, keeps_keywords: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, separator: Option<char>, wanted: &str) {
        assert_eq!(known(raw, separator, &[]).folder.name, wanted);
    }

    #[test]
    fn names_are_shown_with_slashes_between_their_levels() {
        check("INBOX", Some('.'), "INBOX");
        check("Kunder.&ANY-land &- co", Some('.'), "Kunder/Öland & co");
        check("A/B", Some('/'), "A/B");
        check("a \\\"b\\\"", Some('/'), "a \"b\"");
    }

    #[test]
    fn a_slash_within_a_level_does_not_look_like_a_level() {
        check("in/ut.Brev", Some('.'), "in\u{2215}ut/Brev");
    }

    #[test]
    fn a_name_that_is_no_modified_utf7_is_shown_as_it_is() {
        check("R&D", Some('/'), "R&D");
    }
}
