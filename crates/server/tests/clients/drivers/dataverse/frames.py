"""client.dataframe: tables of pandas instead of lists of records."""

import pandas
from dataverse import client
from steps import eventually, is_guid, same, step

frames = client.dataframe
made = {}


@step("dataframe.create")
def _():
    frame = pandas.DataFrame([{"lastname": f"Panda {it}", "jobtitle": "frame", "donotemail": it == 1} for it in range(4)])
    made["ids"] = frames.create("contact", frame)
    same([is_guid(it) for it in made["ids"]], list(made["ids"]))


@step("dataframe.get")
def _():
    found = frames.get("contact", select=["lastname", "donotemail"], filter="jobtitle eq 'frame'", orderby=["lastname"], page_size=3)
    same(list(found["lastname"]), [f"Panda {it}" for it in range(4)])
    same([bool(it) for it in found["donotemail"]], [False, True, False, False])
    same(frames.get("contact", made["ids"][2], select=["lastname"])["lastname"][0], "Panda 2")


@step("dataframe.sql")
def _():
    found = frames.sql("SELECT lastname FROM contact WHERE jobtitle = 'frame' ORDER BY lastname")
    same(list(found["lastname"]), [f"Panda {it}" for it in range(4)])
    same(len(frames.sql("SELECT lastname FROM contact WHERE jobtitle = 'nobody'")), 0)


@step("dataframe.update")
def _():
    changes = pandas.DataFrame({"contactid": made["ids"], "telephone1": ["1", None, "3", "4"]})
    frames.update("contact", changes, "contactid")
    frames.update("contact", pandas.DataFrame({"contactid": [made["ids"][0]], "telephone1": [None]}), "contactid", clear_nulls=True)
    found = client.records.list("contact", filter="jobtitle eq 'frame'", select=["telephone1"], orderby=["lastname"])
    same([it["telephone1"] for it in found], [None, None, "3", "4"])


@step("dataframe.delete")
def _():
    is_guid(frames.delete("contact", made["ids"]), "the job")
    eventually("the end of the job", lambda: frames.get("contact", filter="jobtitle eq 'frame'").empty)
