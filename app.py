"""Moi, from the command line: `app.py` serves, `app.py --help` says what else it can do."""

import sys

from bot.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
