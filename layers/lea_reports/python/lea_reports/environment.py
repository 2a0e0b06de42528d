"""The settings of a function, from its environment variables: one frozen, typed object per function."""

import os
from typing import Self

from pydantic import BaseModel, ConfigDict


class Environment(BaseModel):
    """Environment variables, by their names in lower case."""

    model_config = ConfigDict(frozen=True)

    @classmethod
    def read(cls) -> Self:
        """Read the process's environment; a missing variable stops the function at its start."""
        return cls.model_validate({name.lower(): value for name, value in os.environ.items()})
