//! The change log of one record.

use crate::error::Answer;
use crate::session::Visitor;
use crate::views;
use crate::views::history::Told;
use crate::web::Web;
use app::records::View;
use domain::time::Timestamp;
use maud::Markup;

/// The card with its changes. `before`: microseconds; older ones than that.
pub async fn card(web: &Web, visitor: &Visitor, view: &View, before: Option<&str>) -> Answer<Markup> {
    let before = before.and_then(|it| it.parse().ok()).map(Timestamp);
    let record = view.record.reference();
    let history = app::history::of_record(&web.app, &visitor.who.actor, &record, before).await?;
    Ok(views::history::card(visitor, &Told { def: &view.def, record: &record, history: &history }))
}
