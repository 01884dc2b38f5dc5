"""A template text with a product's values in it."""

from dataclasses import dataclass

from frameapp.core.values.cleaning import TEXT_LIMIT, cut, has_right_to_left, isolated
from frameapp.core.values.context import Context, Product
from frameapp.core.values.fields import source_of, value_of
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
    to left, each value is isolated, so that it does not reorder its neighbours. Texts are cut at ``TEXT_LIMIT``
    characters, isolates aside.
    """
    warnings: list[ValueWarning] = []
    texts = [part if isinstance(part, str) else _filled(part, product, context, warnings) for part in template.parts]
    empty = _empty(template, texts)
    if sum(map(len, texts)) > TEXT_LIMIT:
        texts = _cut(template, texts, warnings)
    return Evaluated(_joined(template, texts), tuple(dict.fromkeys(warnings)), empty)


def _filled(part: Placeholder, product: Product, context: Context, warnings: list[ValueWarning]) -> str:
    scene = Scene(source_of(part.field), context, warnings)
    value = value_of(product, part.field, context, warnings)
    for applied in part.filters:
        value = apply(applied.name, applied.arguments, value, scene)
    return scene.text(value)


def _empty(template: Template, texts: list[str]) -> tuple[str, ...]:
    pairs = zip(template.parts, texts, strict=True)
    fields = (part.field for part, text in pairs if isinstance(part, Placeholder) and not text and not part.has_default)
    return tuple(dict.fromkeys(fields))


def _cut(template: Template, texts: list[str], warnings: list[ValueWarning]) -> list[str]:
    """The first texts, with no more characters together than a text may have. The longest field is blamed."""
    pairs = zip(template.parts, texts, strict=True)
    filled = [(part.field, text) for part, text in pairs if isinstance(part, Placeholder)]
    warnings.append(warning(WarningKind.CUT, *max(filled, key=lambda pair: len(pair[1]))))
    kept, left = [], TEXT_LIMIT
    for text in texts:
        kept.append(cut(text, left))
        left -= len(kept[-1])
    return kept


def _joined(template: Template, texts: list[str]) -> str:
    text = "".join(texts)
    if len(texts) > 1 and has_right_to_left(text):
        pairs = zip(template.parts, texts, strict=True)
        text = "".join(isolated(text) if text and isinstance(part, Placeholder) else text for part, text in pairs)
    return text.strip()
