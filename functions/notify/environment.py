"""The settings of the function, from its environment variables."""

from pydantic import Field

from lea_reports import environment
from lea_reports.delivery.links import LinkForm


class Environment(environment.Environment):
    """Environment variables of `notify`."""

    stage: str
    table_name: str
    link_form: LinkForm
    public_url_parameter: str
    archive_bucket: str
    link_key_secret: str
    sender: str
    link_hours: int = Field(ge=1, le=24)
