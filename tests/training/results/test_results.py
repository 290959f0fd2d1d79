"""Results: all that is announced is corrected together, tables say what was played, and stopping costs nothing."""

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from a_policy import a_policy
from some_results import A_CEILING

from backpost.agents.rules.registry import RULES
from backpost.envs.common.errors import InvalidFile
from backpost.envs.interface.outcome import metrics_type
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.version import WORLD_VERSION
from backpost.renders.figures import results as figures_results
from backpost.renders.page import results_pages
from backpost.renders.page.played import Amounts
from backpost.training.bench import compare, statistics
from backpost.training.bench.ceiling_result import MeasuredAgent
from backpost.training.bench.made_with import DECIDING, made_with
from backpost.training.explain.explanation import Explanation
from backpost.training.learn import train as learn_train
from backpost.training.learn.configuration import configuration
from backpost.training.learn.run_folder import RunFolder
from backpost.training.learn.teachers import digests
from backpost.training.results import card as results_card
from backpost.training.results import results
from backpost.training.results import runs as results_runs
from backpost.training.results import scratch as results_scratch
from backpost.training.results import table as results_table
from backpost.training.results.content import Results

CROSSES = 100
ENVIRONMENTS = ("OpenPlay", "Match")


def policy(path: Path, env: str, seed: int) -> Path:
    """The file of a policy that nobody trained."""
    a_policy(env, seed).save(path)
    return path


@pytest.fixture(scope="module", autouse=True)
def few_for_the_choice_of_a_rule() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        for module in (results, results_runs):
            patch.setattr(module, "SELECTED_ON", 40)
        yield


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("policies")
    for seed, env in enumerate(ENVIRONMENTS):
        policy(folder / f"{env}.safetensors", env, seed)
    return folder


@pytest.fixture(scope="module")
def keep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keep")


@pytest.fixture(scope="module")
def result(policies: Path, keep: Path) -> Results:
    return results.results(keep, policies, CROSSES, environments=ENVIRONMENTS)


def test_everybody_is_asked_and_everything_announced_is_corrected_together(result: Results, policies: Path) -> None:
    open_play, match = result.environments
    assert [row.name for row in open_play.agents] == ["learned", "generalist", *results.BASELINES]
    assert [row.name for row in match.agents] == ["learned", *results.BASELINES]
    assert {*RULES, "random", "stand-still"} == set(results.BASELINES)
    rows = open_play.against_first.rivals + match.against_first.rivals
    assert result.comparisons == len(rows) == 2 * len(results.BASELINES) + 1
    holm = statistics.holm([row.xg_p for row in rows] + [row.goals_p_mcnemar for row in rows])
    assert [row.xg_p_holm for row in rows] == pytest.approx(holm[: len(rows)])
    seeds = episode_seeds("evaluate", 0, 0, CROSSES)
    learned, random = compare.played_by("Match", [str(policies / "Match.safetensors"), "random"], seeds)
    lead = next(row for row in match.against_first.rivals if row.name == "random").xg_gain
    together = statistics.mean_interval(
        100 * (learned["xg"] - random["xg"]), statistics.bonferroni(0.95, 2 * len(rows))
    )
    assert (lead.low, lead.mean, lead.high) == pytest.approx((together.low, together.mean, together.high))


def test_results_that_were_stopped_go_on_to_the_same_results(
    result: Results, policies: Path, keep: Path, tmp_path: Path
) -> None:
    total, played = results.crosses_to_play(policies, ENVIRONMENTS, CROSSES), 0

    def stop(crosses: int) -> None:
        nonlocal played
        played += crosses
        if played > total // 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        results.results(tmp_path, policies, CROSSES, environments=ENVIRONMENTS, progress=stop)
    assert 0 < len(list(tmp_path.iterdir())) < len(list(keep.iterdir()))
    for piece in keep.iterdir():  # what is missing is taken from the whole run, so that only the going on is tested
        if not (tmp_path / piece.name).exists():
            shutil.copy(piece, tmp_path)
    counts: list[int] = []
    again = results.results(tmp_path, policies, CROSSES, environments=ENVIRONMENTS, progress=counts.append)
    assert again == result
    assert sum(counts) == total


def test_another_policy_is_played_anew_and_nobody_else(
    policies: Path, keep: Path, result: Results, tmp_path: Path
) -> None:
    shutil.copytree(policies, tmp_path / "policies")
    shutil.copytree(keep, tmp_path / "keep")
    policy(tmp_path / "policies" / "OpenPlay.safetensors", "OpenPlay", 7)
    before = len(list((tmp_path / "keep").iterdir()))
    other = results.results(tmp_path / "keep", tmp_path / "policies", CROSSES, environments=ENVIRONMENTS)
    assert len(list((tmp_path / "keep").iterdir())) == before + 1
    assert other.environments[1].agents == result.environments[1].agents
    assert other.environments[0].policy.sha256 != result.environments[0].policy.sha256


