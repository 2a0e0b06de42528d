"""The local stack with the settings of production's build worker, and with its functions measured."""

from __future__ import annotations

import io
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from infra.stages import PROD
from local.stack import running_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from local.cloud import Cloud
    from local.stack import Stack

MEASURED = ("request_report", "build_report", "notify")
_WORKER = Path(__file__).with_name("worker.py")
_MODULE = "measured_worker"
_SETTINGS = {"CHUNK_SSRS": str(PROD.chunk_ssrs), "MERGED_FILE_LIMIT": str(PROD.merged_file_limit)}


@contextmanager
def measured_stack(notes: Path, tell: Callable[[str], None]) -> Iterator[Stack]:
    """Start the local stack; its functions write into `notes` what they do."""
    with running_stack(metrics=False, announce=tell) as stack:
        _measure_functions(stack.cloud, notes)
        yield stack


def _measure_functions(cloud: Cloud, notes: Path) -> None:
    layer = cloud.functions.publish_layer_version(LayerName=_MODULE, Content={"ZipFile": _layer()})
    for function in cloud.functions.list_functions()["Functions"]:
        settings = function.get("Environment", {}).get("Variables", {})
        if settings.get("POWERTOOLS_SERVICE_NAME") not in MEASURED:
            continue
        told = {"MEASURED_HANDLER": function["Handler"], "MEASURED_INTO": str(notes)}
        own = {name: value for name, value in _SETTINGS.items() if name in settings}
        cloud.functions.update_function_configuration(
            FunctionName=function["FunctionName"],
            Handler=f"{_MODULE}.handle",
            Layers=[*(each["Arn"] for each in function.get("Layers", [])), layer["LayerVersionArn"]],
            Environment={"Variables": settings | own | told},
        )


def _layer() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as layer:
        layer.write(_WORKER, f"python/{_MODULE}.py")
    return content.getvalue()
