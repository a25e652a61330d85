"""The services that ``aws-sdk:`` reaches, as Step Functions spells them.

Step Functions spells a service as the AWS SDK for Java does: its service id in lower case, without
spaces and hyphens. https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

from typing import Final

from cfngen.core.declared import did_you_mean

_OF_MODELS: Final = """
accessanalyzer account account-access account-access-runtime acm acm-pca agent-registry
agent-registry-control aiops amp amplify amplifybackend amplifyuibuilder apigateway
apigatewaymanagementapi apigatewayv2 appconfig appconfigdata appfabric appflow appintegrations
application-autoscaling application-insights application-signals applicationcostprofiler appmesh
apprunner appstream appsync arc-region-switch arc-zonal-shift artifact athena auditmanager
autoscaling autoscaling-plans b2bi backup backup-gateway backupsearch batch bcm-dashboards
bcm-data-exports bcm-pricing-calculator bcm-recommended-actions bedrock bedrock-agent
bedrock-agent-runtime bedrock-agentcore bedrock-agentcore-control bedrock-data-automation
bedrock-data-automation-runtime bedrock-runtime billing billingconductor braket budgets chatbot
chime chime-sdk-identity chime-sdk-media-pipelines chime-sdk-meetings chime-sdk-messaging
chime-sdk-voice cleanrooms cleanroomsml cloud9 cloudcontrol clouddirectory cloudformation cloudfront
cloudfront-keyvaluestore cloudhsm cloudhsmv2 cloudsearch cloudsearchdomain cloudtrail
cloudtrail-data cloudwatch cloudwatchomni codeartifact codebuild codecatalyst codecommit
codeconnections codedeploy codeguru-reviewer codeguru-security codeguruprofiler codepipeline
codestar-connections codestar-notifications cognito-identity cognito-sync comprehend
comprehendmedical compute-optimizer compute-optimizer-automation config connect connect-contact-lens
connectcampaigns connectcampaignsv2 connectcases connecthealth connectparticipant connectscheduling
continuum controlcatalog controltower cost-optimization-hub customer-profiles databrew dataexchange
datapipeline datasync datazone dax deadline detective devicefarm devops-agent devops-guru
directconnect dlm docdb docdb-elastic drs dsql dynamodb dynamodbstreams ebs ec2 ec2-instance-connect
ecr ecr-public ecs efs eks eks-auth elasticache elasticbeanstalk elementalinference emr
emr-containers emr-serverless endusermessaging entityresolution eventbridgev2 evs firehose fis fms
forecast forecastquery frauddetector freetier fsx gamelift gameliftstreams geo-maps geo-places
geo-routes glacier globalaccelerator glue grafana greengrass greengrassv2 groundstation guardduty
health healthlake iam iam-toolbox identitystore imagebuilder importexport inspector inspector-scan
inspector2 interconnect internetmonitor invoicing iot iot-managed-integrations iotdeviceadvisor
iotfleetwise iotsecuretunneling iotsitewise iotthingsgraph iottwinmaker iotwireless ivs ivs-realtime
ivschat kafka kafkaconnect kendra kendra-ranking keyspaces keyspacesstreams kinesis
kinesis-video-archived-media kinesis-video-media kinesis-video-signaling
kinesis-video-webrtc-storage kinesisanalytics kinesisanalyticsv2 kinesisvideo kms lakeformation
lambda lambda-core lambda-microvms lambda-web launch-wizard lex-runtime license-manager
license-manager-linux-subscriptions license-manager-user-subscriptions lightsail location
lookoutequipment m2 machinelearning macie2 mailmanager managedblockchain managedblockchain-query
marketplace-agreement marketplace-catalog marketplace-deployment marketplace-discovery
marketplace-entitlement marketplace-reporting marketplacecommerceanalytics mediaconnect mediaconvert
medialive mediapackage mediapackage-vod mediapackagev2 mediastore mediastore-data mediatailor
medical-imaging memorydb mgn migration-hub-refactor-spaces migrationhub-config
migrationhuborchestrator migrationhubstrategy mpa mq mturk mwaa mwaa-serverless neptune
neptune-graph neptunedata network-firewall network-security-manager networkflowmonitor
networkmanager networkmonitor notifications notificationscontacts nova-act oam observabilityadmin
odb omics opensearch opensearchmemory opensearchserverless organizations osis outposts
partnercentral-account partnercentral-benefits partnercentral-channel
partnercentral-revenue-measurement partnercentral-selling payment-cryptography
payment-cryptography-data pca-connector-ad pca-connector-scep pcs personalize personalize-events
personalize-runtime pi pinpoint pinpoint-email pinpoint-sms-voice-v2 pipes polly pricing
pricing-plan-manager proton qapps qbusiness qconnect quicksight ram rbin rds rds-data redshift
redshift-data redshift-serverless rekognition repostspace resiliencehub resiliencehubv2
resource-explorer-2 resource-groups resourcegroupstaggingapi rolesanywhere route53
route53-recovery-cluster route53-recovery-control-config route53-recovery-readiness route53domains
route53globalresolver route53profiles route53resolver rtbfabric rum s3 s3control s3files s3outposts
s3tables s3vectors sagemaker sagemaker-a2i-runtime sagemaker-edge sagemaker-featurestore-runtime
sagemaker-geospatial sagemaker-inference-router-runtime sagemaker-metrics sagemaker-runtime
sagemakerjobruntime sagemakertrainingsessionruntime savingsplans scheduler schemas secretsmanager
security-ir securityagent securityhub securitylake service-quotas servicecatalog
servicecatalog-appregistry servicediscovery ses sesv2 shield signer signer-data signin simpledbv2
snow-device-management snowball sns socialmessaging sqs ssm ssm-contacts ssm-guiconnect
ssm-incidents ssm-quicksetup ssm-sap sso sso-admin sso-oidc storagegateway sts supplychain support
support-app supportauthz sustainability swf synthetics taxsettings textract timestream-influxdb
timestream-query timestream-write transcribe transfer translate trustedadvisor uxc
verifiedpermissions voice-id vpc-lattice waf waf-regional wafv2 wellarchitected wickr wisdom
workdocs workmail workmailmessageflow workspaces workspaces-instances workspaces-thin-client
workspaces-web xray
"""

_RENAMED: Final = {
    "applicationdiscovery": "discovery",
    "cloudwatchlogs": "logs",
    "cognitoidentityprovider": "cognito-idp",
    "costandusagereport": "cur",
    "costexplorer": "ce",
    "databasemigration": "dms",
    "directory": "ds",
    "directoryservicedata": "ds-data",
    "elasticloadbalancing": "elb",
    "elasticloadbalancingv2": "elbv2",
    "elasticsearch": "es",
    "eventbridge": "events",
    "iotdataplane": "iot-data",
    "iotjobsdataplane": "iot-jobs-data",
    "lexmodelbuilding": "lex-models",
    "lexmodelsv2": "lexv2-models",
    "lexruntimev2": "lexv2-runtime",
    "marketplacemetering": "meteringmarketplace",
    "migrationhub": "mgh",
    "pinpointsmsvoice": "sms-voice",
    "serverlessapplicationrepository": "serverlessrepo",
    "sfn": "stepfunctions",
    "simpledb": "sdb",
}

SDK_SERVICES: Final = {name.replace("-", ""): name for name in _OF_MODELS.split()} | _RENAMED
"""The name of a service's API model in botocore, by its name in a ``Resource``."""

