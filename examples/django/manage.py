"""The shop's command line."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run a management command: tests under their own settings, all else as a developer."""
    environment = "test" if sys.argv[1:2] == ["test"] else "development"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"config.settings.{environment}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
