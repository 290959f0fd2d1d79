"""
Read a result
=============

Every command writes its result as JSON with ``--json FILE``. The results that are shown on this site are such files,
in the folder ``docs``. This tutorial opens one and draws from it.
"""

import json
from pathlib import Path

import matplotlib.pyplot as plt

docs = next(folder for folder in (Path("docs"), Path("..")) if (folder / "results.json").is_file())
result = json.loads((docs / "results.json").read_text(encoding="utf-8"))

for env in result["environments"]:
    lead = env["claims"]["learned"]["over_best_rule"]
    print(
        f"{env['environment']:11} best rule {env['best_rule']:20} lead of the policy {lead['mean']:+.2f} "
        f"({lead['low']:+.2f} to {lead['high']:+.2f}) xG per 100 crosses"
    )

# %%
# Each environment holds a row for every agent: its mean with an interval, how often it meets the ball, how often it
# shoots.

rows = {row["name"]: row for row in result["environments"][0]["agents"]}
for name in ("learned", "early-back-post", "stand-still"):
    print(name, {key: rows[name][key] for key in ("meets", "shoots", "xg")})

# %%
# And every rival's difference to the first agent on the same crosses, which is what a claim rests on.

rivals = sorted(result["environments"][0]["against_first"]["rivals"], key=lambda rival: rival["xg_gain"]["mean"])
names = [rival["name"].replace("-", " ") for rival in rivals]
means = [rival["xg_gain"]["mean"] for rival in rivals]
half = [rival["xg_gain"]["mean"] - rival["xg_gain"]["low"] for rival in rivals]
_, axes = plt.subplots(figsize=(7, 6), layout="constrained")
axes.errorbar(means, names, xerr=half, fmt="o")
axes.axvline(0.0, linewidth=1)
axes.set_xlabel("lead of the learned policy in open play, xG per 100 crosses")
plt.show()
