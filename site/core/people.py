"""How people are called."""

from django.contrib.auth.models import AbstractUser


def full_name(user: AbstractUser) -> str:
    """Return family and middle name before the given name ("Nguyễn Thị Lan"), in every language of the pages."""
    return f"{user.last_name} {user.first_name}".strip()
