"""Colours that a file describes by numbers instead of an ICC profile -> sRGB, as Chromium shows them.

The codes are those of https://www.itu.int/rec/T-REC-H.273, which PNG's cICP and AVIF's nclx use. Light is linear, and
1 is white.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

Light = npt.NDArray[np.floating]
Curve = Callable[[Light], Light]  # from levels of 0 to 1
Primaries = tuple[float, ...]  # x and y of white, red, green and blue
Mix = tuple[tuple[float, ...], ...]  # what each level has of red, green and blue

_D65, _C = (0.3127, 0.3290), (0.310, 0.316)
SRGB: Primaries = (*_D65, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
_BT2020: Primaries = (*_D65, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046)
_SMPTE170: Primaries = (*_D65, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070)
PRIMARIES: dict[int, Primaries] = {
    1: SRGB,
    4: (*_C, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08),
    5: (*_D65, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06),
    6: _SMPTE170,
    7: _SMPTE170,
    8: (*_C, 0.681, 0.319, 0.243, 0.692, 0.145, 0.049),
    9: _BT2020,
    10: (1 / 3, 1 / 3, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0),
    11: (0.314, 0.351, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
    12: (*_D65, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
    22: (*_D65, 0.630, 0.340, 0.295, 0.605, 0.155, 0.077),
}
_ROWS = 64  # converted at a time
_SAME = 1e-3  # what rounded primaries of sRGB may change
_HDR_WHITE = 203.0  # the candelas of ordinary white in an HDR picture (ITU-R BT.2408)
_PEAK = 1000.0
_EASE = 0.65
_PQ, _HLG = 16, 18


def power(exponent: float) -> Curve:
    """The curve of one exponent."""
    return lambda level: level**exponent


def srgb_light(level: Light) -> Light:
    """sRGB's own curve."""
    return np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)


def _smpte240(level: Light) -> Light:
    return np.where(level < 0.0913, level / 4, ((level + 0.1115) / 1.1115) ** (1 / 0.45))


def _perceptual(level: Light) -> Light:
    root = level ** (1 / 78.84375)
    light: Light = (np.maximum(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)) ** (1 / 0.1593017578125)
    return light * (10_000 / _HDR_WHITE)


def _hybrid(level: Light) -> Light:
    return np.where(level <= 0.5, level**2 / 3, (np.exp((level - 0.55991073) / 0.17883277) + 0.28466892) / 12)


CURVES: dict[int, Curve] = {
    **dict.fromkeys((1, 6, 11, 14, 15), power(2.4)),  # as video is shown (ITU-R BT.1886)
    4: power(2.2),
    5: power(2.8),
    7: _smpte240,
    8: power(1.0),
    13: srgb_light,
    _PQ: _perceptual,
    17: lambda level: level**2.6 * (52.37 / 48),
    _HLG: _hybrid,
}


@dataclass(frozen=True)
class Colorimetry:
    """Primaries and curve of a picture's colours.

    For HDR also the candelas of its brightest place, 0 if not known, and what to do to the levels before all else.
    """

    primaries: Primaries
    curve: Curve
    brightest: float = 0
    mix: Mix | None = None

    def to_srgb(self, image: Image.Image) -> Image.Image:
        """The RGB picture in sRGB. What is outside of it is cut off, and HDR is brought down to ordinary white."""
        light = self.curve(np.linspace(0, 1, 256).astype(np.float64)).astype(np.float32)
        matrix = _to_xyz(_BT2020 if self.is_hdr else self.primaries)
        matrix = np.linalg.solve(_to_xyz(SRGB), matrix).astype(np.float32)
        if not self.is_hdr and np.abs(matrix - np.eye(3)).max() < _SAME:
            return image.point(_levels(light).tolist() * 3)
        pixels = np.array(image)
        for top in range(0, len(pixels), _ROWS):
            block = pixels[top : top + _ROWS]
            own = light[block] if self.mix is None else self._mixed(block, self.mix)
            pixels[top : top + _ROWS] = _levels((self._brought_down(own) if self.is_hdr else own) @ matrix.T)
        return Image.fromarray(pixels)

    @property
    def is_hdr(self) -> bool:
        """Whether its levels reach beyond ordinary white."""
        return self.curve in (_perceptual, _hybrid)

    def _mixed(self, block: npt.NDArray[np.uint8], mix: Mix) -> Light:
        levels = (block / np.float32(255)) @ np.array(mix, np.float32).T
        return self.curve(levels.clip(0, 1))

    def _brought_down(self, light: Light) -> Light:
        """HDR light in BT.2020 with at most 1, by the reference white tone mapping operator of SMPTE ST 2094-50."""
        own = _to_xyz(self.primaries)
        if self.curve is _hybrid:  # ITU-R BT.2100's opto-optical transfer function
            light = light * (light @ own[1].astype(np.float32))[..., None] ** 0.2 * (_PEAK / _HDR_WHITE)
        light = light @ np.linalg.solve(_to_xyz(_BT2020), own).astype(np.float32).T
        top = light.max(axis=-1, keepdims=True)
        light *= _toned(top, self.brightest or _PEAK) / np.maximum(top, 1e-6)
        return light


def _toned(light: Light, brightest: float) -> Light:
    """Less light: by a factor up to white, above it by a curve (Bézier's, of degree 2) up to 1 at the brightest."""
    end = max(brightest / _HDR_WHITE, 1.01)
    knee = 1 - 0.5 * min(math.log(end) / math.log(_PEAK / _HDR_WHITE), 1)
    middle, level = 1 - _EASE + _EASE / knee, (1 - _EASE) * knee + _EASE
    a, b = 1 - 2 * middle + end, 2 * (middle - 1)
    t = (np.sqrt(b * b + 4 * a * (light.clip(1, end) - 1)) - b) / (2 * a)
    return np.where(light <= 1, light * knee, (1 - t) ** 2 * knee + 2 * t * (1 - t) * level + t * t)


def _to_xyz(primaries: Primaries) -> npt.NDArray[np.float64]:
    """The matrix from light of these primaries to CIE XYZ, in which both whites are alike (Bradford's adaptation)."""
    white, *colours = (np.array([x, y, 1 - x - y]) for x, y in np.reshape(primaries, (4, 2)))
    matrix = np.stack(colours, axis=1)
    white = white / white[1]
    return np.asarray(_adapted(white) @ (matrix * np.linalg.solve(matrix, white)))


def _adapted(white: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The matrix that turns this white into D65."""
    bradford = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
    x, y = _D65
    scale = (bradford @ np.array([x / y, 1, (1 - x - y) / y])) / (bradford @ white)
    return np.linalg.solve(bradford, scale[:, None] * bradford)


def _encoded() -> npt.NDArray[np.uint8]:
    """sRGB's level of each of 65,536 steps of light."""
    light = np.arange(65536) / 65535
    level = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return (level * 255 + 0.5).astype(np.uint8)


_LEVELS = _encoded()


def _levels(light: Light) -> npt.NDArray[np.uint8]:
    return _LEVELS[(light.clip(0, 1) * np.float32(65535) + np.float32(0.5)).astype(np.uint16)]
