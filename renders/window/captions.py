"""Every word of the window that is not part of the picture itself, written for a coach who watches or plays."""

from collections.abc import Sequence

HINT = "H: keys"
HELD = "paused"
PERSON = "You"
WATCH_KEYS = (
    ("Space", "pause, resume"),
    ("1  2  3  4", "real time, 1/2, 1/4, 1/10"),
    ("Up, Down", "faster, slower"),
    ("Left, Right", "back or forward a tenth of a second"),
    ("Home, End", "first moment, last moment"),
    ("Mouse", "drag the time bar"),
    ("N, P", "next cross, the one before"),
    ("A, Shift A", "next agent, the one before"),
    ("R, Shift R", "next rule beside him, the one before"),
    ("V", "one picture, side by side"),
    ("H", "these keys"),
    ("Esc, Q", "close"),
)
REPLAY_KEYS = (
    *WATCH_KEYS[:6],
    ("N", "next cross"),
    ("P", "this cross again (it counts once)"),
    ("R", "compare yourself with the other run"),
    *WATCH_KEYS[9:],
)
KEYS_TITLE = "Keys"
PLAY_LINE = "Meet the cross: run with arrows, W A S D or a stick.  Shift: jog.  Space: look at the ball"
SECOND_TRY = "A second try at a cross is not counted."
ANY_KEY = "Any key: see both runs.  N: next cross.  P: this one again.  Esc: stop"
NOT_MET = "ball not met"


def status(cross: int, slower: int, held: bool) -> str:
    """What is shown and at what speed: "cross 7, 1/4 speed, paused"."""
    words = [f"cross {cross}"]
    if slower > 1:
        words.append(f"1/{slower} speed")
    if held:
        words.append(HELD)
    return ", ".join(words)


def pointed_out(count: int) -> str:
    """The label of the person's runner, with the count before the start: "You: 3"."""
    return f"{PERSON}: {count}" if count else PERSON


def now_shows(title: str, other_title: str | None, cross: int) -> str:
    """The message after a switch: "Early back post and Near post sprint, cross 7"."""
    return f"{title}{'' if other_title is None else f' and {other_title}'}, cross {cross}"


def after_play(environment: str, cross: int) -> str:
    """The title of the table that compares all runs on the cross."""
    return f"{environment}, cross {cross}"


def expected_goals(xg: float) -> str:
    """The value of a cross."""
    return f"{xg:.2f} expected goals"


def meets(technique: str, space: float) -> str:
    """How the runner met the ball: "Header, 1.4 m of space"; without an opponent, space is omitted."""
    return f"{technique}, {space:.1f} m of space" if space == space else technique


def counted(crosses: int, sums: Sequence[tuple[str, float]]) -> str:
    """The scores in one line: "5 crosses so far, expected goals: You 0.31, Learned run 0.52"."""
    totals = ", ".join(f"{name} {value:.2f}" for name, value in sums)
    return f"{crosses} cross{'' if crosses == 1 else 'es'} so far, expected goals: {totals}"
