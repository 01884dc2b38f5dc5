"""Values: a product's fields, prices and dates as texts and decisions of a design. Pure: the clock is in ``Context``.

``parse_template`` -> ``Template``; ``evaluate`` -> ``Evaluated``.
"""

from frameapp.core.values.cleaning import TEXT_LIMIT
from frameapp.core.values.context import Context, Product
from frameapp.core.values.evaluation import Evaluated, evaluate
from frameapp.core.values.fields import COMPUTED, Computed, Prices, inputs, next_sale_moment, prices_of
from frameapp.core.values.filters import FILTERS, Argument, Filter
from frameapp.core.values.money import Money, parse_money
from frameapp.core.values.template import Applied, Placeholder, Template, TemplateError, parse_template
from frameapp.core.values.warning import ValueWarning, WarningKind
from frameapp.core.values.writing import write_money

__all__ = [
    "COMPUTED",
    "FILTERS",
    "TEXT_LIMIT",
    "Applied",
    "Argument",
    "Computed",
    "Context",
    "Evaluated",
    "Filter",
    "Money",
    "Placeholder",
    "Prices",
    "Product",
    "Template",
    "TemplateError",
    "ValueWarning",
    "WarningKind",
    "evaluate",
    "inputs",
    "next_sale_moment",
    "parse_money",
    "parse_template",
    "prices_of",
    "write_money",
]
