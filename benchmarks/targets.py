"""What a measurement of pictures says, row by row, and whether it holds what we aim at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.case import MAIN

AS_FAST_AS_PYVIPS = 1.5
OF_THE_FLOOR = 1.6
OF_THE_BYTES = 1.05
SSIM_BELOW_PYVIPS = 0.001


@dataclass(frozen=True)
class Row:
    """One pipeline's figures in one case: means over the pictures. The floor has a time alone."""

    case: str
    pipeline: str
    ms_per_picture: float
    ssim: float | None = None
    bytes: int | None = None
    chroma: str = ""

    def __str__(self) -> str:
        made = f"SSIM {self.ssim:.5f} {self.bytes:9} bytes  {self.chroma}" if self.ssim is not None else ""
        return f"{self.case:18}{self.pipeline:8}{self.ms_per_picture:9.2f} ms  {made}".rstrip()

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
    for case in dict.fromkeys(row.case for row in rows):
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
