"""What the function is told by its surroundings."""

from __future__ import annotations

import os

from pydantic import BaseModel, ConfigDict, Field


class Environment(BaseModel):
    """Environment variables of `notify`, by their names in lower case."""

    model_config = ConfigDict(frozen=True)

    stage: str
    table_name: str
    archive_bucket: str
    link_key_secret: str
    sender: str
    link_hours: int = Field(ge=1, le=24)

    @classmethod
    def read(cls) -> Environment:
        """Read the process's environment; a missing variable stops the function at its start."""
        return cls.model_validate({name.lower(): value for name, value in os.environ.items()})
