"""`python -I -m action`: the Action's one step that does the work."""

import os
import sys

from action.step import main

if __name__ == "__main__":
    raise SystemExit(main(os.environ, sys.argv[1:], sys.stdout))
