//! Which records Set Regarding offers, and in which order.

use crate::world::{World, mail, make, told};
use domain::id::RecordRef;
use domain::privilege::Actor;

async fn offered(it: &World, who: &Actor, text: &str) -> Vec<RecordRef> {
    let candidates = app::pane::candidates(&it.app, who, text).await.unwrap();
    candidates.into_iter().map(|it| it.record).collect()
}

#[tokio::test]
async fn what_was_used_is_offered_before_what_is_new() {
    told(|it| async move {
        let woodgrove = make(&it.app, &it.eva, "account", &[("name", "Woodgrove")]).await;
        let first = it.deliver(&it.eva, "INBOX", &mail("a@x", "Hej", "")).await;
        let second = it.deliver(&it.eva, "INBOX", &mail("b@x", "Hej", "")).await;
        app::track::track(&it.app, &it.eva, &first, Some(&it.contoso)).await.unwrap();
        app::track::track(&it.app, &it.eva, &second, Some(&woodgrove)).await.unwrap();
        let mut newer = vec![];
        for n in 0..20 {
            let entity = ["account", "opportunity"][n % 2];
            // Keys tell milliseconds apart.
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            newer.insert(0, make(&it.app, &it.eva, entity, &[("name", &format!("Contoso {n}"))]).await);
        }

        let offers = offered(&it, &it.eva, "").await;
        assert_eq!(offers, [woodgrove.clone(), it.contoso.clone()], "what was set last, on {}", it.engine);
        let offers = offered(&it, &it.eva, "cont").await;
        assert_eq!(offers[0], it.contoso, "twenty newer ones match, too");
        assert_eq!(offers[1..], newer[..15], "then the newest of all types");
        assert_eq!(offered(&it, &it.eva, "wood").await, [woodgrove]);
        assert_eq!(offered(&it, &it.bo, "cont").await, [], "they are eva's");
    })
    .await;
}

#[tokio::test]
async fn what_was_deleted_since_is_not_offered() {
    told(|it| async move {
        let item = it.deliver(&it.eva, "INBOX", &mail("a@x", "Hej", "")).await;
        app::track::track(&it.app, &it.eva, &item, Some(&it.contoso)).await.unwrap();
        let contoso = app::records::read(&it.app, &it.eva, &it.contoso).await.unwrap().record;
        app::records::delete(
            &it.app,
            &it.eva,
            &it.contoso,
            Some(contoso.version),
            app::records::Consent::With(1),
        )
        .await
        .unwrap();
        assert_eq!(offered(&it, &it.eva, "sverige").await, []);
        assert_eq!(offered(&it, &it.eva, "").await, std::slice::from_ref(&it.goran), "the newest");
    })
    .await;
}
