"""What moto gets wrong where cfngen stands on it: each defect with a probe, and a repair from outside.

A repair is applied only where its probe meets the defect in the version that is installed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cfngen.core.declared import Declared, frozen
from cfngen.local.patches import batch, cloudformation, iam, interpreter, machines, stack_deletion, tasks


@frozen
class Repair(Declared):
    """A defect in words, a probe that tells whether it is there, and what mends it."""

    name: str
    defect: str
    is_needed: Callable[[], bool]
    apply: Callable[[], None]


REPAIRS: Final = (
    Repair(
        "job-definition-without-retry-strategy",
        "a job definition without RetryStrategy is refused",
        batch.refuses_a_job_definition_without_retry_strategy,
        batch.accept_a_job_definition_without_retry_strategy,
    ),
    Repair(
        "compute-environment-without-service-role",
        "a compute environment without ServiceRole is refused",
        batch.refuses_a_compute_environment_without_service_role,
        batch.use_the_service_linked_role,
    ),
    Repair(
        "managed-policies",
        "AWS's managed policies are unknown unless all are read at the start, which takes long",
        iam.has_no_managed_policies,
        iam.read_managed_policies_when_they_are_named,
    ),
    Repair(
        "managed-policies-of-a-role",
        "ManagedPolicyArns of a role are ignored",
        iam.ignores_the_managed_policies_of_a_role,
        iam.attach_the_managed_policies_of_a_role,
    ),
    Repair(
        "outputs-after-a-change-set",
        "a stack made by a change set shows no outputs",
        cloudformation.forgets_the_outputs_of_a_change_set,
        cloudformation.read_the_outputs_of_a_change_set,
    ),
    Repair(
        "failure-of-a-resource",
        "a resource that cannot be made is an error of the call; the stack neither says why nor rolls back",
        cloudformation.answers_with_the_error_of_a_resource,
        cloudformation.roll_back_when_a_resource_fails,
    ),
    Repair(
        "names-that-are-too-long",
        "a long name of a stack makes names of roles that are too long",
        cloudformation.makes_up_names_that_are_too_long,
        cloudformation.shorten_names,
    ),
    Repair(
        "order-of-deletion",
        "a stack's resources are deleted in any order, and may stand in each other's way",
        cloudformation.deletes_in_any_order,
        cloudformation.delete_in_reverse,
    ),
    Repair(
        "deleting-a-stack-leaves-resources",
        "deleting a stack leaves queues, compute environments, job definitions, gateways and route tables",
        stack_deletion.are_left,
        stack_deletion.delete_them,
    ),
    Repair(
        "machines-of-cloudformation-do-not-run",
        "a state machine made by CloudFormation does not run",
        machines.are_where_nothing_runs,
        machines.put_them_where_they_run,
    ),
    Repair(
        "definition-as-an-object",
        "Definition, DefinitionSubstitutions and StateMachineType of a state machine are ignored",
        machines.ignore_the_definition_as_an_object,
        machines.read_the_definition_as_an_object,
    ),
    Repair(
        "execution-without-a-name",
        "an execution without a name is called None",
        machines.call_an_execution_none,
        machines.name_executions,
    ),
    Repair(
        "what-an-execution-ended-with",
        "an output that is text or null is not shown as JSON, and an execution that timed out has no end",
        machines.show_an_output_that_is_no_json,
        machines.show_how_an_execution_ended,
    ),
    Repair(
        "cause-of-a-failed-task",
        "the cause that SendTaskFailure gives is dropped",
        machines.drop_the_cause_of_a_failed_task,
        machines.keep_the_cause_of_a_failed_task,
    ),
    Repair(
        "spelling-of-arguments",
        "arguments and results of services are not respelled as Step Functions has them",
        interpreter.leaves_arguments_as_they_are_spelled,
        interpreter.respell_arguments_and_results,
    ),
    Repair(
        "errors-of-step-functions-in-branches",
        "an error such as States.TaskFailed inside a branch or a map breaks the execution, uncaught",
        interpreter.breaks_at_an_error_of_step_functions,
        interpreter.let_errors_of_step_functions_pass,
    ),
    Repair(
        "query-language-of-another-machine",
        "a refused JSONata definition breaks all later ones",
        interpreter.keeps_the_query_language_of_another_machine,
        interpreter.begin_with_no_query_language,
    ),
    Repair(
        "jsonata-is-not-evaluated",
        "JSONata is not evaluated; jsonata-python stands in",
        interpreter.evaluates_no_jsonata,
        interpreter.evaluate_jsonata,
    ),
    Repair(
        "context-in-a-predicate",
        "JSONata may not say $ in a predicate",
        interpreter.refuses_the_context_in_a_predicate,
        interpreter.accept_the_context_in_a_predicate,
    ),
    Repair(
        "jsonata-that-fails",
        "JSONata that fails is no States.QueryEvaluationError",
        interpreter.takes_failing_jsonata_for_a_fault_of_its_own,
        interpreter.fail_with_the_error_of_the_query_language,
    ),
    Repair(
        "quotes-in-variables",
        "a variable with a quotation mark breaks the JSONata that reads it",
        interpreter.breaks_at_a_quotation_mark,
        interpreter.escape_quotation_marks,
    ),
    Repair(
        "services-that-are-refused",
        "a definition that calls some of the optimized integrations is refused",
        tasks.are_of_few_services,
        tasks.accept_all_services,
    ),
    Repair(
        "patterns-that-are-refused",
        "a task that waits for some services fails before anybody can answer for them",
        tasks.are_of_few_patterns,
        tasks.accept_all_patterns,
    ),
    Repair(
        "arguments-that-are-lost",
        "arguments of a call that the interpreter does not know are lost",
        tasks.lose_arguments,
        tasks.keep_all_arguments,
    ),
    Repair(
        "errors-that-end-an-execution",
        "States.ALL stands for States.Runtime and States.DataLimitExceeded too",
        tasks.survive_errors_that_end_an_execution,
        tasks.end_with_errors_that_end_an_execution,
    ),
    Repair(
        "activities-that-fail",
        "an error of an activity may pass by its retriers and catchers",
        tasks.never_retry_a_failed_activity,
        tasks.retry_failed_activities,
    ),
)


def apply_needed() -> tuple[list[Repair], list[tuple[Repair, Exception]]]:
    """Apply the repairs that this version needs; return them, and those that it does not let be made."""
    applied: list[Repair] = []
    failed: list[tuple[Repair, Exception]] = []
    for repair in REPAIRS:
        try:
            if repair.is_needed():
                repair.apply()
                applied.append(repair)
        except Exception as error:
            failed.append((repair, error))
    return applied, failed
