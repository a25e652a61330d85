"""Permissions: the grants of a workflow's tasks as one IAM policy.

https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html
"""
