"""``python -m cfngen``."""

from cfngen.cli import run

run()
