"""`make serve`: keep the whole cloud running on this machine until Ctrl-C.

python -m local.serve [--students N] [--schools M] [--seed S] [--strict] [--home FOLDER]
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from local.cloud import LocalStackError
from local.coordinator import whole_lea
from local.emulator import HOME, REPOSITORY
from local.mail_page import served_mails
from local.seed import Seeded, seed, synthesize_district
from local.stack import running_stack

if TYPE_CHECKING:
    from local.stack import Stack


BETWEEN_CHECKS = 1.0  # seconds


def main() -> int:
    """Serve until told to end; exit code 1 if a stack of this folder runs already, cannot start, or falls over."""
    parser = argparse.ArgumentParser(description="Keep the local stack running until Ctrl-C.")
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--schools", type=int, default=4)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--strict", action="store_true", help="enforce IAM policies, speak TLS only")
    parser.add_argument("--home", type=Path, default=HOME, help="folder of its files while it runs")
    wanted = parser.parse_args()
    console = Console(soft_wrap=True)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(0))  # there is no terminal left to tell anything
    try:
        with tempfile.TemporaryDirectory(prefix="lea-reports-") as folder:
            feeds = Path(folder)
            synthesize_district(feeds, students=wanted.students, schools=wanted.schools, number=wanted.seed)
            with (
                running_stack(home=wanted.home, strict=wanted.strict, announce=console.print) as stack,
                served_mails(stack.emulator.address) as mail_page,
            ):
                console.print("Taking the feeds of a synthetic district in")
                seeded = seed(stack, feeds, announce=console.print)
                stack.emulator.describe(api=f"{stack.deployment.api_url}/v1", mails=mail_page)
                show(console, stack, seeded, mail_page)
                while True:
                    time.sleep(BETWEEN_CHECKS)
                    stack.emulator.check()
    except LocalStackError as error:
        console.print(str(error), markup=False)
        return 1
    except KeyboardInterrupt:
        console.print("Ended; everything is torn down.")
    return 0


def show(console: Console, stack: Stack, seeded: Seeded, mail_page: str) -> None:
    """Print every address, the demo accounts, and how to use the stack from another terminal."""
    deployment = stack.deployment
    parts = {
        "The local stack is up. Ctrl-C ends it.": {
            "API": f"{deployment.api_url}/v1",
            "Mails": mail_page,
            "AWS endpoint": stack.emulator.address.url,
            "User pool": f"{deployment.user_pool_id}, client {deployment.user_pool_client_id}",
            "Emulator's log": str(stack.emulator.log),
        },
        "Accounts": {
            account.email: f"password {account.password}  role {account.assignment.id}"
            for account in seeded.accounts
        },
        f"Schools of {seeded.district.name} ({seeded.district.lea})": seeded.district.schools,
    }
    for title, rows in parts.items():
        console.print(f"\n[bold]{title}[/]")
        width = max(map(len, rows))
        for name, value in rows.items():
            console.print(f"  {name:<{width}}  {value}", highlight=False, markup=False)
    for title, lines in commands(stack, seeded, mail_page).items():
        console.print(f"\n[bold]{title}[/]")
        for line in lines:
            console.print(f"  {line}", highlight=False, markup=False)


def commands(stack: Stack, seeded: Seeded, mail_page: str) -> dict[str, list[str]]:
    """Return, by what it is for, what to type in another terminal to use the stack."""
    certificate = stack.emulator.address.certificate
    variables = stack.operator_environment() | {
        "USER_POOL_CLIENT_ID": stack.deployment.user_pool_client_id,
        "API": f"{stack.deployment.api_url}/v1",
    }
    curl = f'curl {f"--cacert {certificate} " if certificate else ""}-H "Authorization: Bearer $TOKEN"'
    request = whole_lea("My-first-report", schools=[next(iter(seeded.district.schools))])
    return {
        "In another terminal, for the lea-reports and aws commands": [
            f"cd {REPOSITORY}",
            f"export PATH={Path(sys.executable).parent}:$PATH",
            *(f"export {name}={value}" for name, value in variables.items()),
        ],
        "A token of one of the accounts, for an hour; the same line gets the next one": [
            f"export TOKEN=$(python -m local.sign_in {account.email} {account.password})"
            for account in seeded.accounts
        ],
        "Ask for a report as the LEA's coordinator, see how far it is, and read the mail": [
            f"{curl} $API/organization",
            f"{curl} -H 'Content-Type: application/json' -d '{json.dumps(request)}' $API/report-requests",
            f'{curl} "$API/report-requests?limit=1"',
            f"# and the mail, in a browser: {mail_page}",
        ],
    }


if __name__ == "__main__":
    sys.exit(main())
