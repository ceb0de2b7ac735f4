"""The REST API's doors: tokens, fast JSON, pages by key, errors as problem details.

The base of all viewsets is `crmcore.viewsets`, apart because the framework's views load this module.
"""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as ModelValidationError
from django.db.models import Q
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import BasePermission
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error

from crmcore import clock, permissions
from crmcore.actions.people import token_digest
from crmcore.models import ApiToken, User

PROBLEM_JSON = "application/problem+json"
_USE_NOTED_EVERY = timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`; the database knows only the token's digest."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, text = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = clock.now()
        token = (
            ApiToken.objects.select_related("user")
            .filter(
                Q(expires_at=None) | Q(expires_at__gt=now),
                digest=token_digest(text.strip()),
                user__is_active=True,
            )
            .first()
        )
        if token is None:
            raise exceptions.AuthenticationFailed(_("This token is not valid."))
        if token.last_used_at is None or now - token.last_used_at > _USE_NOTED_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes the tokens."""

    target_class = "crmcore.rest.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class MayUseApi(BasePermission):
    """Only whose roles allow the API at all; which rows, the querysets decide."""

    def has_permission(self, request: Request, view: object) -> bool:
        return permissions.may(request.user, "api", "view")


class FastJSONRenderer(BaseRenderer):
    """JSON by orjson, which also writes times and UUIDs."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=_plain, option=orjson.OPT_NON_STR_KEYS)


class KeysetPagination(CursorPagination):
    """Pages by key, newest first, without counting; `limit` up to 200."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    ordering = "-id"


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """Any expected error as RFC 9457 problem details; None lets the unexpected become a 500."""
    known = _as_api_exception(error)
    if known is None:
        return None
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(known.status_code).phrase,
        "status": known.status_code,
    }
    if isinstance(known, exceptions.ValidationError):
        problem["errors"] = as_serializer_error(known)
    else:
        problem["detail"] = known.detail
    if request := context.get("request"):
        problem["instance"] = request.path
    headers = {}
    if challenge := getattr(known, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(known, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return Response(problem, known.status_code, headers=headers, content_type=PROBLEM_JSON)


def _as_api_exception(error: Exception) -> exceptions.APIException | None:
    if isinstance(error, exceptions.APIException):
        return error
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, ModelValidationError):
        return exceptions.ValidationError(as_serializer_error(error))
    return None


def _plain(value: object) -> object:
    """What orjson does not know by itself: lazy translations and decimals."""
    if isinstance(value, Promise) or hasattr(value, "as_tuple"):
        return str(value)
    raise TypeError(type(value).__name__)
