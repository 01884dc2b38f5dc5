"""What a frame image proposes: its window for the product, found in its alpha or in its largest flat area."""

import math
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from frameapp.core.design.recipe import Box, Layer
from frameapp.core.render.facts import FrameFacts, Window
from frameapp.core.render.frame import FrameImage, load_frame

_SEARCHED = 256  # the longest side, in cells, that a flat area is first looked for in
_CELLS_OF_HOLES = 512  # and a hole
_SMALLEST_HOLE = 0.04  # of the frame image's area
_INNER_HOLE = 0.25  # of the largest: what an enclosed one needs to win over one that is open to the outside
_SMALLEST_FLAT = 0.1
_LARGEST_FLAT = 0.95  # more is a blank image, not one with a place for the product
_COLOURS = 6
_RIM = 3  # pixels of a hole's half transparent edge that count to it
_TOLERANCE = 6  # levels by which a flat area's pixels may differ from its colour
_NOISE = 28  # and the same along its edges, where JPEG rings

Mask = npt.NDArray[np.bool_]


def inspect_frame(data: bytes) -> FrameFacts:
    """What a frame image is and where its window lies. Raises PictureError as ``load_frame`` does."""
    frame = load_frame(data)
    return FrameFacts(frame.width, frame.height, frame.format, find_window(frame))


def find_window(frame: FrameImage) -> Window | None:
    """The alpha hole (frame above the product), else the largest flat area (frame below), else None."""
    if frame.has_alpha:
        hole = _hole(frame)
        if hole is not None:
            return Window(hole, Layer.ABOVE)
    flat = _flat_area(frame)
    return Window(flat, Layer.BELOW) if flat is not None else None


