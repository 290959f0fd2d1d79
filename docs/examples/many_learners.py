"""
Many learners
=============

Several players of one cross can learn at once; everybody else follows a script. ``CrossingParallelEnv`` is one cross as
a PettingZoo environment (``pip install "backpost[many]"``), ``ManyCrossingVector`` the native batch of many crosses.

Names are ``runner``, ``teammate_1`` and so on, ``keeper``, and ``defender_1`` and so on; groups are ``teammates``,
``presser``, ``markers``, ``zonal`` and ``defenders``. Attackers are paid the team's expected goals, defenders and the
keeper their negative. Who marks differs between crosses, so the agents of a cross are those who take part in it.
"""

# sphinx_gallery_thumbnail_path = 'results_xg.png'
from backpost.envs.learners.crossing_parallel import CrossingParallelEnv

env = CrossingParallelEnv("OpenPlay", learners=("runner", "markers"))
observations, infos = env.reset(seed=0)
while env.agents:
    actions = {name: env.action_space(name).sample() for name in env.agents}
    observations, rewards, terminations, truncations, infos = env.step(actions)
print(f"{len(rewards)} players learned: {', '.join(rewards)}")

# %%
# The batch takes and returns one array for every agent, and goes on with the next cross by itself. A runner who does
# not learn is played by an agent: a rule, the shipped policy, or your own. Here the marker of a shipped runner stands
# still.

import numpy as np

from backpost.agents.registry import agent
from backpost.envs.learners.many_vector import ManyCrossingVector

vector = ManyCrossingVector(64, learners="defender_3", runner=agent("learned", "OpenPlay"), marking="man")
vector.reset(seed=0)
paid, ended = 0.0, 0
while ended < 500:
    _, rewards, over = vector.step({"defender_3": np.zeros((64, 4))})
    paid += rewards["defender_3"].sum()
    ended += int(over.sum())
print(f"the marker is paid {100 * paid / ended:.2f} per 100 crosses")

# %%
# ``docs/examples/many/independent_ppo.py`` trains any learners with a PPO of 150 lines, one network for each kind of
# player, and then measures on fresh crosses what that changed for the runner::
#
#     python docs/examples/many/independent_ppo.py --learners defender_3 --runner learned --decisions 2000000
#     python docs/examples/many/independent_ppo.py --learners runner teammate_1 --decisions 2000000
#
# In the first the man-marker learns to stop the shipped runner: how much less he is then worth says how exploitable he
# is. In the second two runners learn together, one for the near post and one for the far.
