"""Small valid results of the kinds that take hours to measure: made by hand, not played."""

from backpost.agents.planners.planner import Budget
from backpost.training.bench.ceiling_result import Ceiling, ClairvoyantResult, MeasuredAgent, PlannerResult
from backpost.training.bench.result_file import plain_options
from backpost.training.bench.statistics import Interval
from backpost.training.distil.distil import ExplainedRule, Tried
from backpost.training.distil.rule import ConditionInWords, LeafInWords
from backpost.training.distil.words import Brief
from backpost.training.explain.cues import Cue, Cues
from backpost.training.explain.explanation import Explanation
from backpost.training.explain.exploits import AS_IT_IS, Exploits, Freedom, Habit, SensesLead, TimingLoss
from backpost.training.guide.content import Guide, MeasuredClaim, MeasuredRun, SettingEffect
from backpost.training.guide.verdict import SUPPORTED

XG = Interval(3.21, 3.01, 3.41)
A_CEILING = Ceiling(
    environment="Match",
    options=plain_options(None),
    files={},
    crosses=2000,
    measured=2000,
    first_seed=0,
    label="evaluate",
    ball="free",
    level=0.95,
    best_rule="late-bend",
    who={"learned": {}},
    planner_budget=Budget(),
    certified="not certified",
    agents=(MeasuredAgent("learned", XG, None, None),),
    planner=PlannerResult(XG, XG),
    clairvoyant=ClairvoyantResult(XG, XG, 0, settled=True, curve=()),
)
AN_EXPLANATION = Explanation(
    environment="OpenPlay",
    agent="learned",
    source="learned",
    best_rule="late-bend",
    options=plain_options(None),
    crosses=400,
    first_seed=0,
    label="evaluate",
    level=0.99,
    who={"weights": ""},
    beside={},
    files={},
    format=1,
    cues=Cues(200, "free", 3.0, {"the keeper": Cue(XG, 10.0, XG)}),
    rule=ExplainedRule(
        crosses=400,
        xg={"policy": 3.4, "rule": 3.0, "distilled": 3.3},
        policy_gain=XG,
        gain=XG,
        share=None,
        always={"depth": 5.0},
        leaves=(
            LeafInWords(
                "before", (ConditionInWords("crosser_y", 22.0, True, "if he is wide"),), {"start": -0.4}, "Wait."
            ),
        ),
        brief=(Brief("before", "Wait.", ["If he is wide, go late."]),),
        tried=Tried(400, "train", {"policy": 1.5}),
    ),
    exploits=Exploits(
        crosses=400,
        habits={"stands in the goal": Habit(1.0, 2.0, XG, "no")},
        freedom=Freedom(3.0, None, 1.9, (1.5, 2.5), "open data", "more"),
        goal_area_seconds=(1.0, None),
        senses={AS_IT_IS: SensesLead(3.4, 3.0, XG, "ahead")},
        timing=TimingLoss(0.1, -0.2, -0.1, 0.1, "some"),
    ),
)
A_GUIDE = Guide(
    crosses=400,
    first_seed=0,
    label="evaluate",
    ball="free",
    level=0.99,
    claims=(
        MeasuredClaim(
            claim="G1",
            words="a late run",
            verdict=SUPPORTED,
            reason="it pays",
            compared="late against early",
            mechanism="sight",
            unit="xG per 100 crosses",
            level=0.99,
            effect=XG,
            settings=(SettingEffect("as it is", "base", 400, XG), SettingEffect("without", "off", 40, None)),
            parts={"more room": None, "more balls": XG},
            arms=(MeasuredRun("late", 3.0, 10.0, None),),
            details={"late": {"xG": 3.0, "met": None}},
            note="",
            published="nothing",
            published_says="nothing is published",
        ),
    ),
    verdicts={SUPPORTED: 1},
)
