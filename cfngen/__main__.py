"""``python -m cfngen``, and where the command ``cfngen`` begins."""

import signal


def run() -> None:
    """Run the command; while it is imported, an interrupt ends it without a traceback."""
    is_default = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if is_default:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from cfngen.cli import run as run_command

    if is_default:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    run_command()


if __name__ == "__main__":
    run()
