"""Sign in to the stack that `make serve` runs and print the ID token, which is valid for an hour.

    export TOKEN=$(python -m local.sign_in EMAIL PASSWORD)

`make serve` prints this line for each of its accounts, and the variables that it needs.
"""

from __future__ import annotations

import argparse
import os
import sys

from botocore.exceptions import BotoCoreError, ClientError

from local.accounts import id_token
from local.cloud import Address, Cloud

VARIABLES = ("AWS_ENDPOINT_URL", "USER_POOL_ID", "USER_POOL_CLIENT_ID")


def main() -> int:
    """Print the token; exit code 1, with a sentence, if there is none to be had."""
    parser = argparse.ArgumentParser(description="Print an ID token of a user of the local stack.")
    parser.add_argument("email")
    parser.add_argument("password")
    wanted = parser.parse_args()
    missing = [name for name in VARIABLES if name not in os.environ]
    if missing:
        return _refuse(f"Export {', '.join(missing)} first: `make serve` prints the lines.")
    address = Address(os.environ["AWS_ENDPOINT_URL"], os.environ.get("AWS_CA_BUNDLE"))
    pool, client = os.environ["USER_POOL_ID"], os.environ["USER_POOL_CLIENT_ID"]
    try:
        token = id_token(Cloud(address), pool, client, wanted.email, wanted.password)
    except ClientError as error:
        return _refuse(f"The user pool refuses the sign-in: {error.response['Error']['Code']}.")
    except BotoCoreError:
        return _refuse(f"Nothing answers at {address.url}: is `make serve` still running?")
    sys.stdout.write(f"{token}\n")
    return 0


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
