"""Registration codes that can be read aloud and copied by hand, and the secret of a registration's own link."""

import secrets

from django.utils.translation import pgettext

from core import vietnamese

#: No 0/O, 1/I/L: over the phone and in handwriting these are taken for one another.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
#: What new codes are drawn from: in handwriting B is taken for 8, S for 5, Z for 2, U for V. Older codes may hold them.
DRAWN = "".join(char for char in ALPHABET if char not in "BSUZ")
LENGTH = 7
#: Certificates are checked without a second secret, so their codes are longer: 27^12, about 57 bits.
CERTIFICATE_LENGTH = 12


def new_code() -> str:
    """Return a random code: 27^7, about 10 thousand million, so that guessing one together with phone digits is hopeless."""
    return "".join(secrets.choice(DRAWN) for _ in range(LENGTH))


def new_token() -> str:
    """Return a secret of 192 bits for a link."""
    return secrets.token_urlsafe(24)


def clean(raw: str) -> str:
    """Return a typed code in its stored form: capitals, nothing but the alphabet's characters."""
    return "".join(char for char in raw.upper() if char in ALPHABET)[: LENGTH + 1]


def new_certificate_code() -> str:
    """Return a random code for a certificate."""
    return "".join(secrets.choice(DRAWN) for _ in range(CERTIFICATE_LENGTH))


def clean_certificate(raw: str) -> str:
    """Return a typed code of a certificate in its stored form."""
    return "".join(char for char in raw.upper() if char in ALPHABET)[: CERTIFICATE_LENGTH + 1]


def shown_certificate(code: str) -> str:
    """Return ``ABCD-2345-EFGH``."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def shown(code: str) -> str:
    """Return ``ABC 2345``: two groups are easier to remember."""
    return f"{code[:3]} {code[3:]}"


def spelled(code: str) -> list[list[tuple[str, str]]]:
    """Return the groups of a registration code, each character with the word by which it is said on the phone."""
    letters = pgettext(
        "one word for each letter of a code, said on the phone",
        "Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel Juliett Kilo Mike November Papa Quebec Romeo Sierra Tango "
        "Uniform Victor Whiskey X-ray Yankee Zulu",
    )
    digits = pgettext("the digits 2 to 9, said on the phone", "two three four five six seven eight nine")
    words = {vietnamese.fold(word)[0].upper(): word for word in letters.split()}
    words.update(zip("23456789", digits.split(), strict=True))
    return [[(char, words.get(char, char)) for char in group] for group in shown(code).split()]
