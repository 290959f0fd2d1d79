"""Tables of crosses as CSV: words for categories, empty cells for what did not happen."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt


def csv_text(
    table: npt.NDArray[np.void], columns: Sequence[str], words: Mapping[str, Sequence[str]], decimals: int = 3
) -> str:
    """The columns of a table (n,) as CSV with a header.

    A column named in `words` holds indices into them; -1 is the last word. NaN is an empty cell, and other numbers are
    rounded to `decimals`.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*(_cells(table[name], words.get(name), decimals) for name in columns), strict=True))
    return text.getvalue()


def _cells(values: npt.NDArray[Any], words: Sequence[str] | None, decimals: int) -> list[str]:
    """The cells of one column."""
    if words is not None:
        return [words[value] for value in values.tolist()]
    if values.dtype.kind == "f":
        return ["" if value != value else _rounded(value, decimals) for value in values.tolist()]
    return [str(value) for value in values.tolist()]


def _rounded(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
