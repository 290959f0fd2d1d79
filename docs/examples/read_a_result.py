"""
Read a result
=============

Every command writes its result as JSON with ``--json FILE``. The results that are shown on this site are such files, in
the folder ``docs``. In Python each has a type; this tutorial reads one and draws from it.
"""

from pathlib import Path

import matplotlib.pyplot as plt

from backpost.training.bench.result_file import read_result
from backpost.training.results.content import Results

docs = next(folder for folder in (Path("docs"), Path("..")) if (folder / "results.json").is_file())
results = read_result(docs / "results.json", Results)

for env in results.environments:
    lead = env.claims.learned.over_best_rule
    print(
        f"{env.environment:11} best rule {env.best_rule:20} lead {lead.mean:+.2f} ({lead.low:+.2f} to {lead.high:+.2f})"
    )

# %%
# Each environment holds a row for every agent: its mean with an interval, how often it meets the ball, how often it
# shoots. All are per 100 crosses.

open_play = results.environments[0]
for agent in open_play.agents:
    if agent.name in ("learned", "early-back-post", "stand-still"):
        print(f"{agent.name:16} meets {agent.meets:5.1f}  shoots {agent.shoots:4.1f}  xG {agent.xg.mean:.2f}")

# %%
# And every rival's difference to the first agent on the same crosses, which is what a claim rests on.

rivals = sorted(open_play.against_first.rivals, key=lambda rival: rival.xg_gain.mean)
_, axes = plt.subplots(figsize=(7, 6), layout="constrained")
axes.errorbar(
    [rival.xg_gain.mean for rival in rivals],
    [rival.name.replace("-", " ") for rival in rivals],
    xerr=[rival.xg_gain.mean - rival.xg_gain.low for rival in rivals],
    fmt="o",
)
axes.axvline(0.0, linewidth=1)
axes.set_xlabel("lead of the learned policy in open play, xG per 100 crosses")
plt.show()

# %%
# A result says in ``made_with`` what it was made with. One of another version of the world, or of other agents, is
# refused with a sentence, and never shown beside new ones by mistake.
