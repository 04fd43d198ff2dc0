"""The worker and beat of `make run` under its supervisor, without the web server; two workers, so that one may start anew."""

import sys

from kb.serve import COMMANDS, Process, Supervisor

if __name__ == "__main__":
    sys.exit(Supervisor([Process(name, COMMANDS[name]) for name in ("worker", "worker", "beat")], steady=0).run())
