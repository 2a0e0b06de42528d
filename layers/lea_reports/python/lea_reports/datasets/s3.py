"""Objects on S3, under the name that they had here; see `lea_reports.storage.s3_objects`."""

from lea_reports.storage.s3_objects import S3Address, S3Objects

__all__ = ["S3Address", "S3Objects"]
