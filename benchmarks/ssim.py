"""Structural similarity of two pictures, after Wang, Bovik, Sheikh, Simoncelli (2004)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

_SIGMA = 1.5
_RADIUS = 5  # an 11 x 11 window
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2

Plane = npt.NDArray[np.float64]


def ssim(one: Image.Image, other: Image.Image) -> float:
    """The mean similarity over red, green and blue, 1.0 for the same pictures. Both of one size, at least 11 x 11."""
    if one.size != other.size:
        raise ValueError(f"the sizes differ: {one.size} and {other.size}")
    pairs = zip(one.convert("RGB").split(), other.convert("RGB").split(), strict=True)
    return float(np.mean([_plane_ssim(np.asarray(a, np.float64), np.asarray(b, np.float64)) for a, b in pairs]))


def _plane_ssim(a: Plane, b: Plane) -> float:
    mean_a, mean_b = _smooth(a), _smooth(b)
    spread_a = _smooth(a * a) - mean_a**2
    spread_b = _smooth(b * b) - mean_b**2
    shared = _smooth(a * b) - mean_a * mean_b
    top = (2 * mean_a * mean_b + _C1) * (2 * shared + _C2)
    return float((top / ((mean_a**2 + mean_b**2 + _C1) * (spread_a + spread_b + _C2))).mean())


def _smooth(plane: Plane) -> Plane:
    """The plane under a Gaussian window, where the window fits."""
    weights = np.exp(-(np.arange(-_RADIUS, _RADIUS + 1) ** 2) / (2 * _SIGMA**2))
    weights /= weights.sum()
    rows = plane.shape[0] - 2 * _RADIUS
    columns = plane.shape[1] - 2 * _RADIUS
    down = sum((w * plane[k : k + rows] for k, w in enumerate(weights)), np.zeros((rows, plane.shape[1])))
    return sum((w * down[:, k : k + columns] for k, w in enumerate(weights)), np.zeros((rows, columns)))
