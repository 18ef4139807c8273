"""client.query: the builder with each of its filters, SQL, FetchXML, and what there is to ask about."""

from datetime import date, datetime, timedelta, timezone

from dataverse import client, refused
from PowerPlatform.Dataverse.core.errors import ValidationError
from PowerPlatform.Dataverse.models.filters import col, raw
from PowerPlatform.Dataverse.models.query_builder import ExpandOption
from steps import holds, is_guid, same, step

query, records = client.query, client.records
ours = col("jobtitle") == "pdq"
now = datetime.now(timezone.utc)
made = {}


def names(found):
    return " ".join(it["lastname"] for it in found)


def ask():
    return query.builder("contact").select("lastname").where(ours).order_by("lastname")


@step("six contacts of two accounts to ask about")
def _():
    made["accounts"] = records.create("account", [{"name": "Nord AB"}, {"name": "Syd AB"}])
    rows = [
        {"lastname": name, "jobtitle": "pdq", "donotemail": number > 4, "firstname": None if number == 1 else "F",
         "parentcustomerid_account@odata.bind": f"/accounts({made['accounts'][number % 2]})"}
        for number, name in enumerate(["A", "B", "C", "D", "E", "F"], 1)
    ]
    made["contacts"] = records.create("contact", rows)


for words, expression, expected in [
    ("equal", col("lastname") == "C", "C"),
    ("not equal", col("LastName") != "C", "A B D E F"),
    ("greater and less", (col("lastname") > "B") & (col("lastname") < "E"), "C D"),
    ("at least, or at most", (col("lastname") >= "F") | (col("lastname") <= "A"), "A F"),
    ("not", ~(col("lastname") == "A"), "B C D E F"),
    ("in", col("lastname").in_(["B", "E", "X'"]), "B E"),
    ("not in", col("lastname").not_in(["B", "E"]), "A C D F"),
    ("numbers in a list", col("statecode").in_([0, 1]), "A B C D E F"),
    ("between", col("lastname").between("B", "D"), "B C D"),
    ("not between", col("lastname").not_between("B", "D"), "A E F"),
    ("null", col("firstname").is_null(), "A"),
    ("not null", col("firstname").is_not_null(), "B C D E F"),
    ("contains", col("lastname").contains("c"), "C"),
    ("starts with", col("lastname").startswith("D"), "D"),
    ("ends with", col("lastname").endswith("E"), "E"),
    ("like", col("lastname").like("%B%"), "B"),
    ("not like", col("lastname").not_like("B%"), "A C D E F"),
    ("true", col("donotemail") == True, "E F"),
    ("a time", col("createdon") > now - timedelta(hours=1), "A B C D E F"),
    ("a time in microseconds", col("createdon") < datetime(2001, 1, 1, 1, 1, 1, 123456, timezone.utc), ""),
    ("a date", col("createdon") >= date(2001, 1, 1), "A B C D E F"),
    ("words of our own", raw("startswith(parentcustomerid_account/name,'Syd')"), "A C E"),
]:

    @step(f"query.builder: {words}")
    def _():
        same(names(ask().where(expression).execute()), expected)


@step("query.builder: all its options")
def _():
    expand = ExpandOption("contact_customer_accounts").select("lastname").filter("lastname ne 'A'").order_by("lastname", True).top(2)
    found = (
        query.builder("account").select("name").where(col("name") == "Syd AB").expand(expand).count().include_formatted_values()
        .page_size(10).execute()
    )
    same([[it["lastname"] for it in row["contact_customer_accounts"]] for row in found], [["E", "C"]])
    found = query.builder("contact").select("statecode").where(ours).top(1).include_annotations("*").execute()
    same(found.first()["statecode@OData.Community.Display.V1.FormattedValue"], "Active")
    same(ask().order_by("lastname", descending=True).build()["orderby"], ["lastname", "lastname desc"])


@step("query.builder: pages")
def _():
    same([names(it) for it in ask().page_size(4).execute_pages()], ["A B C D", "E F"])
    same([names(it) for it in ask().page_size(5).execute(by_page=True)], ["A B C D E", "F"])


@step("query.builder: a table of pandas")
def _():
    frame = ask().to_dataframe()
    same(list(frame["lastname"]), list("ABCDEF"))
    same(len(ask().execute().to_dataframe()), 6)


