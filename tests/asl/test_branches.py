"""Choice, Parallel and Map in the Amazon States Language: every field, at every depth."""

from __future__ import annotations

import json
from typing import Any

import pytest
from troposphere import Ref, Sub

from cfngen import (
    ALL,
    JSONATA,
    S3_GET_OBJECT,
    S3_LIST_OBJECTS_V2,
    S3_PUT_OBJECT,
    Catcher,
    Choice,
    ChoiceRule,
    DataTest,
    Fail,
    Goto,
    ItemBatcher,
    ItemReader,
    Jsonata,
    Map,
    Parallel,
    Pass,
    Path,
    ProcessorConfig,
    ReaderConfig,
    ResultWriter,
    Retrier,
    Succeed,
    Task,
    Wait,
    Workflow,
    WriterConfig,
)
from cfngen.asl.conditions import OPERATORS
from cfngen.asl.flow import Flow
from cfngen.asl.states import State
from cfngen.asl.values import REQUEST_RESPONSE, ServiceArn
from cfngen.core.declared import frozen
from cfngen.stacks import StateMachine
from cfngen.tasks.service import ServiceTask
from cfngen.template import to_yaml
from tests.rows import each_row

ARN = "arn:aws:states:::aws-sdk:batch:listJobs"
DISTRIBUTED = ProcessorConfig(Mode="DISTRIBUTED", ExecutionType="STANDARD")
DONE = Succeed("Done")
DEPTH = 200


def rendered(state: State, **fields: Any) -> Any:
    return Workflow(state, **fields).to_asl()["States"][state.Name]


def rule(**fields: Any) -> Any:
    """The first rule of a choice with these fields, without the state that it leads to."""
    shown = rendered(Choice("C", Choices=[ChoiceRule(**fields, Next=DONE)], Default=DONE))["Choices"][0]
    assert shown.pop("Next") == "Done"
    return shown


def mapped(**fields: Any) -> Any:
    shown = rendered(Map("M", ItemProcessor=Pass("P"), **fields))
    assert (shown.pop("Type"), shown.pop("End")) == ("Map", True)
    return shown


# --- choice --------------------------------------------------------------------------------------


def test_a_choice_leads_to_the_states_of_its_rules_and_to_its_default() -> None:
    choose = Choice(
        "C",
        Choices=[
            ChoiceRule(Variable="$.a", IsNull=True, Next=Pass("A") >> DONE),
            ChoiceRule(Variable="$.b", IsNull=True, Next=Goto("A")),
        ],
        Default=Fail("F"),
    )
    definition = Workflow(choose).to_asl()
    assert list(definition["States"]) == ["C", "A", "Done", "F"]
    assert definition["States"]["C"] == {
        "Type": "Choice",
        "Choices": [
            {"Variable": "$.a", "IsNull": True, "Next": "A"},
            {"Variable": "$.b", "IsNull": True, "Next": "A"},
        ],
        "Default": "F",
    }


def test_the_fields_of_a_choice_stand_in_this_order() -> None:
    choose = Choice(
        "C",
        Assign={"a": 1},
        OutputPath="$",
        Default=DONE,
        Choices=[
            ChoiceRule(Assign={"b": 2}, Next=DONE, IsNull=True, Variable="$.a", Comment="r"),
        ],
        InputPath="$",
        Comment="c",
    )
    shown = rendered(choose)
    assert list(shown) == ["Type", "Comment", "InputPath", "Choices", "Default", "OutputPath", "Assign"]
    assert list(shown["Choices"][0]) == ["Comment", "Variable", "IsNull", "Next", "Assign"]


OPERANDS = {
    "Is": False,
    "Boolean": True,
    "Numeric": 1.5,
    "String": "x",
    "Timestamp": "2026-03-14T01:59:00Z",
}
COMPARISONS = [name for name in OPERATORS if name not in ("And", "Or", "Not")]


def operand(name: str) -> Any:
    if name.endswith("Path"):
        return "$.other"
    return next(value for kind, value in OPERANDS.items() if name.startswith(kind))


def test_there_are_39_comparisons() -> None:
    assert len(COMPARISONS) == 39


@each_row("name", COMPARISONS)
def test_a_comparison_is_rendered_under_its_name(name: str) -> None:
    assert rule(Variable="$.a", **{name: operand(name)}) == {"Variable": "$.a", name: operand(name)}


