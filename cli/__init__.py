"""The `lea-reports` command of program staff.

Each subcommand is a module here; errors of the project's tree, of AWS and of the system end it with one line and exit
code 1, wrong usage with exit code 2.
"""

import errno

import click

from cli.assign_role import assign_role
from cli.faults import OUTSIDE, sentence
from cli.ingest import ingest
from cli.redrive import redrive
from cli.report import report, reports
from cli.rotate_link_key import rotate_link_key
from cli.sweep import sweep
from cli.synthesize import synthesize
from lea_reports.errors import LeaReportsError

__all__ = ["main"]


class _PlainErrors(click.Group):
    """A group whose commands say what went wrong in one line."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except LeaReportsError as error:
            places = [f"  {problem.pointer}: {problem.detail}" for problem in error.problems]
            raise click.ClickException("\n".join([error.detail, *places])) from error
        except OUTSIDE as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise  # whoever read what a command says had enough; click knows how that ends
            raise click.ClickException(sentence(error)) from error


@click.group(cls=_PlainErrors, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Feed and run LEA Reports.

    AWS is reached as boto3 always does: credentials, Region and AWS_ENDPOINT_URL from the environment.
    """


main.add_command(assign_role)
main.add_command(ingest)
main.add_command(redrive)
main.add_command(report)
main.add_command(reports)
main.add_command(rotate_link_key)
main.add_command(sweep)
main.add_command(synthesize)
