//! Lists as people arrange them, views they keep, many records at once, and the recycle bin.

use crate::world::{World, make, told};
use app::lists::{self, Wanted};
use app::views::{For, Question};
use domain::ask::Asker;
use domain::filter::{Direction, Filter};
use domain::id::{Guid, RecordRef};
use domain::privilege::Actor;
use domain::record::Values;
use domain::view::{Condition, View};

fn condition(column: &str, operator: &str, values: &[&str]) -> Condition {
    let values = values.iter().map(|it| (*it).to_owned()).collect();
    Condition { column: column.into(), operator: operator.into(), values }
}

fn wanted(it: &World, who: &Actor, entity: &str, conditions: &[Condition], order: &str) -> Wanted {
    let def = it.app.catalog.get(entity).unwrap();
    let asker =
        Asker { user: who.user(), unit: who.unit(), teams: vec![], now: it.app.now(), ahead_of_utc: 60 };
    Wanted {
        entity: entity.to_owned(),
        columns: lists::columns(def, &[]).iter().map(|it| it.name.clone()).collect(),
        source: None,
        filter: lists::filter(def, conditions, &asker).unwrap(),
        order: Some((order.to_owned(), Direction::Descending)),
        after: None,
    }
}

async fn leads(it: &World, count: usize) -> Vec<Guid> {
    let mut all = vec![];
    for n in 0..count {
        let (name, town) = (format!("Lead {n:03}"), ["Malmö", "Ängelholm"][n % 2]);
        let values = [("lastname", name.as_str()), ("subject", "Bells"), ("address1_city", town)];
        all.push(make(&it.app, &it.eva, "lead", &values).await.id);
    }
    all
}

#[tokio::test]
async fn a_list_goes_on_page_by_page_whatever_it_is_sorted_by() {
    told(|it| async move {
        leads(&it, 120).await;
        let town = condition("address1_city", "eq", &["ängelholm"]);
        for order in ["fullname", "createdon", "address1_city", "ownerid", "statecode", "revenue"] {
            let mut wanted = wanted(&it, &it.eva, "lead", std::slice::from_ref(&town), order);
            let (mut seen, mut pages) = (vec![], 0);
            loop {
                let page = lists::page(&it.app, &it.eva, &wanted).await.unwrap();
                assert_eq!(page.count, 60, "{order} on {}", it.engine);
                seen.extend(page.rows.iter().map(|it| it.id));
                pages += 1;
                wanted.after = page.next;
                if wanted.after.is_none() {
                    break;
                }
            }
            seen.sort_unstable();
            seen.dedup();
            assert_eq!((seen.len(), pages), (60, 2), "{order} on {}", it.engine);
        }
        let mut by_account = wanted(&it, &it.eva, "contact", &[], "accountid");
        by_account.order = Some(("createdby".to_owned(), Direction::Ascending));
        assert!(!lists::page(&it.app, &it.eva, &by_account).await.unwrap().rows.is_empty());
        let others = wanted(&it, &it.bo, "lead", &[], "fullname");
        assert_eq!(lists::page(&it.app, &it.bo, &others).await.unwrap().count, 0, "they are eva's");
    })
    .await;
}

