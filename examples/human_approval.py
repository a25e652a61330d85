"""A person decides: the workflow sends a token to a queue, and waits until it comes back.

Whoever reads the queue answers with the token, within two days:

    aws stepfunctions send-task-success --task-token TOKEN --task-output '{"approved": true, "by": "Ada"}'

    cfngen template human_approval.py:template
"""

from troposphere import Output, Template
from troposphere.sqs import Queue

from cfngen import CALLBACK, TIMEOUT, Catcher, Choice, ChoiceRule, Fail, Path, Workflow
from cfngen.stacks import StateMachine
from cfngen.stacks.parts import NotificationTopic
from cfngen.tasks import sns, sqs

template = Template("Ask a person before a payment is made")
questions = template.add_resource(
    Queue(
        "Questions",
        MessageRetentionPeriod=2 * 86400,
        DeletionPolicy="Delete",
        UpdateReplacePolicy="Delete",
    )
).ref()
topic = NotificationTopic().add_to(template)

pay = sns.Publish(
    "Pay", TopicArn=topic, Message=Path("States.Format('{} was approved by {}', $.payment, $.answer.by)")
)
refuse = Fail("Refuse", Error="Payment.Refused")
expire = Fail("Expire", Error="Payment.Expired", Cause="Nobody answered in two days")
ask = sqs.SendMessage(
    "Ask",
    pattern=CALLBACK,
    QueueUrl=questions,
    MessageBody={"payment": Path("$.payment"), "amount": Path("$.amount"), "token": Path("$$.Task.Token")},
    ResultPath="$.answer",
    TimeoutSeconds=2 * 86400,
    Catch=[Catcher(ErrorEquals=[TIMEOUT], Next=expire)],
)
approved = Choice(
    "Approved?",
    Choices=[ChoiceRule(Variable="$.answer.approved", BooleanEquals=True, Next=pay)],
    Default=refuse,
)
workflow = Workflow(ask >> approved)
machine = StateMachine(workflow, logical_id="Payments").add_to(template)
template.add_output(Output("StateMachineArn", Value=machine.ref()))
