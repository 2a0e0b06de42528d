"""A copy of the package in which tables and catalogs can be changed, and programs that run with it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import lea_reports

ROOT = Path(__file__).parents[3]
FEEDS = ("organizations", "students", "scores")
COMMAND = "from cli import main; main()"


class PackageCopy:
    """The copy, below a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.package = folder / "lea_reports"
        shutil.copytree(Path(lea_reports.__file__).parent, self.package)

    def run(self, *arguments):
        """Run Python with the copy; returns what it printed."""
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(self.folder), str(ROOT)))}
        done = subprocess.run(
            [sys.executable, *map(str, arguments)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def command(self, *arguments):
        """Run the command line with the copy."""
        return self.run("-c", COMMAND, *arguments)

    def table(self, name):
        """Return the path of a table of facts."""
        return self.package / "assessments" / "tables" / f"{name}.csv"

    def take_in(self, feeds, store):
        """Take the feeds of a folder in."""
        for feed in FEEDS:
            source = feeds / f"{feed}.parquet"
            self.command("ingest", feed, source, "--to", store, "--rejects", feeds / "rejects.csv")
