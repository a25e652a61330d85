"""JSONata with variables: a basket is priced, and every later state reads the total from a variable.

Nothing has to be carried from state to state: ``$total`` and ``$customer`` are there until the end.
The discount is a
parameter of the stack: what CloudFormation fills in is text, of which ``$number`` makes a number.

    cfngen template jsonata_variables.py:template
"""

from troposphere import Output, Parameter, Template

from cfngen import JSONATA, Choice, ChoiceRule, Jsonata, Pass, Workflow
from cfngen.stacks import StateMachine
from cfngen.stacks.parts import NotificationTopic
from cfngen.tasks import sns

template = Template("Price a basket, with a discount for large ones")
discount = template.add_parameter(
    Parameter(
        "Discount",
        Type="String",
        AllowedPattern="0[.][0-9]+",
        Default="0.1",
        Description="What is taken off large baskets, such as 0.1.",
    )
).ref()
topic = NotificationTopic().add_to(template)

price = Pass(
    "Price",
    Assign={
        "customer": Jsonata("$states.input.customer"),
        "total": Jsonata("$sum($states.input.basket.(price * count))"),
        "discount": discount,
    },
)
reduce = Pass("Reduce", Assign={"total": Jsonata("$round($total * (1 - $number($discount)), 2)")})
tell = sns.Publish(
    "Tell",
    TopicArn=topic,
    Message=Jsonata("$customer & ' pays ' & $string($total)"),
    Output={"customer": Jsonata("$customer"), "total": Jsonata("$total")},
)
large = Choice(
    "Large?",
    Choices=[ChoiceRule(Condition=Jsonata("$total >= 100"), Next=reduce >> tell)],
    Default=tell,
)
workflow = Workflow(price >> large, QueryLanguage=JSONATA)
machine = StateMachine(workflow, logical_id="Basket").add_to(template)
template.add_output(Output("StateMachineArn", Value=machine.ref()))
