"""The feeds as datasets: their columns, their ingest, and reading them by key.

`Lake` reads what is published. `schema` says what every column means. Publishing is atomic: one pointer
object names the current snapshot of every dataset and is switched by one conditional write.
"""

from lea_reports.datasets.lake import Lake
from lea_reports.datasets.snapshots import Snapshots
from lea_reports.storage.objects import FolderObjects, MemoryObjects, ObjectStore, StoredObject

__all__ = ["FolderObjects", "Lake", "MemoryObjects", "ObjectStore", "Snapshots", "StoredObject"]
