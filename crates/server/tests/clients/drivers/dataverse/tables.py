"""client.tables: a type with columns of each kind, relationships, alternate keys, changed, listed and removed."""

from enum import IntEnum

from dataverse import client, refused
from PowerPlatform.Dataverse.core.errors import MetadataError
from PowerPlatform.Dataverse.models.labels import Label, LocalizedLabel
from PowerPlatform.Dataverse.models.relationship import (
    CascadeConfiguration,
    LookupAttributeMetadata,
    ManyToManyRelationshipMetadata,
    OneToManyRelationshipMetadata,
)
from steps import eventually, holds, is_guid, same, step

tables, records = client.tables, client.records
made = {}


class Phase(IntEnum):
    Plan = 1
    Build = 2
    __labels__ = {1033: {"Plan": "Planning", "Build": "Building"}}


def expect_metadata_error(work):
    try:
        value = work()
    except MetadataError:
        return
    raise AssertionError(f"it went well: {value!r}")


@step("tables.create")
def _():
    columns = {
        "new_Code": "string",
        "new_Story": {"type": "memo", "max_length": 500},
        "new_Amount": {"type": "int", "min_value": 0, "max_value": 10, "required": "ApplicationRequired", "display_name": "How many"},
        "new_Price": "decimal",
        "new_Weight": "float",
        "new_Due": "datetime",
        "new_Done": "bool",
        "new_Phase": Phase,
        "new_Drawing": "file",
    }
    table = tables.create("new_Job", columns, primary_column="new_Title", display_name="Job", solution="Default")
    same((table.schema_name, table.logical_name, table.entity_set_name), ("new_Job", "new_job", "new_jobs"))
    same((table.primary_name_attribute, table.primary_id_attribute), ("new_title", "new_jobid"))
    same(table.columns_created, list(columns))
    is_guid(table.metadata_id, "metadata id")
    expect_metadata_error(lambda: tables.create("new_Job", {}))


@step("tables.get")
def _():
    same(tables.get("new_Job").entity_set_name, "new_jobs")
    same(tables.get("contact").primary_id_attribute, "contactid")
    same(tables.get("new_nothing"), None)


@step("tables.list")
def _():
    all_tables = tables.list()
    holds({"account", "contact", "new_job"} <= {it["LogicalName"] for it in all_tables}, "types are missing")
    some = tables.list(filter="LogicalName eq 'new_job' or LogicalName eq 'account'", select=["LogicalName", "IsCustomEntity"])
    same(sorted((it["LogicalName"], it["IsCustomEntity"]) for it in some), [("account", False), ("new_job", True)])


@step("records of every kind of column")
def _():
    row = {
        "new_Title": "Roof", "new_Code": "R-1", "new_Story": "Läng\nre", "new_Amount": 3, "new_Price": 12.5, "new_Weight": 0.25,
        "new_Due": "2026-12-24", "new_Done": True, "new_Phase": "building",
    }
    made["row"] = records.create("new_Job", row)
    found = records.retrieve("new_Job", is_guid(made["row"]), include_annotations="*")
    columns = ["new_title", "new_code", "new_story", "new_amount", "new_price", "new_weight", "new_due", "new_done", "new_phase"]
    same([found[it] for it in columns], ["Roof", "R-1", "Läng\nre", 3, 12.5, 0.25, "2026-12-24", True, 2])
    same(found["new_phase@OData.Community.Display.V1.FormattedValue"], "Building")
    records.update("new_Job", made["row"], {"new_phase": "Planning"})
    same(records.retrieve("new_Job", made["row"])["new_phase"], 1)
    refused(400, lambda: records.create("new_Job", {"new_title": "Too many", "new_amount": 11}))


