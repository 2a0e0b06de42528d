"""What the function is told by its surroundings."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import BaseModel, ConfigDict


class Environment(BaseModel):
    """Environment variables of `build_report`, by their names in lower case."""

    model_config = ConfigDict(frozen=True)

    stage: str
    table_name: str
    data_bucket: str
    archive_bucket: str
    build_queue_url: str
    notice_queue_url: str
    fonts_dir: Path
    chunk_ssrs: int
    merged_file_limit: int

    @classmethod
    def read(cls) -> Environment:
        """Read the process's environment; a missing variable stops the function at its start."""
        return cls.model_validate({name.lower(): value for name, value in os.environ.items()})
