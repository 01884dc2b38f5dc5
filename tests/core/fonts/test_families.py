"""The shipped fonts: each opens, has the characters it promises, its licence, and the digest that README.md has."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from PIL import ImageFont

from frameapp.core.fonts import EMOJI, FALLBACKS, FAMILIES, Family, Kind, family
from frameapp.core.fonts.families import FOLDER

FILES = sorted(FOLDER.glob("*/*.ttf"))
FACES = [path for known in (*FAMILIES, *FALLBACKS, EMOJI) for path in (known.upright, known.italic) if path]
ROWS = [line.strip("| ").split(" | ") for line in (FOLDER / "README.md").read_text().splitlines() if ".ttf |" in line]

LATIN = "AZaz09éßñåæøłŐșȚŞğĐ€£¥$%–—‘’“”„«»‹›…•·×−±°™®©§"  # noqa: RUF001
SCRIPTS = {
    "latin": LATIN,
    "vietnamese": "ạếữơưĐđ₫",
    "greek": "ΑΒΓΔΩαβγδωάέήίόύώϊΰς",
    "cyrillic": "АБВЯабвяЁёЇїЄєҐґЂђЈјЎў",
}
PROMISED = {
    "noto-sans": "".join(SCRIPTS.values()) + "ἀᾧӘәҚқҢң₹₺₽₴₩₪₸₿₦№½⅓⅔¼⁰⁹₀ẞ",
    "noto-sans-arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئةىپچژگ٠١٩۰۹،؛؟",
    "noto-sans-hebrew": "אבגדהוזחטיכלמנסעפצקרשתךםןףץְֱֲֳִ₪",
    "noto-sans-devanagari": "अआइईउऊएऐओऔकखगघचजटडतदनपफबभमयरलवशषसहािीुूेैोौ्ंः०१९₹।",
    "noto-sans-thai": "กขคงจฉชซญดตถทธนบปผพฟภมยรลวศษสหอฮะาิีึืุูเแโใไ่้๊๋์๐๑๙฿",
    "inter": "←→↑↓★☆✓✗●■▲▶❤♥",
    "noto-sans-symbols-2": "✔✘✉☎✂➜❄☑♦♣♠",
}
EMOJI_SINGLE = "😀❤👍🔥💯🛍🚚⭐✅🫨"


def characters(path: Path) -> set[str]:
    with TTFont(path) as font:
        return {chr(code) for code in font.getBestCmap()}


def test_the_order_is_fixed_and_every_file_is_in_the_registry() -> None:
    assert [known.key for known in FAMILIES] == [
        "inter", "open-sans", "source-serif-4", "roboto-slab", "roboto-condensed", "geologica",
    ]  # fmt: skip
    assert [known.key for known in FALLBACKS] == [
        "noto-sans", "noto-sans-arabic", "noto-sans-hebrew", "noto-sans-devanagari", "noto-sans-thai", "inter",
        "noto-sans-symbols-2",
    ]  # fmt: skip
    assert {known.kind for known in FAMILIES} == set(Kind) - {Kind.FALLBACK, Kind.EMOJI}
    assert set(FACES) == set(FILES)
    assert family("inter") is FAMILIES[0]
    assert family("comic-sans") is None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_opens_and_has_one_axis_at_most(path: Path) -> None:
    known = next(known for known in (*FAMILIES, *FALLBACKS, EMOJI) if path in (known.upright, known.italic))
    with TTFont(path) as font:
        axes = (
            {axis.axisTag: (axis.minValue, axis.defaultValue, axis.maxValue) for axis in font["fvar"].axes}
            if ("fvar" in font)
            else {}
        )
        assert axes == ({"wght": (known.weights[0], 400, known.weights[1])} if known.variable else {})
        assert not {"fpgm", "prep", "cvt ", "DSIG"} & set(font.keys())
        assert known is EMOJI or "GPOS" in font or known.key == "noto-sans-symbols-2"
    ImageFont.truetype(path, 20).getmask("A")


@pytest.mark.parametrize("known", FAMILIES, ids=lambda known: known.key)
@pytest.mark.parametrize("script", SCRIPTS)
def test_every_family_has_latin_greek_and_cyrillic(known: Family, script: str) -> None:
    for path in (known.upright, known.italic):
        assert path is None or set(SCRIPTS[script]) - characters(path) == set()


@pytest.mark.parametrize("known", FALLBACKS, ids=lambda known: known.key)
def test_every_fallback_has_its_script(known: Family) -> None:
    assert set(PROMISED[known.key]) - characters(known.upright) == set()


def test_every_currency_sign_is_in_some_face() -> None:
    everywhere = set().union(*(characters(known.upright) for known in FALLBACKS))
    assert {chr(code) for code in range(0x20A0, 0x20C1)} - everywhere == set()


def test_emoji_have_coloured_layers_with_outlines() -> None:
    """As COLR version 0 has them: each layer a glyph with one colour of the palette."""
    with TTFont(EMOJI.upright) as font:
        names, layers, outlines = font.getBestCmap(), font["COLR"].ColorLayers, font["glyf"]
        palette = font["CPAL"].palettes[0]
        for character in EMOJI_SINGLE:
            drawn = layers[names[ord(character)]]
            assert drawn
            assert any(outlines[layer.name].numberOfContours for layer in drawn)
            assert len({palette[layer.colorID] for layer in drawn}) >= min(2, len(drawn))


def test_emoji_of_several_characters_are_one_glyph() -> None:
    """Flags, skin tones, keycaps and joined people: a ligature of GSUB for each."""
    with TTFont(EMOJI.upright) as font:
        names = font.getBestCmap()
        ligatures = {
            (first, *ligature.Component)
            for lookup in font["GSUB"].table.LookupList.Lookup
            for table in lookup.SubTable
            for first, found in getattr(getattr(table, "ExtSubTable", table), "ligatures", {}).items()
            for ligature in found
        }
    for cluster in ("🇩🇪", "🇺🇦", "👍🏽", "🏳️‍🌈", "👩🏿‍💻", "👨‍👩‍👧‍👦", "1️⃣"):
        glyphs = tuple(names[ord(character)] for character in cluster if ord(character) in names)
        assert glyphs in ligatures, cluster


def test_readme_names_every_file_with_its_digest() -> None:
    assert [row[0] for row in ROWS] == list(dict.fromkeys(row[0] for row in ROWS))
    assert {row[0] for row in ROWS} == {path.relative_to(FOLDER).as_posix() for path in FILES}
    for name, size, digest, *_ in ROWS:
        data = (FOLDER / name).read_bytes()
        assert (str(len(data)), hashlib.sha256(data).hexdigest()) == (size, digest)


def test_every_folder_has_the_licence_that_readme_names() -> None:
    begins = {"OFL-1.1": "SIL OPEN FONT LICENSE", "Apache-2.0": "Apache License"}
    for name, *_, licence in ROWS:
        texts = [path.read_text() for path in (FOLDER / name).parent.glob("*.txt")]
        assert len(texts) == 1
        assert begins[licence.split(",")[0]] in texts[0]
        assert "Reserved Font Name" not in texts[0].split("PREAMBLE")[0]
        if "CC-BY-4.0" in licence:
            assert "creativecommons.org/licenses/by/4.0" in texts[0]


def test_all_files_together_are_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 12_000_000
