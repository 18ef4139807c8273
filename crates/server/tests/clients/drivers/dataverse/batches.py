"""client.batch: many requests at once, in change sets or not, for records, tables, questions and tables of pandas."""

import pandas
from dataverse import client
from PowerPlatform.Dataverse.models.labels import Label, LocalizedLabel
from PowerPlatform.Dataverse.models.relationship import (
    LookupAttributeMetadata,
    ManyToManyRelationshipMetadata,
    OneToManyRelationshipMetadata,
)
from steps import eventually, holds, is_guid, same, step

records = client.records
NOBODY = "00000000-0000-4000-8000-00000000dead"
made = {}


def count(name):
    return len(records.list("contact", filter=f"lastname eq '{name}'", select=["lastname"]))


def statuses(result):
    return [it.status_code for it in result.responses]


def tell(result):
    return [(it.status_code, it.error_code, it.error_message) for it in result.failed]


@step("batch.records: create, update, delete, retrieve, list")
def _():
    key, gone = records.create("contact", {"lastname": "Old"}), records.create("contact", {"lastname": "Gone"})
    batch = client.batch.new()
    batch.records.create("contact", {"lastname": "Ny é", "jobtitle": "batch"})
    batch.records.update("contact", key, {"lastname": "New"})
    batch.records.delete("contact", gone)
    batch.records.retrieve("contact", key, select=["lastname"], include_annotations="*")
    batch.records.get("contact", key, select=["lastname"])
    batch.records.list("contact", filter="jobtitle eq 'batch' and lastname ne 'x'", orderby=["lastname desc"], select=["lastname"], count=True, page_size=5)
    result = batch.execute()
    same(tell(result), [])
    same(statuses(result), [204, 204, 204, 200, 200, 200])
    is_guid(result.responses[0].entity_id)
    same([it.data["lastname"] for it in result.responses[3:5]], ["New", "New"])
    same([it["lastname"] for it in result.responses[5].data["value"]], ["Ny é"])
    same((result.responses[5].data["@odata.count"], count("Gone")), (1, 0))


@step("batch.records: many in each request")
def _():
    batch = client.batch.new()
    batch.records.create("contact", [{"lastname": "Bulk"}, {"lastname": "Bulk"}, {"lastname": "Bulk"}])
    result = batch.execute()
    same(tell(result), [])
    keys = result.responses[0].data["Ids"]
    same(len(keys), 3)
    batch = client.batch.new()
    batch.records.update("contact", keys, {"jobtitle": "bulk"})
    batch.records.update("contact", keys[:2], [{"telephone1": "1"}, {"telephone1": "2"}])
    batch.records.delete("contact", keys[:1], use_bulk_delete=False)
    batch.records.delete("contact", keys[1:])
    result = batch.execute()
    same(tell(result), [])
    is_guid(result.responses[-1].data["JobId"], "the job")
    eventually("the end of the job", lambda: count("Bulk") == 0)


@step("batch.changeset: references, and all or nothing")
def _():
    batch = client.batch.new()
    with batch.changeset() as changes:
        account = changes.records.create("account", {"name": "Set AB"})
        contact = changes.records.create("contact", {"lastname": "Set", "parentcustomerid_account@odata.bind": account})
        changes.records.update("contact", contact, {"jobtitle": "by reference"})
        spare = changes.records.create("contact", {"lastname": "Spare"})
        changes.records.delete("contact", spare)
    result = batch.execute()
    same(tell(result), [])
    same([it.content_id for it in result.responses], ["1", "2", "3", "4", "5"])
    found = records.list("contact", filter="lastname eq 'Set'", select=["jobtitle"], expand=["parentcustomerid_account($select=name)"]).first()
    same((found["jobtitle"], found["parentcustomerid_account"]["name"], count("Spare")), ("by reference", "Set AB", 0))

    batch = client.batch.new()
    with batch.changeset() as changes:
        changes.records.create("contact", {"lastname": "Half"})
        changes.records.update("contact", NOBODY, {"lastname": "Half"})
    result = batch.execute()
    holds(result.has_errors and result.failed[0].status_code == 404 and result.failed[0].error_message, f"{result}")
    same(count("Half"), 0)


