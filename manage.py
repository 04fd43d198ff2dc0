#!/usr/bin/env python3
"""The commands of Upstream."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import OperationalError

from kb.core.busy import trouble_of

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        trouble = trouble_of(error)
        if trouble is None or "--traceback" in sys.argv:
            raise
        sys.exit(trouble.for_operators)
