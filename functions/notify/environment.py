"""What the function is told by its surroundings."""

from pydantic import Field

from lea_reports import environment


class Environment(environment.Environment):
    """Environment variables of `notify`."""

    stage: str
    table_name: str
    public_url_parameter: str
    link_key_secret: str
    sender: str
    link_hours: int = Field(ge=1, le=24)
