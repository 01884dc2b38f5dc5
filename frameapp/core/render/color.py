"""Any mode and any profile -> sRGB in mode RGB or RGBA."""

import io
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageCms
from PIL.TiffImagePlugin import PHOTOMETRIC_INTERPRETATION, SAMPLEFORMAT, TiffImageFile

_SRGB = ImageCms.createProfile("sRGB")
_UNSEEN = 4  # levels that the rounding of a profile's curves may move a colour
_SPACES = {"RGB": "RGB ", "L": "GRAY", "CMYK": "CMYK"}


def to_srgb(image: Image.Image) -> Image.Image:
    """The picture in sRGB: ``RGBA`` where it has transparency, else ``RGB``.

    Profiles are converted with the relative colorimetric intent and black point compensation. A profile that is
    damaged or made for another colour space is ignored, as browsers do.
    """
    profile, colorimetry = image.info.get("icc_profile"), image.info.get("colorimetry")
    beside = image.info.get("alpha")
    image, alpha = _base(image)
    alpha = alpha if beside is None else beside
    converted = _by_profile(image, profile) if profile else None
    image = converted if converted is not None else image.convert("RGB")
    if colorimetry is not None:
        image = colorimetry.to_srgb(image)
    if alpha is not None:
        image.putalpha(alpha)
    return image


def is_srgb(profile: bytes) -> bool:
    """Whether the profile is sRGB itself, so that nothing needs converting."""
    return _described(profile)[0]


def is_readable(profile: bytes) -> bool:
    """Whether it is a profile at all."""
    return _described(profile)[1] != ""


def _base(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """The picture in L, RGB or CMYK with 8 bits, and its alpha channel."""
    if image.mode == "CMYK":
        # Pillow inverts as Adobe's writers do; a file without Adobe's marker was not inverted.
        return (image if _adobe(image) else ImageChops.invert(image)), None
    if image.mode.startswith("I") or image.mode == "F":
        return _narrowed(image), _keyed(image)
    if image.mode in {"P", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode in {"RGBa", "La"}:
        image = image.convert({"RGBa": "RGBA", "La": "LA"}[image.mode])
    if image.mode in {"RGBA", "LA"}:
        return image.convert("RGB" if image.mode == "RGBA" else "L"), image.getchannel("A")
    if image.mode in {"L", "RGB"}:
        return image, None
    if image.mode == "LAB":
        return _from_lab().apply(image), None
    return image.convert("L" if image.mode == "1" else "RGB"), None


def _adobe(image: Image.Image) -> bool:
    return image.format not in {"JPEG", "MPO"} or "adobe" in image.info


def _narrowed(image: Image.Image) -> Image.Image:
    """A picture of 16 or 32 bit levels in 8 bits: floats up to 1 count as 0 to 1, all others as 0 to 65,535.

    A TIFF's integers of 32 bits count by their highest bits.
    """
    levels = np.asarray(image)
    if image.mode != "F":
        if image.info.get("colorimetry"):  # browsers cut off the lower byte before they convert
            return Image.fromarray((levels >> 8).astype(np.uint8))
        if isinstance(image, TiffImageFile) and image.mode == "I" and (highest := _highest_bits(image, levels)):
            return highest
        narrow = levels.clip(0, 65535).astype(np.uint32)  # in place from here: such a picture may have 50 megapixels
        narrow += 128
        narrow //= 257
        narrowed = Image.fromarray(narrow.astype(np.uint8))
        return ImageChops.invert(narrowed) if _white_is_zero(image) else narrowed
    top = 1.0 if levels.max(initial=0) <= 1 else 65535.0
    return Image.fromarray((np.nan_to_num(levels.astype(np.float64) / top).clip(0, 1) * 255 + 0.5).astype(np.uint8))


def _highest_bits(image: TiffImageFile, levels: npt.NDArray[np.int32]) -> Image.Image | None:
    """Integers of 32 bits in 8; None for signed ones up to 65,535, in which Pillow writes levels of 16 bits."""
    if image.tag_v2.get(SAMPLEFORMAT, (1,))[0] == 1:  # unsigned, unlike Pillow's
        return Image.fromarray((levels.view(np.uint32) >> 24).astype(np.uint8))
    return Image.fromarray((levels.clip(0) >> 23).astype(np.uint8)) if levels.max(initial=0) > 65535 else None


def _white_is_zero(image: Image.Image) -> bool:
    """Whether it is a TIFF whose photometric interpretation is 0; Pillow inverts those of 8 bits only."""
    return isinstance(image, TiffImageFile) and image.tag_v2.get(PHOTOMETRIC_INTERPRETATION) == 0


def _keyed(image: Image.Image) -> Image.Image | None:
    """The alpha of a 16 bit grey PNG that names one level as transparent."""
    key = image.info.get("transparency")
    if not isinstance(key, int):
        return None
    return Image.fromarray(np.where(np.asarray(image) == key, 0, 255).astype(np.uint8))


@lru_cache(maxsize=64)
def _described(profile: bytes) -> tuple[bool, str]:
    """Whether it is sRGB, and the profile's colour space; an empty one where it cannot be read."""
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        name, space = (opened.profile.profile_description or "").strip(), str(opened.profile.xcolor_space)
        return name.startswith("sRGB") and space == "RGB " and _changes_nothing(profile), space
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return False, ""


def _changes_nothing(profile: bytes) -> bool:
    """Whether a coarse cube of colours stays what it is: a name may lie."""
    levels = np.arange(0, 256, 51, dtype=np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(len(levels), -1, 3)
    seen = np.asarray(ImageCms.applyTransform(Image.fromarray(cube), _transform(profile, "RGB")))
    return bool(np.abs(seen.astype(np.int16) - cube).max() <= _UNSEEN)


@lru_cache(maxsize=1)
def _from_lab() -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(
        ImageCms.createProfile("LAB"), _SRGB, "LAB", "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC
    )


@lru_cache(maxsize=16)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(
        ImageCms.ImageCmsProfile(io.BytesIO(profile)),
        _SRGB,
        mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    same, space = _described(profile)
    if image.mode == "L" and space == "RGB ":
        image = image.convert("RGB")
    if space != _SPACES[image.mode] or (same and image.mode == "RGB"):
        return None
    try:
        return ImageCms.applyTransform(image, _transform(profile, image.mode))
    except ImageCms.PyCMSError:
        return None
