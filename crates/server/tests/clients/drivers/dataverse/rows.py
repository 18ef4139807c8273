"""client.records: one record, many records, upserts by alternate key, deleting in bulk."""

from dataverse import client, refused
from steps import eventually, holds, is_guid, same, step

records = client.records
NOBODY = "00000000-0000-4000-8000-00000000dead"
made = {}


@step("records.create, one")
def _():
    made["account"] = is_guid(records.create("account", {"Name": "Fabrikam", "telephone1": "08-1"}))
    bound = {"lastname": "Öst", "firstname": "Eva 'E'", "parentcustomerid_account@odata.bind": f"/accounts({made['account']})"}
    made["contact"] = is_guid(records.create("contact", bound))


@step("records.retrieve")
def _():
    found = records.retrieve("contact", made["contact"], select=["FullName", "lastname", "_parentcustomerid_value"])
    same((found["lastname"], found["fullname"]), ("Öst", "Eva 'E' Öst"))
    same(found["_parentcustomerid_value"], made["account"])
    holds(found.etag and found.etag.startswith('W/"'), f"etag {found.etag}")
    same(records.retrieve("contact", NOBODY), None)


@step("records.retrieve with a related record and annotations")
def _():
    found = records.retrieve(
        "contact", made["contact"], select=["statecode"], expand=["parentcustomerid_account($select=name)"], include_annotations="*"
    )
    same(found["parentcustomerid_account"]["name"], "Fabrikam")
    same(found["statecode@OData.Community.Display.V1.FormattedValue"], "Active")


@step("records.create, many")
def _():
    made["many"] = records.create("contact", [{"lastname": f"Many {it}", "jobtitle": "pdc"} for it in range(5)])
    same(len(made["many"]), 5)
    for number, key in enumerate(made["many"]):
        same(records.retrieve("contact", is_guid(key), select=["lastname"])["lastname"], f"Many {number}")


@step("records.create, many: one is wrong and none stays")
def _():
    refused(400, lambda: records.create("contact", [{"lastname": "Half"}, {"lastname": "Half", "colour": "red"}]))
    same(len(records.list("contact", filter="lastname eq 'Half'")), 0)


@step("records.update, one")
def _():
    records.update("contact", made["contact"], {"jobtitle": "Chef", "telephone1": None})
    same(records.retrieve("contact", made["contact"], select=["jobtitle"])["jobtitle"], "Chef")
    refused(404, lambda: records.update("contact", NOBODY, {"jobtitle": "Ghost"}))


@step("records.update, many alike and each its own")
def _():
    records.update("contact", made["many"][:3], {"telephone1": "1"})
    records.update("contact", made["many"][3:], [{"telephone1": "4"}, {"telephone1": "5"}])
    found = records.list("contact", filter="jobtitle eq 'pdc'", select=["telephone1"], orderby=["lastname"])
    same([it["telephone1"] for it in found], ["1", "1", "1", "4", "5"])


@step("records.list")
def _():
    found = records.list(
        "contact", filter="jobtitle eq 'pdc'", select=["LastName"], orderby=["lastname desc"], top=2, count=True,
        include_annotations="OData.Community.Display.V1.FormattedValue",
    )
    same([it["lastname"] for it in found], ["Many 4", "Many 3"])
    whole = records.list("contact", filter="jobtitle eq 'pdc'", page_size=2)
    same(len(whole), 5, "all pages")
    expanded = records.list("contact", filter="lastname eq 'Öst'", expand=["parentcustomerid_account($select=name)"])
    same(expanded.first()["parentcustomerid_account"]["name"], "Fabrikam")


@step("records.list_pages")
def _():
    pages = list(records.list_pages("contact", filter="jobtitle eq 'pdc'", select=["lastname"], orderby=["lastname"], page_size=2))
    same([[it["lastname"][-1] for it in page] for page in pages], [["0", "1"], ["2", "3"], ["4"]])


@step("records.get, the old way")
def _():
    same(records.get("contact", made["contact"], select=["lastname"])["lastname"], "Öst")
    refused(404, lambda: records.get("contact", NOBODY))
    pages = list(records.get("contact", filter="jobtitle eq 'pdc'", page_size=3))
    same([len(it) for it in pages], [3, 2])


@step("records.list refused: what is wrong is said")
def _():
    error = refused(400, lambda: records.list("contact", filter="colour eq 'red'"))
    holds("colour" in str(error), str(error))


@step("an unknown table is told from a known one")
def _():
    from PowerPlatform.Dataverse.core.errors import MetadataError

    try:
        records.list("contacts")
    except MetadataError:
        return
    raise AssertionError("a plural was taken for a table")


@step("records.upsert, one and many by an alternate key")
def _():
    table = client.tables.create("new_Ticket", {"new_Number": "string", "new_Rank": "int"}, display_name="Ticket")
    client.tables.create_alternate_key("new_Ticket", "new_NumberKey", ["new_number"])
    eventually("the index", lambda: client.tables.get_alternate_keys("new_Ticket")[0].status == "Active")
    item = lambda number, name, rank: {"alternate_key": {"new_number": number}, "record": {"new_name": name, "new_rank": rank}}
    records.upsert("new_ticket", [item("T'1", "First", 1)])
    records.upsert("new_Ticket", [item("T'1", "Again", 2), item("T2", "Second", 3), item("T3", "Third", 4)])
    found = records.list("new_Ticket", select=["new_number", "new_name", "new_rank"], orderby=["new_number"])
    same([(it["new_number"], it["new_name"], it["new_rank"]) for it in found], [("T'1", "Again", 2), ("T2", "Second", 3), ("T3", "Third", 4)])
    same(records.retrieve("new_Ticket", "new_number='T2'", select=["new_name"])["new_name"], "Second")
    holds(table.entity_set_name == "new_tickets", table.entity_set_name)
    refused(412, lambda: records.create("new_Ticket", {"new_number": "T2"}))


@step("records.delete: one, many, many in the background")
def _():
    records.delete("contact", made["contact"])
    same(records.retrieve("contact", made["contact"]), None)
    records.delete("contact", made["many"][:2], use_bulk_delete=False)
    is_guid(records.delete("contact", made["many"][2:]), "the job")
    eventually("the end of the job", lambda: len(records.list("contact", filter="jobtitle eq 'pdc'")) == 0)
    refused(404, lambda: records.delete("contact", NOBODY))
