"""client.files: a file at once and in pieces, into a column that is there and one that is not yet."""

import os
import tempfile

from dataverse import client, session
from steps import BASE, holds, same, step

made = {}


def downloaded(column):
    """The package has no way to read a file, so this asks as any script would."""
    answer = session.get(f"{BASE}new_papers({made['row']})/{column}/$value", timeout=30)
    same(answer.status_code, 200, answer.text[:200])
    return answer


def upload(name, data, column, **options):
    with tempfile.TemporaryDirectory() as place:
        path = os.path.join(place, name)
        with open(path, "wb") as file:
            file.write(data)
        client.files.upload("new_Paper", made["row"], column, path, **options)
    answer = downloaded(column.lower())
    holds(answer.content == data, f"{len(answer.content)} other bytes came back instead of {len(data)}")
    same(answer.headers["x-ms-file-name"], name)


@step("a table with a file column")
def _():
    client.tables.create("new_Paper", {"new_Scan": "file"}, display_name="Paper")
    made["row"] = client.records.create("new_Paper", {"new_name": "Contract"})


@step("files.upload at once")
def _():
    upload("small.txt", "Hej på dig".encode(), "new_Scan", mime_type="text/plain")
    upload("again.bin", bytes(range(256)) * 100, "new_Scan", if_none_match=False)


@step("files.upload in pieces")
def _():
    upload("large file.bin", os.urandom(9_000_000), "new_Scan", mode="chunk")
    upload("even.bin", os.urandom(4 * 1024 * 1024), "new_Scan", mode="chunk")


@step("files.upload into a column that is not there yet")
def _():
    upload("new.txt", b"made on the way", "new_Later", mode="small")


@step("a part of a file")
def _():
    answer = session.get(f"{BASE}new_papers({made['row']})/new_later/$value", headers={"Range": "bytes=5-6"}, timeout=30)
    same((answer.status_code, answer.content), (206, b"on"))
