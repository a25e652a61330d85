"""Amazon Athena.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-athena.html
"""

from __future__ import annotations

from typing import ClassVar

from awacs import athena, glue, lakeformation, s3
from awacs.aws import Action

from cfngen.asl.values import (
    REQUEST_RESPONSE,
    SYNC,
    DynamicList,
    DynamicMapping,
    DynamicText,
    Integer,
    Pattern,
)
from cfngen.core.declared import frozen
from cfngen.tasks.grants import (
    ALL_RESOURCES,
    AllOf,
    ArgumentMatches,
    ArgumentResource,
    Evidence,
    Grant,
    HasArgument,
    Otherwise,
    Scope,
    regional,
)
from cfngen.tasks.service import ServiceTask

__all__ = ["GetQueryExecution", "GetQueryResults", "StartQueryExecution", "StopQueryExecution"]

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-athena.html"

_WORKGROUPS = regional("athena", "workgroup/{}")
_WORKGROUP = ArgumentResource("WorkGroup", _WORKGROUPS, default="primary", ref_returns="name")
_EVERYTHING = "arn:${AWS::Partition}:s3:::*"
_CATALOG = regional("glue", "catalog")
_WHOLE_CATALOG = (
    _CATALOG,
    regional("glue", "database/*"),
    regional("glue", "table/*"),
    regional("glue", "userDefinedFunction/*"),
)
_READS = r"\s*(?i:select|with|show|describe|explain|values)\b"


def _unnamed(arn: str, what: str) -> ArgumentResource:
    return ArgumentResource("", arn, when_missing=f"the call does not name {what}")


_BUCKETS = _unnamed("arn:${AWS::Partition}:s3:::{}", "the buckets of the query")
_OBJECTS = _unnamed("arn:${AWS::Partition}:s3:::{}/*", "the objects of the query")
_OUTPUT = "ResultConfiguration.OutputLocation"
_HAS_OUTPUT = HasArgument(_OUTPUT)
_OUTPUT_BUCKET = ArgumentResource(
    _OUTPUT, "arn:${AWS::Partition}:s3:::{}", name_regex=r"s3://([^/]+)", ref_returns="text"
)
_OUTPUT_OBJECTS = ArgumentResource(
    _OUTPUT, "arn:${AWS::Partition}:s3:::{}/*", name_regex=r"s3://(.+?)/*$", ref_returns="text"
)
_FINDS = (s3.GetBucketLocation, s3.ListBucket, s3.ListBucketMultipartUploads)
_WRITES = (s3.PutObject, s3.AbortMultipartUpload, s3.ListMultipartUploadParts)
_DATABASES = _unnamed(regional("glue", "database/{}"), "the databases of the query")
_TABLES = _unnamed(regional("glue", "table/{}/*"), "the tables of the query")
_FUNCTIONS = regional("glue", "userDefinedFunction/*/*")
_ANY_WORKGROUP = _unnamed(_WORKGROUPS, "the workgroup of the query")


def _changes(
    actions: tuple[Action, ...], resources: tuple[ArgumentResource | str, ...]
) -> tuple[Grant, ...]:
    """Return the grants of a query that may change the catalog, if it does not begin as one that reads."""
    return (
        Grant(
            actions,
            resources=resources,
            when=(Otherwise(ArgumentMatches("QueryString", _READS)),),
            only_in_scope=Scope.LEAST_PRIVILEGE,
            reason="changes the data catalog, as a query that does not begin with SELECT or its like may",
            conditional_on="the query may need no tables",
            page=_PAGE,
        ),
        Grant(
            actions,
            resources=_WHOLE_CATALOG,
            only_in_scope=Scope.DOCUMENTED,
            reason="changes the data catalog",
            conditional_on="the query may need no tables",
            page=_PAGE,
        ),
    )


