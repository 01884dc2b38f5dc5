"""Which product ids were met, in a few bytes each."""

_BUCKETS = 1 << 16
_WIDTH = 6


class SeenIds:
    """Remembers ids by 64 bits of Python's keyed hash: 16 choose a bucket, 48 are kept in it.

    A bucket is one array of bytes, so that no id needs an object of its own. The chance that two different ones among
    a million are taken for the same is one in thirty million, and nobody outside the process can aim for it.
    """

    def __init__(self) -> None:
        self._buckets: list[bytearray | None] = [None] * _BUCKETS

    def add(self, product_id: str) -> bool:
        """Remembers the id; true where it is new."""
        digest = hash(product_id)
        kept = (digest >> 16 & 0xFFFF_FFFF_FFFF).to_bytes(_WIDTH, "little")
        index = digest & 0xFFFF
        bucket = self._buckets[index]
        if bucket is None:
            self._buckets[index] = bytearray(kept)
            return True
        at = bucket.find(kept)
        while at >= 0:
            if at % _WIDTH == 0:
                return False
            at = bucket.find(kept, at + 1)
        bucket += kept
        return True