#[tokio::test]
async fn a_view_is_kept_for_its_owner_and_ready_ones_are_there() {
    told(|it| async move {
        // Whole, because its database goes with it.
        let it = &it;
        let ready = app::views::of_type(&it.app, &it.eva, "lead").await.unwrap();
        let keys: Vec<&str> = ready.iter().filter_map(|it| Some(it.ready?.key.as_str())).collect();
        assert_eq!(keys, ["open", "mine", "closed", "all"], "on {}", it.engine);
        let view = View {
            columns: vec!["address1_city".into(), "createdon".into()],
            conditions: vec![condition("address1_city", "contains", &["Malmö & \"Lund\""])],
            order: Some(("createdon".into(), Direction::Descending)),
            ..View::of("lead")
        };
        let kept = app::views::save(&it.app, &it.eva, "Mine", For::Me, &view).await.unwrap();
        let all = app::views::of_type(&it.app, &it.eva, "lead").await.unwrap();
        let found = all.iter().find(|it| it.record == kept).unwrap();
        assert_eq!(found.question, Question::List(view.clone()));
        assert!(found.may_write && found.may_delete);
        let others = app::views::of_type(&it.app, &it.bo, "lead").await.unwrap();
        assert!(others.iter().all(|it| it.record != kept));
        let refused = app::views::save(&it.app, &it.eva, "Ours", For::Everybody, &view).await;
        assert!(matches!(refused, Err(app::Error::NotAllowed)), "on {}", it.engine);

        lists::choose(&it.app, it.eva.user(), "lead", &["createdon".into(), "nothing".into()]).await.unwrap();
        assert_eq!(lists::chosen(&it.app, it.eva.user(), "lead").await.unwrap(), ["createdon"]);
        assert!(lists::chosen(&it.app, it.bo.user(), "lead").await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn many_change_at_once_and_what_may_not_is_left_alone() {
    told(|it| async move {
        let mut ids = leads(&it, 130).await;
        let of_bo = make(&it.app, &it.bo, "lead", &[("lastname", "Bo's"), ("subject", "His")]).await;
        ids.push(of_bo.id);
        let town = Values::from([("address1_city".to_owned(), "Kivik".into())]);
        let outcome = app::bulk::update(&it.app, &it.eva, "lead", &ids, &town).await.unwrap();
        assert_eq!((outcome.done, outcome.left.values().sum::<u64>()), (130, 1), "on {}", it.engine);
        let kivik = wanted(&it, &it.eva, "lead", &[condition("address1_city", "eq", &["Kivik"])], "fullname");
        let matching = lists::matching(&it.app, &it.eva, &kivik).await.unwrap();
        assert_eq!((matching.ids.len(), matching.more), (130, false));
        let untouched = app::records::read(&it.app, &it.bo, &of_bo).await.unwrap();
        assert!(untouched.record.get("address1_city").is_null());
    })
    .await;
}

#[tokio::test]
async fn what_was_deleted_lies_in_the_bin_until_it_is_restored_or_erased() {
    told(|it| async move {
        let ids = leads(&it, 70).await;
        let first = RecordRef::new("lead", ids[0]);
        app::timeline::add_note(&it.app, &it.eva, &first, "Note", "Says much").await.unwrap();
        let refused = app::bulk::delete(&it.app, &it.eva, "lead", &ids, 0).await;
        assert!(matches!(refused, Err(app::Error::Depends { .. })), "the note would go along");
        let outcome = app::bulk::delete(&it.app, &it.eva, "lead", &ids, 1).await.unwrap();
        assert_eq!((outcome.done, outcome.left.len()), (70, 0), "on {}", it.engine);

        let (mut seen, mut before) = (vec![], None);
        loop {
            let page = app::bin::list(&it.app, &it.eva, Some("lead"), before).await.unwrap();
            seen.extend(page.entries);
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 70, "on {}", it.engine);
        assert!(seen.iter().all(|found| found.by == Some(it.eva.user()) && found.name.starts_with("Lead ")));
        assert!(app::bin::list(&it.app, &it.bo, None, None).await.unwrap().entries.is_empty());

        app::bin::restore(&it.app, &it.eva, &first).await.unwrap();
        let history = app::history::of_record(&it.app, &it.eva, &first, None).await.unwrap();
        assert_eq!(history.events[0].operation, "restore");
        let second = RecordRef::new("lead", ids[1]);
        assert!(matches!(app::bin::erase(&it.app, &it.eva, &second).await, Err(app::Error::NotAllowed)));
        app::bin::erase(&it.app, &it.admin, &second).await.unwrap();
        assert!(matches!(app::bin::restore(&it.app, &it.eva, &second).await, Err(app::Error::NotFound)));
        let all = wanted(&it, &it.eva, "lead", &[], "fullname");
        let all = Wanted { filter: Filter::everything(), ..all };
        assert_eq!(lists::matching(&it.app, &it.eva, &all).await.unwrap().ids, [first.id]);
    })
    .await;
}
