"""The stack of `cfngen template batch-job-notification`, written by hand with troposphere and awacs."""

from awacs import batch as batch_actions
from awacs import events, sts
from awacs import sns as sns_actions
from awacs.aws import (
    Allow,
    ArnLike,
    Condition,
    PolicyDocument,
    Principal,
    SourceAccount,
    SourceArn,
    Statement,
    StringEquals,
)
from troposphere import GetAtt, GetAZs, Output, Ref, Select, Sub, Template
from troposphere.batch import (
    ComputeEnvironment,
    ComputeEnvironmentOrder,
    ComputeResources,
    ContainerProperties,
    JobDefinition,
    JobQueue,
    ResourceRequirement,
    ResourceRetentionPolicy,
    RetryStrategy,
)
from troposphere.ec2 import (
    VPC,
    InternetGateway,
    Route,
    RouteTable,
    SecurityGroup,
    SecurityGroupRule,
    Subnet,
    SubnetRouteTableAssociation,
    VPCGatewayAttachment,
)
from troposphere.iam import InstanceProfile, Policy, Role
from troposphere.sns import Topic
from troposphere.stepfunctions import StateMachine

template = Template("Run an AWS Batch job with Step Functions and tell an SNS topic how it went")
template.set_version("2010-09-09")

topic = template.add_resource(Topic("SNSTopic"))

# The job.
job_definition = template.add_resource(
    JobDefinition(
        "BatchJobDefinition",
        Type="container",
        PlatformCapabilities=["EC2"],
        ContainerProperties=ContainerProperties(
            Image="public.ecr.aws/amazonlinux/amazonlinux:2023",
            Command=["echo", "Hello world"],
            ResourceRequirements=[
                ResourceRequirement(Type="VCPU", Value="2"),
                ResourceRequirement(Type="MEMORY", Value="2000"),
            ],
        ),
        RetryStrategy=RetryStrategy(Attempts=1),
        ResourceRetentionPolicy=ResourceRetentionPolicy(SkipDeregisterOnUpdate=True),
    )
)

# The network.
vpc = template.add_resource(VPC("BatchVPC", CidrBlock="10.0.0.0/16"))
subnets = [
    template.add_resource(
        Subnet(
            f"BatchSubnet{number}",
            VpcId=Ref(vpc),
            CidrBlock=f"10.0.{zone}.0/24",
            AvailabilityZone=Select(zone, GetAZs("")),
            MapPublicIpOnLaunch=True,
        )
    )
    for zone, number in enumerate(["", "2"])
]
gateway = template.add_resource(InternetGateway("BatchInternetGateway"))
attachment = template.add_resource(
    VPCGatewayAttachment("BatchVPCGatewayAttachment", VpcId=Ref(vpc), InternetGatewayId=Ref(gateway))
)
route_table = template.add_resource(RouteTable("PublicRouteTable", VpcId=Ref(vpc)))
route = template.add_resource(
    Route(
        "PublicRoute",
        DependsOn=attachment,
        RouteTableId=Ref(route_table),
        DestinationCidrBlock="0.0.0.0/0",
        GatewayId=Ref(gateway),
    )
)
associations = [
    template.add_resource(
        SubnetRouteTableAssociation(
            f"BatchSubnetRouteTableAssociation{number}", RouteTableId=Ref(route_table), SubnetId=Ref(subnet)
        )
    )
    for subnet, number in zip(subnets, ["", "2"], strict=True)
]
security_group = template.add_resource(
    SecurityGroup(
        "BatchSecurityGroup",
        GroupDescription="Batch jobs: HTTPS out, nothing in",
        VpcId=Ref(vpc),
        SecurityGroupEgress=[
            SecurityGroupRule(
                Description="HTTPS to the container registry and to AWS",
                IpProtocol="tcp",
                FromPort=443,
                ToPort=443,
                CidrIp="0.0.0.0/0",
            )
        ],
    )
)

# What the job runs on.
instance_role = template.add_resource(
    Role(
        "BatchEcsInstanceRole",
        AssumeRolePolicyDocument=PolicyDocument(
            Version="2012-10-17",
            Statement=[
                Statement(
                    Effect=Allow,
                    Principal=Principal("Service", Sub("ec2.${AWS::URLSuffix}")),
                    Action=[sts.AssumeRole],
                )
            ],
        ),
        ManagedPolicyArns=[
            Sub("arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role")
        ],
    )
)
instance_profile = template.add_resource(
    InstanceProfile("BatchIamInstanceProfile", Roles=[Ref(instance_role)])
)
compute_environment = template.add_resource(
    ComputeEnvironment(
        "BatchComputeEnvironment",
        DependsOn=[route, *associations],
        Type="MANAGED",
        ReplaceComputeEnvironment=False,
        ComputeResources=ComputeResources(
            Type="EC2",
            AllocationStrategy="BEST_FIT_PROGRESSIVE",
            UpdateToLatestImageVersion=True,
            MinvCpus=0,
            MaxvCpus=64,
            InstanceTypes=["optimal"],
            InstanceRole=GetAtt(instance_profile, "Arn"),
            Subnets=[Ref(subnet) for subnet in subnets],
            SecurityGroupIds=[Ref(security_group)],
        ),
    )
)
job_queue = template.add_resource(
    JobQueue(
        "BatchJobQueue",
        Priority=1,
        ComputeEnvironmentOrder=[
            ComputeEnvironmentOrder(Order=1, ComputeEnvironment=Ref(compute_environment))
        ],
    )
)

