"""`make serve`: keep the whole cloud running on this machine until Ctrl-C.

python -m local.serve [--students N] [--schools M] [--seed S] [--strict]
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from local.emulator import AlreadyRunningError
from local.mailbox import PAGE
from local.seed import Seeded, seed, synthesize_district
from local.stack import running_stack

if TYPE_CHECKING:
    from local.stack import Stack


def main() -> int:
    """Serve until told to end; exit code 1 if a stack of this folder is running already."""
    parser = argparse.ArgumentParser(description="Keep the local stack running until Ctrl-C.")
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--schools", type=int, default=4)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--strict", action="store_true", help="enforce IAM policies, speak TLS only")
    wanted = parser.parse_args()
    console = Console()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        with tempfile.TemporaryDirectory(prefix="lea-reports-") as folder:
            feeds = Path(folder)
            synthesize_district(feeds, students=wanted.students, schools=wanted.schools, number=wanted.seed)
            with running_stack(strict=wanted.strict, tell=console.print) as stack:
                console.print("Taking the feeds of a synthetic district in")
                show(console, stack, seed(stack, feeds, tell=console.print))
                ended.wait()
    except AlreadyRunningError as error:
        console.print(str(error), highlight=False)
        return 1
    return 0


def show(console: Console, stack: Stack, seeded: Seeded) -> None:
    """Print every address, the demo accounts, and how to use the command line on this stack."""
    addresses = Table("What", "Where", title="The local stack is up. Ctrl-C ends it.", title_justify="left")
    addresses.add_row("API", f"{stack.deployment.api_url}/v1")
    addresses.add_row("Mails", stack.emulator.address.url + PAGE)
    addresses.add_row("AWS endpoint", stack.emulator.address.url)
    addresses.add_row(
        "User pool, client", f"{stack.deployment.user_pool_id} {stack.deployment.user_pool_client_id}"
    )
    addresses.add_row("Emulator's log", str(stack.emulator.log))
    accounts = Table("Account", "E-mail", "Password", "Role")
    for account in seeded.accounts:
        accounts.add_row(account.title, account.email, account.password, account.assignment.id)
    schools = Table("School", "Name", title=f"Schools of {seeded.district.lea}", title_justify="left")
    for code, name in seeded.district.schools.items():
        schools.add_row(code, name)
    for table in (addresses, accounts, schools):
        console.print(table, soft_wrap=True)
    console.print("For the lea-reports and aws commands:", highlight=False)
    for name, value in stack.operator_environment().items():
        console.print(f"  export {name}={value}", highlight=False, soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
