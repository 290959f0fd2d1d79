"""A session plan of few crosses, its examples and its page: made once for all tests that read them."""

from functools import cache

from backpost.renders.plan import plan as page
from backpost.renders.plan.played import Example, play_examples
from backpost.training.session.content import SessionPlan
from backpost.training.session.session import crosses_to_play, session

CROSSES, FIRST = 24, 5


@cache
def the_plan() -> SessionPlan:
    played: list[int] = []
    plan = session(CROSSES, FIRST, progress=played.append)
    assert sum(played) == crosses_to_play(CROSSES)
    return plan


@cache
def its_examples() -> tuple[Example, ...]:
    return play_examples(the_plan())


@cache
def its_text() -> str:
    return page.build_session(the_plan(), its_examples())
