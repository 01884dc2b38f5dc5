"""An HDR AVIF, opened so that its chroma keeps all bits.

Of more than 8 bits, libavif leaves the conversion to RGB to libyuv where that knows the matrix, and libyuv cuts chroma
to 8 bits first: up to 34 levels in HDR, whose levels lie close together. Other matrices libavif converts by itself. So
such a file is opened as if its matrix were one derived from primaries (12) that give almost the same, and the levels
are corrected for the difference.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from frameapp.core.render.colorimetry import PRIMARIES, SRGB, Mix

_DERIVED = 12
# By the matrix: the weights of red and blue in its luma, and primaries whose own weights are close to them.
_KNOWN: dict[int, tuple[float, float, int]] = {
    1: (0.2126, 0.0722, 3),  # which is reserved: libavif takes it for BT.709, and libyuv does not know it
    **dict.fromkeys((2, 5, 6), (0.299, 0.114, 4)),
    9: (0.2627, 0.0593, 8),
}


def opened_as(nclx: bytes) -> bytes:
    """The nclx to open such a picture by, instead of its own."""
    matrix = int.from_bytes(nclx[8:10])
    if matrix not in _KNOWN:
        return nclx
    return b"".join((nclx[:4], _KNOWN[matrix][2].to_bytes(2), nclx[6:8], _DERIVED.to_bytes(2), nclx[10:]))


def correction(matrix: int) -> Mix | None:
    """From the levels of a picture that was opened so to its own; None where it was not."""
    if matrix not in _KNOWN:
        return None
    red, blue, primaries = _KNOWN[matrix]
    mix = np.linalg.solve(_to_luma(red, blue), _to_luma(*_weights(primaries)))
    return tuple(tuple(row) for row in mix.tolist())


def _weights(primaries: int) -> tuple[float, float]:
    """How much red and blue of these primaries add to luminance."""
    white, *colours = (
        np.array([x / y, 1, (1 - x - y) / y]) for x, y in np.reshape(PRIMARIES.get(primaries, SRGB), (4, 2))
    )
    red, _, blue = np.linalg.solve(np.stack(colours, axis=1), white).tolist()
    return red, blue


def _to_luma(red: float, blue: float) -> npt.NDArray[np.float64]:
    """The matrix from RGB to luma and both chromas."""
    luma = np.array([red, 1 - red - blue, blue])
    return np.stack([luma, ([0, 0, 1] - luma) / (1 - blue) / 2, ([1, 0, 0] - luma) / (1 - red) / 2])
