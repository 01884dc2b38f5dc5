"""Feeds: bytes to entries and entries to the published feed, streaming, in constant memory."""

from frameapp.core.feeds.entry import Entry
from frameapp.core.feeds.inspection import FirstProduct, Inspection, inspect
from frameapp.core.feeds.limits import FeedLimits
from frameapp.core.feeds.nothing import NoEntries, NoIds
from frameapp.core.feeds.reader import FeedReader
from frameapp.core.feeds.report import FeedReport, PlanReport, summarise
from frameapp.core.feeds.rewriting import Rewritten, rewrite
from frameapp.core.feeds.seen import SeenIds

__all__ = [
    "Entry",
    "FeedLimits",
    "FeedReader",
    "FeedReport",
    "FirstProduct",
    "Inspection",
    "NoEntries",
    "NoIds",
    "PlanReport",
    "Rewritten",
    "SeenIds",
    "inspect",
    "rewrite",
    "summarise",
]
