"""The smallest call of every optimized integration, as AWS's pages show it.

https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html, and the page of each service
"""

from __future__ import annotations

from typing import Any

from cfngen import Path

_ROLE = "arn:aws:iam::123456789012:role/ProjectRole"
_S3 = "s3://amzn-s3-demo-bucket/data"
_CLUSTER = {
    "ClusterName": "MyCluster",
    "CertificateAuthority": "ANPAJ2UCCR6DPCEXAMPLE",
    "Endpoint": "https://AKIAIOSFODNN7EXAMPLE.yl4.us-east-1.eks.amazonaws.com",
}
_TRAINING = {
    "AlgorithmSpecification": {"TrainingImage": "image", "TrainingInputMode": "File"},
    "OutputDataConfig": {"S3OutputPath": _S3},
    "ResourceConfig": {"InstanceCount": 1, "InstanceType": "ml.m4.xlarge", "VolumeSizeInGB": 10},
    "RoleArn": _ROLE,
    "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
}

CALLS: dict[str, Any] = {
    "apigateway:invoke": {
        "ApiEndpoint": "example.execute-api.us-east-1.amazonaws.com",
        "Method": "GET",
        "Headers": {"key": ["value1", "value2"]},
        "Stage": "prod",
        "Path": "bills",
        "QueryParameters": {"billId": ["123456"]},
        "RequestBody": {},
        "AuthType": "NO_AUTH",
    },
    "athena:getQueryExecution": {"QueryExecutionId": Path("$.id")},
    "athena:getQueryResults": {"QueryExecutionId": Path("$.id")},
    "athena:startQueryExecution": {
        "QueryString": 'SELECT * FROM "myDatabase"."myTable" limit 1',
        "WorkGroup": "primary",
        "ResultConfiguration": {"OutputLocation": "s3://athenaQueryResult"},
    },
    "athena:stopQueryExecution": {"QueryExecutionId": Path("$.id")},
    "batch:submitJob": {
        "JobName": "BATCH_NAME",
        "JobQueue": "BATCH_QUEUE_ARN",
        "JobDefinition": "BATCH_JOB_DEFINITION_ARN",
        "ArrayProperties": {"Size": 10},
        "ContainerOverrides": {
            "Environment": [{"Name": "key", "Value": "1"}],
            "ResourceRequirements": [{"Type": "VCPU", "Value": "4"}],
        },
        "Timeout": {"AttemptDurationSeconds": 60},
    },
    "bedrock:createModelCustomizationJob": {
        "BaseModelIdentifier": "model",
        "CustomModelName": "MyCustomModel",
        "JobName": "MyJob",
        "HyperParameters": {"epochCount": "1"},
        "OutputDataConfig": {"S3Uri": _S3},
        "RoleArn": _ROLE,
        "TrainingDataConfig": {"S3Uri": _S3},
    },
    "bedrock:invokeModel": {
        "ModelId": "cohere.command-text-v14",
        "Body": {"prompt": Path("$.prompt_one"), "max_tokens": 250},
        "ContentType": "application/json",
        "Accept": "*/*",
        "Output": {"S3Uri": _S3},
    },
    "bedrockagentcore:invokeHarness": {
        "HarnessArn": "arn:aws:bedrock-agentcore:us-east-1:123456789012:harness/myHarness-1234567890",
        "RuntimeSessionId": "12345678-1234-1234-1234-123456789012",
        "Messages": [{"Role": "user", "Content": [{"Text": "Hello"}]}],
    },
    "codebuild:batchDeleteBuilds": {"Ids": ["project:1"]},
    "codebuild:batchGetReports": {"ReportArns": Path("$.ReportArns")},
    "codebuild:deleteBuildBatch": {"Id": Path("$.id")},
    "codebuild:retryBuildBatch": {"Id": Path("$.id"), "RetryType": "RETRY_ALL_BUILDS"},
    "codebuild:startBuild": {
        "ProjectName": "project",
        "EnvironmentVariablesOverride": [{"Name": "ZipFilePath", "Type": "PLAINTEXT", "Value": "x"}],
    },
    "codebuild:startBuildBatch": {"ProjectName": "project"},
    "codebuild:stopBuild": {"Id": Path("$.id")},
    "codebuild:stopBuildBatch": {"Id": Path("$.id")},
    "databrew:startJobRun": {"Name": "sample-proj-job-1"},
    "dynamodb:deleteItem": {"TableName": "MyDynamoDBTable", "Key": {"Column": {"S": "MyEntry"}}},
    "dynamodb:getItem": {
        "TableName": "TransferDataRecords-DDBTable-3I41R5L5EAGT",
        "Key": {"MessageId": {"S": Path("$.List[0]")}},
    },
    "dynamodb:putItem": {
        "TableName": "MyDynamoDBTable",
        "Item": {
            "Column": {"S": "MyEntry"},
            "Is": {"BOOL": True},
            "No": {"NULL": True},
            "List": {"SS": ["a"]},
        },
        "ReturnValues": "ALL_OLD",
    },
    "dynamodb:updateItem": {
        "TableName": "MyDynamoDBTable",
        "Key": {"Column": {"S": "MyEntry"}},
        "UpdateExpression": "SET MyKey = :myValueRef",
        "ExpressionAttributeValues": {":myValueRef": {"S": "MyNewColumnValue"}},
    },
    "ecs:runTask": {
        "LaunchType": "FARGATE",
        "Cluster": "cluster-arn",
        "TaskDefinition": "job-id",
        "Overrides": {
            "ContainerOverrides": [
                {"Name": "container", "Environment": [{"Name": "TOKEN", "Value": Path("$$.Task.Token")}]}
            ]
        },
        "NetworkConfiguration": {
            "AwsvpcConfiguration": {"Subnets": ["subnet-1"], "AssignPublicIp": "ENABLED"}
        },
    },
    "eks:call": {
        **_CLUSTER,
        "Method": "GET",
        "Path": "/api/v1/namespaces/default/pods",
        "QueryParameters": {"labelSelector": ["job-name=example-job"]},
    },
    "eks:createCluster": {
        "Name": "MyCluster",
        "ResourcesVpcConfig": {"SubnetIds": ["subnet-053e7c47012341234"]},
        "RoleArn": "arn:aws:iam::123456789012:role/MyEKSClusterRole",
    },
    "eks:createFargateProfile": {
        "ClusterName": "MyCluster",
        "FargateProfileName": "MyFargateProfile",
        "PodExecutionRoleArn": "arn:aws:iam::123456789012:role/MyFargatePodExecutionRole",
        "Selectors": [{"Namespace": "my-namespace", "Labels": {"my-label": "my-value"}}],
    },
    "eks:createNodegroup": {
        "ClusterName": "MyCluster",
        "NodegroupName": "MyNodegroup",
        "NodeRole": "arn:aws:iam::123456789012:role/MyNodeInstanceRole",
        "Subnets": ["subnet-09fb51df01234"],
    },
    "eks:deleteCluster": {"Name": "MyCluster"},
    "eks:deleteFargateProfile": {"ClusterName": "MyCluster", "FargateProfileName": "MyFargateProfile"},
    "eks:deleteNodegroup": {"ClusterName": "MyCluster", "NodegroupName": "MyNodegroup"},
    "eks:runJob": {
        **_CLUSTER,
        "LogOptions": {"RetrieveLogs": True, "RawLogs": False, "LogParameters": {"tailLines": ["20"]}},
        "Job": {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {"name": "example-job"},
            "spec": {"backoffLimit": 0, "template": {"spec": {"containers": [{"name": "pi-2000"}]}}},
        },
    },
    "elasticmapreduce:addStep": {
        "ClusterId": Path("$.ClusterId"),
        "ExecutionRoleArn": "arn:aws:iam:123456789012:role/myEmrExecutionRole",
        "Step": {
            "Name": "The first step",
            "ActionOnFailure": "TERMINATE_CLUSTER",
            "HadoopJarStep": {
                "Jar": "command-runner.jar",
                "MainClass": "com.myCompany.Main",
                "Args": ["--conf", "1"],
            },
        },
    },
    "elasticmapreduce:cancelStep": {
        "ClusterId": Path("$.ClusterId"),
        "StepId": Path("$.AddStepsResult.StepId"),
    },
    "elasticmapreduce:createCluster": {
        "Name": "MyWorkflowCluster",
        "VisibleToAllUsers": True,
        "ReleaseLabel": "emr-5.28.0",
        "Applications": [{"Name": "Hive"}],
        "ServiceRole": "EMR_DefaultRole",
        "JobFlowRole": "EMR_EC2_DefaultRole",
        "LogUri": "s3n://aws-logs-123456789012-us-east-1/elasticmapreduce/",
        "Instances": {
            "KeepJobFlowAliveWhenNoSteps": True,
            "InstanceFleets": [
                {
                    "InstanceFleetType": "MASTER",
                    "Name": "MASTER",
                    "TargetOnDemandCapacity": 1,
                    "InstanceTypeConfigs": [{"InstanceType": "m4.xlarge"}],
                }
            ],
        },
    },
    "elasticmapreduce:modifyInstanceFleetByName": {
        "ClusterId": "j-1234567890123",
        "InstanceFleetName": "myCoreFleet",
        "InstanceFleet": {"TargetOnDemandCapacity": 8, "TargetSpotCapacity": 0},
    },
    "elasticmapreduce:modifyInstanceGroupByName": {
        "ClusterId": "j-1234567890123",
        "InstanceGroupName": "myCoreGroup",
        "InstanceGroup": {"InstanceCount": 8},
    },
    "elasticmapreduce:setClusterTerminationProtection": {
        "ClusterId": Path("$.ClusterId"),
        "TerminationProtected": False,
    },
    "elasticmapreduce:terminateCluster": {"ClusterId": Path("$.ClusterId")},
    "emr-containers:createVirtualCluster": {
        "Name": "EMR-Containers",
        "ContainerProvider": {
            "Id": "EKS_CLUSTER_NAME",
            "Type": "EKS",
            "Info": {"EksInfo": {"Namespace": "emr"}},
        },
    },
    "emr-containers:deleteVirtualCluster": {"Id": Path("$.VirtualClusterId")},
    "emr-containers:startJobRun": {
        "Name": "MyJobName",
        "VirtualClusterId": "0123456789",
        "ExecutionRoleArn": _ROLE,
        "ReleaseLabel": "emr-6.2.0-latest",
        "JobDriver": {
            "SparkSubmitJobDriver": {
                "EntryPoint": "s3://amzn-s3-demo-bucket/sample.py",
                "SparkSubmitParameters": "--conf spark.executor.instances=2",
            }
        },
        "Tags": {"taskType": "jobName"},
    },
    "emr-serverless:cancelJobRun": {"ApplicationId": Path("$.id"), "JobRunId": Path("$.run")},
    "emr-serverless:createApplication": {
        "Name": "MyApplication",
        "ReleaseLabel": "emr-6.9.0",
        "Type": "SPARK",
    },
    "emr-serverless:deleteApplication": {"ApplicationId": Path("$.id")},
    "emr-serverless:startApplication": {"ApplicationId": Path("$.id")},
    "emr-serverless:startJobRun": {
        "ApplicationId": Path("$.id"),
        "ExecutionRoleArn": _ROLE,
        "JobDriver": {"SparkSubmit": {"EntryPoint": _S3, "EntryPointArguments": ["1"]}},
    },
    "emr-serverless:stopApplication": {"ApplicationId": Path("$.id")},
    "events:putEvents": {
        "Entries": [
            {
                "Detail": {"Message": "MyMessage"},
                "DetailType": "MyDetailType",
                "EventBusName": "MyEventBus",
                "Source": "my.source",
            }
        ]
    },
    "glue:startJobRun": {"JobName": "GlueJob-JTrRO5l98qMG", "Arguments": {"--key": "value"}},
    "http:invoke": {
        "ApiEndpoint": "https://api.stripe.com/v1/invoices",
        "Method": "POST",
        "Authentication": {
            "ConnectionArn": "arn:aws:events:us-east-2:123456789012:connection/Stripe/81210c42"
        },
        "Headers": {"Content-Type": "application/x-www-form-urlencoded"},
        "RequestBody": {"customer": "1", "items": ["a", "b"]},
        "Transform": {
            "RequestBodyEncoding": "URL_ENCODED",
            "RequestEncodingOptions": {"ArrayFormat": "INDICES"},
        },
    },
    "lambda:invoke": {
        "FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:echo",
        "InvocationType": "RequestResponse",
        "Payload": {"key": "value", "token": Path("$$.Task.Token")},
    },
    "mediaconvert:createJob": {
        "Role": _ROLE,
        "Settings": {
            "OutputGroups": [
                {
                    "OutputGroupSettings": {
                        "Type": "FILE_GROUP_SETTINGS",
                        "FileGroupSettings": {"Destination": _S3},
                    },
                    "Outputs": [{"VideoDescription": {"CodecSettings": {"Codec": "H_264"}}}],
                }
            ],
            "Inputs": [
                {"FileInput": _S3, "AudioSelectors": {"Audio Selector 1": {"DefaultSelection": "DEFAULT"}}}
            ],
        },
    },
    "sagemaker:createEndpoint": {"EndpointName": "endpoint", "EndpointConfigName": "config"},
    "sagemaker:createEndpointConfig": {
        "EndpointConfigName": "config",
        "ProductionVariants": [
            {
                "InitialInstanceCount": 1,
                "InstanceType": "ml.m4.xlarge",
                "ModelName": "model",
                "VariantName": "one",
            }
        ],
    },
    "sagemaker:createHyperParameterTuningJob": {
        "HyperParameterTuningJobName": "tuning",
        "HyperParameterTuningJobConfig": {
            "Strategy": "Bayesian",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "validation:rmse"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 2, "MaxParallelTrainingJobs": 2},
            "ParameterRanges": {
                "IntegerParameterRanges": [
                    {"Name": "rate_drop", "MinValue": "1", "MaxValue": "10", "ScalingType": "Auto"}
                ]
            },
        },
        "TrainingJobDefinition": _TRAINING,
    },
    "sagemaker:createLabelingJob": {
        "LabelingJobName": "labels",
        "LabelAttributeName": "label",
        "InputConfig": {"DataSource": {"S3DataSource": {"ManifestS3Uri": _S3}}},
        "OutputConfig": {"S3OutputPath": _S3},
        "RoleArn": _ROLE,
        "HumanTaskConfig": {
            "WorkteamArn": "arn:aws:sagemaker:us-west-2:123456789012:workteam/private-crowd/team",
            "UiConfig": {"UiTemplateS3Uri": _S3},
            "PreHumanTaskLambdaArn": "arn:aws:lambda:us-west-2:123456789012:function:PRE-Bounding",
            "TaskTitle": "Boxes",
            "TaskDescription": "Draw boxes",
            "NumberOfHumanWorkersPerDataObject": 1,
            "TaskTimeLimitInSeconds": 3600,
        },
    },
    "sagemaker:createModel": {
        "ModelName": "model",
        "ExecutionRoleArn": _ROLE,
        "PrimaryContainer": {"Image": "image", "ModelDataUrl": _S3, "Environment": {}},
    },
    "sagemaker:createProcessingJob": {
        "ProcessingJobName": "processing",
        "AppSpecification": {"ImageUri": "image"},
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.t3.medium", "VolumeSizeInGB": 10}
        },
        "RoleArn": _ROLE,
    },
    "sagemaker:createTrainingJob": {"TrainingJobName": "search-model", **_TRAINING},
    "sagemaker:createTransformJob": {
        "TransformJobName": "transform",
        "ModelName": "SageMakerCreateTransformJobModel-9iFBKsYti9vr",
        "TransformInput": {
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": _S3}},
            "ContentType": "text/csv",
            "CompressionType": "None",
        },
        "TransformOutput": {"S3OutputPath": _S3},
        "TransformResources": {"InstanceCount": 1, "InstanceType": "ml.m4.xlarge"},
    },
    "sagemaker:updateEndpoint": {"EndpointName": "endpoint", "EndpointConfigName": "config"},
    "sns:publish": {
        "TopicArn": "arn:aws:sns:us-east-1:123456789012:myTopic",
        "Message": {"message": "welcome", "TaskToken": Path("$$.Task.Token")},
        "MessageAttributes": {
            "my_attribute_no_1": {"DataType": "String", "StringValue": "value of attribute"}
        },
    },
    "sqs:sendMessage": {
        "QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/myQueue",
        "MessageBody": {"Input": Path("$.input"), "TaskToken": Path("$$.Task.Token")},
        "MessageAttributes": {"my attribute": {"DataType": "String", "StringValue": "one"}},
    },
    "states:startExecution": {
        "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:HelloWorld",
        "Input": {
            "Comment": "Hello",
            "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID": Path("$$.Execution.Id"),
        },
        "Name": "ExecutionName",
    },
}
