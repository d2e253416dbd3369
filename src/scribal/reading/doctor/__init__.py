"""The photo doctor: what is wrong with a picture for a network that learned MNIST, shown before and after."""

from scribal.reading.doctor.diagnosis import Answer, Diagnosis, Doctor, Sample, diagnose
from scribal.reading.doctor.measures import Measures
from scribal.reading.doctor.rules import RULES, Finding, Rule

__all__ = ["RULES", "Answer", "Diagnosis", "Doctor", "Finding", "Measures", "Rule", "Sample", "diagnose"]