@pytest.mark.parametrize("value", [0, 0.0, -1], ids=str)
def test_a_number_that_is_zero_or_less_is_compared_with(value: int | float) -> None:
    assert rule(Variable="$.a", NumericEquals=value) == {"Variable": "$.a", "NumericEquals": value}


def test_text_that_is_empty_is_compared_with() -> None:
    assert rule(Variable="$.a", StringEquals="") == {"Variable": "$.a", "StringEquals": ""}


def test_text_may_be_an_intrinsic() -> None:
    assert rule(Variable="$.a", StringMatches=Sub("${Name}-*"))["StringMatches"] == {"Fn::Sub": "${Name}-*"}


def test_tests_are_joined_at_any_depth() -> None:
    assert rule(
        And=[
            DataTest(Variable="$.a", IsPresent=True),
            DataTest(Or=[DataTest(Not=DataTest(Variable="$.a", IsNull=True))]),
        ]
    ) == {
        "And": [
            {"Variable": "$.a", "IsPresent": True},
            {"Or": [{"Not": {"Variable": "$.a", "IsNull": True}}]},
        ]
    }


def test_tests_are_joined_200_deep() -> None:
    test, shown = DataTest(Variable="$.a", IsNull=True), {"Variable": "$.a", "IsNull": True}
    for _ in range(DEPTH // 2):
        test = DataTest(And=[DataTest(Not=test)])
        shown = {"And": [{"Not": shown}]}
    assert rule(Not=test) == {"Not": shown}


@pytest.mark.parametrize("constant", [True, False])
def test_a_condition_may_be_a_constant(constant: bool) -> None:
    choose = Choice("C", Choices=[ChoiceRule(Condition=constant, Next=DONE)], Default=DONE)
    assert rendered(choose, QueryLanguage=JSONATA)["Choices"] == [{"Condition": constant, "Next": "Done"}]


def test_a_rule_of_jsonata_has_a_condition_and_its_own_output() -> None:
    choose = Choice(
        "C",
        Choices=[
            ChoiceRule(
                Condition=Jsonata("$states.input.n > 1"),
                Next=DONE,
                Assign={"n": Jsonata("$states.input.n")},
                Output={"many": True},
            )
        ],
        Default=DONE,
        Assign={"n": 0},
        Output=Jsonata("$states.input"),
    )
    shown = rendered(choose, QueryLanguage=JSONATA)
    assert shown == {
        "Type": "Choice",
        "Choices": [
            {
                "Condition": "{% $states.input.n > 1 %}",
                "Next": "Done",
                "Assign": {"n": "{% $states.input.n %}"},
                "Output": {"many": True},
            }
        ],
        "Default": "Done",
        "Assign": {"n": 0},
        "Output": "{% $states.input %}",
    }


def test_a_rule_assigns_from_paths() -> None:
    assert rule(Variable="$.a", IsNull=True, Assign={"a": Path("$.a")})["Assign"] == {"a.$": "$.a"}


def test_rules_are_equal_when_they_test_the_same_and_go_to_a_state_of_one_name() -> None:
    first = ChoiceRule(Variable="$.a", IsNull=True, Next=Pass("A") >> DONE)
    assert first == ChoiceRule(Variable="$.a", IsNull=True, Next=Goto("A"))
    assert first != ChoiceRule(Variable="$.a", IsNull=True, Next=Goto("B"))
    assert first != ChoiceRule(Variable="$.a", IsNull=False, Next=Goto("A"))


def test_choices_are_equal_when_their_defaults_have_one_name() -> None:
    choose = Choice("C", Choices=[], Default=Pass("A"))
    assert choose == Choice("C", Choices=[], Default=Goto("A"))
    assert choose != Choice("C", Choices=[])


def test_a_choice_shows_where_it_leads_by_name() -> None:
    choose = Choice(
        "C", Choices=[ChoiceRule(Variable="$.a", IsNull=True, Next=Pass("A") >> DONE)], Default=DONE
    )
    assert repr(choose) == (
        "Choice('C', Choices=[ChoiceRule(Variable='$.a', IsNull=True, Next=Goto('A'))], Default=Goto('Done'))"
    )


# --- parallel ------------------------------------------------------------------------------------


def test_the_fields_of_a_parallel_stand_in_this_order() -> None:
    both = Parallel(
        "P",
        Catch=[Catcher(ErrorEquals=[ALL], Next=Fail("F"), Assign={"e": Path("$.Error")}, ResultPath="$.e")],
        Retry=[Retrier(ErrorEquals=[ALL])],
        Assign={"a": Path("$[0]")},
        OutputPath="$",
        ResultPath="$.r",
        ResultSelector={"a": Path("$[0]")},
        Branches=[Pass("A") >> Pass("B"), Succeed("C")],
        Parameters={"p": Path("$.p")},
        InputPath="$.i",
        Comment="c",
    )
    shown = rendered(both)
    assert list(shown) == [
        "Type", "Comment", "InputPath", "Parameters", "Branches", "ResultSelector", "ResultPath", "OutputPath",
        "Assign", "End", "Retry", "Catch",
    ]  # fmt: skip
    assert shown["Branches"] == [
        {
            "StartAt": "A",
            "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "End": True}},
        },
        {"StartAt": "C", "States": {"C": {"Type": "Succeed"}}},
    ]
    assert shown["Catch"] == [
        {"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "F", "Assign": {"e.$": "$.Error"}}
    ]


def test_handlers_inside_a_branch_stay_inside_it() -> None:
    call = Task("T", Resource=ARN, Catch=[Catcher(ErrorEquals=[ALL], Next=Pass("H"))])
    definition = Workflow(Parallel("P", Branches=[call]) >> Pass("Last")).to_asl()
    assert list(definition["States"]) == ["P", "Last"]
    assert list(definition["States"]["P"]["Branches"][0]["States"]) == ["T", "H"]


def test_a_parallel_of_jsonata_has_arguments() -> None:
    both = Parallel(
        "P", Branches=[Pass("A")], Arguments=Jsonata("$states.input"), Output=Jsonata("$states.result")
    )
    shown = rendered(both, QueryLanguage=JSONATA)
    assert (shown["Arguments"], shown["Output"]) == ("{% $states.input %}", "{% $states.result %}")


# --- map -----------------------------------------------------------------------------------------


def test_a_map_holds_its_item_processor() -> None:
    assert mapped() == {
        "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}},
    }


def test_the_configuration_stands_before_the_states_of_the_processor() -> None:
    assert list(mapped(ProcessorConfig=DISTRIBUTED)["ItemProcessor"].items())[:2] == [
        ("ProcessorConfig", {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}),
        ("StartAt", "P"),
    ]


def test_the_fields_of_a_map_stand_in_this_order() -> None:
    each = Map(
        "M",
        Catch=[Catcher(ErrorEquals=[ALL], Next=Fail("F"))],
        Retry=[Retrier(ErrorEquals=[ALL])],
        Assign={"a": 1},
        OutputPath="$",
        ResultPath="$.r",
        ResultSelector={"a": 1},
        Label="L",
        ToleratedFailurePercentage=0.5,
        ToleratedFailureCount=0,
        MaxConcurrency=0,
        ResultWriter=ResultWriter(Resource=S3_PUT_OBJECT, Parameters={"Bucket": "b"}),
        ItemProcessor=Pass("P"),
        ProcessorConfig=DISTRIBUTED,
        ItemBatcher=ItemBatcher(MaxItemsPerBatch=1),
        ItemSelector={"item": Path("$$.Map.Item.Value")},
        ItemReader=ItemReader(Resource=S3_LIST_OBJECTS_V2, Parameters={"Bucket": "b"}),
        InputPath="$",
        Comment="c",
    )
    assert list(rendered(each)) == [
        "Type", "Comment", "InputPath", "ItemReader", "ItemSelector", "ItemBatcher", "ItemProcessor",
        "ResultWriter", "MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage", "Label",
        "ResultSelector", "ResultPath", "OutputPath", "Assign", "End", "Retry", "Catch",
    ]  # fmt: skip


def test_items_come_from_a_path() -> None:
    assert mapped(ItemsPath="$.jobs")["ItemsPath"] == "$.jobs"


@pytest.mark.parametrize(
    ("items", "shown"),
    [(Jsonata("$states.input.jobs"), "{% $states.input.jobs %}"), ([1, Jsonata("$n")], [1, "{% $n %}"])],
    ids=["expression", "list"],
)
def test_items_of_jsonata_are_an_expression_or_a_list(
    items: Jsonata | list[Jsonata | int], shown: str | list[int | str]
) -> None:
    assert rendered(Map("M", ItemProcessor=Pass("P"), Items=items), QueryLanguage=JSONATA)["Items"] == shown


@pytest.mark.parametrize("field", ["MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage"])
def test_a_path_to_a_number_of_a_map_is_its_sibling(field: str) -> None:
    shown = mapped(ProcessorConfig=DISTRIBUTED, **{field: Path("$.n")})
    assert shown[f"{field}Path"] == "$.n"
    assert field not in shown


@pytest.mark.parametrize("field", ["MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage"])
def test_an_expression_for_a_number_of_a_map_keeps_its_field(field: str) -> None:
    fields: dict[str, Any] = {field: Jsonata("$n")}
    each = Map("M", ItemProcessor=Pass("P"), ProcessorConfig=DISTRIBUTED, **fields)
    assert rendered(each, QueryLanguage=JSONATA)[field] == "{% $n %}"


READER_FIELDS: dict[str, Any] = {
    "InputType": "MANIFEST",
    "Transformation": "LOAD_AND_FLATTEN",
    "ManifestType": "ATHENA_DATA",
    "CSVHeaderLocation": "GIVEN",
    "CSVHeaders": ["a", "b"],
    "CSVDelimiter": "TAB",
    "ItemsPointer": "/items",
    "MaxItems": 9,
}


def test_every_field_of_a_reader_is_rendered_in_its_order() -> None:
    reader = ItemReader(
        Parameters={"Bucket": Ref("B"), "Key": Path("$.key")},
        ReaderConfig=ReaderConfig(**READER_FIELDS),
        Resource=S3_GET_OBJECT,
    )
    shown = mapped(ProcessorConfig=DISTRIBUTED, ItemReader=reader)["ItemReader"]
    assert list(shown.items()) == [
        ("Resource", "arn:aws:states:::s3:getObject"),
        ("ReaderConfig", READER_FIELDS),
        ("Parameters", {"Bucket": {"Ref": "B"}, "Key.$": "$.key"}),
    ]
    assert list(shown["ReaderConfig"]) == list(READER_FIELDS)


def test_a_reader_may_find_its_limit_at_a_path() -> None:
    config = ReaderConfig(MaxItems=Path("$.n"))
    reader = ItemReader(Resource=S3_LIST_OBJECTS_V2, ReaderConfig=config, Parameters={"Bucket": "b"})
    shown = mapped(ProcessorConfig=DISTRIBUTED, ItemReader=reader)["ItemReader"]
    assert shown["ReaderConfig"] == {"MaxItemsPath": "$.n"}


def test_a_batcher_renders_its_limits_and_what_goes_with_each_batch() -> None:
    batcher = ItemBatcher(
        MaxInputBytesPerBatch=Path("$.b"), MaxItemsPerBatch=2, BatchInput={"d": Path("$.d")}
    )
    shown = mapped(ProcessorConfig=DISTRIBUTED, ItemBatcher=batcher)["ItemBatcher"]
    assert list(shown.items()) == [
        ("BatchInput", {"d.$": "$.d"}),
        ("MaxItemsPerBatch", 2),
        ("MaxInputBytesPerBatchPath", "$.b"),
    ]


def test_a_batcher_may_find_its_items_at_a_path() -> None:
    shown = mapped(ProcessorConfig=DISTRIBUTED, ItemBatcher=ItemBatcher(MaxItemsPerBatch=Path("$.n")))
    assert shown["ItemBatcher"] == {"MaxItemsPerBatchPath": "$.n"}


def test_a_writer_says_where_and_in_which_form() -> None:
    writer = ResultWriter(
        Parameters={"Bucket": Ref("B"), "Prefix": Path("$.day")},
        WriterConfig=WriterConfig(OutputType="JSONL", Transformation="FLATTEN"),
        Resource=S3_PUT_OBJECT,
    )
    assert list(mapped(ProcessorConfig=DISTRIBUTED, ResultWriter=writer)["ResultWriter"].items()) == [
        ("Resource", "arn:aws:states:::s3:putObject"),
        ("WriterConfig", {"Transformation": "FLATTEN", "OutputType": "JSONL"}),
        ("Parameters", {"Bucket": {"Ref": "B"}, "Prefix.$": "$.day"}),
    ]


def test_a_writer_may_say_the_form_alone() -> None:
    writer = ResultWriter(WriterConfig=WriterConfig(Transformation="NONE", OutputType="JSON"))
    shown = mapped(ProcessorConfig=DISTRIBUTED, ResultWriter=writer)["ResultWriter"]
    assert shown == {"WriterConfig": {"Transformation": "NONE", "OutputType": "JSON"}}


def test_readers_and_writers_of_jsonata_have_arguments() -> None:
    each = Map(
        "M",
        ItemProcessor=Pass("P"),
        ProcessorConfig=DISTRIBUTED,
        ItemReader=ItemReader(Resource=S3_GET_OBJECT, Arguments={"Bucket": "b", "Key": Jsonata("$key")}),
        ItemBatcher=ItemBatcher(MaxItemsPerBatch=Jsonata("$n"), BatchInput={"d": Jsonata("$d")}),
        ResultWriter=ResultWriter(Resource=S3_PUT_OBJECT, Arguments={"Bucket": Jsonata("$b")}),
    )
    shown = rendered(each, QueryLanguage=JSONATA)
    assert shown["ItemReader"]["Arguments"] == {"Bucket": "b", "Key": "{% $key %}"}
    assert shown["ItemBatcher"] == {"BatchInput": {"d": "{% $d %}"}, "MaxItemsPerBatch": "{% $n %}"}
    assert shown["ResultWriter"]["Arguments"] == {"Bucket": "{% $b %}"}


def test_a_reader_s_resource_is_spelled_for_the_partition() -> None:
    reader = ItemReader(Resource=S3_GET_OBJECT, Parameters={"Bucket": "b", "Key": "k"})
    each = Map("M", ItemProcessor=Pass("P"), ProcessorConfig=DISTRIBUTED, ItemReader=reader)
    shown = Workflow(each).to_asl(partition="aws-cn")["States"]["M"]["ItemReader"]
    assert shown["Resource"] == "arn:aws-cn:states:::s3:getObject"


@pytest.mark.parametrize(
    "resource",
    [Ref("Reader"), "${Reader}", "arn:aws:states:::s3:getObject"],
    ids=lambda given: type(given).__name__,
)
def test_a_reader_s_resource_may_be_filled_in_later(resource: Ref | str) -> None:
    reader = ItemReader(Resource=resource, Parameters={"Bucket": "b", "Key": "k"})
    shown = mapped(ProcessorConfig=DISTRIBUTED, ItemReader=reader)["ItemReader"]["Resource"]
    assert shown == (resource if isinstance(resource, str) else {"Ref": "Reader"})


# --- both languages ------------------------------------------------------------------------------


@each_row(
    ("state", "field"),
    [
        (Wait("S", Seconds=Jsonata("$n")), "Seconds"),
        (Wait("S", Timestamp=Jsonata("$n")), "Timestamp"),
        (Fail("S", Error=Jsonata("$n")), "Error"),
        (Fail("S", Cause=Jsonata("$n")), "Cause"),
        (Task("S", Resource=ARN, TimeoutSeconds=Jsonata("$n")), "TimeoutSeconds"),
        (Task("S", Resource=ARN, HeartbeatSeconds=Jsonata("$n")), "HeartbeatSeconds"),
        (Task("S", Resource=ARN, Arguments=Jsonata("$n")), "Arguments"),
        (Pass("S", Output=Jsonata("$n")), "Output"),
        (Succeed("S", Output=Jsonata("$n")), "Output"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.Type,
)
def test_an_expression_is_delimited_where_it_stands(state: State, field: str) -> None:
    assert rendered(state, QueryLanguage=JSONATA)[field] == "{% $n %}"


def test_an_expression_may_stand_anywhere_in_a_payload() -> None:
    arguments: dict[str, Any] = {"a": [1, Jsonata("$n")], "b": {"c": Jsonata("$m")}, "text": "$.not.a.path"}
    assert rendered(Task("T", Resource=ARN, Arguments=arguments), QueryLanguage=JSONATA)["Arguments"] == {
        "a": [1, "{% $n %}"],
        "b": {"c": "{% $m %}"},
        "text": "$.not.a.path",
    }


def test_a_catcher_of_jsonata_assigns_and_puts_out() -> None:
    catcher = Catcher(
        ErrorEquals=[ALL],
        Next=Fail("F"),
        Assign={"e": Jsonata("$states.errorOutput")},
        Output=Jsonata("$states.errorOutput.Cause"),
    )
    assert rendered(Task("T", Resource=ARN, Catch=[catcher]), QueryLanguage=JSONATA)["Catch"] == [
        {
            "ErrorEquals": ["States.ALL"],
            "Next": "F",
            "Assign": {"e": "{% $states.errorOutput %}"},
            "Output": "{% $states.errorOutput.Cause %}",
        }
    ]


@each_row("output", [None, 0, "", [], {}], ids=lambda value: type(value).__name__)
def test_an_empty_output_is_an_output(output: Any) -> None:
    assert rendered(Pass("P", Output=output), QueryLanguage=JSONATA)["Output"] == output


def test_the_query_language_is_rendered_where_it_is_given() -> None:
    workflow = Workflow(
        Pass("A") >> Pass("B", QueryLanguage=JSONATA), QueryLanguage="JSONPath", Comment="c"
    )
    definition = workflow.to_asl()
    assert list(definition) == ["Comment", "QueryLanguage", "StartAt", "States"]
    assert definition["States"] == {
        "A": {"Type": "Pass", "Next": "B"},
        "B": {"Type": "Pass", "QueryLanguage": "JSONata", "End": True},
    }


def test_a_typed_task_passes_parameters_or_arguments_as_the_language_has_them() -> None:
    @frozen(kw_only=True)
    class ListJobs(ServiceTask):
        JobQueue: str | None = None

        service = "batch"
        action = "listJobs"
        patterns = (REQUEST_RESPONSE,)
        grants = ()

    first = ListJobs("A", pattern=REQUEST_RESPONSE, JobQueue="q")
    second = ListJobs("B", pattern=REQUEST_RESPONSE, JobQueue="q", QueryLanguage=JSONATA)
    shown = Workflow(first >> second).to_asl()["States"]
    assert (shown["A"]["Parameters"], shown["B"]["Arguments"]) == ({"JobQueue": "q"}, {"JobQueue": "q"})


def test_a_state_inside_one_of_jsonata_speaks_the_language_of_the_workflow() -> None:
    inner = Pass("P", Parameters={"n": Path("$.n")})
    each = Map("M", QueryLanguage=JSONATA, Items=[1], ItemProcessor=inner)
    assert Workflow(each).check() == []


# --- depth and sharing ---------------------------------------------------------------------------


def nested(depth: int) -> Flow:
    flow: Flow = Pass("Innermost")
    for number in range(depth):
        if number % 2:
            flow = Map(f"S{number}", ItemProcessor=flow)
        else:
            flow = Parallel(f"S{number}", Branches=[flow])
    return flow


def test_states_are_linked_checked_and_rendered_200_deep() -> None:
    shown = Workflow(nested(DEPTH)).to_asl()
    for number in reversed(range(DEPTH)):
        state = shown["States"][f"S{number}"]
        shown = state["ItemProcessor"] if number % 2 else state["Branches"][0]
    assert shown == {"StartAt": "Innermost", "States": {"Innermost": {"Type": "Pass", "End": True}}}


def test_states_200_deep_become_a_template() -> None:
    template = StateMachine(Workflow(nested(DEPTH))).template()
    assert "Innermost" in to_yaml(template)


def test_states_200_deep_are_compared_and_shown() -> None:
    assert nested(DEPTH) == nested(DEPTH)
    assert nested(DEPTH) != nested(DEPTH - 1)
    assert repr(nested(DEPTH)).count("Innermost") == 1


def test_states_200_deep_make_the_outline() -> None:
    assert str(Workflow(nested(DEPTH))).splitlines()[-1] == f"{'    ' * DEPTH}Innermost: pass"


def test_one_flow_stands_in_two_workflows() -> None:
    flow = Parallel("P", Branches=[Pass("A") >> Pass("B")])
    alone = json.dumps(Workflow(flow).to_asl())
    followed = Workflow(flow >> Pass("Last"), QueryLanguage=JSONATA).to_asl()
    assert followed["States"]["P"]["Next"] == "Last"
    assert json.dumps(Workflow(flow).to_asl()) == alone


@pytest.mark.slow
def test_a_parallel_has_10_000_branches() -> None:
    both = Parallel("P", Branches=[Pass(f"S{number}") for number in range(10_000)])
    assert len(Workflow(both).to_asl()["States"]["P"]["Branches"]) == 10_000


def test_resources_of_other_services_are_spelled_by_name() -> None:
    reader = ItemReader(Resource=ServiceArn("s3", "listObjectsV2", REQUEST_RESPONSE))
    assert reader == ItemReader(Resource=S3_LIST_OBJECTS_V2)
