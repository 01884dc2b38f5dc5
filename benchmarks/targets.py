"""What a measurement of pictures says, row by row, and whether it holds what we aim at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.case import MAIN
from benchmarks.offer import OFFERS, ONE, THREE

AS_FAST_AS_PYVIPS = 1.5
OF_THE_FLOOR = 1.6
OF_THE_BYTES = 1.05
SSIM_BELOW_PYVIPS = 0.001
DESIGN_OF_JPEG = 1.3
DESIGN_AS_FAST = 2.0
SIZES_OF_DESIGN = 2.2
TEXT_ALIKE = 0.9


@dataclass(frozen=True)
class Row:
    """One pipeline's figures in one case: means over the pictures. The floor and the values have a time alone.

    ``text`` is how alike a peer's texts and ours are.
    """

    case: str
    pipeline: str
    ms_per_picture: float
    ssim: float | None = None
    bytes: int | None = None
    chroma: str = ""
    text: float | None = None

    def __str__(self) -> str:
        made = f"SSIM {self.ssim:.5f} {self.bytes:9} bytes  {self.chroma}" if self.ssim is not None else ""
        text = f"  text {self.text:.4f}" if self.text is not None else ""
        return f"{self.case:18}{self.pipeline:13}{self.ms_per_picture:9.2f} ms  {made}{text}".rstrip()

    def to_json(self) -> dict[str, str | float | int | None]:
        """The row as plain JSON values."""
        names = ("case", "pipeline", "ms_per_picture", "ssim", "bytes")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Verdict:
    """A figure beside what it should be."""

    case: str
    what: str
    figure: str
    wanted: str
    holds: bool

    def __str__(self) -> str:
        return f"{self.case:18}{self.what:26}{self.figure:>10}  {self.wanted:18}{'ok' if self.holds else 'missed'}"


def verdicts(rows: list[Row]) -> Iterator[Verdict]:
    """Each target of each case that was measured, with a peer that is missing left out."""
    offers = {offer.name for offer in OFFERS}
    yield from _of_offers({(row.case, row.pipeline): row for row in rows})
    for case in dict.fromkeys(row.case for row in rows if row.case not in offers):
        of_case = {row.pipeline: row for row in rows if row.case == case}
        ours, floor = of_case.pop("ours"), of_case.pop("floor")
        for peer in of_case.values():
            yield from _beside(ours, peer)
        if case == MAIN.name:
            times = ours.ms_per_picture / floor.ms_per_picture
            yield Verdict(case, "time / the floor's", f"{times:.2f}", f"<= {OF_THE_FLOOR:.2f}", times <= OF_THE_FLOOR)


def _beside(ours: Row, peer: Row) -> Iterator[Verdict]:
    if ours.ssim is None or ours.bytes is None or peer.ssim is None or peer.bytes is None:
        return
    case, name = ours.case, peer.pipeline
    main_peer = case == MAIN.name and name == "pyvips"
    speed = peer.ms_per_picture / ours.ms_per_picture
    least, wanted = (AS_FAST_AS_PYVIPS, ">= 1.50") if main_peer else (1.0, "> 1.00")
    fast = speed >= least if main_peer else speed > least
    yield Verdict(case, f"speed / {name}'s", f"{speed:.2f}", wanted, fast)
    size = ours.bytes / peer.bytes
    yield Verdict(case, f"bytes / {name}'s", f"{size:.3f}", f"<= {OF_THE_BYTES:.2f}", size <= OF_THE_BYTES)
    if ours.chroma:
        yield Verdict(case, f"chroma as {name}'s", ours.chroma, peer.chroma, ours.chroma == peer.chroma)
    if main_peer:
        more = ours.ssim - peer.ssim
        yield Verdict(case, "SSIM - pyvips's", f"{more:+.5f}", f">= -{SSIM_BELOW_PYVIPS}", more >= -SSIM_BELOW_PYVIPS)


def _of_offers(rows: dict[tuple[str, str], Row]) -> Iterator[Verdict]:
    """The designs beside our own plain row, beside the peers, and in one size beside three."""
    jpeg, one, three = (rows.get((case, "ours")) for case in (MAIN.name, ONE.name, THREE.name))
    if one and jpeg:
        yield _at_most(one, jpeg, DESIGN_OF_JPEG)
    for row in rows.values():
        if one and row.case == ONE.name and row.text is not None:
            speed = row.ms_per_picture / one.ms_per_picture
            wanted = f">= {DESIGN_AS_FAST:.2f}"
            yield Verdict(row.case, f"speed / {row.pipeline}'s", f"{speed:.2f}", wanted, speed >= DESIGN_AS_FAST)
            wanted = f">= {TEXT_ALIKE:.2f}"
            yield Verdict(row.case, f"text as {row.pipeline}'s", f"{row.text:.3f}", wanted, row.text >= TEXT_ALIKE)
    if three and one:
        yield _at_most(three, one, SIZES_OF_DESIGN)


def _at_most(row: Row, other: Row, most: float) -> Verdict:
    times = row.ms_per_picture / other.ms_per_picture
    return Verdict(row.case, f"time / {other.case}'s", f"{times:.2f}", f"<= {most:.2f}", times <= most)
