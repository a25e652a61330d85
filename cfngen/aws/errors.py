"""Errors of calls to AWS or to an emulator of it, translated into messages for the user."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

UNUSABLE, REFUSED = 2, 1
"""Exit codes: the input cannot be used; a service refused or failed."""


class ServiceError(Exception):
    """A call to a service failed; ``code`` is the exit code."""

    def __init__(self, message: str, code: int = REFUSED) -> None:
        """Hold the message for the user."""
        super().__init__(message)
        self.code = code


class DeniedError(ServiceError):
    """The caller lacks the permission."""


@contextmanager
def translate_client_error(problem: str) -> Iterator[None]:
    """Turn what botocore raises in the block into a ``ServiceError``; ``problem`` begins its message."""
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    try:
        yield
    except ClientError as error:
        raise _from_response(problem, error) from None
    except (ResponseParserError, UnicodeDecodeError) as error:
        raise unreadable(problem, _line(error)) from None
    except (AttributeError, LookupError, TypeError) as error:
        if not _is_raised_in("botocore.", error):
            raise
        raise unreadable(problem, "it is not of the form that the service answers in") from None
    except (BotoCoreError, ValueError) as error:
        raise _without_response(problem, error) from None


def response_field(response: Mapping[str, Any], name: str, problem: str) -> Any:
    """Return a field of a response. Raises ``ServiceError`` where it has none, as the page of a proxy."""
    if not isinstance(response, Mapping) or name not in response:
        raise ServiceError(f"{problem}: the response has no {name}")
    return response[name]


def unreadable(problem: str, reason: str) -> ServiceError:
    """Return the error of a response that is none of the service."""
    return ServiceError(f"{problem}: the response cannot be read: {reason}")


def _line(text: object) -> str:
    return " ".join(str(text).split())[:_MAX_MESSAGE_CHARACTERS]


def _is_raised_in(package: str, error: Exception) -> bool:
    """Tell whether an error comes from a package's own code, as where it takes a response to pieces."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    return at is not None and str(at.tb_frame.f_globals.get("__name__")).startswith(package)


THROTTLED: Final = (
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "SlowDown",
)
UNAUTHENTICATED: Final = (
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "InvalidAccessKeyId",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "AuthFailure",
    "IncompleteSignature",
    "MissingAuthenticationToken",
)
EXPIRED: Final = ("ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired")
DENIED: Final = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized")
MISSING: Final = ("StateMachineDoesNotExist", "ExecutionDoesNotExist", "InvalidArn")
_MAX_MESSAGE_CHARACTERS: Final = 2000


def _from_response(problem: str, error: Any) -> ServiceError:
    """Return the error of a response."""
    fields = error.response.get("Error", {})
    code, message = str(fields.get("Code", "")), _line(fields.get("Message", ""))
    metadata = error.response.get("ResponseMetadata", {})
    status = metadata.get("HTTPStatusCode", 0)
    attempts = metadata.get("RetryAttempts", 0) + 1
    after = f" after {attempts} attempts" if attempts > 1 else ""
    if code in THROTTLED or status == 429:
        return ServiceError(f"{problem}: {error.operation_name} is throttled{after}; try again later")
    if code in EXPIRED:
        return ServiceError(f"{problem}: the credentials have expired: sign in again", UNUSABLE)
    if code in UNAUTHENTICATED:
        return ServiceError(f"{problem}: the credentials are not accepted ({code}): {message}", UNUSABLE)
    if code in DENIED:
        return DeniedError(f"{problem}: {error.operation_name} is not allowed: {message}")
    if code in MISSING or (code == "ValidationError" and "does not exist" in message):
        return ServiceError(f"{problem}: {message or code} [{code}]", UNUSABLE)
    if status >= 500:
        what = f"{status} {code}".strip() if code != str(status) else code
        message_part = f": {message}" if message else ""
        return ServiceError(f"{problem}: {error.operation_name} failed with {what}{after}{message_part}")
    return ServiceError(f"{problem}: {message or code} [{code}]")


def _without_response(problem: str, error: Exception) -> ServiceError:
    """Return the error of a call without a response."""
    from botocore import exceptions as e

    text = _line(error)
    if isinstance(error, (e.NoCredentialsError, e.PartialCredentialsError)):
        return ServiceError(
            f"{problem}: there are no credentials ('aws configure' sets them): {text}", UNUSABLE
        )
    if isinstance(error, e.NoRegionError):
        return ServiceError(f"{problem}: no region is set: use --region", UNUSABLE)
    if isinstance(error, e.ProfileNotFound):
        return ServiceError(f"{problem}: {text}: use --profile", UNUSABLE)
    if isinstance(error, (e.ReadTimeoutError, e.ConnectTimeoutError)):
        return ServiceError(f"{problem}: there was no response in time: {text}")
    if isinstance(error, (e.ConnectionError, e.HTTPClientError)):
        return ServiceError(f"{problem}: there was no response: {text}")
    if not isinstance(error, e.BotoCoreError):
        return ServiceError(f"{problem}: {text}", UNUSABLE)  # an invalid address
    unusable = (
        e.ConfigNotFound,
        e.ConfigParseError,
        e.InvalidEndpointConfigurationError,
        e.ParamValidationError,
        e.SSOError,
        e.TokenRetrievalError,
        e.ValidationError,
    )
    return ServiceError(f"{problem}: {text}", UNUSABLE if isinstance(error, unusable) else REFUSED)
