"""Objects by key, under the name that they had here; see `lea_reports.storage.objects`."""

from lea_reports.storage.objects import FolderObjects, MemoryObjects, ObjectStore, StoredObject

__all__ = ["FolderObjects", "MemoryObjects", "ObjectStore", "StoredObject"]