# The state machine.
execution_role = template.add_resource(
    Role(
        "BatchJobNotificationExecutionRole",
        AssumeRolePolicyDocument=PolicyDocument(
            Version="2012-10-17",
            Statement=[
                Statement(
                    Effect=Allow,
                    Principal=Principal("Service", "states.amazonaws.com"),
                    Action=[sts.AssumeRole],
                    Condition=Condition(
                        [
                            StringEquals(SourceAccount, Ref("AWS::AccountId")),
                            ArnLike(
                                SourceArn,
                                Sub(
                                    "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:*"
                                ),
                            ),
                        ]
                    ),
                )
            ],
        ),
        Policies=[
            Policy(
                PolicyName="BatchJobNotificationAccessPolicy",
                PolicyDocument=PolicyDocument(
                    Version="2012-10-17",
                    Statement=[
                        Statement(Effect=Allow, Action=[sns_actions.Publish], Resource=[Ref(topic)]),
                        Statement(
                            Effect=Allow,
                            Action=[
                                batch_actions.SubmitJob,
                                batch_actions.DescribeJobs,
                                batch_actions.TerminateJob,
                            ],
                            Resource=["*"],
                        ),
                        Statement(
                            Effect=Allow,
                            Action=[events.PutTargets, events.PutRule, events.DescribeRule],
                            Resource=[
                                Sub(
                                    "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}"
                                    ":rule/StepFunctionsGetEventsForBatchJobsRule"
                                )
                            ],
                        ),
                    ],
                ),
            )
        ],
    )
)
state_machine = template.add_resource(
    StateMachine(
        "BatchJobNotificationStateMachine",
        RoleArn=GetAtt(execution_role, "Arn"),
        Definition={
            "Comment": "An example of the Amazon States Language for notification"
            " on an AWS Batch job completion",
            "StartAt": "Submit Batch Job",
            "TimeoutSeconds": 3600,
            "States": {
                "Submit Batch Job": {
                    "Type": "Task",
                    "Resource": Sub("arn:${AWS::Partition}:states:::batch:submitJob.sync"),
                    "Parameters": {
                        "JobName": "BatchJobNotification",
                        "JobQueue": Ref(job_queue),
                        "JobDefinition": Ref(job_definition),
                    },
                    "Next": "Notify Success",
                    "Retry": [
                        {
                            "ErrorEquals": ["States.ALL"],
                            "IntervalSeconds": 30,
                            "MaxAttempts": 2,
                            "BackoffRate": 1.5,
                        }
                    ],
                    "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Notify Failure"}],
                },
                "Notify Success": {
                    "Type": "Task",
                    "Resource": Sub("arn:${AWS::Partition}:states:::sns:publish"),
                    "Parameters": {
                        "Message": "Batch job submitted through Step Functions succeeded",
                        "TopicArn": Ref(topic),
                    },
                    "End": True,
                },
                "Notify Failure": {
                    "Type": "Task",
                    "Resource": Sub("arn:${AWS::Partition}:states:::sns:publish"),
                    "Parameters": {
                        "Message": "Batch job submitted through Step Functions failed",
                        "TopicArn": Ref(topic),
                    },
                    "End": True,
                },
            },
        },
    )
)

template.add_output(
    [
        Output("StateMachineArn", Description="The state machine.", Value=Ref(state_machine)),
        Output("ExecutionInput", Description="Sample input to StartExecution.", Value="{}"),
        Output(
            "ExecutionRoleArn",
            Description="The role of the state machine.",
            Value=GetAtt(execution_role, "Arn"),
        ),
        Output("TopicArn", Description="The topic that hears how the job went.", Value=Ref(topic)),
        Output("JobQueueArn", Description="The queue of the job.", Value=Ref(job_queue)),
        Output("JobDefinitionArn", Description="The definition of the job.", Value=Ref(job_definition)),
        Output(
            "ComputeEnvironmentArn",
            Description="What the job runs on.",
            Value=Ref(compute_environment),
        ),
    ]
)

print(template.to_yaml())
