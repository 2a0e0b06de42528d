"""What the function is told by its surroundings."""

from __future__ import annotations

import os

from pydantic import BaseModel, ConfigDict


class Environment(BaseModel):
    """Environment variables of `request_report`, by their names in lower case."""

    model_config = ConfigDict(frozen=True)

    stage: str
    table_name: str
    data_bucket: str
    build_queue_url: str

    @classmethod
    def read(cls) -> Environment:
        """Read the process's environment; a missing variable stops the function at its start."""
        return cls.model_validate({name.lower(): value for name, value in os.environ.items()})
