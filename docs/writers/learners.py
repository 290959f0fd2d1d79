"""The page of many learners: who can learn, and what they see, as tables."""

from pathlib import Path

from backpost.envs.learners.names import GROUPS, PLAYER_OF
from backpost.envs.learners.view import VIEW
from backpost.envs.world.record import ROLES

from . import markdown

ABOUT = """\
Several players of one cross can learn at once; everybody else follows a script. `CrossingParallelEnv` is one cross as a
PettingZoo environment (`pip install "backpost[many]"`), `ManyCrossingVector` the native batch. The
[tutorial](../tutorials/many_learners.rst) shows both. The world is the same: learners who decide as their scripts do
play the very same crosses.

Attackers are paid the reward of the options, by default the team's expected goals in a decision; defenders and the
keeper its negative. All act with `action_type="continuous"`: desired velocity and desired facing. An episode ends for
all of them at once. A cross in which no learner takes part is passed over.

With `correct_scripts=True` the action of everybody but the runner is added to what the player's script wants, so
learning begins with the script and zero plays it bit for bit.

No marker has become better than its script yet. After two million decisions of independent PPO against the shipped
runner in open play, on 4,096 crosses, the attack was worth .60 xG per 100 more than against the script (standard error
.14) when the marker learned from scratch, and .46 more (.12) when it corrected the script; one seed each."""

SEES = """\
The runner sees the [observation](observation.md) of every other environment. The others see the vector below. A player
out of sight reads zero: attackers see 100 degrees to either side of where they face, defenders what lies around their
gaze, which follows the ball except in a look over the shoulder. The ball's velocity has the player's own error of
reading."""


def write(folder: Path) -> None:
    """Write `learners.md`."""
    players = [(f"`{name}`", str(player)) for name, player in PLAYER_OF.items()]
    groups = [
        (f"`{name}`", f"`{begins}...`", ", ".join(role for k, role in enumerate(ROLES) if bits >> k & 1))
        for name, (begins, bits) in GROUPS.items()
    ]
    markdown.page(
        folder / "learners.md",
        "# Many learners",
        ABOUT,
        "## Who can learn",
        markdown.table(("agent", "player in the record"), players),
        markdown.table(("group", "agents", "in crosses in which they are"), groups),
        "## What they see",
        SEES,
        VIEW.table(),
    )