@step("tables.add_columns")
def _():
    same(tables.add_columns("new_Job", {"new_Note": "text", "new_Kind": Phase}), ["new_Note", "new_Kind"])
    records.update("new_Job", made["row"], {"new_note": "Added", "new_kind": "Planning"})
    found = records.retrieve("new_Job", made["row"], select=["new_note", "new_kind"])
    same((found["new_note"], found["new_kind"]), ("Added", 1))
    expect_metadata_error(lambda: tables.add_columns("new_nothing", {"new_a": "text"}))


@step("tables.list_columns")
def _():
    columns = {it["LogicalName"]: it for it in tables.list_columns("new_Job")}
    same(columns["new_amount"]["@odata.type"], "#Microsoft.Dynamics.CRM.IntegerAttributeMetadata")
    same(columns["new_amount"]["AttributeTypeName"]["Value"], "IntegerType")
    same(columns["new_amount"]["RequiredLevel"]["Value"], "ApplicationRequired")
    same(columns["new_amount"]["DisplayName"]["UserLocalizedLabel"]["Label"], "How many")
    same((columns["new_title"]["IsPrimaryName"], columns["new_jobid"]["IsPrimaryId"]), (True, True))
    some = tables.list_columns("new_Job", select=["LogicalName", "AttributeType"], filter="AttributeType eq 'Integer'")
    holds("new_amount" in [it["LogicalName"] for it in some] and len(some) < len(columns), f"{some}")
    typed = {it["LogicalName"]: it for it in tables.list_columns("new_Job", typed=True)}
    same((typed["new_story"]["MaxLength"], typed["new_amount"]["MaxValue"]), (500, 10))


@step("tables.get_column")
def _():
    same(tables.get_column("new_Job", "new_Code", select=["LogicalName", "SchemaName"])["SchemaName"], "new_Code")
    same(tables.get_column("new_Job", "new_Code", typed=True)["MaxLength"], 200)
    same((tables.get_column("new_Job", "new_nothing"), tables.get_column("new_Job", "new_nothing", typed=True)), (None, None))


@step("tables.update_column and update_columns")
def _():
    same(tables.update_column("new_Job", "new_Code", {"max_length": 300, "display_name": "Short", "required": "Recommended"}), "new_Code")
    code = tables.get_column("new_Job", "new_code", typed=True)
    same((code["MaxLength"], code["RequiredLevel"]["Value"]), (300, "Recommended"))
    same(code["DisplayName"]["UserLocalizedLabel"]["Label"], "Short")
    same(tables.update_columns("new_Job", {"new_Amount": {"max_value": 20}, "new_Price": {"precision": 3}}), ["new_Amount", "new_Price"])
    same(tables.get_column("new_Job", "new_Amount", typed=True)["MaxValue"], 20)
    records.update("new_Job", made["row"], {"new_amount": 15})
    expect_metadata_error(lambda: tables.update_column("new_Job", "new_nothing", {"max_length": 5}))


@step("tables.remove_columns")
def _():
    same(tables.remove_columns("new_Job", ["new_Note", "new_Kind"]), ["new_Note", "new_Kind"])
    same(tables.get_column("new_Job", "new_note"), None)
    refused(400, lambda: records.retrieve("new_Job", made["row"], select=["new_note"]))
    expect_metadata_error(lambda: tables.remove_columns("new_Job", "new_note"))


@step("tables.create_alternate_key, get_alternate_keys and delete_alternate_key")
def _():
    key = tables.create_alternate_key("new_Job", "new_CodeKey", ["new_code"], display_name="By code")
    found = eventually("the index", lambda: [it for it in tables.get_alternate_keys("new_Job") if it.status == "Active"])
    same([(it.metadata_id, it.schema_name, it.key_attributes) for it in found], [(is_guid(key.metadata_id), "new_CodeKey", ["new_code"])])
    same(records.retrieve("new_Job", "new_code='R-1'", select=["new_title"])["new_title"], "Roof")
    tables.delete_alternate_key("new_Job", key.metadata_id)
    same(tables.get_alternate_keys("new_Job"), [])


