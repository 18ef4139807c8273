//! What can be called: functions and actions in `$metadata`, with what they take and give.

use super::Model;
use super::xml::Xml;

enum Call {
    /// It changes nothing.
    Function,
    Action,
}
use Call::{Action, Function};

struct Operation {
    call: Call,
    name: &'static str,
    /// What it is bound to: the name of its first parameter and its type.
    bound: Option<(&'static str, &'static str)>,
    takes: &'static [(&'static str, &'static str)],
    /// Empty when it gives nothing.
    gives: &'static str,
}

const fn unbound(
    call: Call,
    name: &'static str,
    takes: &'static [(&'static str, &'static str)],
    gives: &'static str,
) -> Operation {
    Operation { call, name, bound: None, takes, gives }
}

const fn bound(
    call: Call,
    name: &'static str,
    to: (&'static str, &'static str),
    takes: &'static [(&'static str, &'static str)],
    gives: &'static str,
) -> Operation {
    Operation { call, name, bound: Some(to), takes, gives }
}

const RECORD: &str = "mscrm.crmbaseentity";
const RECORDS: &str = "Collection(mscrm.crmbaseentity)";
const TEXT: &str = "Edm.String";
const GUID: &str = "Edm.Guid";
const INT: &str = "Edm.Int32";
const BOOL: &str = "Edm.Boolean";
const DATE: &str = "Edm.DateTimeOffset";

/// A message as a mail client has it.
const MESSAGE: &[(&str, &str)] = &[
    ("MessageId", TEXT),
    ("Subject", TEXT),
    ("From", TEXT),
    ("To", TEXT),
    ("Cc", TEXT),
    ("Bcc", TEXT),
    ("ReceivedOn", DATE),
    ("SubmittedBy", TEXT),
    ("Importance", TEXT),
    ("Body", TEXT),
    ("Attachments", "Collection(mscrm.activitymimeattachment)"),
    ("ExtraProperties", RECORD),
];

const OPERATIONS: &[Operation] = &[
    unbound(Function, "WhoAmI", &[], "mscrm.WhoAmIResponse"),
    unbound(Function, "RetrieveVersion", &[], "mscrm.RetrieveVersionResponse"),
    unbound(
        Function,
        "RetrieveTotalRecordCount",
        &[("EntityNames", "Collection(Edm.String)")],
        "mscrm.RetrieveTotalRecordCountResponse",
    ),
    unbound(
        Function,
        "RetrieveMetadataChanges",
        &[
            ("Query", "mscrm.EntityQueryExpression"),
            ("DeletedMetadataFilters", TEXT),
            ("ClientVersionStamp", TEXT),
        ],
        "mscrm.RetrieveMetadataChangesResponse",
    ),
    unbound(
        Function,
        "RetrieveCurrentOrganization",
        &[("AccessType", TEXT)],
        "mscrm.RetrieveCurrentOrganizationResponse",
    ),
    unbound(
        Function,
        "FormatAddress",
        &[
            ("Line1", TEXT),
            ("City", TEXT),
            ("StateOrProvince", TEXT),
            ("PostalCode", TEXT),
            ("Country", TEXT),
        ],
        "mscrm.FormatAddressResponse",
    ),
    unbound(
        Function,
        "IsValidStateTransition",
        &[("Entity", RECORD), ("NewState", TEXT), ("NewStatus", INT)],
        "mscrm.IsValidStateTransitionResponse",
    ),
    unbound(
        Function,
        "RetrieveSharedPrincipalsAndAccess",
        &[("Target", RECORD)],
        "mscrm.RetrieveSharedPrincipalsAndAccessResponse",
    ),
    unbound(
        Function,
        "InitializeFrom",
        &[
            ("EntityMoniker", RECORD),
            ("TargetEntityName", TEXT),
            ("TargetFieldType", "mscrm.TargetFieldType"),
        ],
        RECORD,
    ),
    bound(
        Function,
        "RetrievePrincipalAccess",
        ("entity", "mscrm.systemuser"),
        &[("Target", RECORD)],
        "mscrm.RetrievePrincipalAccessResponse",
    ),
    bound(
        Function,
        "RetrievePrincipalAccess",
        ("entity", "mscrm.team"),
        &[("Target", RECORD)],
        "mscrm.RetrievePrincipalAccessResponse",
    ),
    unbound(Action, "GrantAccess", &[("Target", RECORD), ("PrincipalAccess", "mscrm.PrincipalAccess")], ""),
    unbound(Action, "ModifyAccess", &[("Target", RECORD), ("PrincipalAccess", "mscrm.PrincipalAccess")], ""),
    unbound(Action, "RevokeAccess", &[("Target", RECORD), ("Revokee", "mscrm.principal")], ""),
    bound(
        Action,
        "AddMembersTeam",
        ("entity", "mscrm.team"),
        &[("Members", "Collection(mscrm.systemuser)")],
        "",
    ),
    bound(
        Action,
        "RemoveMembersTeam",
        ("entity", "mscrm.team"),
        &[("Members", "Collection(mscrm.systemuser)")],
        "",
    ),
    unbound(
        Action,
        "Merge",
        &[
            ("Target", RECORD),
            ("Subordinate", RECORD),
            ("UpdateContent", RECORD),
            ("PerformParentingChecks", BOOL),
        ],
        "",
    ),
    unbound(Action, "WinOpportunity", &[("OpportunityClose", "mscrm.opportunityclose"), ("Status", INT)], ""),
    unbound(
        Action,
        "LoseOpportunity",
        &[("OpportunityClose", "mscrm.opportunityclose"), ("Status", INT)],
        "",
    ),
    unbound(
        Action,
        "CloseIncident",
        &[("IncidentResolution", "mscrm.incidentresolution"), ("Status", INT)],
        "",
    ),
    bound(
        Action,
        "QualifyLead",
        ("entity", "mscrm.lead"),
        &[
            ("CreateAccount", BOOL),
            ("CreateContact", BOOL),
            ("CreateOpportunity", BOOL),
            ("OpportunityCurrencyId", "mscrm.transactioncurrency"),
            ("OpportunityCustomerId", RECORD),
            ("SourceCampaignId", "mscrm.campaign"),
            ("Status", INT),
        ],
        RECORDS,
    ),
    bound(
        Action,
        "SendEmail",
        ("entity", "mscrm.email"),
        &[("IssueSend", BOOL), ("TrackingToken", TEXT)],
        "mscrm.SendEmailResponse",
    ),
    unbound(
        Action,
        "SendEmailFromTemplate",
        &[("TemplateId", GUID), ("Regarding", RECORD), ("Target", RECORD)],
        "mscrm.SendEmailFromTemplateResponse",
    ),
    unbound(
        Action,
        "InstantiateTemplate",
        &[("TemplateId", GUID), ("ObjectType", TEXT), ("ObjectId", GUID)],
        RECORDS,
    ),
    unbound(Function, "GetTrackingTokenEmail", &[("Subject", TEXT)], "mscrm.GetTrackingTokenEmailResponse"),
    unbound(
        Function,
        "CheckPromoteEmail",
        &[("MessageId", TEXT), ("Subject", TEXT)],
        "mscrm.CheckPromoteEmailResponse",
    ),
    unbound(
        Function,
        "CheckIncomingEmail",
        &[
            ("MessageId", TEXT),
            ("Subject", TEXT),
            ("From", TEXT),
            ("To", TEXT),
            ("Cc", TEXT),
            ("Bcc", TEXT),
            ("ExtraProperties", RECORD),
        ],
        "mscrm.CheckIncomingEmailResponse",
    ),
    unbound(Action, "DeliverPromoteEmail", MESSAGE, "mscrm.DeliverPromoteEmailResponse"),
    unbound(Action, "DeliverIncomingEmail", MESSAGE, "mscrm.DeliverIncomingEmailResponse"),
    bound(
        Action,
        "CreateMultiple",
        ("entityset", RECORDS),
        &[("Targets", RECORDS)],
        "mscrm.CreateMultipleResponse",
    ),
    bound(Action, "UpdateMultiple", ("entityset", RECORDS), &[("Targets", RECORDS)], ""),
    bound(Action, "UpsertMultiple", ("entityset", RECORDS), &[("Targets", RECORDS)], ""),
    unbound(
        Action,
        "BulkDelete",
        &[
            ("QuerySet", "Collection(mscrm.QueryExpression)"),
            ("JobName", TEXT),
            ("SendEmailNotification", BOOL),
            ("ToRecipients", "Collection(mscrm.activityparty)"),
            ("CCRecipients", "Collection(mscrm.activityparty)"),
            ("RecurrencePattern", TEXT),
            ("StartDateTime", DATE),
        ],
        "mscrm.BulkDeleteResponse",
    ),
    unbound(
        Action,
        "CreateEntities",
        &[("Entities", "Collection(mscrm.ComplexEntityMetadata)"), ("SolutionUniqueName", TEXT)],
        "mscrm.CreateEntitiesResponse",
    ),
];

