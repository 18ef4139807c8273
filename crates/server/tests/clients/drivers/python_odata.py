"""The PyPI package python-odata, which knows nothing of Dataverse: it learns the whole model from $metadata."""

import os

import requests
from odata import ODataService
from odata.exceptions import NoResultsFound, ODataError
from odata.flags import ODataServerFlags

from steps import BASE, TOKEN, finish, holds, is_guid, same, step

session = requests.Session()
session.headers.update({"Authorization": f"Bearer {TOKEN}"})
session.verify = os.environ.get("CLIENT_CA") or True
made = {}


@step("the model, from $metadata")
def _():
    flags = ODataServerFlags(skip_null_properties=True)
    headers = {"Prefer": "return=representation"}
    service = ODataService(BASE, reflect_entities=True, session=session, extra_headers=headers, quiet_progress=True, server_flags=flags)
    made["service"] = service
    sets = service.entities
    holds({"accounts", "contacts", "tasks", "systemusers", "activitypointers"} <= set(sets), f"sets: {sorted(sets)}")
    for name, it in sets.items():
        keys = it.__new__(it).__odata__.primary_key_properties
        same(len(keys), 1, f"keys of {name}")
    made["Account"], made["Contact"], made["Task"] = sets["accounts"], sets["contacts"], sets["tasks"]
    for name in ["lastname", "emailaddress1", "createdon", "donotemail", "statecode", "parentcustomerid_account", "_parentcustomerid_value"]:
        holds(hasattr(made["Contact"], name), f"contact has no {name}")
    same(type(made["Contact"].createdon).__name__, "DatetimeProperty")
    same(type(made["Contact"].donotemail).__name__, "BooleanProperty")
    same(type(made["Contact"].statecode).__name__, "IntegerProperty")
    same(made["Contact"].parentcustomerid_account.entitycls.__odata_type__, "Microsoft.Dynamics.CRM.account")
    holds(made["Account"].contact_customer_accounts.is_collection, "the way back is no collection")


@step("each set of the model can be read")
def _():
    wrong = []
    for name, it in made["service"].entities.items():
        try:
            made["service"].query(it).limit(1).all()
        except ODataError as error:
            wrong.append(f"{name}: {error}")
    holds(not wrong, "; ".join(wrong))


@step("the service document lists the sets of the model")
def _():
    document = session.get(BASE, timeout=30).json()
    same({it["url"] for it in document["value"]}, set(made["service"].entities))


@step("save, new")
def _():
    account = made["Account"]()
    account.name = "O'Data"
    made["service"].save(account)
    made["account"] = account
    is_guid(account.accountid)
    contact = made["Contact"]()
    contact.firstname, contact.lastname, contact.jobtitle, contact.donotemail = "Å", "Model", "po", True
    contact.parentcustomerid_account = account
    made["service"].save(contact)
    made["contact"] = contact
    is_guid(contact.contactid)
    same((contact.fullname, contact._parentcustomerid_value, contact.donotemail), ("Å Model", account.accountid, True))
    holds(contact.createdon.tzinfo is not None, f"{contact.createdon}")


@step("save, with new related records")
def _():
    account = made["Account"]()
    account.name = "Deep"
    child = made["Contact"]()
    child.lastname, child.jobtitle = "Inner", "po"
    account.contact_customer_accounts = [child]
    made["service"].save(account)
    found = made["service"].query(made["Account"]).get(account.accountid)
    same([it.lastname for it in found.contact_customer_accounts], ["Inner"])


@step("save, changed")
def _():
    contact = made["contact"]
    contact.jobtitle, contact.donotemail = "po", False
    contact.telephone1 = "1"
    made["service"].save(contact)
    same(made["service"].query(made["Contact"]).get(contact.contactid).telephone1, "1")


@step("queries")
def _():
    Contact, service = made["Contact"], made["service"]
    query = service.query(Contact).filter(Contact.jobtitle == "po").order_by(Contact.lastname.desc())
    same([it.lastname for it in query.all()], ["Model", "Inner"])
    same((query.first().lastname, query.limit(1).one().lastname, query.count()), ("Model", "Model", 2))
    same([it["lastname"] for it in query.select(Contact.lastname).limit(1)], ["Model"])
    for expression, expected in [
        ((Contact.lastname == "Model") | (Contact.firstname == "nobody"), ["Model"]),
        (Contact.lastname.startswith("In") & Contact.lastname.endswith("er"), ["Inner"]),
        (Contact.lastname.lacks("nn"), ["Model"]),
        (Contact.firstname.is_null(), ["Inner"]),
        (Contact.contactid == made["contact"].contactid, ["Model"]),
        (Contact.createdon > made["contact"].createdon.replace(year=2001), ["Model", "Inner"]),
    ]:
        same([it.lastname for it in query.filter(expression)], expected, str(expression))
    raw = service.query(Contact).raw({"$filter": "jobtitle eq 'po'", "$select": "lastname", "$orderby": "lastname"})
    same([it["lastname"] for it in raw], ["Inner", "Model"])
    try:
        service.query(Contact).get("00000000-0000-4000-8000-00000000dead")
    except NoResultsFound:
        return
    raise AssertionError("nobody was found")


@step("related records")
def _():
    Contact, Account, service = made["Contact"], made["Account"], made["service"]
    found = service.query(Contact).filter(Contact.lastname == "Model").expand(Contact.parentcustomerid_account).first()
    same(found.parentcustomerid_account.name, "O'Data")
    again = service.query(Contact).get(found.contactid)
    same(again.parentcustomerid_account.name, "O'Data", "by its own address")
    same([it.lastname for it in service.query(Account).get(made["account"].accountid).contact_customer_accounts], ["Model"])
    alone = made["Contact"]()
    alone.lastname = "Alone"
    service.save(alone)
    same(service.query(Contact).get(alone.contactid).parentcustomerid_account, None, "nobody there")


@step("pages are followed")
def _():
    service = made["service"]
    context = service.create_context(session=session, extra_headers={"Prefer": "odata.maxpagesize=1"})
    Contact = made["Contact"]
    same(len(context.query(Contact).filter(Contact.jobtitle == "po").all()), 2)
    # The package keeps extra headers for everybody.
    service.create_context(session=session, extra_headers={"Prefer": "return=representation"})


@step("a function")
def _():
    made["service"].functions["WhoAmI"]()


@step("delete")
def _():
    made["service"].delete(made["contact"])
    Contact = made["Contact"]
    same(made["service"].query(Contact).filter(Contact.contactid == made["contact"].contactid).all(), [])


@step("an error is understood")
def _():
    try:
        made["service"].query(made["Contact"]).filter("colour eq 'red'").all()
    except ODataError as error:
        return holds(error.code.startswith("0x") and "colour" in error.message, str(error))
    raise AssertionError("it went well")


finish()
