"""What the Python drivers share: a step is tried, said in one line of JSON, and never stops the next one."""

import json
import os
import re
import sys
import time
import traceback

URL = os.environ["CLIENT_URL"]
TOKEN = os.environ["CLIENT_TOKEN"]
BASE = URL + "/api/data/v9.2/"
GUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")

_failed = 0


def step(name):
    """Decorates a function that is run at once; what it raises is why the step failed."""

    def run(work):
        global _failed
        why = ""
        try:
            work()
        except Exception as error:
            _failed += 1
            why = _explain(error)
        print(json.dumps({"step": name, "ok": not why, "why": why}), flush=True)
        return work

    return run


def finish():
    """Ends the driver; non-zero when a step failed."""
    sys.exit(1 if _failed else 0)


def _explain(error):
    status = getattr(error, "status_code", None) or getattr(error, "details", {})
    driver = [it for it in traceback.extract_tb(error.__traceback__) if "/drivers/" in it.filename and os.path.basename(it.filename) not in ("steps.py", "__init__.py")]
    place = f" ({os.path.basename(driver[-1].filename)}:{driver[-1].lineno})" if driver else ""
    return f"{type(error).__name__}: {error} {status or ''}{place}"


def shown(value):
    text = repr(value)
    return text if len(text) <= 300 else text[:300] + "…"


def same(found, expected, what="value"):
    if found != expected:
        raise AssertionError(f"{what}: expected {shown(expected)}, found {shown(found)}")


def holds(condition, what):
    if not condition:
        raise AssertionError(what)


def is_guid(value, what="id"):
    holds(isinstance(value, str) and GUID.match(value.lower()), f"{what} is no GUID: {shown(value)}")
    return value


def eventually(what, look):
    """What is done in the background is waited for, for half a minute."""
    for _ in range(60):
        found = look()
        if found:
            return found
        time.sleep(0.5)
    raise AssertionError(f"{what} did not come within 30 seconds")
