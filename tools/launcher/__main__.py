# SPDX-License-Identifier: MIT
"""Entry of ./sojourn: `python3 tools/launcher COMMAND …`."""
import os
import sys

sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from launcher.main import main  # noqa: E402  (the path has to be set first)

sys.exit(main(sys.argv[1:]))
