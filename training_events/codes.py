"""Registration codes that can be read aloud and copied by hand, and the secret of a registration's own link."""

import secrets

#: No 0/O, 1/I/L: over the phone and in handwriting these are taken for one another.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 7


def new_code() -> str:
    """Return a random code: 31^7, about 27 thousand million, so that guessing one together with phone digits is hopeless."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def new_token() -> str:
    """Return a secret of 192 bits for a link."""
    return secrets.token_urlsafe(24)


def clean(raw: str) -> str:
    """Return a typed code in its stored form: capitals, nothing but the alphabet's characters."""
    return "".join(char for char in raw.upper() if char in ALPHABET)[: LENGTH + 1]


def shown(code: str) -> str:
    """Return ``ABC 2345``: two groups are easier to remember."""
    return f"{code[:3]} {code[3:]}"
