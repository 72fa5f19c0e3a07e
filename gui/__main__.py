"""python -m gui: what drydock-gui starts."""

import sys

from gui.main import main

sys.exit(main())
