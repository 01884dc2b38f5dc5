"""Tables made up by chance, and one quotation mark too many or too few in a line of theirs."""

from __future__ import annotations

import csv
import io
import random

WORDS = [
    "blue", "TV 42", "mug, red", "a;b", 'He said "yes"', "x", "", "two\nlines", "long, list, of, words", "tab\tbed",
    "see https://x.example.com now", '9"', "in\n\nthree\nlines, more", "'s",
]  # fmt: skip


def link(number: int) -> str:
    """The picture of a product."""
    return f"https://i.example.com/p/{number}.jpg"


def a_table(chance: random.Random) -> tuple[str, list[str]]:
    """The header and the records of a sound table, whose products are A-1, A-2 and so on."""
    more = chance.sample(["title", "description", "price"], chance.randint(1, 3))
    columns = ["id", "image_link", *more]
    chance.shuffle(columns)
    options = {
        "delimiter": chance.choice(",;\t|"),
        "lineterminator": chance.choice(["\n", "\r\n"]),
        "quoting": chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    }

    def line(cells: list[str]) -> str:
        text = io.StringIO(newline="")
        csv.writer(text, **options).writerow(cells)
        return text.getvalue()

    records = []
    for number in range(1, chance.randint(3, 9)):
        values = {name: " ".join(chance.choices(WORDS, k=chance.randint(0, 3))) for name in more}
        values |= {"id": f"A-{number}", "image_link": link(number)}
        records.append(line([values[name] for name in columns]))
    return line(columns), records


def spoiled(chance: random.Random, record: str) -> str:
    """The record with one quotation mark less, or with one more outside of its picture's address."""
    marks = [at for at, character in enumerate(record) if character == '"']
    if marks and chance.random() < 0.5:
        at = chance.choice(marks)
        return record[:at] + record[at + 1 :]
    first, last = record.index("https://i."), record.index(".jpg") + 3
    at = chance.choice([at for at in range(len(record.rstrip("\r\n")) + 1) if not first < at <= last])
    return record[:at] + '"' + record[at:]
