"""Pictures of one colour whose files describe it in every way there is, and the sRGB that Chromium shows of each."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from PIL import Image

from tests.core.render.pictures import chunk as part
from tests.core.render.pictures import cmyk_profile, grey_profile, linear_profile, png, saved, swapped_profile

COLOUR = (200, 60, 60)
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
SRGB = part(b"sRGB", b"\0")
_SIDE = 16


def gamma(value: int) -> bytes:
    """A gAMA chunk of that many hundred thousandths."""
    return part(b"gAMA", struct.pack(">I", value))


def chromaticities(*values: int) -> bytes:
    """A cHRM chunk: white, red, green and blue, in hundred thousandths."""
    return part(b"cHRM", struct.pack(">8I", *values))


ADOBE = chromaticities(31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000)
OF_SRGB = chromaticities(31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)


def codes(primaries: int, curve: int, matrix: int = 0, full_range: int = 1) -> bytes:
    """A cICP chunk."""
    return part(b"cICP", bytes((primaries, curve, matrix, full_range)))


def profiled(profile: bytes) -> bytes:
    """An iCCP chunk."""
    return part(b"iCCP", b"profile\0\0" + zlib.compress(profile))


def one_colour(
    levels: tuple[int, ...], *chunks: bytes, kind: int = RGB, depth: int = 8, interlaced: bool = False
) -> bytes:
    """A PNG of one colour with these chunks before its pixels."""
    line = b"\0" + (struct.pack(f">{len(levels)}H", *levels) if depth == 16 else bytes(levels)) * _SIDE
    rows = line * _SIDE
    if interlaced:  # the widths and numbers of rows of the seven passes
        passes = ((2, 2), (2, 2), (4, 2), (4, 4), (8, 4), (8, 8), (16, 8))
        rows = b"".join((b"\0" + bytes(levels) * wide) * high for wide, high in passes)
    made = png(_SIDE, _SIDE, depth, kind, rows, interlaced=interlaced)
    return made[:33] + b"".join(chunks) + made[33:]


def avif(primaries: int, curve: int, mode: str = "RGB", **options: bytes) -> bytes:
    """An AVIF of the colour with these codes in its nclx."""
    colour = COLOUR if mode == "RGB" else COLOUR[1]
    data = saved(Image.new(mode, (_SIDE, _SIDE), colour), "AVIF", quality=100, subsampling="4:4:4", **options)
    at = data.index(b"colrnclx") + 8
    return data[:at] + struct.pack(">HH", primaries, curve) + data[at + 4 :]


def avif_of_ten_bits(*told: int) -> bytes:
    """An AVIF of 10 bits, 100 x 100 pixels large, with these primaries, curve and matrix.

    It is unsupported_gainmap_version.avif of libavif's tests (BSD 2-Clause), for Pillow writes 8 bits only.
    """
    data = (Path(__file__).parent / "ten_bits.avif").read_bytes()
    return data.replace(b"colrnclx" + bytes((0, 2, 0, 16, 0, 2)), b"colrnclx" + struct.pack(">3H", *told))


def avif_without_nclx(primaries: int, curve: int) -> bytes:
    """An AVIF of the colour whose codes stand in the header of its AV1 sequence alone."""
    data = avif(1, 13)
    start = data.index(b"mdat") + 4
    bits = f"{int.from_bytes(data[start : start + 32]):0256b}"
    old, new = (f"{one:08b}{other:08b}{6:08b}" for one, other in ((1, 13), (primaries, curve)))
    assert bits.count(old) == 1
    changed = int(bits.replace(old, new), 2).to_bytes(32)
    return (data[:start] + changed + data[start + 32 :]).replace(b"colrnclx", b"freenclx")


def avif_with_lists() -> bytes:
    """An AVIF, half of it transparent, that lists the properties of colour and alpha apart."""
    image = Image.new("RGBA", (_SIDE, _SIDE), (*COLOUR, 0))
    image.paste((*COLOUR, 255), (0, 0, _SIDE // 2, _SIDE))
    data = saved(image, "AVIF", quality=100, subsampling="4:4:4")
    size = int.from_bytes(data[(start := data.index(b"meta") - 4) : start + 4])
    meta, at = data[start : start + size], data.index(b"ipma") - 4 - start
    one = 3 + meta[at + 18]  # the bytes of the first item's entry
    entries = meta[at + 16 : at + 16 + one], meta[at + 16 + one : at + int.from_bytes(meta[at : at + 4])]
    lists = [struct.pack(">I4sII", 16 + len(entry), b"ipma", 0, 1) + entry for entry in entries]
    properties = meta.index(b"iprp") - 4
    new = meta[:properties] + struct.pack(">I", at + len(b"".join(lists)) - properties)
    new += meta[properties + 4 : at] + b"".join(lists)
    # Behind all else, so that no place of the pixels changes.
    return data[: start + 4] + b"free" + data[start + 8 :] + struct.pack(">I", len(new)) + new[4:]


def bmp(space: int, gammas: tuple[int, int, int] = (0, 0, 0), profile: bytes = b"") -> bytes:
    """A BMP of the colour with a header of version 5."""
    pixels = bytes((*COLOUR[::-1], 0)) * _SIDE * _SIDE
    header = struct.pack("<IiiHHIIiiII", 124, _SIDE, _SIDE, 1, 32, 3, len(pixels), 2835, 2835, 0, 0)
    header += struct.pack("<4I", 0xFF0000, 0xFF00, 0xFF, 0) + struct.pack("<I", space)
    primaries = (0.64, 0.33, 0.03, 0.30, 0.60, 0.10, 0.15, 0.06, 0.79)
    header += struct.pack("<9i", *(round(value * 2**30) for value in primaries)) + struct.pack("<3I", *gammas)
    header += struct.pack("<4I", 4, 124 + len(pixels), len(profile), 0)
    return b"BM" + struct.pack("<IHHI", 14 + 124 + len(pixels) + len(profile), 0, 0, 138) + header + pixels + profile


def _adobe_exif() -> Image.Exif:
    """Exif that says Adobe RGB, as cameras write it."""
    exif = Image.Exif()
    exif[0x8769] = {0xA001: 2, 0xA500: 2.2, 0xA005: {1: "R03"}}
    return exif


def _still(file_format: str, mode: str = "RGB", **options: object) -> bytes:
    colour = COLOUR if mode == "RGB" else COLOUR[1]
    return saved(Image.new(mode, (_SIDE, _SIDE), colour), file_format, **options)


_LINEAR = linear_profile("Linear")
_LIGHT = (229, 133, 133)  # the colour where its levels are proportional to light
PICTURES: dict[str, tuple[bytes, tuple[int, ...]]] = {
    "gAMA 1.0": (one_colour((60, 60, 60), gamma(100_000)), (133, 133, 133)),
    "gAMA 1.0, grey": (one_colour((60,), gamma(100_000), kind=GREY), (133, 133, 133)),
    "gAMA 1.0, grey of 16 bits": (one_colour((60 * 257,), gamma(100_000), kind=GREY, depth=16), (133, 133, 133)),
    "gAMA 1.0, dark grey of 16 bits": (one_colour((255,), gamma(100_000), kind=GREY, depth=16), (0, 0, 0)),
    "gAMA 1.0, grey and alpha": (one_colour((60, 128), gamma(100_000), kind=GREY_ALPHA), (133, 133, 133, 128)),
    "gAMA 1.0, alpha": (one_colour((60, 90, 120, 128), gamma(100_000), kind=RGBA), (133, 159, 183, 128)),
    "gAMA 1.0, 16 bits": (one_colour((60 * 257,) * 3, gamma(100_000), depth=16), (133, 133, 133)),
    "gAMA 1.0, interlaced": (one_colour((60, 60, 60), gamma(100_000), interlaced=True), (133, 133, 133)),
    "gAMA 1.0, palette": (
        one_colour((0,), gamma(100_000), part(b"PLTE", bytes((60, 60, 60, 9, 9, 9))), kind=PALETTE),
        (133, 133, 133),
    ),
    "gAMA 1.0, palette and alpha": (
        one_colour((0,), gamma(100_000), part(b"PLTE", bytes((60,) * 3)), part(b"tRNS", b"\x80"), kind=PALETTE),
        (133, 133, 133, 128),
    ),
    "gAMA 1.0 twice": (one_colour(COLOUR, gamma(100_000), gamma(45_455)), _LIGHT),
    "gAMA 0": (one_colour(COLOUR, gamma(0)), COLOUR),
    "gAMA of sRGB": (one_colour(COLOUR, gamma(45_455)), COLOUR),
    "gAMA near that of sRGB": (one_colour(COLOUR, gamma(47_000)), COLOUR),
    "gAMA less near": (one_colour(COLOUR, gamma(48_000)), (204, 63, 63)),
    "gAMA and cHRM of sRGB": (one_colour(COLOUR, gamma(45_455), OF_SRGB), (201, 57, 57)),
    "gAMA and cHRM of Adobe RGB": (one_colour(COLOUR, gamma(45_455), ADOBE), (231, 57, 57)),
    "gAMA 1.0 and cHRM of Adobe RGB": (one_colour(COLOUR, gamma(100_000), ADOBE), (255, 133, 133)),
    "gAMA and cHRM of ProPhoto": (
        one_colour(COLOUR, gamma(55_556), chromaticities(34570, 35850, 73470, 26530, 15960, 84040, 3660, 10)),
        (255, 0, 74),
    ),
    "cHRM alone": (one_colour(COLOUR, ADOBE), COLOUR),
    "cHRM of zeros": (one_colour(COLOUR, gamma(100_000), chromaticities(*[0] * 8)), COLOUR),
    "sRGB before gAMA": (one_colour(COLOUR, gamma(100_000), ADOBE, SRGB), COLOUR),
    "iCCP before gAMA": (one_colour(COLOUR, profiled(swapped_profile()), gamma(100_000)), (57, 57, 201)),
    "iCCP before sRGB": (one_colour(COLOUR, SRGB, profiled(swapped_profile())), (57, 57, 201)),
    "iCCP of grey before gAMA": (one_colour(COLOUR, profiled(grey_profile()), gamma(100_000)), COLOUR),
    "iCCP that is no profile": (one_colour(COLOUR, profiled(b"rubbish"), gamma(100_000)), _LIGHT),
    "cICP before iCCP": (one_colour(COLOUR, profiled(swapped_profile()), codes(12, 13)), (217, 42, 52)),
    "cICP before sRGB": (one_colour(COLOUR, SRGB, codes(12, 13)), (217, 42, 52)),
    "cICP of Display P3": (one_colour(COLOUR, codes(12, 13)), (217, 42, 52)),
    "cICP, 16 bits": (one_colour(tuple(level * 257 for level in COLOUR), codes(12, 13), depth=16), (217, 42, 52)),
    "cICP, palette": (one_colour((0,), codes(12, 13), part(b"PLTE", bytes(COLOUR)), kind=PALETTE), (217, 42, 52)),
    "cICP, grey": (one_colour((60,), codes(1, 8), kind=GREY), (133, 133, 133)),
    "cICP of a narrow range": (one_colour(COLOUR, codes(12, 13, 0, 0)), COLOUR),
    "cICP of BT.709": (one_colour(COLOUR, codes(1, 1)), (197, 49, 49)),
    "cICP of BT.2020": (one_colour(COLOUR, codes(9, 14)), (244, 0, 40)),
    "cICP of BT.470 M": (one_colour(COLOUR, codes(4, 4)), (237, 46, 45)),
    "cICP of BT.470 BG": (one_colour(COLOUR, codes(1, 5)), (189, 36, 36)),
    "cICP of SMPTE 240": (one_colour(COLOUR, codes(7, 7)), (201, 82, 77)),
    "cICP of film": (one_colour(COLOUR, codes(8, 13)), (226, 39, 51)),
    "cICP of XYZ": (one_colour(COLOUR, codes(10, 8)), (255, 0, 142)),
    "cICP of DCI P3": (one_colour(COLOUR, codes(11, 17)), (213, 8, 33)),
    "cICP of EBU": (one_colour(COLOUR, codes(22, 13)), (202, 67, 59)),
    "cICP of PQ": (one_colour((160, 150, 140), codes(9, 16)), (233, 176, 148)),
    "cICP of PQ and BT.709": (one_colour((200, 100, 50), codes(1, 16)), (255, 51, 8)),
    "cICP of PQ, with light levels": (
        one_colour((160, 150, 140), codes(9, 16), part(b"cLLI", struct.pack(">II", 4_000_0000, 100_0000))),
        (221, 167, 140),
    ),
    "cICP of PQ, with a mastering display": (
        one_colour((160, 150, 140), codes(9, 16), part(b"mDCV", struct.pack(">8HII", *[9000] * 8, 400_0000, 1))),
        (255, 206, 173),
    ),
    "cICP of HLG": (one_colour((160, 150, 140), codes(9, 18)), (141, 122, 112)),
    "cICP of HLG and BT.709": (one_colour((120, 150, 40), codes(1, 18)), (95, 121, 30)),
    "cICP without meaning": (one_colour(COLOUR, codes(3, 13)), COLOUR),
    "AVIF, sRGB": (avif(1, 13), COLOUR),
    "AVIF, BT.709": (avif(1, 1), COLOUR),
    "AVIF, Display P3": (avif(12, 13), (217, 42, 52)),
    "AVIF, Display P3 and no curve": (avif(12, 2), (217, 42, 52)),
    "AVIF, BT.2020": (avif(9, 14), (247, 0, 53)),
    "AVIF, linear": (avif(1, 8), _LIGHT),
    "AVIF, linear and no primaries": (avif(2, 8), _LIGHT),
    "AVIF, linear and grey": (avif(1, 8, "L"), (133, 133, 133)),
    "AVIF, without meaning": (avif(0, 8), COLOUR),
    "AVIF, PQ": (avif(1, 16), (255, 15, 15)),
    "AVIF, HLG": (avif(9, 18), (230, 0, 39)),
    "AVIF, ICC before nclx": (avif(12, 13, icc_profile=swapped_profile()), (57, 57, 201)),
    "BMP with a profile": (bmp(0x4D424544, profile=swapped_profile()), (57, 57, 201)),
    "BMP with gamma 1.0": (bmp(0, (65536,) * 3), COLOUR),
    "grey JPEG with a profile of RGB": (_still("JPEG", "L", quality=100, icc_profile=_LINEAR), (133, 133, 133)),
    "grey PNG with a profile of RGB": (one_colour((60,), profiled(_LINEAR), kind=GREY), (133, 133, 133)),
    "grey PNG with a profile of CMYK": (one_colour((60,), profiled(cmyk_profile()), kind=GREY), (60, 60, 60)),
    "JPEG with Exif of Adobe RGB": (_still("JPEG", quality=100, subsampling=0, exif=_adobe_exif()), COLOUR),
    "WebP with Exif of Adobe RGB": (_still("WEBP", lossless=True, exif=_adobe_exif()), COLOUR),
    "PNG with Exif of Adobe RGB": (_still("PNG", exif=_adobe_exif()), COLOUR),
}
