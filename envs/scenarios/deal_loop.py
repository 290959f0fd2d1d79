"""Wraps a deal, which fills one record, in a compiled loop over records."""

from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any

from backpost.envs.world.compile import entry, kernel

Deal = Callable[[Any, Any, Any], None]
"""Compiled loop (worlds (n,), which (m,), parameters (1,)) that fills copies of the opening record from their seeds."""


@cache
def deal_loop(deal: Any) -> Deal:
    """The compiled loop around a deal (world, p), made once for each deal.

    Numba cannot cache a closure over a compiled function, and it identifies a function by its file, line and name.
    Every deal therefore gets a copy of the loop with the deal's own file, line and name, so that its code is cached
    separately from other deals and recompiled after an edit of the deal's sources.

    Args:
        deal: function compiled by `kernel`; a plain function is compiled here.
    """
    compiled = deal if hasattr(deal, "py_func") else kernel(deal)
    source = getattr(deal, "py_func", deal)
    code = _deal_each.__code__.replace(
        co_filename=source.__code__.co_filename,
        co_firstlineno=source.__code__.co_firstlineno,
        co_name=source.__name__,
        co_qualname=source.__qualname__,
    )
    loop = FunctionType(code, {"__name__": source.__module__, "_deal_one": compiled}, source.__name__)
    loop.__qualname__ = f"{source.__qualname__}.each"
    dealt: Deal = entry(loop)
    return dealt


def _deal_one(world: Any, p: Any) -> None:
    """Placeholder for the deal in the code below."""


def _deal_each(worlds: Any, which: Any, parameters: Any) -> None:
    for k in range(len(which)):
        _deal_one(worlds[which[k]], parameters[0])
