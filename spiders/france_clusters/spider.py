"""France Clusters: cards of member clusters over several pages."""

from __future__ import annotations

from spiders.directory import DirectorySpider


class Portal(DirectorySpider):
    """The directory as its registry entry describes it."""
