"""``python -m cfngen``, and where the command ``cfngen`` begins."""

import _signal as signal  # type: ignore[import-not-found]  # what signal wraps: signal itself imports enum first


def run() -> None:
    """Run the command; an interrupt ends it without a traceback, also while it is imported."""
    is_default = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if is_default:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from cfngen.cli import run as run_command

    try:
        if is_default:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        run_command()
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.raise_signal(signal.SIGINT)


if __name__ == "__main__":
    run()