def test_beating_every_rule_needs_every_bound_above_zero() -> None:
    rng = np.random.default_rng(0)
    rows = np.zeros(400, metrics_type)
    rows["xg"] = rng.exponential(0.03, 400)
    played = dict.fromkeys(results.BASELINES, rows)
    better = rows.copy()
    better["xg"] += 0.01 + rng.normal(0, 0.01, 400)
    best = RULES[0]
    claim = results.claims({"learned": better, "generalist": rows, **played}, best, 0.95)
    assert claim.learned.beats_every_rule
    assert claim.learned.lowest_bound > 0
    assert claim.generalist is not None
    assert claim.generalist.share_of_gain is not None
    assert claim.generalist.share_of_gain.mean == pytest.approx(0.0)
    one_as_good = {**played, RULES[3]: better}
    assert not results.claims({"learned": better, **one_as_good}, best, 0.95).learned.beats_every_rule
    no_gain = results.claims({"learned": rows, "generalist": better, **played}, best, 0.95).generalist
    assert no_gain is not None
    assert no_gain.share_of_gain is None


def test_tables_say_what_the_results_say(result: Results) -> None:
    text, markdown = results_table.table(result), results_table.markdown(result)
    for env in result.environments:
        assert f"{env.claims.learned.lowest_bound:+.3f}" in text
        for row in env.agents:
            assert f"{row.xg.mean:.2f}" in markdown
        for rival in env.against_first.rivals:
            assert f"({rival.xg_gain.low:+.2f} to {rival.xg_gain.high:+.2f})" in markdown
    interval, share = statistics.Interval(3.21, 3.01, 3.41), statistics.Interval(0.62, 0.51, 0.73)
    ceiling = dataclasses.replace(A_CEILING, agents=(MeasuredAgent("learned", interval, share, None),))
    with_ceiling = results_table.markdown(result, [ceiling])
    assert with_ceiling.startswith(markdown)
    assert "|  | 62 % (51 to 73) |" in with_ceiling
    assert "|  | 3.21 (3.01 to 3.41) |" in with_ceiling
    assert "|  | 2,000 |" in with_ceiling
    assert {line.count("|") for line in with_ceiling.splitlines()} == {len(ENVIRONMENTS) + 2}
    other = MeasuredAgent("late-bend", interval, None, None)
    with pytest.raises(InvalidFile, match="no agent"):
        results_table.markdown(result, [dataclasses.replace(ceiling, agents=(other,), who={"late-bend": {}})])


def test_a_lead_is_told_with_one_interval_wherever_it_is_told(result: Results) -> None:
    for env in result.environments:
        rivals = {row.name: row.xg_gain for row in env.against_first.rivals}
        assert env.claims.learned.over_best_rule == rivals[env.best_rule]


def test_a_card_says_what_the_file_and_the_results_say(policies: Path, result: Results, tmp_path: Path) -> None:
    cards = results_card.write_cards(policies, result)
    assert [card.name for card in cards] == ["Match.md", "OpenPlay.md"]
    open_play = cards[1].read_text(encoding="utf-8")
    first = result.environments[0]
    xg, lead = first.agents[0].xg, first.claims.learned.over_best_rule
    for said in (
        first.policy.sha256,
        "backpost/OpenPlay-v0",
        "backpost train OpenPlay --config training/configs/OpenPlay.yml --seed 0",
        "1,234",
        "early-back-post",
        f"version {WORLD_VERSION} of the world",
        f"{CROSSES:,} crosses",
        f"{xg.mean:.2f} ({xg.low:.2f} to {xg.high:.2f})",
        f"{lead.mean:+.2f} ({lead.low:+.2f} to {lead.high:+.2f})",
        f"{first.claims.learned.lowest_bound:+.2f}",
        "## Intended use",
        "## Limits",
    ):
        assert said in open_play
    match = cards[0].read_text(encoding="utf-8")
    assert "| open play |" in match
    assert "| match |" in match
    shipped = results_card.ship(policies, tmp_path / "shipped", result)
    assert [card.read_text(encoding="utf-8") for card in shipped] == [match, open_play]
    for env in ENVIRONMENTS:
        file = f"{env}.safetensors"
        assert (tmp_path / "shipped" / file).read_bytes() == (policies / file).read_bytes()
    policy(tmp_path / "Corner.safetensors", "Corner", 3)
    with pytest.raises(InvalidFile, match="not about the policy"):
        results_card.card(tmp_path / "Corner.safetensors", result)


def test_a_missing_policy_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="from-scratch"):
        results.results(tmp_path, tmp_path, CROSSES)


