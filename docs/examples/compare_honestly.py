"""
Compare honestly
================

A cross is mostly luck: in open play two or three in 100 end in a goal, whoever runs. So a comparison needs the same
crosses for everybody, many of them, and an interval. This tutorial shows what 400 crosses can tell, and what not.
"""

from backpost.training.bench.compare import compare
from backpost.training.bench.comparison import table

result = compare("OpenPlay", ["learned", "early-back-post", "stand-still"], crosses=400)
print(table(result))

# %%
# Both runners meet the same crosses with the same luck, so the difference is known far better than either value. Even
# so, on 400 crosses the interval of the lead is wide:

for rival in reversed(result.against_first.rivals):
    gain = rival.xg_gain
    print(f"learned over {rival.name}: {gain.mean:+.2f} ({gain.low:+.2f} to {gain.high:+.2f}) per 100 crosses")

# %%
# The interval shrinks with the square root of the number of crosses. Fifty times as many, which is the default, make it
# seven times shorter: that is what it takes to see leads of a few tenths.

import matplotlib.pyplot as plt
import numpy as np

crosses = np.array([100, 400, 1_000, 4_000, 20_000])
half = (gain.high - gain.low) / 2 * np.sqrt(400 / crosses)
_, axes = plt.subplots(figsize=(7, 3), layout="constrained")
axes.loglog(crosses, half, "o-")
axes.set_xlabel("crosses")
axes.set_ylabel("half an interval,\nxG per 100 crosses")
axes.set_xticks(crosses, [f"{n:,}" for n in crosses])
plt.show()

# %%
# Rules for a number that others can trust:
#
# * **Crosses**: 20,000, which is the default. They carry the label "evaluate"; training, tuning and selection draw from
#   other labels, so no cross is ever used twice.
# * **The claim**: the paired difference in expected goals with its interval, not two values beside each other.
# * **Many rivals**: intervals of one comparison hold together (Bonferroni), p-values are Holm's. "Beats every rule"
#   asks that every single bound is above zero.
# * **An algorithm** is not a policy. For a claim about an algorithm train ten seeds, and let the seed be the unit.
#   Pooling the episodes of several seeds makes intervals that are far too narrow.
# * **Selection**: choose a checkpoint on crosses of the label "select", never on "evaluate".
#
# On the command line::
#
#     backpost compare OpenPlay --agents mine.safetensors learned all-rules --keep played
#
# ``--keep`` stores what was played, so that a stopped comparison goes on, and the next one is quick.
