//! What a folder is for: said by the server (RFC 6154), or guessed from its name.

use crate::Folder;

/// What a folder is for. The order is the order in which folders are shown and searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Inbox,
    Drafts,
    Sent,
    Archive,
    Junk,
    Trash,
    Other,
}

/// Names that mail programs give in English and Swedish, folded.
const NAMES: [(Role, &[&str]); 5] = [
    (Role::Drafts, &["drafts", "draft", "utkast"]),
    (
        Role::Sent,
        &[
            "sent",
            "sent items",
            "sent messages",
            "sent mail",
            "skickat",
            "skickade",
            "skickade objekt",
            "skickat mail",
        ],
    ),
    (Role::Archive, &["archive", "archives", "arkiv", "arkiverat"]),
    (Role::Junk, &["junk", "junk e-mail", "junk email", "spam", "bulk mail", "skräppost", "skräp"]),
    (
        Role::Trash,
        &[
            "trash",
            "deleted",
            "deleted items",
            "deleted messages",
            "bin",
            "papperskorgen",
            "papperskorg",
            "borttaget",
        ],
    ),
];

/// The role a name suggests. Only a folder at the top, or directly below the inbox or Gmail's root, can have one.
pub fn by_name(name: &str) -> Role {
    if name.eq_ignore_ascii_case("INBOX") {
        return Role::Inbox;
    }
    let folded = name.to_lowercase();
    let own = match folded.split_once('/') {
        Some(("inbox" | "[gmail]" | "[google mail]", own)) => own,
        Some(_) => return Role::Other,
        None => &folded,
    };
    NAMES.iter().find(|(_, names)| names.contains(&own)).map_or(Role::Other, |(role, _)| *role)
}

/// Gives a role by name where none was said by the server, each role at most once, and sorts for showing.
pub fn settle(folders: &mut [Folder]) {
    folders.sort_by(|left, right| left.name.cmp(&right.name));
    for place in 0..folders.len() {
        let guess = by_name(&folders[place].name);
        let taken = folders.iter().any(|folder| folder.role == guess);
        if folders[place].role == Role::Other && folders[place].selectable && !taken {
            folders[place].role = guess;
        }
    }
    folders.sort_by_key(|folder| (folder.role, folder.name.to_lowercase()));
}

/// Where to look for a message, in which order: what the user threw away comes last.
pub fn search_order(folders: &[Folder]) -> Vec<String> {
    let mut order: Vec<&Folder> = folders.iter().filter(|folder| folder.selectable).collect();
    order.sort_by_key(|folder| match folder.role {
        Role::Junk | Role::Trash => (1, folder.role),
        role => (0, role),
    });
    order.into_iter().map(|folder| folder.name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(folders: &[(&str, Role)], wanted: &[(&str, Role)]) {
        let mut given: Vec<Folder> = folders
            .iter()
            .map(|(name, role)| Folder { name: (*name).to_owned(), role: *role, selectable: true })
            .collect();
        settle(&mut given);
        let got: Vec<(&str, Role)> = given.iter().map(|folder| (folder.name.as_str(), folder.role)).collect();
        assert_eq!(got, wanted);
    }

    #[test]
    fn swedish_and_english_names_tell_the_role() {
        check(
            &[
                ("Papperskorgen", Role::Other),
                ("Projekt", Role::Other),
                ("Skickade objekt", Role::Other),
                ("Skräppost", Role::Other),
                ("INBOX", Role::Other),
                ("Utkast", Role::Other),
                ("INBOX/Arkiv", Role::Other),
            ],
            &[
                ("INBOX", Role::Inbox),
                ("Utkast", Role::Drafts),
                ("Skickade objekt", Role::Sent),
                ("INBOX/Arkiv", Role::Archive),
                ("Skräppost", Role::Junk),
                ("Papperskorgen", Role::Trash),
                ("Projekt", Role::Other),
            ],
        );
    }

    #[test]
    fn the_server_knows_better_than_the_name() {
        check(
            &[("Skickat", Role::Other), ("Utgående", Role::Sent)],
            &[("Utgående", Role::Sent), ("Skickat", Role::Other)],
        );
    }

    #[test]
    fn a_folder_deep_below_has_no_role() {
        check(&[("Kunder/Sent", Role::Other)], &[("Kunder/Sent", Role::Other)]);
    }
}
