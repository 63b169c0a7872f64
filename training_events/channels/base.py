"""What a channel to telephones promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the channel says of a message that it took. ``is_sent`` is False where it was only written down."""

    reference: str = ""
    is_sent: bool = True


class TryLater(Exception):
    """The message was not taken, or nobody knows; the same message may be sent again.

    ``after`` are the seconds for which the other side asks to be left alone; ``whole`` says that nothing else will get through
    either, so that nobody waits for every single message.
    """

    def __init__(self, problem: str, *, after: float | None = None, whole: bool = True) -> None:
        super().__init__(problem)
        self.after = after
        self.whole = whole


class Refused(Exception):
    """The other side will never take this message: a wrong number or address."""


class Channel(Protocol):
    """A way to reach telephones."""

    #: Whether its texts keep Vietnamese letters; without them a text message carries more than twice as much.
    with_accents: bool

    def send(self, phone: str, text: str, *, key: str) -> Receipt:
        """Send ``text`` to ``phone``.

        Args:
            phone: E.164.
            text: what is to be read.
            key: the same for every attempt of the same message; the other side sends it once.

        Raises:
            TryLater: when it may work another time.
            Refused: when it never will.
        """


def masked(phone: str) -> str:
    """Return ``+84*****678``: enough to tell two lines of a log apart, too little to call anybody."""
    return f"{phone[:3]}{'*' * max(0, len(phone) - 6)}{phone[-3:]}"
