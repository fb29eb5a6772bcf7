"""Signed addresses for letters: each is good for one purpose, so that a link that ends a letter opens nothing else."""

import hashlib
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from itsdangerous import BadData, URLSafeSerializer

_house = {"secrets": [], "url": ""}


def use(secret, older=(), public_url=""):
    """The keys of this process and the address of the house; links signed with `older` secrets still open."""
    _house.update(secrets=[*reversed(older), secret], url=public_url.rstrip("/"))  # the last one signs


def _signer(purpose):
    how = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(_house["secrets"], salt=f"linli {purpose}", signer_kwargs=how)


def sign(purpose, *values):
    """A short word for an address that says these values and cannot be made, changed or used for another purpose."""
    return _signer(purpose).dumps(values)


def read(purpose, token, count):
    """The `count` values signed for this purpose, or None for anything else."""
    try:
        values = _signer(purpose).loads(token)
    except BadData:
        return None
    return values if isinstance(values, list) and len(values) == count else None


@lru_cache(64)
def _key(secret, purpose):
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"linli {purpose}".encode()).derive(secret.encode())


def keys(purpose):
    """A key of its own for this purpose from each secret of the house, the one in use first."""
    return [_key(secret, purpose) for secret in reversed(_house["secrets"])]


def absolute(path):
    """The whole address of one of our pages, for letters and messages to other programs (S18: never from a Host header)."""
    return _house["url"] + path
