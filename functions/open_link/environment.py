"""The settings of the function, from its environment variables."""

from lea_reports import environment


class Environment(environment.Environment):
    """Environment variables of `open_link`."""

    stage: str
    table_name: str
    archive_bucket: str
    link_key_secret: str
