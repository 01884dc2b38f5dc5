"""A product as a design sees it: its texts, the layers that are not drawn, and the pictures that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from frameapp.core.design.layers import ImageLayer, ProductLayer, TextLayer
from frameapp.core.design.model import Design, Size
from frameapp.core.values import Context, Product, ValueWarning, evaluate, holds, parse_template, upper

MAIN_PICTURE = "0"
LINK = "image_link"
MORE_LINKS = "additional_image_link"


@dataclass(frozen=True, slots=True)
class Content:
    """What of a product its pictures use. It travels as JSON.

    ``texts`` by the id of their layer; ``hidden`` are the layers that are not drawn; ``pictures`` are addresses by the
    key of ``BaseLayer.picture``: ``0`` for the main one, ``n`` for the n-th additional one, ``field:`` and a name.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    pictures: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[ValueWarning, ...] = ()

    def used(self, design: Design, size: Size, sources: Mapping[str, str]) -> list[object]:
        """What a picture of this size depends on beside the design, as plain JSON values.

        ``sources`` are the digests of the pictures by their keys.
        """
        shown = [layer for layer in design.layers_of(size) if layer.id not in self.hidden]
        texts = {layer.id: self.texts[layer.id] for layer in shown if layer.id in self.texts and layer.fields()}
        keys = {layer.picture for layer in shown} & sources.keys()
        hidden = [layer.id for layer in design.layers_of(size) if layer.id in self.hidden]
        return [texts, hidden, {key: sources[key] for key in sorted(keys)}]


def content_of(design: Design, product: Product, context: Context) -> Content:
    """The product's content in this design at the context's moment."""
    texts: dict[str, str] = {}
    hidden: set[str] = set()
    pictures: dict[str, str] = {}
    warnings: list[ValueWarning] = []
    for layer in design.layers:
        if layer.when is not None and not holds(layer.when, product, context, warnings=warnings):
            hidden.add(layer.id)
            continue
        if isinstance(layer, TextLayer):
            found = evaluate(parse_template(layer.text), product, context)
            warnings.extend(found.warnings)
            if not found.text or (found.empty_fields and not layer.keep_empty):
                hidden.add(layer.id)
            else:
                texts[layer.id] = upper(found.text, context.locale) if layer.upper else found.text
        elif layer.picture:
            address = _address(layer, product)
            if address:
                pictures[layer.picture] = address
            else:
                hidden.add(layer.id)
    return Content(texts, frozenset(hidden), pictures, tuple(dict.fromkeys(warnings)))


def _address(layer: ProductLayer | ImageLayer | object, product: Product) -> str:
    if isinstance(layer, ProductLayer):
        links = _listed(product, MORE_LINKS) if layer.number else _listed(product, LINK)
        at = max(0, layer.number - 1)
        return links[at].strip() if at < len(links) else ""
    links = _listed(product, layer.field) if isinstance(layer, ImageLayer) else []
    return links[0].strip() if links else ""


def _listed(product: Product, name: str) -> list[str]:
    value = product.get(name, "")
    return [value] if isinstance(value, str) else list(value)
