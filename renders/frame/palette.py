"""Colours and sizes of every picture: shape, colour and number together identify a player.

Colours are (red, green, blue), 0 to 255. Only one bright colour, for the learner.
"""

Colour = tuple[int, int, int]

BACKGROUND: Colour = (0x12, 0x1C, 0x20)
PANEL: Colour = (0x19, 0x25, 0x29)
GRASS: Colour = (0x2D, 0x54, 0x42)
GRASS_LIGHT: Colour = (0x32, 0x5B, 0x48)
GRASS_BEHIND: Colour = (0x25, 0x45, 0x39)
LINE: Colour = (0xD9, 0xE5, 0xDD)
NET: Colour = (0x7F, 0x98, 0x8C)
WHITE: Colour = (0xFF, 0xFF, 0xFF)
INK: Colour = (0x0C, 0x14, 0x17)
TEXT: Colour = (0xF2, 0xF6, 0xF4)
TEXT_QUIET: Colour = (0xA3, 0xB3, 0xAE)
RULING: Colour = (0x2C, 0x3B, 0x40)
RAIL: Colour = (0x3B, 0x4C, 0x51)

ATTACK: Colour = (0xFF, 0xB7, 0x33)
DEFENCE: Colour = (0x7A, 0xB8, 0xFF)
KEEPER: Colour = (0xE6, 0x96, 0xD2)
LEARNER: Colour = (0xFF, 0xF0, 0x78)
RULE: Colour = (0xCD, 0xD5, 0xD1)

KINDS: dict[str, Colour] = {
    "attack": ATTACK,
    "defence": DEFENCE,
    "keeper": KEEPER,
    "learner": LEARNER,
    "rule": RULE,
}


def mix(colour: Colour, ground: Colour, share: float) -> Colour:
    """A colour blended over a ground, `share` of it, both opaque."""
    return (
        round(ground[0] + (colour[0] - ground[0]) * share),
        round(ground[1] + (colour[1] - ground[1]) * share),
        round(ground[2] + (colour[2] - ground[2]) * share),
    )
