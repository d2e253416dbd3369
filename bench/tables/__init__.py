"""Sections of the page; each takes the results and gives Markdown, or nothing if its figures are missing."""

from bench.tables.goals import goals_section
from bench.tables.inside import busy_section, compiling_section, kernels_section
from bench.tables.prediction import prediction_section
from bench.tables.training import race_section, training_section
from bench.tables.whole import commands_section, whole_section

__all__ = ["SECTIONS"]

SECTIONS = (
    goals_section,
    training_section,
    race_section,
    prediction_section,
    whole_section,
    commands_section,
    compiling_section,
    kernels_section,
    busy_section,
)
