"""Every public method of the PyPI package PowerPlatform-Dataverse-Client, against a running server, with a look at the outcome."""

import dataverse.rows
import dataverse.queries
import dataverse.tables
import dataverse.files
import dataverse.batches
import dataverse.frames
from dataverse import client, left
from steps import finish, holds, step


@step("every public method was called")
def _():
    holds(not left(), f"not called: {', '.join(left())}")


@step("close")
def _():
    client.close()
    try:
        client.records.list("contact", top=1)
    except RuntimeError:
        return
    raise AssertionError("a closed client still asks")


finish()
