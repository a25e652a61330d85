"""What goes wrong between us and AWS, or an emulator of it, said for the person at the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

UNUSABLE, REFUSED = 2, 1
"""Exit codes: what was given cannot be used; a service did not do what it was asked."""


class ServiceError(Exception):
    """A service cannot be asked, or does not do what it is asked; ``code`` is the exit code that fits."""

    def __init__(self, message: str, code: int = REFUSED) -> None:
        """Say what went wrong, for the one who reads it."""
        super().__init__(message)
        self.code = code


class DeniedError(ServiceError):
    """Whoever asks may not do that."""


@contextmanager
def told(doing: str) -> Iterator[None]:
    """Turn all that botocore raises in the block into a ``ServiceError``; ``doing`` begins its message."""
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    try:
        yield
    except ClientError as error:
        raise _answered(doing, error) from None
    except ResponseParserError as error:
        text = " ".join(str(error).split())[:_LONGEST]
        raise ServiceError(f"{doing}: the answer makes no sense: {text}") from None
    except (BotoCoreError, ValueError) as error:
        raise _not_asked(doing, error) from None


THROTTLED: Final = (
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "SlowDown",
)
STRANGERS: Final = (
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
_LONGEST: Final = 2000
"""Characters of a service's own message that are shown."""


def _answered(doing: str, error: Any) -> ServiceError:
    """Return what a service's answer says that is no success."""
    said = error.response.get("Error", {})
    code, message = str(said.get("Code", "")), " ".join(str(said.get("Message", "")).split())[:_LONGEST]
    metadata = error.response.get("ResponseMetadata", {})
    status = metadata.get("HTTPStatusCode", 0)
    times = metadata.get("RetryAttempts", 0) + 1
    asked = f", asked {times} times" if times > 1 else ""
    if code in THROTTLED or status == 429:
        return ServiceError(f"{doing}: {error.operation_name} is throttled{asked}; try again later")
    if code in EXPIRED:
        return ServiceError(f"{doing}: the credentials have expired: sign in again", UNUSABLE)
    if code in STRANGERS:
        return ServiceError(f"{doing}: the credentials are not accepted ({code}): {message}", UNUSABLE)
    if code in DENIED:
        return DeniedError(f"{doing}: {error.operation_name} is not allowed: {message}")
    if code in MISSING or (code == "ValidationError" and "does not exist" in message):
        return ServiceError(f"{doing}: {message or code} [{code}]", UNUSABLE)
    if status >= 500:
        what = f"{status} {code}".strip() if code != str(status) else code
        return ServiceError(f"{doing}: {error.operation_name} was answered with {what}{asked}: {message}")
    return ServiceError(f"{doing}: {message or code} [{code}]")


def _not_asked(doing: str, error: Exception) -> ServiceError:
    """Return why a service could not be asked, or not be understood."""
    from botocore import exceptions as e

    text = " ".join(str(error).split())[:_LONGEST]
    if isinstance(error, (e.NoCredentialsError, e.PartialCredentialsError)):
        return ServiceError(
            f"{doing}: there are no credentials, which 'aws configure' asks for: {text}", UNUSABLE
        )
    if isinstance(error, e.NoRegionError):
        return ServiceError(f"{doing}: no region is set: --region names one", UNUSABLE)
    if isinstance(error, e.ProfileNotFound):
        return ServiceError(f"{doing}: {text}: --profile names another", UNUSABLE)
    if isinstance(error, (e.ReadTimeoutError, e.ConnectTimeoutError)):
        return ServiceError(f"{doing}: no answer in time: {text}")
    if isinstance(error, (e.ConnectionError, e.HTTPClientError)):
        return ServiceError(f"{doing}: no answer: {text}")
    if not isinstance(error, e.BotoCoreError):
        return ServiceError(f"{doing}: {text}", UNUSABLE)  # an address that is none
    unusable = (
        e.ConfigNotFound,
        e.ConfigParseError,
        e.InvalidEndpointConfigurationError,
        e.ParamValidationError,
        e.SSOError,
        e.TokenRetrievalError,
        e.ValidationError,
    )
    return ServiceError(f"{doing}: {text}", UNUSABLE if isinstance(error, unusable) else REFUSED)
