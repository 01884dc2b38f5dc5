"""A design that a command is given: a ``.frame`` file, a folder, or the ``design.json`` in one."""

from collections.abc import Collection
from pathlib import Path

from frameapp.core.design.files import DESIGN, MAX_BYTES, DesignFile, gather, unpack
from frameapp.core.values.nearest import meant, nearest
from frameapp.errors import Invalid


def design_file(path: Path) -> DesignFile:
    """The design there, with its assets. Raises Invalid."""
    folder = path.parent if path.name == DESIGN else path
    try:
        if folder.is_dir():
            names = [found.relative_to(folder).as_posix() for found in sorted(folder.rglob("*")) if found.is_file()]
            return gather(names, lambda name, most: _read(folder / name, most))
        return unpack(_read(path, MAX_BYTES))
    except OSError as error:
        raise Invalid(f"The design {path} cannot be opened: {error.strerror}.", field="design") from error


def unknown_fields(used: Collection[str], known: Collection[str]) -> list[str]:
    """A sentence for each field that a design uses and the feed has not, naming those that may be meant."""
    sentences = []
    for name in sorted(set(used) - set(known)):
        likely = meant(name, nearest(name, known))
        sentences.append(f"The design uses the field {name}, which the feed does not have.{likely}")
    return sentences


def _read(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise Invalid(f"The file {path} is too large.", field="design")
    return data