pub(super) fn write(xml: &mut Xml, model: &Model) {
    for it in shown(model) {
        let element = match it.call {
            Function => "Function",
            Action => "Action",
        };
        let is_bound = if it.bound.is_some() { "true" } else { "" };
        xml.open(element, &[("Name", it.name), ("IsBound", is_bound)]);
        if let Some((name, kind)) = it.bound {
            xml.leaf("Parameter", &[("Name", name), ("Type", kind), ("Nullable", nullable(kind))]);
        }
        for (name, kind) in it.takes {
            xml.leaf("Parameter", &[("Name", name), ("Type", &known(model, kind))]);
        }
        if !it.gives.is_empty() {
            xml.leaf("ReturnType", &[("Type", &known(model, it.gives))]);
        }
        xml.close();
    }
}

/// What is called by its name alone.
pub(super) fn imports(xml: &mut Xml, model: &Model) {
    for it in shown(model).filter(|it| it.bound.is_none()) {
        let target = format!("Microsoft.Dynamics.CRM.{}", it.name);
        match it.call {
            Function => xml.leaf("FunctionImport", &[("Name", it.name), ("Function", &target)]),
            Action => xml.leaf("ActionImport", &[("Name", it.name), ("Action", &target)]),
        }
    }
}

/// All but those that are bound to a type that is not there.
fn shown(model: &Model) -> impl Iterator<Item = &'static Operation> {
    let there = move |it: &&Operation| it.bound.is_none_or(|(_, kind)| known(model, kind) == kind);
    OPERATIONS.iter().filter(there)
}

/// A record is bound to in its entirety; a collection says nothing of that (CSDL 4.0, 12.9.2).
fn nullable(kind: &str) -> &'static str {
    if kind.starts_with("Collection(") { "" } else { "false" }
}

/// The type itself; any record for one whose type is not there.
fn known(model: &Model, kind: &str) -> String {
    let inner = kind.strip_prefix("Collection(").and_then(|it| it.strip_suffix(')')).unwrap_or(kind);
    let Some(name) = inner.strip_prefix("mscrm.") else { return kind.to_owned() };
    let is_record = name.starts_with(|it: char| it.is_ascii_lowercase());
    if !is_record || matches!(name, "crmbaseentity" | "principal") || model.knows(name) {
        return kind.to_owned();
    }
    kind.replace(inner, RECORD)
}
