"""Pictures that the measurements draw themselves: JPEG sources with photographic texture, and frame images."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

FRAME_SIDE = 1080
BOX = (90, 140, 900, 800)  # x, y, width, height of the product box in the drawn frames


@dataclass(frozen=True)
class Drawn:
    """A drawn source picture."""

    name: str
    data: bytes


def sources(count: int = 40, *, shortest: int = 800, longest: int = 2000, quality: int = 90) -> list[Drawn]:
    """``count`` JPEG pictures (4:2:0, baseline) of ``shortest`` to ``longest`` pixels a side; the same every time."""
    random = np.random.default_rng(20240611)
    texture = _natural_noise(random, 1024)
    pictures = []
    for number in range(count):
        width, height = (int(side) for side in random.integers(shortest, longest + 1, size=2))
        image = _product(random, texture, width, height)
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality)
        pictures.append(Drawn(f"{number:02d}-{width}x{height}.jpg", out.getvalue()))
    return pictures


def opaque_frame() -> bytes:
    """A PNG frame image without transparency: a coloured border around a white field."""
    return _png(_frame().convert("RGB"))


def frame_with_hole() -> bytes:
    """A PNG frame image with a transparent, soft-edged window where the product shows."""
    frame = _frame()
    x, y, width, height = BOX
    hole = Image.new("L", frame.size, 255)
    ImageDraw.Draw(hole).rounded_rectangle((x + 8, y + 8, x + width - 9, y + height - 9), 48, fill=0)
    frame.putalpha(hole.filter(ImageFilter.GaussianBlur(1.5)))
    return _png(frame)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _frame() -> Image.Image:
    side = FRAME_SIDE
    ramp = np.linspace(0, 1, side)
    pixels = np.empty((side, side, 3), dtype=np.uint8)
    for channel, (start, end) in enumerate(((24, 92), (44, 20), (120, 160))):
        pixels[:, :, channel] = (start + (end - start) * (ramp[:, None] + ramp[None, :]) / 2).astype(np.uint8)
    image = Image.fromarray(pixels).convert("RGBA")
    draw = ImageDraw.Draw(image)
    x, y, width, height = BOX
    draw.rectangle((x, y, x + width - 1, y + height - 1), fill="white")
    for step in range(6):
        draw.ellipse((40 + 170 * step, 40, 130 + 170 * step, 100), fill=(250, 200 - 20 * step, 60 + 20 * step))
    draw.rounded_rectangle((300, 970, 780, 1050), 36, fill="white")
    draw.text((420, 985), "SUMMER SALE", fill=(200, 20, 60), font_size=40)
    return image


def _natural_noise(random: np.random.Generator, side: int) -> npt.NDArray[np.float32]:
    """Three channels of noise whose amplitude falls with frequency as in photographs; mean 0, deviation 1."""
    rows, columns = np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None, :]
    radius = np.hypot(rows, columns)
    radius[0, 0] = 1
    shared = random.normal(size=(side, side))
    channels = []
    for _ in range(3):
        grain = 0.9 * shared + 0.35 * random.normal(size=(side, side))
        wave = np.fft.irfft2(np.fft.rfft2(grain) / radius**1.15, s=(side, side))
        channels.append((wave - wave.mean()) / wave.std())
    return np.stack(channels, axis=2).astype(np.float32)


def _product(random: np.random.Generator, texture: npt.NDArray[np.float32], width: int, height: int) -> Image.Image:
    """A textured thing with hard edges and print on it, before a soft backdrop."""
    tile = np.tile(texture, (2, 2, 1))
    top, left = (int(value) for value in random.integers(0, 40, size=2))
    patch = tile[top : top + height, left : left + width]
    down, across = np.linspace(-1, 1, height)[:, None, None], np.linspace(-1, 1, width)[None, :, None]
    backdrop = 235 - 25 * (down**2 + across**2) + patch[::-1] * 1.5
    hue = random.uniform(40, 200, size=3)
    body = hue + 34 * patch + 30 * (down - across)
    mask = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(mask)
    inset = random.uniform(0.05, 0.16, size=2)
    corners = (width * inset[0], height * inset[1], width * (1 - inset[0]), height * (1 - inset[1]))
    if random.random() < 0.5:
        draw.ellipse(corners, fill=255)
    else:
        draw.rounded_rectangle(corners, min(width, height) * 0.1, fill=255)
    inside = np.asarray(mask, dtype=np.float32)[:, :, None] / 255
    image = Image.fromarray((backdrop * (1 - inside) + body * inside).clip(0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for line in range(9):
        size = 14 + 7 * line
        place = (width * 0.3, height * (0.25 + 0.055 * line))
        ink = tuple(int(value) for value in random.integers(0, 256, size=3))
        draw.text(place, "Organic cotton, 330 ml, model 7", fill=ink, font_size=size)
    return image
