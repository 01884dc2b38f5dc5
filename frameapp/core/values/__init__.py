"""Values: a product's fields, prices and dates as texts and decisions of a design. Pure: the clock is in ``Context``.

A text is parsed once (``parse_template`` -> ``Template``) and evaluated per product (``evaluate`` -> ``Evaluated``). A
condition too (``parse_condition`` -> ``Group``, ``holds``). ``inputs(template.fields())`` are the feed's fields that a
text depends on; where ``sale_price_effective_date`` is among them, the text changes at ``next_sale_moment`` as well.
"""

from frameapp.core.values.cleaning import TEXT_LIMIT
from frameapp.core.values.condition_json import ConditionError, condition_to_json, parse_condition
from frameapp.core.values.conditions import Comparison, Group, InStock, OnSale, Window, holds, next_moment
from frameapp.core.values.context import Context, Product
from frameapp.core.values.evaluation import Evaluated, evaluate
from frameapp.core.values.fields import COMPUTED, Computed, Prices, inputs, next_sale_moment, prices_of
from frameapp.core.values.filters import FILTERS, Argument, Filter
from frameapp.core.values.letters import upper
from frameapp.core.values.money import Money, parse_money
from frameapp.core.values.operators import KINDS, OPERATORS, Kind, Operator, Takes
from frameapp.core.values.template import Applied, Placeholder, Template, TemplateError, parse_template
from frameapp.core.values.warning import ValueWarning, WarningKind
from frameapp.core.values.writing import write_money

__all__ = [
    "COMPUTED",
    "FILTERS",
    "KINDS",
    "OPERATORS",
    "TEXT_LIMIT",
    "Applied",
    "Argument",
    "Comparison",
    "Computed",
    "ConditionError",
    "Context",
    "Evaluated",
    "Filter",
    "Group",
    "InStock",
    "Kind",
    "Money",
    "OnSale",
    "Operator",
    "Placeholder",
    "Prices",
    "Product",
    "Takes",
    "Template",
    "TemplateError",
    "ValueWarning",
    "WarningKind",
    "Window",
    "condition_to_json",
    "evaluate",
    "holds",
    "inputs",
    "next_moment",
    "next_sale_moment",
    "parse_condition",
    "parse_money",
    "parse_template",
    "prices_of",
    "upper",
    "write_money",
]
