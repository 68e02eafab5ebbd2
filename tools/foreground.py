"""Runs a command as the terminal's own foreground job, so that Ctrl-C reaches it alone and `make` reports its exit status, not a break.

Without a terminal it just becomes the command.
"""

import os
import signal
import sys

if os.isatty(0):
    os.setpgid(0, 0)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # a background group may not take the terminal, unless it ignores this
    os.tcsetpgrp(0, os.getpgrp())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
