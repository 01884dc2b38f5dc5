"""A template text with a product's values in it."""

from __future__ import annotations

from dataclasses import dataclass

from frameapp.core.values.cleaning import TEXT_LIMIT, cut, has_right_to_left, isolated
from frameapp.core.values.context import Context, Product
from frameapp.core.values.fields import value_of
from frameapp.core.values.filters import Scene, apply
from frameapp.core.values.template import Placeholder, Template
from frameapp.core.values.warning import ValueWarning, WarningKind, warning


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A text for a picture. ``empty_fields`` are those without a ``default`` that came out empty."""

    text: str
    warnings: tuple[ValueWarning, ...] = ()
    empty_fields: tuple[str, ...] = ()


def evaluate(template: Template, product: Product, context: Context) -> Evaluated:
    """The template's text for this product.

    A value that a filter cannot read is written as the feed has it and gives a warning. Where something runs from right
    to left, each value is isolated, so that it does not reorder its neighbours. Texts are cut at ``TEXT_LIMIT``.
    """
    warnings: list[ValueWarning] = []
    parts = [part if isinstance(part, str) else _filled(part, product, context, warnings) for part in template.parts]
    empty = dict.fromkeys(
        part.field
        for part, text in zip(template.parts, parts, strict=True)
        if isinstance(part, Placeholder) and not text and not part.has_default
    )
    text = "".join(parts)
    if len(text) > TEXT_LIMIT:
        field = max(zip(parts, template.parts, strict=True), key=lambda pair: len(pair[0]))[1]
        warnings.append(warning(WarningKind.CUT, field.field if isinstance(field, Placeholder) else "", text))
        parts = _cut(parts)
    if len(parts) > 1 and has_right_to_left(text):
        parts = [
            text if isinstance(part, str) or not text else isolated(text)
            for part, text in zip(template.parts, parts, strict=False)
        ]
    return Evaluated("".join(parts).strip(), tuple(dict.fromkeys(warnings)), tuple(empty))


def _filled(part: Placeholder, product: Product, context: Context, warnings: list[ValueWarning]) -> str:
    scene = Scene(part.field, context, warnings)
    value = value_of(product, part.field, context, warnings)
    for applied in part.filters:
        value = apply(applied.name, applied.arguments, value, scene)
    return scene.text(value)


def _cut(parts: list[str]) -> list[str]:
    """The first parts, with no more characters together than a text may have."""
    kept, left = [], TEXT_LIMIT
    for part in parts:
        kept.append(cut(part, left))
        left -= len(kept[-1])
    return kept