@frozen(kw_only=True)
class StartQueryExecution(ServiceTask):
    """Starts a query; with ``SYNC``, waits until it has succeeded or failed.

    The result is put where the call says, or the workgroup, where it stands in the template. What the query
    reads, and where any other workgroup puts results, is not in the call: ``resources`` names the buckets
    (``arn:aws:s3:::bucket``, ``arn:aws:s3:::bucket/*``) and the catalog, database and tables of Glue, each
    with the ARN that its permission is for.
    https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html
    """

    QueryString: DynamicText
    ClientRequestToken: DynamicText | None = None
    EngineConfiguration: DynamicMapping | None = None
    ExecutionParameters: DynamicList | None = None
    QueryExecutionContext: DynamicMapping | None = None
    ResultConfiguration: DynamicMapping | None = None
    ResultReuseConfiguration: DynamicMapping | None = None
    WorkGroup: DynamicText | None = None

    service = "athena"
    action = "startQueryExecution"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE, SYNC)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (athena.StartQueryExecution,), resources=(_WORKGROUP,), reason="starts the query", page=_PAGE
        ),
        Grant(
            (athena.StopQueryExecution, athena.GetQueryExecution),
            resources=(_WORKGROUP,),
            patterns=(SYNC,),
            reason="asks how the query stands, and ends that of an execution that is stopped",
            page=_PAGE,
        ),
        Grant(
            (
                athena.GetWorkGroup,
                athena.BatchGetQueryExecution,
                athena.GetQueryResults,
                athena.ListQueryExecutions,
            ),
            resources=(_WORKGROUP,),
            patterns=(SYNC,),
            only_in_scope=Scope.DOCUMENTED,
            reason="is printed by AWS's page; waiting for the query does without",
            page=_PAGE,
        ),
        Grant(
            (athena.GetDataCatalog,),
            resources=(
                ArgumentResource(
                    "QueryExecutionContext.Catalog",
                    regional("athena", "datacatalog/{}"),
                    default="AwsDataCatalog",
                    ref_returns="name",
                ),
            ),
            documented=regional("athena", "datacatalog/*"),
            reason="looks up the catalog that the query names its tables in",
            conditional_on="the query may need no catalog",
            page=_PAGE,
        ),
        Grant(
            _FINDS,
            resources=(_BUCKETS,),
            documented=_EVERYTHING,
            reason="finds what the tables and the result consist of, as the caller of the query",
            conditional_on="Athena may manage the results, and the query read no tables",
            page=_PAGE,
        ),
        Grant(
            _FINDS,
            resources=(_OUTPUT_BUCKET,),
            when=(_HAS_OUTPUT,),
            only_in_scope=Scope.LEAST_PRIVILEGE,
            reason="finds where the result is put, as the caller of the query",
            evidence=Evidence.DOCUMENTED,
            page=_PAGE,
        ),
        Grant(
            (s3.GetObject, *_WRITES),
            resources=(_EVERYTHING,),
            only_in_scope=Scope.DOCUMENTED,
            reason="reads the tables and writes the result, as the caller of the query",
            conditional_on="Athena may manage the results, and the query read no tables",
            page=_PAGE,
        ),
        Grant(
            (s3.GetObject, *_WRITES),
            resources=(_OBJECTS,),
            only_in_scope=Scope.LEAST_PRIVILEGE,
            when=(Otherwise(_HAS_OUTPUT), Otherwise(ArgumentMatches("QueryString", _READS))),
            reason="reads the tables and writes the result, as the caller of the query",
            conditional_on="Athena may manage the results, and the query read no tables",
            page=_PAGE,
        ),
        Grant(
            (s3.GetObject,),
            resources=(_OBJECTS,),
            when=(AllOf((_HAS_OUTPUT, ArgumentMatches("QueryString", _READS))),),
            only_in_scope=Scope.LEAST_PRIVILEGE,
            reason="reads the tables, as the caller of the query",
            conditional_on="the query may read no tables",
            page=_PAGE,
        ),
        Grant(
            (s3.GetObject, *_WRITES),
            resources=(_OUTPUT_OBJECTS,),
            when=(_HAS_OUTPUT,),
            only_in_scope=Scope.LEAST_PRIVILEGE,
            reason="writes the result where the call or its workgroup says, as the caller of the query",
            evidence=Evidence.DOCUMENTED,
            page=_PAGE,
        ),
        Grant(
            (s3.CreateBucket,),
            resources=(_EVERYTHING,),
            only_in_scope=Scope.DOCUMENTED,
            reason="is printed by AWS's page; the bucket of the results exists",
            page=_PAGE,
        ),
        Grant(
            (
                glue.GetDatabase,
                glue.GetDatabases,
            ),
            resources=(_CATALOG, _DATABASES),
            documented=_WHOLE_CATALOG,
            reason="looks up the databases",
            conditional_on="the query may need no tables",
            page=_PAGE,
        ),
        Grant(
            (
                glue.GetTable,
                glue.GetTables,
                glue.GetPartition,
                glue.GetPartitions,
                glue.BatchGetPartition,
            ),
            resources=(_CATALOG, _DATABASES, _TABLES),
            documented=_WHOLE_CATALOG,
            reason="looks up the tables",
            conditional_on="the query may need no tables",
            page=_PAGE,
        ),
        *_changes((glue.CreateDatabase, glue.UpdateDatabase), (_CATALOG, _DATABASES)),
        *_changes((glue.DeleteDatabase,), (_CATALOG, _DATABASES, _TABLES, _FUNCTIONS)),
        *_changes(
            (
                glue.CreateTable,
                glue.UpdateTable,
                glue.DeleteTable,
                glue.BatchDeleteTable,
                glue.CreatePartition,
                glue.BatchCreatePartition,
                glue.UpdatePartition,
                glue.DeletePartition,
                glue.BatchDeletePartition,
            ),
            (_CATALOG, _DATABASES, _TABLES),
        ),
        Grant(
            (lakeformation.GetDataAccess,),
            resources=(ALL_RESOURCES,),
            reason="reads what Lake Formation governs; the action knows no resources",
            conditional_on="Lake Formation may govern nothing of it",
            page=_PAGE,
        ),
    )