def run_folder(folder: Path, group: str, seed: int, status: str = "finished", **settings: Any) -> Path:
    place = folder / f"{group}-{seed}"
    place.mkdir(parents=True)
    config = configuration(None, {"env": "OpenPlay", "seed": seed, **settings})
    (place / "config.yml").write_text(config.to_yaml(), encoding="utf-8")
    progress = {"status": status, "steps": 20, "seconds": 1.5, "candidates": [{"steps": 10, "xg_per_100": 2.0 + seed}]}
    (place / "progress.json").write_text(json.dumps(progress), encoding="utf-8")
    (place / "versions.json").write_text(json.dumps({"world": 1, "agents": 1, "rules": "2"}), encoding="utf-8")
    policy(place / "policy.safetensors", "OpenPlay", 10 * len(group) + seed)
    return place


def test_ways_of_training_are_compared_seed_by_seed(keep: Path, tmp_path: Path) -> None:
    for seed in range(4):
        run_folder(tmp_path / "runs", "reference", seed)
    for seed in (1, 3):
        run_folder(tmp_path / "runs", "white-noise", seed, noise="white")
    run_folder(tmp_path / "runs", "stopped", 0, "interrupted")
    runs = results_runs.training_runs(tmp_path / "runs")
    played: list[int] = []
    evidence = results_runs.evidence(runs, keep, CROSSES, progress=played.append)
    assert sum(played) == results_runs.crosses_to_play(runs, CROSSES)
    reference, white = evidence.groups
    assert (reference.name, reference.seeds, reference.changed) == ("reference", (0, 1, 2, 3), {})
    assert white.changed["noise"] == "white"
    lead = {row.name: row.over_best_rule.mean for row in evidence.runs}
    means = np.array([lead[f"reference-{seed}"] for seed in range(4)])
    seeds_alone, told_interval = statistics.mean_interval(means), reference.over_seeds_and_crosses
    assert told_interval is not None
    assert told_interval.mean == pytest.approx(seeds_alone.mean)
    assert told_interval.low < seeds_alone.low, "all seeds have the luck of the crosses in common"
    assert reference.lowest_bound == min(row.lower_bound for row in evidence.runs[:4])
    seed_by_seed = [lead[f"white-noise-{seed}"] - lead[f"reference-{seed}"] for seed in (1, 3)]
    assert white.against_reference is not None
    assert white.against_reference.difference.mean == pytest.approx(np.mean(seed_by_seed))
    assert white.against_reference.p_holm == white.against_reference.p
    assert "white-noise" in results_runs.table(evidence)
    figures_results.learning(evidence, tmp_path / "learning.png")
    assert (tmp_path / "learning.png").stat().st_size > 10_000


def test_runs_that_are_called_alike_must_be_alike(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="no finished run"):
        results_runs.training_runs(tmp_path)
    run_folder(tmp_path, "reference", 0)
    run_folder(tmp_path, "reference", 1, gamma=0.9)
    with pytest.raises(InvalidFile, match="trained otherwise"):
        results_runs.training_runs(tmp_path)
    (tmp_path / "reference-1").rename(tmp_path / "reference-2")
    with pytest.raises(InvalidFile, match="must be called"):
        results_runs.training_runs(tmp_path)


def test_runs_of_another_world_other_agents_or_rules_are_not_compared(tmp_path: Path) -> None:
    run_folder(tmp_path, "reference", 0)
    other = run_folder(tmp_path, "white-noise", 0, noise="white") / "versions.json"
    assert len(results_runs.training_runs(tmp_path)) == 2
    for changed in ({"rules": "3"}, {"world": 0}, {"agents": 0}):
        other.write_text(json.dumps({"world": 1, "agents": 1, "rules": "2"} | changed), encoding="utf-8")
        with pytest.raises(InvalidFile, match="different versions of the world"):
            results_runs.training_runs(tmp_path)
    other.write_text("{}", encoding="utf-8")
    with pytest.raises(InvalidFile, match="it lacks world"):
        results_runs.training_runs(tmp_path)


def test_figures_are_drawn(result: Results, tmp_path: Path) -> None:
    figures_results.draw(result, tmp_path)
    for name in ("results", "results_xg"):
        assert (tmp_path / f"{name}.png").stat().st_size > 10_000


def test_every_match_scenario_gets_its_finished_page(result: Results, policies: Path, tmp_path: Path) -> None:
    small = Amounts(shown=2, measured=40, paired=20, timed=0)
    played: list[int] = []
    pages = results_pages.write_pages(result, policies, tmp_path / "pages", amounts=small, progress=played.append)
    assert [page.name for page in pages] == ["OpenPlay.html"], "Match is a mixture and has no page"
    assert sum(played) <= results_pages.crosses_to_play(result, small)
    rule = result.environments[0].best_rule.replace("-", " ")
    assert rule in pages[0].read_text(encoding="utf-8")
    of_another = Explanation(
        environment="OpenPlay",
        agent="stand-still",
        source="stand-still",
        best_rule="late-bend",
        options={},
        crosses=40,
        first_seed=0,
        label="evaluate",
        level=0.99,
        who={},
        beside={},
        files={},
        format=1,
    )
    with pytest.raises(InvalidFile, match="the explanation must be of OpenPlay in OpenPlay"):
        results_pages.write_pages(result, policies, tmp_path, [of_another], small)


