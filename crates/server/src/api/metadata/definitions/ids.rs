//! The keys that definitions themselves go by.

use domain::id::Guid;
use sha2::{Digest, Sha256};

/// `MetadataId`: the same on every server and after every restart, because it comes from the kind and the name alone.
/// A UUID of version 8 (RFC 9562 5.8) with the beginning of a SHA-256.
pub fn metadata_id(kind: &str, name: &str) -> Guid {
    let hash = Sha256::new().chain_update(kind).chain_update([0]).chain_update(name).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    Guid::from_bytes(&bytes).unwrap_or(Guid::NIL)
}

pub fn entity_id(entity: &str) -> Guid {
    metadata_id("entity", entity)
}

pub fn attribute_id(entity: &str, column: &str) -> Guid {
    metadata_id("attribute", &format!("{entity}.{column}"))
}

pub fn key_id(entity: &str, key: &str) -> Guid {
    metadata_id("key", &format!("{entity}.{}", key.to_ascii_lowercase()))
}

/// By its schema name, in any case.
pub fn relationship_id(name: &str) -> Guid {
    metadata_id("relationship", &name.to_ascii_lowercase())
}

/// Of a list that several columns share.
pub fn option_set_id(name: &str) -> Guid {
    metadata_id("optionset", &name.to_ascii_lowercase())
}

/// `ObjectTypeCode`: the number Dataverse gives a standard type; for any other one a number of its own from 10,000 on,
/// which comes from the name, so that it stays.
pub fn object_type_code(entity: &str) -> i64 {
    if let Ok(at) = CODES.binary_search_by_key(&entity, |it| it.0) {
        return CODES[at].1;
    }
    let hash = Sha256::digest(entity);
    10_000 + i64::from(u32::from_be_bytes([0, hash[0], hash[1], hash[2]])) % 1_000_000
}

/// In the order of the names.
const CODES: [(&str, i64); 54] = [
    ("account", 1),
    ("activitymimeattachment", 1001),
    ("activityparty", 135),
    ("activitypointer", 4200),
    ("annotation", 5),
    ("appointment", 4201),
    ("asyncoperation", 4700),
    ("businessunit", 10),
    ("campaign", 4400),
    ("connection", 3234),
    ("connectionrole", 3231),
    ("contact", 2),
    ("duplicaterule", 4414),
    ("email", 4202),
    ("emailserverprofile", 9605),
    ("equipment", 4000),
    ("fax", 4204),
    ("incident", 112),
    ("incidentresolution", 4206),
    ("knowledgearticle", 9953),
    ("lead", 4),
    ("letter", 4207),
    ("list", 4300),
    ("listmember", 4301),
    ("mailbox", 9606),
    ("mailboxtrackingfolder", 9608),
    ("opportunity", 3),
    ("opportunityclose", 4208),
    ("organization", 1019),
    ("phonecall", 4210),
    ("position", 50),
    ("privilege", 1023),
    ("product", 1024),
    ("queue", 2020),
    ("queueitem", 2029),
    ("recurringappointmentmaster", 4251),
    ("role", 1036),
    ("roleprivileges", 12),
    ("salesliterature", 1038),
    ("salesliteratureitem", 1070),
    ("savedquery", 1039),
    ("serviceappointment", 4214),
    ("sla", 9750),
    ("subject", 129),
    ("systemuser", 8),
    ("systemuserroles", 15),
    ("task", 4212),
    ("team", 9),
    ("teammembership", 23),
    ("teamroles", 40),
    ("template", 2010),
    ("transactioncurrency", 9105),
    ("userquery", 4230),
    ("usersettings", 150),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_and_differ() {
        assert_eq!(entity_id("account").to_string(), entity_id("account").to_string());
        assert_ne!(entity_id("account"), metadata_id("attribute", "account"));
        assert_eq!(&entity_id("account").to_string()[14..15], "8");
        assert_eq!(relationship_id("new_A_B"), relationship_id("new_a_b"));
    }

    #[test]
    fn standard_types_have_the_numbers_everybody_knows() {
        assert!(CODES.is_sorted());
        for (name, code) in [("account", 1), ("contact", 2), ("email", 4202), ("task", 4212)] {
            assert_eq!(object_type_code(name), code);
        }
        assert!(object_type_code("new_project") >= 10_000);
    }
}
