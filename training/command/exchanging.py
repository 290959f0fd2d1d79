"""The verbs that write files for other tools; what each needs is imported inside it."""

import argparse
from functools import partial

from .reporting import environment, environment_options, expanded, measure, report, single


def dataset(arguments: argparse.Namespace) -> None:
    """Write runs of agents as Minari data sets."""
    from backpost.training.exchange.dataset import collect, table

    env, options = environment(arguments), environment_options(arguments)
    agents = expanded(arguments.agents, env, options)
    what = {"out": arguments.out, "label": arguments.label, "options": options}
    play = partial(collect, env, agents, arguments.crosses, arguments.seed, **what)
    measure(arguments, len(agents) * arguments.crosses, play, table)


def export(arguments: argparse.Namespace) -> None:
    """Write the network of a policy as an ONNX file."""
    from backpost.training.exchange.onnx_file import export_onnx, table

    env = environment(arguments)
    (name,) = single([arguments.agent], env)
    result = export_onnx(env, name, arguments.onnx)
    report(arguments, result, table(result))