@step("batch.execute: stopping at a failure, or going on")
def _():
    def fill():
        batch = client.batch.new()
        batch.records.create("contact", {"lastname": "First"})
        batch.records.retrieve("contact", NOBODY)
        batch.records.create("contact", {"lastname": "Last"})
        return batch

    same(statuses(fill().execute()), [204, 404])
    same((count("First"), count("Last")), (1, 0))
    result = fill().execute(continue_on_error=True)
    same((statuses(result), len(result.entity_ids)), ([204, 404, 204], 2))
    same((count("First"), count("Last")), (2, 1))


@step("batch.tables and batch.query")
def _():
    batch = client.batch.new()
    batch.tables.create("new_Batch", {"new_Size": "int"}, display_name="Batch")
    batch.tables.get("contact")
    batch.tables.list(filter="LogicalName eq 'account'", select=["LogicalName"])
    batch.query.sql("SELECT TOP 1 lastname FROM contact WHERE lastname = 'Last'")
    result = batch.execute()
    same(tell(result), [])
    same([it.data["value"][0]["LogicalName"] for it in result.responses[1:3]], ["contact", "account"])
    same(result.responses[3].data["value"][0]["lastname"], "Last")

    label = Label([LocalizedLabel("Account", 1033)])
    batch = client.batch.new()
    batch.tables.add_columns("new_Batch", {"new_Colour": "string", "new_Code": "string"})
    batch.tables.create_one_to_many_relationship(
        LookupAttributeMetadata("new_FirmId", label),
        OneToManyRelationshipMetadata("new_account_batch", "account", "new_batch", "accountid"),
    )
    batch.tables.create_many_to_many_relationship(ManyToManyRelationshipMetadata("new_batch_contact", "new_batch", "contact"))
    batch.tables.create_lookup_field("new_Batch", "new_PersonId", "contact", display_name="Person")
    result = batch.execute()
    same(tell(result), [])
    holds(len(result.entity_ids) >= 3, f"{len(result.entity_ids)} ids")

    batch = client.batch.new()
    batch.tables.get_relationship("new_account_batch")
    batch.tables.delete_relationship(client.tables.get_relationship("new_batch_contact").relationship_id)
    batch.tables.remove_columns("new_Batch", ["new_Colour"])
    result = batch.execute()
    same(tell(result), [])
    same(result.responses[0].data["value"][0]["SchemaName"], "new_account_batch")
    same(client.tables.get_column("new_Batch", "new_colour"), None)


@step("batch.records.upsert")
def _():
    client.tables.create_alternate_key("new_Batch", "new_BatchKey", ["new_code"])
    eventually("the index", lambda: client.tables.get_alternate_keys("new_Batch")[0].status == "Active")
    item = lambda code, size: {"alternate_key": {"new_code": code}, "record": {"new_size": size}}
    batch = client.batch.new()
    batch.records.upsert("new_Batch", [item("one", 1)])
    batch.records.upsert("new_Batch", [item("one", 2), item("two", 3)])
    same(tell(batch.execute()), [])
    found = records.list("new_Batch", select=["new_code", "new_size"], orderby=["new_code"])
    same([(it["new_code"], it["new_size"]) for it in found], [("one", 2), ("two", 3)])


@step("batch.dataframe")
def _():
    frame = pandas.DataFrame([{"lastname": "Frame 1", "jobtitle": None}, {"lastname": "Frame 2", "jobtitle": "x"}])
    batch = client.batch.new()
    batch.dataframe.create("contact", frame)
    result = batch.execute()
    same(tell(result), [])
    frame["contactid"] = result.responses[0].data["Ids"]
    frame["jobtitle"] = ["y", "z"]
    batch = client.batch.new()
    batch.dataframe.update("contact", frame[["contactid", "jobtitle"]], "contactid")
    same(tell(batch.execute()), [])
    same([records.retrieve("contact", it)["jobtitle"] for it in frame["contactid"]], ["y", "z"])
    batch = client.batch.new()
    batch.dataframe.delete("contact", frame["contactid"])
    same(tell(batch.execute()), [])
    eventually("the end of the job", lambda: count("Frame 1") + count("Frame 2") == 0)


@step("batch.tables.delete")
def _():
    for row in records.list("new_Batch", select=["new_code"]):
        records.delete("new_Batch", row["new_batchid"])
    batch = client.batch.new()
    batch.tables.delete("new_Batch")
    same(tell(batch.execute()), [])
    same(client.tables.get("new_Batch"), None)