def _hole(frame: FrameImage) -> Box | None:
    """The box around the largest connected transparent area, with its half transparent rim."""
    alpha = frame.pixels[..., 3]
    cell = max(1, math.ceil(max(alpha.shape) / _CELLS_OF_HOLES))
    found, cells = _largest_area(alpha[cell // 2 :: cell, cell // 2 :: cell] < 128)
    if found is None or cells * cell * cell < _SMALLEST_HOLE * alpha.size:
        return None
    height, width = alpha.shape
    right, bottom = min(width, (found.x + found.width) * cell), min(height, (found.y + found.height) * cell)
    box = Box(found.x * cell, found.y * cell, right - found.x * cell, bottom - found.y * cell)
    box = _grown(alpha < 128, _shrunk(alpha < 128, box, cell), cell, _some)
    return _grown(alpha < 255, box, _RIM, _some)


def _largest_area(mask: Mask) -> tuple[Box | None, int]:
    """The box around the largest connected area of the mask, and how many cells that area has.

    One that touches no edge wins over a larger one that does, such as the margin around a frame.
    """
    parents: list[int] = []
    runs: list[tuple[int, int, int]] = []  # row, start, end

    def root(label: int) -> int:
        while parents[label] != label:
            parents[label] = label = parents[parents[label]]
        return label

    before: list[int] = []
    for row, line in enumerate(mask):
        edges = np.flatnonzero(np.diff(line, prepend=False, append=False)).tolist()
        now = []
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            label = len(runs)
            runs.append((row, start, end))
            parents.append(label)
            now.append(label)
            for other in before:
                if runs[other][1] < end and start < runs[other][2]:
                    parents[root(other)] = root(label)
        before = now
    areas: dict[int, list[tuple[int, int, int]]] = {}
    for label, run in enumerate(runs):
        areas.setdefault(root(label), []).append(run)
    if not areas:
        return None, 0
    boxes = [(_around(area), sum(end - start for _, start, end in area)) for area in areas.values()]
    most = max(cells for _, cells in boxes)
    height, width = mask.shape

    def rank(found: tuple[Box, int]) -> tuple[bool, int]:
        box, cells = found
        enclosed = box.x > 0 and box.y > 0 and box.x + box.width < width and box.y + box.height < height
        return enclosed and cells >= _INNER_HOLE * most, cells

    return max(boxes, key=rank)


def _around(area: list[tuple[int, int, int]]) -> Box:
    """The box around the runs (row, start, end) of an area."""
    left, right = min(start for _, start, _ in area), max(end for _, _, end in area)
    top, bottom = area[0][0], area[-1][0] + 1
    return Box(left, top, right - left, bottom - top)


def _flat_area(frame: FrameImage) -> Box | None:
    """The largest rectangle of one colour; None where it is small, or where the whole image is one colour."""
    pixels = frame.opaque[..., :3]
    height, width = pixels.shape[:2]
    cell = max(1, math.ceil(max(width, height) / _SEARCHED))
    best = Box(0, 0, 0, 0)
    for colour in _common_colours(pixels[cell // 2 :: cell, cell // 2 :: cell].reshape(-1, 3)):
        core = _largest_rectangle(_whole_cells(_near(pixels, colour, _TOLERANCE), cell), cell)
        found = _grown(_near(pixels, colour, _NOISE), core, 3 * cell + 8, _nearly_all)
        if found.width * found.height > best.width * best.height:
            best = found
    share = best.width * best.height / (width * height)
    return best if _SMALLEST_FLAT <= share <= _LARGEST_FLAT else None


def _near(pixels: npt.NDArray[np.uint8], colour: npt.NDArray[np.uint8], levels: int) -> Mask:
    low, high = colour.clip(levels, 255) - levels, colour.clip(0, 255 - levels) + levels
    near: Mask = (pixels[..., 0] >= low[0]) & (pixels[..., 0] <= high[0])
    for channel in (1, 2):
        near &= (pixels[..., channel] >= low[channel]) & (pixels[..., channel] <= high[channel])
    return near


def _nearly_all(line: Mask) -> bool:
    return bool(line.mean() >= 0.98)


def _some(line: Mask) -> bool:
    return bool(line.any())


def _common_colours(pixels: npt.NDArray[np.uint8]) -> Iterator[npt.NDArray[np.uint8]]:
    """The commonest colours of a list of pixels, the most common first, each apart from those before it."""
    total = len(pixels)
    for _ in range(_COLOURS):
        if len(pixels) < _SMALLEST_FLAT * total / 2:
            return
        codes = pixels.astype(np.uint32) @ np.array([65536, 256, 1], dtype=np.uint32)
        values, counts = np.unique(codes, return_counts=True)
        code = int(values[np.argmax(counts)])
        colour = np.array([code >> 16, code >> 8 & 255, code & 255], dtype=np.uint8)
        yield colour
        far = np.abs(pixels.astype(np.int16) - colour.astype(np.int16)).max(axis=1) > _TOLERANCE
        pixels = pixels[far]


def _whole_cells(flat: Mask, cell: int) -> Mask:
    """One value per full cell of ``cell`` x ``cell`` pixels: whether all of it is flat."""
    rows, columns = flat.shape[0] // cell, flat.shape[1] // cell
    blocks = flat[: rows * cell, : columns * cell].reshape(rows, cell, columns, cell)
    return np.asarray(blocks.all(axis=(1, 3)), dtype=np.bool_)


def _largest_rectangle(cells: Mask, cell: int) -> Box:
    """The largest all-true rectangle of the cells, in pixels; of size 0 where none is true."""
    best, found = 0, Box(0, 0, 0, 0)
    heights = np.zeros(cells.shape[1], dtype=np.int64)
    for row, line in enumerate(cells):
        heights = np.where(line, heights + 1, 0)
        stack: list[tuple[int, int]] = []
        for column, height in enumerate([*heights.tolist(), 0]):
            start = column
            while stack and stack[-1][1] >= height:
                start, tall = stack.pop()
                if (area := tall * (column - start)) > best:
                    best = area
                    top = row - tall + 1
                    found = Box(start * cell, top * cell, (column - start) * cell, tall * cell)
            if height:
                stack.append((start, height))
    return found


def _grown(mask: Mask, box: Box, most: int, rule: Callable[[Mask], bool]) -> Box:
    """The box with each side moved out by at most ``most`` pixels while the line beyond it keeps the rule."""
    if box.width == 0:
        return box
    height, width = mask.shape
    left, top, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
    limit = (max(0, left - most), max(0, top - most), min(width, right + most), min(height, bottom + most))
    while left > limit[0] and rule(mask[top:bottom, left - 1]):
        left -= 1
    while right < limit[2] and rule(mask[top:bottom, right]):
        right += 1
    while top > limit[1] and rule(mask[top - 1, left:right]):
        top -= 1
    while bottom < limit[3] and rule(mask[bottom, left:right]):
        bottom += 1
    return Box(left, top, right - left, bottom - top)


def _shrunk(mask: Mask, box: Box, most: int) -> Box:
    """The box with each side moved in by at most ``most`` pixels while its outermost line has none of the mask."""
    left, top, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
    for _ in range(most):
        left += not mask[top:bottom, left].any()
        right -= not mask[top:bottom, right - 1].any()
        top += not mask[top, left:right].any()
        bottom -= not mask[bottom - 1, left:right].any()
    return Box(left, top, right - left, bottom - top)
