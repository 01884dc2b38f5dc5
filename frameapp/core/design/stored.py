"""A design as it is stored and sent: JSON of whichever version, and the assets that it needs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from frameapp.core.design.model import Design, read_design
from frameapp.core.design.recipe import RECIPE_VERSION, Recipe
from frameapp.core.design.upgrades import upgraded


@dataclass(frozen=True)
class StoredDesign:
    """``text`` is the JSON, ``assets`` the SHA-256 of each file: version 1 has one, its frame image."""

    text: str
    assets: tuple[str, ...]

    @classmethod
    def of_recipe(cls, recipe: Recipe, image: str) -> StoredDesign:
        """A recipe with the SHA-256 of its frame image."""
        return cls(json.dumps(recipe.to_json(), separators=(",", ":")), (image,))

    @classmethod
    def of(cls, design: Design) -> StoredDesign:
        """A design of today."""
        return cls(json.dumps(design.to_json(), separators=(",", ":")), design.assets())

    @cached_property
    def key(self) -> str:
        """What tells it from all others: a hex SHA-256."""
        return hashlib.sha256("\n".join((self.text, *self.assets)).encode()).hexdigest()

    def read(self, image_size: Callable[[str], tuple[int, int]]) -> Design:
        """The design; ``image_size`` gives an asset's width and height, by which version 1 measures. Raises Invalid."""
        data = json.loads(self.text)
        if isinstance(data, dict) and data.get("version") == RECIPE_VERSION:
            return upgraded(Recipe.from_json(data), *image_size(self.assets[0]), self.assets[0])
        return read_design(data)
