//! Does a user really have the message that a colleague's copy was made of?

use crate::mail::{Item, aside};
use crate::{App, Result, mailboxes, track};
use domain::correlate::{Content, Stored};
use domain::privilege::Actor;
use domain::tracking::Proof;
use formats::mime::Message;
use store::content::{self, Part};

/// The user's own message is fetched and read beside the copy. Headers differ from mailbox to mailbox; what the sender
/// wrote and attached does not.
pub(crate) async fn of(app: &App, actor: &Actor, item: &Item, stored: Option<&Stored>) -> Result<Proof> {
    let copy = match colleagues(app, actor, stored).await? {
        Copy::There(copy) => copy,
        Copy::NotNeeded => return Ok(Proof::NotNeeded),
        Copy::Pending => return Ok(Proof::CopyPending),
    };
    let row = mailboxes::own(app, actor.user(), item.mailbox).await?;
    let own = track::whole(app, &row, item).await?;
    compared(copy, own).await
}

/// As [`of`], of a message that was handed over as it is.
pub(crate) async fn of_raw(app: &App, actor: &Actor, own: &[u8], stored: Option<&Stored>) -> Result<Proof> {
    match colleagues(app, actor, stored).await? {
        Copy::There(copy) => compared(copy, own.to_vec()).await,
        Copy::NotNeeded => Ok(Proof::NotNeeded),
        Copy::Pending => Ok(Proof::CopyPending),
    }
}

enum Copy {
    NotNeeded,
    Pending,
    There(Vec<u8>),
}

/// A colleague's copy, which the user does not track so far.
async fn colleagues(app: &App, actor: &Actor, stored: Option<&Stored>) -> Result<Copy> {
    let Some(stored) = stored else { return Ok(Copy::NotNeeded) };
    let user = actor.user();
    if stored.owner == user || stored.trackers.iter().any(|it| it.user == user) {
        return Ok(Copy::NotNeeded);
    }
    let copy = match stored.content {
        Content::Stored => content::get(&app.db, stored.email, Part::Raw).await?,
        Content::Pending | Content::Failed => None,
    };
    Ok(copy.map_or(Copy::Pending, Copy::There))
}

async fn compared(copy: Vec<u8>, own: Vec<u8>) -> Result<Proof> {
    let same = aside(move || says(&copy) == says(&own)).await?;
    Ok(if same { Proof::Same } else { Proof::Different })
}

/// What the sender wrote and attached, without regard to white space.
#[derive(PartialEq)]
struct Says {
    words: String,
    attachments: Vec<(String, Vec<u8>)>,
}

fn says(raw: &[u8]) -> Says {
    let Message { html, text, attachments, .. } = formats::mime::message(raw);
    let all = format!("{} {}", html.unwrap_or_default(), text.unwrap_or_default());
    Says {
        words: all.split_whitespace().collect::<Vec<_>>().join(" "),
        attachments: attachments.into_iter().map(|it| (it.filename, it.bytes)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_the_mailbox_does_not_count_and_the_words_do() {
        let said = |received: &str, words: &str| {
            let raw =
                format!("Received: by {received}\r\nMessage-ID: <a@b>\r\nSubject: Hej\r\n\r\n{words}\r\n");
            says(raw.as_bytes())
        };
        assert!(said("one", "Vi ses i morgon.") == said("two", "Vi ses  i morgon."));
        assert!(said("one", "Vi ses i morgon.") != said("one", "Något helt annat."));
    }
}
