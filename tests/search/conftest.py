"""Two offices with their staff, as in the tests of the admin."""

from tests.admin.conftest import commune, editor, province, publisher, sign_in

__all__ = ["commune", "editor", "province", "publisher", "sign_in"]
