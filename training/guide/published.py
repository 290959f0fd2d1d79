"""What published data say about each claim of the guide, with sources, and where they say nothing.

The numbers are rows of `assets/published.csv` or follow from them, with the same credits: Wyscout is the public data
set of Pappalardo et al. 2019 (CC BY 4.0), StatsBomb and Last Row are open data.
"""

from dataclasses import dataclass

UNDECIDED = "published data do not decide it"


@dataclass(frozen=True)
class Published:
    """The published evidence, and what it says about the claim, worded as the end of a sentence."""

    evidence: str
    says: str = UNDECIDED


PUBLISHED = {
    "G1": Published(
        "Four moving scorers of Last Row's tracked goals covered 9 m between strike and contact and met the ball at 6 "
        "m/s: scorers do arrive while the ball flies. Nothing is published about runs that start earlier."
    ),
    "G2": Published(
        "Players look away from the ball .44 times a second before they receive it (Jordet et al. 2020). What limited "
        "sight costs a defence no published row identifies."
    ),
    "G3": Published(
        "High open-play crosses are first touched in the far zone most (.385 of first contacts in the box), and there "
        "more often by an attacker (.376) than in the middle (.280); yet the middle yields .565 of the direct goals "
        "(Wyscout, 25,233 contacts, 415 goals), nearly twice as many per contact of an attacker. Shots from equal "
        "distance are not compared.",
        "published data put the goals in the middle, not at the back post, and do not compare its two sides",
    ),
    "G4": Published("Nothing is published that compares runners who wait with runners who do not."),
    "G5": Published(
        "Crosses of the 2018 World Cup gave no more attempts in counter-attacks (.186 each) than against organised "
        "defences (.182; Mitrotasios et al. 2022, 949 crosses). Nothing is published about where the runner went.",
        "published attempts per cross are no higher on the counter, and say nothing of the runner",
    ),
    "G6": Published(
        "High open-play crosses: .0861 direct shots converted at .14 make 1.2 goals per 100, while 2.4 fall within "
        "10 s (Wyscout, 35,299): half come after the first touch. Who scores them from where is not published.",
        "published data say that second balls are worth as much as first ones, not whose they are",
    ),
    "G7": Published(
        "How well the landing shows in the crosser's body is a suggestion (the right class .5 to .8 of the time); "
        "no published row says what it is worth to a runner."
    ),
    "G8": Published(
        "Headers with the nearest opponent 2 to 3 m away are converted 2.75 times as often as those with one within "
        ".75 m (.198 and .072; StatsBomb open data, 509 headers). That waiting loses this room is not published.",
        "published data say what room is worth, not that waiting loses it",
    ),
    "G9": Published(
        "Of the first contacts with high open-play crosses in the box .26 are on the near side (Wyscout, 25,233): many "
        "balls do not come to the back post. What a change of plan is worth is not published."
    ),
    "G10": Published("Nothing is published about the body angle at first-time finishes."),
    "G11": Published("Nothing is published about what these drills teach."),
    "G12": Published("Nothing is published about calls, or about runs by defensive pattern."),
}
"""By claim."""
