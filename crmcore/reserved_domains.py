"""Domains that are kept for documents and tests: nobody reads mail there."""

import re

_RESERVED = re.compile(r"(?:^|\.)(?:example\.(?:com|net|org)|example|test|invalid|localhost)$")


def is_reserved(domain: str) -> bool:
    """Whether mail to this domain reaches nobody."""
    return _RESERVED.search(domain.lower()) is not None
