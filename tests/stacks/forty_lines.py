"""AWS's sample *Manage a batch job*, resources included, as a user of the library would write it."""

from troposphere import GetAtt, Parameter, Ref, Sub, Template
from troposphere import batch as aws
from troposphere.iam import Role
from troposphere.sns import Topic

from cfngen import ALL, SYNC, Catcher, Retrier, Workflow
from cfngen.iam.trust import trust
from cfngen.stacks import StateMachine
from cfngen.tasks import batch, sns

template = Template("Run a batch job and tell a topic how it went")
subnets = template.add_parameter(Parameter("Subnets", Type="List<AWS::EC2::Subnet::Id>"))
groups = template.add_parameter(Parameter("SecurityGroups", Type="List<AWS::EC2::SecurityGroup::Id>"))
execution = Sub("arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy")
tasks = trust("ecs-tasks.amazonaws.com")
role = Role("Role", AssumeRolePolicyDocument=tasks, ManagedPolicyArns=[execution])
needs = {"VCPU": "1", "MEMORY": "2048"}
container = aws.ContainerProperties(
    Image="public.ecr.aws/amazonlinux/amazonlinux:2023",
    Command=["echo", "Hello world"],
    ResourceRequirements=[aws.ResourceRequirement(Type=it, Value=needs[it]) for it in needs],
    ExecutionRoleArn=GetAtt(role, "Arn"),
    NetworkConfiguration=aws.NetworkConfiguration(AssignPublicIp="ENABLED"),
)
on = ["FARGATE"]
job = aws.JobDefinition("Job", Type="container", PlatformCapabilities=on, ContainerProperties=container)
network = {"Subnets": Ref(subnets), "SecurityGroupIds": Ref(groups)}
fargate = aws.ComputeResources(Type="FARGATE", MaxvCpus=64, **network)
environment = aws.ComputeEnvironment("Environment", Type="MANAGED", ComputeResources=fargate)
order = aws.ComputeEnvironmentOrder(Order=1, ComputeEnvironment=Ref(environment))
queue = aws.JobQueue("Queue", Priority=1, ComputeEnvironmentOrder=[order])
topic = Topic("Topic")
template.add_resource([role, job, environment, queue, topic])

succeeded = sns.Publish("Notify Success", TopicArn=Ref(topic), Message="The job succeeded")
failed = sns.Publish("Notify Failure", TopicArn=Ref(topic), Message="The job failed")
retry, catch = [Retrier(ErrorEquals=[ALL], MaxAttempts=2)], [Catcher(ErrorEquals=[ALL], Next=failed)]
where = {"JobQueue": Ref(queue), "JobDefinition": Ref(job)}
submit = batch.SubmitJob("Submit", pattern=SYNC, JobName="Sample", **where, Retry=retry, Catch=catch)
StateMachine(Workflow(submit >> succeeded, TimeoutSeconds=3600)).add_to(template)