OURS = "c.jobtitle = 'pdq'"
for sql, expected in [
    (f"SELECT lastname FROM contact c WHERE {OURS} ORDER BY lastname", [{"lastname": it} for it in "ABCDEF"]),
    (f"SELECT TOP 2 lastname FROM contact c WHERE {OURS} ORDER BY lastname DESC", [{"lastname": "F"}, {"lastname": "E"}]),
    (f"SELECT DISTINCT c.jobtitle FROM contact c WHERE {OURS}", [{"jobtitle": "pdq"}]),
    (f"SELECT COUNT(*) AS total FROM contact c WHERE {OURS} AND lastname IN ('A', 'B', 'X')", [{"total": 2}]),
    (f"SELECT lastname FROM contact c WHERE {OURS} AND (lastname LIKE 'A%' OR firstname IS NULL OR lastname BETWEEN 'E' AND 'F') ORDER BY lastname",
     [{"lastname": it} for it in "AEF"]),
    (f"SELECT a.name, COUNT(c.contactid) AS total FROM contact c INNER JOIN account a ON c.parentcustomerid = a.accountid WHERE {OURS} GROUP BY a.name ORDER BY a.name",
     [{"name": "Nord AB", "total": 3}, {"name": "Syd AB", "total": 3}]),
    (f"SELECT c.lastname, a.name AS firm FROM contact c LEFT JOIN account a ON c.parentcustomerid = a.accountid WHERE {OURS} AND c.lastname <> 'A' ORDER BY c.lastname OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY",
     [{"lastname": "C", "firm": "Syd AB"}, {"lastname": "D", "firm": "Nord AB"}]),
    (f"SELECT MIN(lastname) AS first, MAX(lastname) AS last FROM contact c WHERE {OURS}", [{"first": "A", "last": "F"}]),
]:

    @step(f"query.sql: {sql.replace(OURS, '…')}")
    def _():
        same([{key: value for key, value in it.data.items() if "@" not in key and key in expected[0]} for it in query.sql(sql)], expected)


@step("query.sql refused")
def _():
    refused(400, lambda: query.sql("SELECT colour FROM contact"))
    try:
        query.sql("DELETE FROM contact")
    except ValidationError:
        return
    raise AssertionError("the package let a deletion through")


XML = """<fetch {}><entity name="contact"><attribute name="lastname"/><order attribute="lastname"/>
<filter><condition attribute="jobtitle" operator="eq" value="pdq"/></filter>
<link-entity name="account" from="accountid" to="parentcustomerid" alias="a" link-type="outer"><attribute name="name"/></link-entity>
</entity></fetch>"""


@step("query.fetchxml")
def _():
    found = query.fetchxml(XML.format("")).execute()
    same([(it["lastname"], it["a.name"]) for it in found][:2], [("A", "Syd AB"), ("B", "Nord AB")])
    same(len(found), 6)


@step("query.fetchxml: pages by their cookie")
def _():
    import warnings

    with warnings.catch_warnings():
        # Without a cookie that it understands, the package warns and counts pages by itself.
        warnings.simplefilter("error")
        pages = [names(it) for it in query.fetchxml(XML.format('count="4"')).execute_pages()]
    same(pages, ["A B C D", "E F"])


@step("query.sql_columns")
def _():
    columns = {it["name"]: it for it in query.sql_columns("contact")}
    same((columns["contactid"]["is_pk"], columns["fullname"]["is_name"], columns["lastname"]["type"]), (True, True, "String"))
    same(columns["lastname"]["label"], "Last name")
    holds("versionnumber" in [it["name"] for it in query.sql_columns("contact", include_system=True)], "no versionnumber")


@step("query.odata_select")
def _():
    holds({"contactid", "lastname"} <= set(query.odata_select("contact")), "columns are missing")


@step("query.odata_expands, odata_expand and odata_bind")
def _():
    ways = {it["nav_property"]: it for it in query.odata_expands("contact")}
    way = ways["parentcustomerid_account"]
    same((way["target_table"], way["target_entity_set"], way["lookup_attribute"]), ("account", "accounts", "parentcustomerid"))
    same(query.odata_expand("contact", "account"), "parentcustomerid_account")
    bound = query.odata_bind("contact", "account", made["accounts"][0])
    key = records.create("contact", {"lastname": "Bound", **bound})
    same(records.retrieve("contact", is_guid(key), select=["_parentcustomerid_value"])["_parentcustomerid_value"], made["accounts"][0])


@step("flush_cache")
def _():
    holds(isinstance(client.flush_cache("picklist"), int), "no number")
