"""A copy of the package in which tables and catalogs can be changed, and programs that run with it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import lea_reports

ROOT = Path(__file__).parents[2]
FEEDS = ("organizations", "students", "scores")
COMMAND = "from cli import main; main()"


class PackageCopy:
    """The copy, below a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.package = folder / "lea_reports"
        shutil.copytree(Path(lea_reports.__file__).parent, self.package)

    def add(self, path, documentation, section):
        """Write the code that a section of the documentation shows into a file of the copy."""
        text = (ROOT / "docs" / documentation).read_text(encoding="utf-8")
        of_section = text.partition(f"## {section}\n")[2].partition("\n## ")[0]
        [code] = re.findall(r"```python\n(.*?)```", of_section, re.DOTALL)
        (self.package / path).write_text(code, encoding="utf-8")

    def run(self, *arguments, succeeds=True):
        """Run Python with the copy; returns what it said."""
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(self.folder), str(ROOT)))}
        done = subprocess.run(
            [sys.executable, *map(str, arguments)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode == 0) is succeeds, done.stdout + done.stderr
        return done.stdout if succeeds else done.stdout + done.stderr

    def command(self, *arguments, succeeds=True):
        """Run the command line with the copy."""
        return self.run("-c", COMMAND, *arguments, succeeds=succeeds)

    def table(self, name):
        """Return the path of a table of facts."""
        return self.package / "assessments" / "tables" / f"{name}.csv"

    def take_in(self, feeds, store):
        """Take the feeds of a folder in."""
        for feed in FEEDS:
            source = feeds / f"{feed}.parquet"
            self.command("ingest", feed, source, "--to", store, "--rejects", feeds / "rejects.csv")
