"""Calls of services held against what the services offer: integrations, actions, arguments.

What Step Functions can call is in tables here; what a call takes is in the API models of botocore, which
the extra ``cfngen[apis]`` installs.
"""