@step("tables.create_one_to_many_relationship")
def _():
    label = Label([LocalizedLabel("Employer", 1033), LocalizedLabel("Arbetsgivare", 1053)])
    made["many"] = tables.create_one_to_many_relationship(
        LookupAttributeMetadata("new_EmployerId", label, description=label, required_level="Recommended"),
        OneToManyRelationshipMetadata("new_account_job", "account", "new_job", "accountid", CascadeConfiguration(delete="Cascade")),
        solution="Default",
    )
    same((made["many"].relationship_schema_name, made["many"].lookup_schema_name), ("new_account_job", "new_EmployerId"))
    is_guid(made["many"].relationship_id)
    made["account"] = records.create("account", {"name": "Employer"})
    records.update("new_Job", made["row"], {"new_EmployerId@odata.bind": f"/accounts({made['account']})"})
    found = records.retrieve("new_Job", made["row"], select=["_new_employerid_value"], expand=["new_EmployerId($select=name)"])
    same((found["_new_employerid_value"], found["new_EmployerId"]["name"]), (made["account"], "Employer"))


@step("tables.create_lookup_field")
def _():
    made["lookup"] = tables.create_lookup_field("new_Job", "new_ForemanId", "contact", display_name="Foreman", description="Who leads")
    same(made["lookup"].relationship_schema_name, "contact_new_job_new_ForemanId")
    foreman = records.create("contact", {"lastname": "Foreman"})
    records.update("new_Job", made["row"], {"new_ForemanId@odata.bind": f"/contacts({foreman})"})
    found = records.retrieve("contact", foreman, select=["lastname"], expand=["contact_new_job_new_ForemanId($select=new_title)"])
    same([it["new_title"] for it in found["contact_new_job_new_ForemanId"]], ["Roof"])


@step("tables.create_many_to_many_relationship")
def _():
    made["crew"] = tables.create_many_to_many_relationship(ManyToManyRelationshipMetadata("new_job_contact", "new_job", "contact"))
    is_guid(made["crew"].relationship_id)
    found = records.retrieve("new_Job", made["row"], select=["new_title"], expand=["new_job_contact($select=lastname)"])
    same(found["new_job_contact"], [])


@step("tables.get_relationship")
def _():
    found = tables.get_relationship("new_account_job")
    same((found.relationship_id, found.relationship_type), (made["many"].relationship_id, "one_to_many"))
    same((found.referenced_entity, found.referencing_entity), ("account", "new_job"))
    found = tables.get_relationship("new_job_contact")
    same((found.relationship_type, found.entity1_logical_name, found.entity2_logical_name), ("many_to_many", "new_job", "contact"))
    same(tables.get_relationship("new_nothing"), None)


@step("tables.list_relationships")
def _():
    found = tables.list_relationships(filter="SchemaName eq 'new_account_job'", select=["SchemaName"])
    same([it["SchemaName"] for it in found], ["new_account_job"])
    holds(len(tables.list_relationships()) > 10, "there are more")


@step("tables.list_table_relationships")
def _():
    names = [it["SchemaName"] for it in tables.list_table_relationships("new_Job")]
    holds({"new_account_job", "contact_new_job_new_ForemanId", "new_job_contact"} <= set(names), f"{names}")
    found = tables.list_table_relationships("contact", filter="SchemaName eq 'new_job_contact'")
    same([it["SchemaName"] for it in found], ["new_job_contact"])


@step("tables.delete_relationship")
def _():
    for name in ["many", "lookup", "crew"]:
        tables.delete_relationship(made[name].relationship_id)
    same(tables.get_relationship("new_job_contact"), None)
    same(tables.get_column("new_Job", "new_employerid"), None)


@step("tables.delete")
def _():
    records.delete("new_Job", made["row"])
    tables.delete("new_Job")
    same(tables.get("new_Job"), None)
    expect_metadata_error(lambda: tables.delete("new_Job"))
