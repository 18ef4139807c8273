//! Who may take part in which kind of activity, and as what (9.2).

use crate::entity::EntityDef;

/// `participationtypemask`.
pub const SENDER: i64 = 1;
pub const TO: i64 = 2;
pub const CC: i64 = 3;
pub const BCC: i64 = 4;
pub const REQUIRED: i64 = 5;
pub const OPTIONAL: i64 = 6;
pub const ORGANIZER: i64 = 7;

/// As what somebody can take part in an activity of this type; the first is how a party without a part takes part.
pub fn parts(activity: &EntityDef) -> &'static [i64] {
    match activity.name.as_str() {
        "email" => &[TO, SENDER, CC, BCC],
        "appointment" | "recurringappointmentmaster" => &[REQUIRED, OPTIONAL, ORGANIZER],
        "phonecall" | "fax" => &[TO, SENDER],
        "letter" => &[TO, SENDER, BCC],
        "task" => &[],
        _ if activity.custom => &[TO, SENDER, CC, BCC, REQUIRED, OPTIONAL, ORGANIZER, 8, 9, 10, 11],
        _ => &[],
    }
}

/// There can be only one in this part.
pub fn is_single(part: i64) -> bool {
    part == ORGANIZER
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Catalog;

    #[test]
    fn each_kind_of_activity_has_its_parts() {
        let catalog = Catalog::standard().unwrap();
        let has = |entity: &str, part: i64| parts(catalog.get(entity).unwrap()).contains(&part);
        assert!(has("email", CC) && !has("email", ORGANIZER));
        assert!(has("appointment", ORGANIZER) && !has("appointment", TO));
        assert!(has("letter", BCC) && !has("letter", CC));
        assert!(!has("task", TO));
        let mut project = catalog.get("task").unwrap().clone();
        (project.name, project.custom) = ("new_visit".into(), true);
        assert!(parts(&project).contains(&ORGANIZER));
    }
}
