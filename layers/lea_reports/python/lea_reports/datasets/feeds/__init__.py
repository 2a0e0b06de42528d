"""Every feed that is taken in: one file each, whose `FEED` is its declaration."""

from graphlib import TopologicalSorter
from importlib import import_module
from pkgutil import iter_modules

from lea_reports.datasets.dataset import Feed


def _declared() -> dict[str, Feed]:
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    feeds: dict[str, Feed] = {module.FEED.name: module.FEED for module in modules}
    order = TopologicalSorter({name: feed.refers_to for name, feed in sorted(feeds.items())})
    return {name: feeds[name] for name in order.static_order()}


FEEDS = _declared()
"""Feeds by name, each after those that it refers to."""
