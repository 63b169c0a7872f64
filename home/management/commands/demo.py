"""manage.py demo: build the sample site."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from home.demo.builder import DemoBuilder, is_built


class Command(BaseCommand):
    """Builds the sample site; what exists is never touched."""

    help = "Build the sample site (two offices). Existing content is never touched."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --if-empty, which `make run` uses."""
        parser.add_argument("--if-empty", action="store_true", help="Do nothing when a home page exists.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build and say what was made."""
        if options["if_empty"] and is_built():
            self.stdout.write("Đã có trang chủ, không dựng nội dung mẫu.")
            return
        made = DemoBuilder(say=self.stdout.write).build()
        self.stdout.write(self.style.SUCCESS(f"Nội dung mẫu: {made} trang mới."))
