"""Reading a feed to its end."""

from __future__ import annotations

import io
import re
from xml.parsers import expat

from frameapp.core.feeds import Entry, FeedReader


def read(data: bytes, *, base_url: str = "") -> list[Entry]:
    """The entries of a feed."""
    return list(FeedReader(io.BytesIO(data), base_url=base_url))


def well_formed(data: bytes, reader: FeedReader) -> bool:
    """Whether a strict parser reads a feed in the encoding that ``reader`` found; what it declares may be wrong.

    By expat: lxml also refuses names of namespaces that are no addresses.
    """
    decoder = reader.decoder
    try:
        text = data.decode(decoder.encoding if decoder.told else "utf-8").lstrip("\ufeff")
        parser = expat.ParserCreate("utf-8", namespace_separator="\x01")
        parser.Parse(re.sub(r"^<\?xml\s[^>]*\?>", "", text).encode(), True)
    except (expat.ExpatError, UnicodeError):
        return False
    return True
