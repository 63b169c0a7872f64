"""Files are found through their pages on a real server as well, and by nobody once they are private."""

import pytest

from tests.search.test_documents import (
    committed,
    site,
    test_a_file_that_becomes_private_is_shown_to_nobody_even_before_the_index_knows,
    test_a_page_is_found_by_what_its_file_says,
    test_files_of_a_private_collection_are_not_found,
)

__all__ = [
    "committed",
    "site",
    "test_a_file_that_becomes_private_is_shown_to_nobody_even_before_the_index_knows",
    "test_a_page_is_found_by_what_its_file_says",
    "test_files_of_a_private_collection_are_not_found",
]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("server")]
