"""The container's health check: ask the stockroom on the address that it listens on."""

import urllib.request


def main() -> None:
    """Fail, and so end with another status than 0, unless the stockroom is healthy."""
    with urllib.request.urlopen("http://127.0.0.1:8000/health", timeout=4):
        pass


if __name__ == "__main__":
    main()
