"""Time cfngen demo, from its start to the printed outcome, beside the first answer of moto's own server."""

import argparse
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from statistics import median

from processes import ENVIRONMENT

from cfngen.local import TimeScale

TARGET = 1.5
SERVER = str(Path(sys.executable).with_name("moto_server"))
DEMO = [str(Path(sys.executable).with_name("cfngen")), "demo"]
LIST = b"Action=ListStacks&Version=2010-05-15"
SIGNED = (
    "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/cloudformation/aws4_request, Signature=none"
)


def main() -> None:
    """Measure in turn, and print medians and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="?", type=int, default=7, help="runs of each (7)")
    parser.add_argument("--short", action="store_true", help="once and small, to see that it runs")
    options = parser.parse_args()
    runs = 1 if options.short else options.runs
    if not options.short:
        first_answer(), demo()  # the first run reads from the disk and may compile to bytecode
    taken = [(first_answer(), *demo(), *demo("--fail", "Submit Batch Job")) for _ in range(runs)]
    server, succeeds, _, fails, waited = map(median, zip(*taken, strict=True))
    print(f"{'moto_server, first answer':34}{server:8.2f} s")
    print(f"{'cfngen demo':34}{succeeds:8.2f} s{succeeds / server:8.2f}")
    print(
        f"{'cfngen demo --fail, without waits':34}{fails - waited:8.2f} s{(fails - waited) / server:8.2f}"
    )
    worst = max(succeeds, fails - waited) / server
    print(f"\nat most {TARGET} times the server: {'reached' if worst <= TARGET else 'missed'}")


def first_answer() -> float:
    """Return the seconds until moto's server, as installed, has answered ListStacks."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    started = time.perf_counter()
    server = subprocess.Popen(
        [SERVER, "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT | {"MOTO_PORT": str(port)},
    )
    try:
        asked = urllib.request.Request(f"http://127.0.0.1:{port}/", LIST, {"Authorization": SIGNED})
        while True:
            try:
                with urllib.request.urlopen(asked, timeout=60) as answer:
                    answer.read()
                    return time.perf_counter() - started
            except urllib.error.HTTPError as error:
                print(f"not measured: the server answered {error.code}")
                sys.exit(0)
            except OSError:
                if server.poll() is not None:
                    print("not measured: the server did not start")
                    sys.exit(0)
                time.sleep(0.005)
    finally:
        server.kill()
        server.wait()


def demo(*arguments: str) -> tuple[float, float]:
    """Return the seconds until the outcome was printed, and those of them that were waits."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [*DEMO, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=ENVIRONMENT, text=True
    )
    assert process.stderr is not None
    taken, failed, waited = 0.0, 0.0, 0.0
    for line in process.stderr:
        if found := re.match(r"\s+([\d.]+) s  (failed|retried) ", line):
            # the time that is shown counts waits in full
            waited += TimeScale().scaled(float(found[1]) - failed) if found[2] == "retried" else 0
            failed = float(found[1])
        if line.startswith("SUCCEEDED"):
            taken = time.perf_counter() - started
    if process.wait() or not taken:
        # what fails early is quick: its time says nothing
        print(f"not measured: cfngen demo ended with {process.returncode}")
        sys.exit(0)
    return taken, waited


if __name__ == "__main__":
    main()
