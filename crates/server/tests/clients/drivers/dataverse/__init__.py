"""The package's client for this server, remembering which of its methods were called."""

import functools
import inspect
import warnings

import requests
from azure.core.credentials import AccessToken
from PowerPlatform.Dataverse.client import DataverseClient
from PowerPlatform.Dataverse.core.config import DataverseConfig, OperationContext
from PowerPlatform.Dataverse.core.errors import HttpError
from PowerPlatform.Dataverse.models.query_builder import QueryBuilder
from PowerPlatform.Dataverse.operations import batch
from PowerPlatform.Dataverse.operations.dataframe import DataFrameOperations
from PowerPlatform.Dataverse.operations.files import FileOperations
from PowerPlatform.Dataverse.operations.query import QueryOperations
from PowerPlatform.Dataverse.operations.records import RecordOperations
from PowerPlatform.Dataverse.operations.tables import TableOperations

from steps import TOKEN, URL

# The package says itself what it will drop one day; until then it is called, too.
warnings.simplefilter("ignore")


class Credential:
    """The token that we have; nobody is asked for another."""

    def get_token(self, *scopes, **options):
        return AccessToken(TOKEN, 4102444800)


_COVERED = [
    RecordOperations,
    QueryOperations,
    QueryBuilder,
    TableOperations,
    FileOperations,
    DataFrameOperations,
    batch.BatchOperations,
    batch.BatchRequest,
    batch.BatchRecordOperations,
    batch.BatchTableOperations,
    batch.BatchQueryOperations,
    batch.BatchDataFrameOperations,
    batch.ChangeSetRecordOperations,
]
_called = set()


def _remember(owner, name, method):
    @functools.wraps(method)
    def remembering(*arguments, **options):
        _called.add((owner.__name__, name))
        return method(*arguments, **options)

    setattr(owner, name, remembering)


def _methods(owner):
    return [(name, it) for name, it in inspect.getmembers(owner, inspect.isfunction) if not name.startswith("_")]


_all = {(owner.__name__, name) for owner in _COVERED for name, _ in _methods(owner)}
for _owner in _COVERED:
    for _name, _method in _methods(_owner):
        _remember(_owner, _name, _method)


def left():
    """The methods that no step has called."""
    return sorted(f"{owner}.{name}" for owner, name in _all - _called)


client = DataverseClient(URL, Credential(), DataverseConfig(operation_context=OperationContext("app=drivers/1.0")))

session = requests.Session()
session.headers["Authorization"] = f"Bearer {TOKEN}"


def refused(status, work, code=None):
    """The error that the work is to end with."""
    try:
        value = work()
    except HttpError as error:
        if error.status_code != status:
            raise
        details = error.details if isinstance(error.details, dict) else {}
        service = details.get("service_error_code")
        if not (isinstance(service, str) and service.startswith("0x")):
            raise AssertionError(f"the error's code is {service!r}: {details}")
        return error
    raise AssertionError(f"expected {status}, but it went well: {value!r}")
