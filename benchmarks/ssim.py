"""Structural similarity of two pictures, after Wang, Bovik, Sheikh, Simoncelli (2004)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

_SIGMA = 1.5
_RADIUS = 5  # an 11 x 11 window
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2

_BLOCK = 64

Plane = npt.NDArray[np.float32]


def ssim(one: Image.Image, other: Image.Image) -> float:
    """The mean similarity over red, green and blue, 1.0 for the same pictures. Both of one size, at least 11 x 11."""
    if one.size != other.size:
        raise ValueError(f"the sizes differ: {one.size} and {other.size}")
    pairs = zip(one.convert("RGB").split(), other.convert("RGB").split(), strict=True)
    return float(np.mean([_plane_ssim(np.asarray(a, np.float32), np.asarray(b, np.float32)) for a, b in pairs]))


def _plane_ssim(a: Plane, b: Plane) -> float:
    mean_a, mean_b = _smooth(a), _smooth(b)
    # Spreads do not change with the level; around 0 they keep their digits in single precision.
    a, b = a - 128, b - 128
    low_a, low_b = mean_a - 128, mean_b - 128
    spread_a = _smooth(a * a) - low_a * low_a
    spread_b = _smooth(b * b) - low_b * low_b
    shared = _smooth(a * b) - low_a * low_b
    top = (2 * mean_a * mean_b + _C1) * (2 * shared + _C2)
    return float((top / ((mean_a**2 + mean_b**2 + _C1) * (spread_a + spread_b + _C2))).mean(dtype=np.float64))


def _smooth(plane: Plane) -> Plane:
    """The plane under a Gaussian window, where the window fits."""
    return np.ascontiguousarray(_smooth_down(np.ascontiguousarray(_smooth_down(plane).T)).T)


def _smooth_down(plane: Plane) -> Plane:
    """Down the columns, as products of small matrices: many times faster than adding shifted planes."""
    weights = np.exp(-(np.arange(-_RADIUS, _RADIUS + 1) ** 2) / (2 * _SIGMA**2)).astype(np.float32)
    weights /= weights.sum()
    rows = plane.shape[0] - 2 * _RADIUS
    band = np.zeros((_BLOCK, _BLOCK + 2 * _RADIUS), np.float32)
    for row in range(_BLOCK):
        band[row, row : row + len(weights)] = weights
    out = np.empty((rows, plane.shape[1]), np.float32)
    for top in range(0, rows, _BLOCK):
        count = min(_BLOCK, rows - top)
        out[top : top + count] = band[:count, : count + 2 * _RADIUS] @ plane[top : top + count + 2 * _RADIUS]
    return out
