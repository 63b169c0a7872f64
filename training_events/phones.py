"""Phone numbers: read as people here write them, stored as E.164, shown the local way. The one place that knows."""

import phonenumbers

REGION = "VN"


def parse(raw: str) -> str:
    """Return ``+84912345678`` for what somebody typed.

    Raises:
        ValueError: when it is no possible number of Viet Nam or, with a leading plus, of another country.
    """
    try:
        number = phonenumbers.parse(raw, REGION)
    except phonenumbers.NumberParseException as problem:
        raise ValueError("not a phone number") from problem
    if not phonenumbers.is_valid_number(number):
        raise ValueError("not a valid phone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown(e164: str) -> str:
    """Return ``0912 345 678`` for a number of Viet Nam, the international form for others."""
    try:
        number = phonenumbers.parse(e164, REGION)
    except phonenumbers.NumberParseException:
        return e164
    if number.country_code != 84:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    digits = f"0{number.national_number}"
    if len(digits) == 10:
        return f"{digits[:4]} {digits[4:7]} {digits[7:]}"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def last_digits(e164: str, count: int = 4) -> str:
    """Return the last ``count`` digits."""
    return e164[-count:]


def searched(digits: str) -> str:
    """Return the part of an E.164 number that ``digits`` (3 or more) stand for, however they begin (0, 84, +84, 0084)."""
    bare = digits.removeprefix("00").removeprefix("84") if len(digits) > 9 else digits
    return bare.removeprefix("0") if len(digits) >= 3 else ""


def is_part(digits: str, e164: str) -> bool:
    """Return whether ``digits`` are a number, or at least three digits of one."""
    wanted = searched(digits)
    return bool(wanted) and wanted in e164
