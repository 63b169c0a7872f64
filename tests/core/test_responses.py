"""What is done after an answer: the reader has it by then, and nothing that fails reaches anybody."""

import logging

import pytest
from django.core.signals import request_finished

from core.responses import FollowedResponse

pytestmark = pytest.mark.usefixtures("open_connection")


def test_what_follows_is_done_once_before_the_connections_are_given_back() -> None:
    done: list[str] = []

    def finished(**_kwargs: object) -> None:
        done.append("given back")

    request_finished.connect(finished)
    try:
        answer = FollowedResponse("Chào bà con", follow=lambda: done.append("followed"), status=201)
        assert (answer.content.decode(), answer.status_code, done) == ("Chào bà con", 201, [])
        answer.close()
        assert done == ["followed", "given back"]
        answer.close()
        assert done.count("followed") == 1
    finally:
        request_finished.disconnect(finished)


def test_what_fails_then_is_written_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise RuntimeError("đĩa đầy")

    answer = FollowedResponse("Chào bà con", follow=fail)
    with caplog.at_level(logging.ERROR, logger="core.responses"):
        answer.close()
    assert answer.closed
    assert "đĩa đầy" in caplog.text
