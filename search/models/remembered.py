"""What staff change works with the next question."""

from typing import Any

from django.db import models, transaction

from core.memory import forget


class Remembered(models.Model):
    """A row that questions read from memory (core.memory): saving or deleting one empties it."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, then forget: now for whoever goes on in this transaction, and when it is over for everybody."""
        super().save(*args, **kwargs)
        forget()
        transaction.on_commit(forget)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, then forget."""
        done = super().delete(*args, **kwargs)
        forget()
        transaction.on_commit(forget)
        return done
