"""What is wrong with a picture, by one table: a quantity, the range in which nothing is wrong, and what it means.

The ranges come from MNIST's training digits. Of these nearly all lie within, enlarged or as they are; what is outside
is told. Where a picture breaks several rules and one of them explains another, as a digit that is cut off is also off
centre, the first alone is told.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scribal.reading.doctor.measures import Measures

__all__ = ["RULES", "Finding", "Rule", "find_faults"]

_DECIMALS = 2


@dataclass(frozen=True)
class Rule:
    """One thing that can be wrong.

    Attributes:
        name: In a word or two.
        quantity: What of ``Measures`` tells.
        sentence: What is found, with ``{value}`` in it.
        why: What it does to a network.
        done: What reading does about it; empty where it can do nothing.
        advice: What the user can do; empty where nothing has to be done.
        unit: Of the quantity.
        least: Nothing is wrong from here ...
        most: ... to here.
        reason: Where the range comes from.
        explains: Names of rules that need not be told where this one is.
    """

    name: str
    quantity: str
    sentence: str
    why: str
    done: str = ""
    advice: str = ""
    unit: str = ""
    least: float = float("-inf")
    most: float = float("inf")
    reason: str = ""
    explains: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a picture.

    Attributes:
        rule: Which, and what it means.
        value: What was measured.
    """

    rule: Rule
    value: float

    @property
    def name(self) -> str:
        """What is wrong, in a word or two."""
        return self.rule.name

    @property
    def text(self) -> str:
        """What was found, with its figure; a sentence."""
        return self.rule.sentence.format(value=abs(self.value))

    @property
    def is_mended(self) -> bool:
        """Whether reading copes with it, so that nothing has to be done."""
        return bool(self.rule.done) and not self.rule.advice

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; a limit that there is not is missing."""
        rule = self.rule
        plain: dict[str, Any] = {"name": rule.name, "value": round(self.value, _DECIMALS), "unit": rule.unit}
        plain |= {name: limit for name, limit in (("least", rule.least), ("most", rule.most)) if math.isfinite(limit)}
        return plain | {"text": self.text, "why": rule.why, "done": rule.done, "advice": rule.advice}


def find_faults(measures: Measures) -> tuple[Finding, ...]:
    """Name what is wrong, in the order of the table."""
    found = list(_broken(measures))
    explained = {name for finding in found for name in finding.rule.explains}
    return tuple(finding for finding in found if finding.name not in explained)


def _broken(measures: Measures) -> Iterator[Finding]:
    for rule in RULES:
        value = getattr(measures, rule.quantity)
        if value is not None and not rule.least <= value <= rule.most:
            yield Finding(rule, float(value))


_PIXELS = "pixels of 28"
_BOX_PIXELS = "pixels of the box of 20"

RULES = (
    Rule(
        "blank",
        "ink",
        "Nothing is written on it: no ink was found.",
        "A network answers all the same: it knows ten digits and no emptiness.",
        advice="Check that this is the right picture; write darker, or come nearer.",
        unit="% ink",
        least=1e-6,
        reason="There is ink, or there is none.",
        explains=("noise", "uneven light", "ruled", "stretched"),
    ),
    Rule(
        "transparent",
        "transparency",
        "{value:.0f} % of the picture is transparent.",
        "Programs that drop the transparency see the colours hidden beneath it, often one even black or white.",
        done="It was laid on white, or on black if its ink is light.",
        unit="%",
        most=0.5,
        reason="Pictures without transparency have 0; half a per cent is a rounded corner.",
    ),
    Rule(
        "turned",
        "turn",
        "The camera notes that it was held turned, by {value:.0f}°.",
        "Programs that do not ask for the note (EXIF) see the digit lie on its side.",
        done="It was turned upright.",
        unit="degrees",
        least=0,
        most=0,
        reason="The note is there, or it is not.",
        explains=("tilted",),
    ),
    Rule(
        "several digits",
        "digits",
        "There are {value:.0f} digits on it.",
        "The network sees one digit an image; a whole row shrunk to 28x28 is a smear to it.",
        done="Each digit was cut out and recognised alone.",
        unit="digits",
        most=1,
        reason="The network was trained on one digit an image.",
        explains=("stretched",),
    ),
    Rule(
        "touching",
        "touching",
        "Digits that touch the one before: {value:.0f}.",
        "Two digits in one piece are one strange digit to whoever cuts by connected ink.",
        done="They were parted where the network is surest of both parts.",
        advice="Leave a gap between digits.",
        unit="digits",
        most=0,
        reason="Connected ink holds one digit, or more.",
    ),
    Rule(
        "inverted",
        "lightness",
        "The ink is {value:.0f} levels darker than its ground.",
        "MNIST is light ink on black. Dark on light, every pixel is the opposite of what the network learned.",
        done="Light and dark were swapped.",
        unit="levels",
        least=0,
        reason="MNIST's ink is lighter than its ground, always.",
    ),
    Rule(
        "stretched",
        "aspect",
        "One side of the picture is {value:.1f} times the other.",
        "Resized to a square, the digit is squeezed with it.",
        done="The digit was cut out and kept its shape.",
        unit="times",
        most=1.2,
        reason="A squeeze by a fifth is within what hands vary; MNIST kept every digit's shape.",
    ),
    Rule(
        "cut off",
        "cut",
        "{value:.1f} pixels of its 28 at the picture's edge are ink: something of the digit is missing.",
        "What is missing may be what tells one digit from another; no program can bring it back.",
        advice="Take or crop the picture with a margin around the digit.",
        unit=_PIXELS,
        most=1.6,
        reason="Of MNIST's digits one in three hundred has more than 1.6 pixels of full ink at the edge.",
        explains=("small", "large", "off-centre"),
    ),
    Rule(
        "small",
        "size",
        "The digit is {value:.1f} of 28 pixels high or wide; MNIST's are 20.",
        "Its strokes shrink to less than a pixel of the network's, and loops close.",
        done="It was cut out and enlarged to 20.",
        unit=_PIXELS,
        least=17,
        reason="MNIST's are 20; a sixth less is more than its own digits vary.",
    ),
    Rule(
        "large",
        "size",
        "The digit is {value:.1f} of 28 pixels high or wide; MNIST's are 20.",
        "Strokes run where MNIST's images are always black.",
        done="It was cut out and reduced to 20.",
        unit=_PIXELS,
        most=22,
        reason="MNIST's are 20; more than 22 leave less than its margin.",
    ),
    Rule(
        "off-centre",
        "offset",
        "Its centre of mass is {value:.1f} of 28 pixels from the middle.",
        "Dense networks know each pixel's place: moved by 3 pixels, a 1 is no 1 to them. Convolutions bear a bit more.",
        done="It was moved to the middle.",
        unit=_PIXELS,
        most=2.6,
        reason="MNIST's are within 1.5; a dense network's answer changes at 2 to 3.",
    ),
    Rule(
        "tilted",
        "tilt",
        "Turned back by {value:.0f}°, the network is surest of it.",
        "Networks learn the slants that people write, up to about 15°; beyond, a 7 becomes a 2 and a 4 a 6.",
        advice="Hold the camera straight above the paper, its edge along the line.",
        unit="degrees",
        least=-32,
        most=32,
        reason="So measured, 99 of 100 of MNIST's digits are within 32°.",
        explains=("large",),
    ),
    Rule(
        "sloping lines",
        "slope",
        "The lines rise or fall by {value:.0f}°.",
        "Digits that are turned look like others; lines that slope are taken for several.",
        done="Lines were followed as they slope.",
        advice="Hold the camera straight above the paper, its edge along the line.",
        unit="degrees",
        least=-8,
        most=8,
        reason="The network bears 15°, of which handwriting takes a half.",
    ),
    Rule(
        "faint",
        "contrast",
        "Ink and ground are only {value:.0f} levels of 255 apart, as grey.",
        "MNIST's ink is at 255. A network that learned full strokes takes weak ones for nothing.",
        done="The ink was strengthened to full.",
        advice="Use a darker pen, and more light.",
        unit="levels",
        least=90,
        reason="Full ink of MNIST's digits is at 250 and more; pencil on paper has about 100.",
    ),
    Rule(
        "uneven light",
        "shade",
        "The paper's light and dark parts are {value:.0f} levels apart: uneven light, or a shadow.",
        "After resizing and inverting, a shadow is light like ink, over whole parts of the image.",
        done="The paper's own lightness was taken off at every place.",
        unit="levels",
        most=40,
        reason="MNIST's ground is even; of a shadow of 40 levels, a sixth of full ink is left.",
    ),
    Rule(
        "noise",
        "noise",
        "The ground is rough: it strays by {value:.0f} levels (standard deviation).",
        "MNIST's ground is exactly 0. Grain everywhere adds up in every filter.",
        done="What is weaker than ink was taken off.",
        advice="More light, or a scan.",
        unit="levels",
        most=8,
        reason="Paper that is photographed well strays by 2 to 4.",
    ),
    Rule(
        "coarse",
        "resolution",
        "The picture has only {value:.0f} pixels for the height of a digit; the network's image has 20.",
        "What the camera did not see, enlarging does not bring back.",
        advice="Go nearer, or scan at 300 dots an inch.",
        unit="pixels",
        least=17,
        reason="MNIST's digits have 20.",
        explains=("blurred",),
    ),
    Rule(
        "blurred",
        "softness",
        "The edge of a stroke is {value:.1f} pixels wide; MNIST's are 0.9.",
        "Loops fill and strokes that are near flow together.",
        advice="Let the camera focus and hold it still; wipe its lens.",
        unit=_BOX_PIXELS,
        most=1.7,
        reason="Of MNIST's digits, enlarged, 99 in 100 are below 1.1.",
        explains=("thick", "faint", "large", "off-centre", "tilted"),
    ),
    Rule(
        "coloured",
        "colour",
        "Ink or paper is coloured: red, green and blue are {value:.0f} levels apart.",
        "As grey, red ink is half as dark as black ink and yellow paper is no longer white.",
        done="Ink was told from paper by its colour as well.",
        unit="levels",
        most=40,
        reason="White paper in yellow lamplight has up to 40.",
    ),
    Rule(
        "thin",
        "stroke",
        "Strokes are {value:.1f} pixels wide; MNIST's are 1.6 to 4.3.",
        "Resized to 28x28, a hairline is hardly grey.",
        done="Ink was brought to full strength after resizing.",
        advice="A felt pen is read best.",
        unit=_BOX_PIXELS,
        least=1.25,
        reason="98 in 100 of MNIST's digits have 1.6 to 4.3.",
    ),
    Rule(
        "thick",
        "stroke",
        "Strokes are {value:.1f} pixels wide; MNIST's are 1.6 to 4.3.",
        "Loops close: an 8 loses what makes it one.",
        advice="Write larger, or with a thinner pen.",
        unit=_BOX_PIXELS,
        most=4.8,
        reason="98 in 100 of MNIST's digits have 1.6 to 4.3.",
    ),
    Rule(
        "ruled",
        "lines",
        "{value:.0f} straight lines cross it: ruled or squared paper, or a form.",
        "To the network a line is a stroke of the digit.",
        done="Lines were taken out as far as they are weaker, or longer, than strokes.",
        advice="Plain paper is read best.",
        unit="lines",
        most=1,
        reason="No digit of MNIST has a straight stroke over 85 % of the image.",
        explains=("blurred", "other marks", "large", "off-centre", "cut off", "tilted"),
    ),
    Rule(
        "other marks",
        "clutter",
        "Beside the digit there is other ink, {value:.0f} % of its own.",
        "To the network everything on the image belongs to the digit.",
        done="It was left out.",
        advice="Crop the picture to the digit.",
        unit="% of the digit's ink",
        most=3,
        reason="MNIST's digits are alone; where one is in two parts, the smaller is seldom above 3 %.",
    ),
)
"""All rules, in the order in which findings are told."""
