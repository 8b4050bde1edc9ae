"""`python -m checks` is `rubricate`."""

from checks.cli import main

if __name__ == "__main__":
    main()