def test_committed_configurations_are_valid_and_for_every_policy() -> None:
    configs = sorted((Path(str(results.__file__)).resolve().parents[1] / "configs").glob("*.yml"))
    assert {file.stem for file in configs} == set(results.ENVIRONMENTS)
    assert all(configuration(file).env == file.stem for file in configs)


def test_every_other_way_of_training_differs_from_the_reference_in_one_setting() -> None:
    folder = Path(str(results.__file__)).resolve().parents[1] / "configs" / "trainings"
    ways = {file.stem: dataclasses.asdict(configuration(file)) for file in folder.glob("*.yml")}
    reference = ways.pop("reference")
    assert len(ways) >= 5
    for name, way in ways.items():
        changed = {key for key in reference if way[key] != reference[key]}
        if way["algo"] == reference["algo"]:
            assert len(changed) == 1, name
        else:
            assert not changed & {"env", "steps", "start", "rule", "reward", "gamma", "curriculum", "seed"}, name


def test_a_stopped_training_from_scratch_goes_on_and_a_finished_one_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "configs").mkdir()
    for env in ENVIRONMENTS:
        taught = "start: teachers\nteachers: [OpenPlay]\n" if env == "Match" else ""
        (tmp_path / "configs" / f"{env}.yml").write_text(f"env: {env}\nsteps: 1000\n{taught}", encoding="utf-8")
    called: list[tuple[str, str]] = []
    taught_by: list[str] = []
    made_in = {name: made_with()[name] for name in DECIDING}

    def training(verb: str, status: str) -> Any:
        def run(*arguments: Any) -> RunFolder:
            place = Path(arguments[-1])
            called.append((verb, place.name))
            place.mkdir(parents=True, exist_ok=True)
            if verb == "train":
                (place / "config.yml").write_text(arguments[0].to_yaml(), encoding="utf-8")
                learned_from = {"teachers": digests(arguments[0])}
                (place / "versions.json").write_text(json.dumps(made_in | learned_from), encoding="utf-8")
                taught_by.extend([arguments[0].taught_by] * (place.name == "Match"))
            (place / "progress.json").write_text(json.dumps({"status": status}), encoding="utf-8")
            policy(place / "policy.safetensors", place.name, 0)
            return RunFolder(place)

        return run

    def go_on() -> Path:
        return results_scratch.train_policies(tmp_path, tmp_path / "configs", say=lambda line: None)

    monkeypatch.setattr(learn_train, "train", training("train", "interrupted"))
    monkeypatch.setattr(learn_train, "resume", training("resume", "finished"))
    with pytest.raises(KeyboardInterrupt):
        go_on()
    assert called == [("train", "OpenPlay")], "one that learns from others comes after them"
    with pytest.raises(KeyboardInterrupt):
        go_on()
    assert called[1:] == [("resume", "OpenPlay"), ("train", "Match")]
    policies = go_on()
    assert called[3:] == [("resume", "Match")]
    assert go_on() == policies
    assert len(called) == 4
    assert taught_by == [str(policies)]
    assert {file.name for file in policies.iterdir()} == {f"{env}.safetensors" for env in ENVIRONMENTS}
    policy(tmp_path / "runs" / "OpenPlay" / "policy.safetensors", "OpenPlay", 1)
    with pytest.raises(InvalidFile, match="Match learned from other policies than there are now"):
        go_on()
    (tmp_path / "runs" / "Match" / "versions.json").write_text(json.dumps(made_in | {"rules": "other"}))
    with pytest.raises(InvalidFile, match="other tuned rules; move it away"):
        go_on()
    (tmp_path / "configs" / "OpenPlay.yml").write_text("env: OpenPlay\nsteps: 2000\n", encoding="utf-8")
    with pytest.raises(InvalidFile, match="other settings"):
        go_on()


def test_results_are_of_the_policies_that_are_there(policies: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="has no policy"):
        results.trained(tmp_path)
    shutil.copy(policies / "OpenPlay.safetensors", tmp_path)
    assert results.trained(tmp_path) == ("OpenPlay",)
    assert results.GENERAL not in results.contestants(tmp_path, "OpenPlay")
    assert results.trained(policies) == ENVIRONMENTS
    assert results.GENERAL in results.contestants(policies, "OpenPlay")