@frozen(kw_only=True)
class StopQueryExecution(ServiceTask):
    """Ends a query.

    ``resources`` names its workgroup, which the call does not.
    https://docs.aws.amazon.com/athena/latest/APIReference/API_StopQueryExecution.html
    """

    QueryExecutionId: DynamicText | None = None
    pattern: Pattern = REQUEST_RESPONSE

    service = "athena"
    action = "stopQueryExecution"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (athena.StopQueryExecution,),
            resources=(_ANY_WORKGROUP,),
            documented=regional("athena", "workgroup/*"),
            reason="ends the query",
            page=_PAGE,
        ),
    )


@frozen(kw_only=True)
class GetQueryExecution(ServiceTask):
    """Asks how a query stands.

    ``resources`` names its workgroup, which the call does not.
    https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryExecution.html
    """

    QueryExecutionId: DynamicText
    pattern: Pattern = REQUEST_RESPONSE

    service = "athena"
    action = "getQueryExecution"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (athena.GetQueryExecution,),
            resources=(_ANY_WORKGROUP,),
            documented=regional("athena", "workgroup/*"),
            reason="asks how the query stands",
            page=_PAGE,
        ),
    )


@frozen(kw_only=True)
class GetQueryResults(ServiceTask):
    """Returns the rows that a query has found, at most 1,000 in one call.

    ``resources`` names its workgroup and the objects of its results, ``arn:aws:s3:::bucket/prefix/*``.
    https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html
    """

    QueryExecutionId: DynamicText
    MaxResults: Integer | None = None
    NextToken: DynamicText | None = None
    QueryResultType: DynamicText | None = None
    pattern: Pattern = REQUEST_RESPONSE

    service = "athena"
    action = "getQueryResults"
    patterns: ClassVar[tuple[Pattern, ...]] = (REQUEST_RESPONSE,)
    grants: ClassVar[tuple[Grant, ...]] = (
        Grant(
            (athena.GetQueryResults,),
            resources=(_ANY_WORKGROUP,),
            documented=regional("athena", "workgroup/*"),
            reason="asks for the rows",
            page=_PAGE,
        ),
        Grant(
            (s3.GetObject,),
            resources=(_OBJECTS,),
            documented=_EVERYTHING,
            reason="reads the rows from where the query put them",
            conditional_on="Athena may manage the results",
            page=_PAGE,
        ),
    )
