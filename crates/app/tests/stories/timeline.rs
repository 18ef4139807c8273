//! What a record's timeline tells, page by page.

use crate::world::{World, mail, told};
use domain::id::{Guid, RecordRef};
use std::collections::BTreeSet;
use store::Expect;

/// The pages, each as kinds and keys.
async fn pages(it: &World, record: &RecordRef) -> Vec<Vec<RecordRef>> {
    let (mut pages, mut after) = (vec![], None);
    loop {
        let page = app::timeline::timeline(&it.app, &it.eva, record, after).await.unwrap();
        assert!(page.entries.is_sorted_by(|one, next| one.at >= next.at), "newest first on {}", it.engine);
        pages.push(page.entries.into_iter().map(|it| it.record).collect());
        after = page.next;
        if after.is_none() {
            return pages;
        }
    }
}

/// The note was written so many minutes after the first of the messages was sent, or before.
async fn written(it: &World, note: Guid, minutes: i64) {
    let sql = "UPDATE annotation SET createdon = $1 + (SELECT MIN(sortdate) FROM activitypointer)
               WHERE annotationid = $2";
    let values = vec![(minutes * 60_000_000).into(), note.into()];
    it.app.db.commit(store::testing::raw([(sql, values, Expect::Exactly(1))])).await.unwrap();
}

#[tokio::test]
async fn each_note_and_each_message_is_on_one_page() {
    told(|it| async move {
        let mut all = BTreeSet::new();
        for n in 0..10 {
            let raw = mail(&format!("{n}@x"), "Offert", "").replace("10:41", &format!("10:{}", 20 + n));
            let item = it.deliver(&it.eva, "INBOX", &raw).await;
            let email = app::track::track(&it.app, &it.eva, &item, Some(&it.contoso)).await.unwrap();
            all.insert(RecordRef::new("email", email));
        }
        // Before, between and after the messages: many at one moment, and some at that of a message.
        for n in 0..60 {
            let title = format!("Note {n}");
            let note = app::timeline::add_note(&it.app, &it.eva, &it.contoso, &title, "").await.unwrap();
            written(&it, note.id, [-1, 3, 3, 3, 9, 20][n % 6]).await;
            all.insert(note);
        }
        let pages = pages(&it, &it.contoso).await;
        let sizes: Vec<usize> = pages.iter().map(Vec::len).collect();
        assert_eq!(sizes, [25, 25, 20], "on {}", it.engine);
        let shown: BTreeSet<RecordRef> = pages.into_iter().flatten().collect();
        assert_eq!(shown, all);
        it.nothing_is_left().await;
    })
    .await;
}
