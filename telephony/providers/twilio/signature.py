"""Whether a webhook was signed by the carrier."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from django.http import QueryDict
from twilio.request_validator import RequestValidator, get_signature_algorithm


@dataclass(frozen=True)
class SignedRequest:
    """What the signature covers. `url` is the one that the carrier called, `form` is None for any other body."""

    url: str
    signature: str
    signature_settings: str
    form: QueryDict | None
    body: bytes

    def is_genuine(self, secrets: Sequence[str]) -> bool:
        """Whether any of the secrets signed it: auth tokens by HMAC-SHA1, shared keys by HMAC-SHA256."""
        if not self.signature or (self.form is None and not self._body_matches()):
            return False
        algorithm = get_signature_algorithm(self.signature_settings)
        fields = self.form if self.form is not None else {}
        return any(RequestValidator(secret).validate(self.url, fields, self.signature, algorithm) for secret in secrets)

    def _body_matches(self) -> bool:
        """A body that is no form is signed by its hash in the address."""
        promised = parse_qs(urlsplit(self.url).query).get("bodySHA256", [""])[0]
        return hmac.compare_digest(hashlib.sha256(self.body).hexdigest(), promised.lower())
