"""The settings of the function, from its environment variables."""

from pathlib import Path

from lea_reports import environment


class Environment(environment.Environment):
    """Environment variables of `build_report`."""

    stage: str
    table_name: str
    data_bucket: str
    archive_bucket: str
    build_queue_url: str
    notice_queue_url: str
    fonts_dir: Path
    chunk_ssrs: int
    merged_file_limit: int
    archive_bytes: int