MISTAKEN: Final = {model: name for name, model in _RENAMED.items()} | {
    "cloudwatchevents": "eventbridge",
    "elasticmapreduce": "emr",
    "opensearchservice": "opensearch",
    "states": "sfn",
}
"""Names of services elsewhere (the command line, IAM), by which they are looked for in vain."""


RETIRED: Final = frozenset(
    (
        *("alexaforbusiness", "backupstorage", "codestar", "elasticinference", "evidently"),
        *("gamesparks", "honeycode", "iot1clickdevices", "iot1clickdevicesservice"),
        *("iot1clickprojects", "iotanalytics", "iotevents", "ioteventsdata", "lookoutmetrics"),
        *("lookoutvision", "macie", "mobile", "nimble", "opsworks", "opsworkscm", "privatenetworks"),
        *("qldb", "qldbsession", "robomaker", "sms", "worklink"),
    )
)
"""Services that AWS has closed and whose models botocore has dropped; definitions still name them."""


def unknown_service(service: str) -> tuple[str, str]:
    """Say of a name that it is no service's, and which one is meant."""
    known = MISTAKEN.get(service)
    plain = service.replace("-", "").lower()
    if known is None and plain in SDK_SERVICES:
        known = plain
    near = f"did you mean {known!r}?" if known else did_you_mean(service, SDK_SERVICES)
    return f"there is no service 'aws-sdk:{service}'", near
