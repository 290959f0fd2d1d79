"""The loop over records around a deal: a deal fills one record, Python asks for many."""

from types import FunctionType
from typing import Any

from backpost.envs.world.compile import entry, kernel

from .scenario import Deal


def deal_loop(deal: Any) -> Deal:
    """The compiled loop (worlds (n,), which (m,), parameters (1,)) around a deal (world, p).

    Numba cannot keep a closure over a compiled function, and it knows a function by its file, line and name. So every
    deal gets a copy of the loop that stands, for Numba, where the deal itself does; its code is then kept apart from
    that of other deals, and compiled anew after an edit of the deal's sources.

    Args:
        deal: compiled by `kernel`; a plain function is compiled here.
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
    """Stands for the deal in the code that follows."""


def _deal_each(worlds: Any, which: Any, parameters: Any) -> None:
    for k in range(len(which)):
        _deal_one(worlds[which[k]], parameters[0])
