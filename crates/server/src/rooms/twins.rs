//! Whether a new record is there already, asked once before it is made.

use crate::error::Answer;
use crate::session::{Fields, Visitor};
use crate::views::twins::FIELD;
use crate::web::Web;
use app::duplicates::{self, Duplicate};
use domain::entity::EntityDef;
use domain::record::Values;

/// Records like the one to be made, unless the form shows that its sender saw them all. Activities are alike all the time.
pub async fn unseen(
    web: &Web,
    visitor: &Visitor,
    def: &EntityDef,
    values: &Values,
    form: &Fields,
) -> Answer<Vec<Duplicate>> {
    if def.activity {
        return Ok(vec![]);
    }
    let found = duplicates::of(&web.app, &visitor.who.actor, &def.name, values, None).await?;
    let seen =
        |it: &Duplicate| form.iter().any(|field| field.0 == FIELD && field.1 == it.record.id.to_string());
    Ok(if found.iter().all(seen) { vec![] } else { found })
}
