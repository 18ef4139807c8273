//! Names that are not a customer's to give.

/// Tables that are the same in every organization, and such as may come to be.
const TABLES: &str = "beginning blob change credential definition delta document emailsearch file fulltext job mailaccount mailbox \
    mailcursor migration oauth rate recycle regardinguse session setting share stream teammember token \
    tracking userrole view word";

/// Types of the Web API that its clients know by these names: a later version of the product may bring them.
const TYPES: &str = "activityfileattachment activitymimeattachment activityparty activitypointer annotation appointment \
    asyncoperation bulkdeleteoperation businessunit calendar campaign campaignactivity campaignresponse \
    competitor connection connectionreference connectionrole contract customeraddress duplicaterecord \
    duplicaterule emailserverprofile entitlement equipment fax goal importfile invoice invoicedetail \
    knowledgearticle letter list listmember mailboxtrackingfolder opportunityproduct organization \
    phonecall pricelevel principal principalobjectaccess privilege processstage product publisher queue \
    queueitem quote quotedetail recurringappointmentmaster report resource role roleprivileges \
    salesliterature salesliteratureitem salesorder savedquery service site solution subject systemform \
    systemuser systemuserroles task team teammembership teamroles template territory transactioncurrency \
    userquery usersettings webresource workflow";

/// What the engines and their indexes begin names with.
const BEGINNINGS: [&str; 7] = ["sqlite_", "pg_", "document_", "fulltext_", "regarding_", "ix_", "uq_"];

/// Columns that every table has beside those of its definition.
pub(super) const COLUMNS: [&str; 4] = ["versionnumber", "recycledon", "sortkey", "rowid"];

/// Sets under which the Web API keeps something else.
pub(super) const SETS: [&str; 5] = [
    "entitydefinitions",
    "relationshipdefinitions",
    "globaloptionsetdefinitions",
    "managedpropertydefinitions",
    "crmbaseentities",
];

/// Whether the program needs this name of a table itself.
pub fn is_reserved(name: &str) -> bool {
    BEGINNINGS.iter().any(|it| name.starts_with(it))
        || TABLES.split_whitespace().chain(TYPES.split_whitespace()).any(|it| it == name)
}
