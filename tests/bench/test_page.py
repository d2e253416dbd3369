"""The page of benchmarks is made of the results, whatever part of them is there."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from rich.console import Console

from bench.page import write_page
from bench.parts.commands import FIRST_ANSWER, KERAS, KERAS_RUN, TOY_RUN, TOY_TRAIN
from bench.parts.options import Options
from bench.parts.training import best_rival, hopeless
from bench.results import read_results, record, write_results
from bench.workloads import WORKLOADS

DOCS = Path(__file__).parents[2] / "docs"
COMMANDS = {TOY_TRAIN: 2.5, TOY_RUN: 2.0, KERAS: 1.5, KERAS_RUN: 1.75, FIRST_ANSWER: 0.25}
RIVAL, SLOWER = "PyTorch, 1 thread", "Keras on TensorFlow, default"
CONDITIONS = {
    "date": "2001-02-03 04:05 UTC",
    "commit": "abc1234",
    "is_changed": False,
    "load": 0.1,
    "load_after": 0.5,
    "rounds": 3,
    "samples": None,
}
MACHINE = {
    "processor": "A Processor",
    "llvm_name": "generic",
    "cores": 2,
    "features": ["avx2"],
    "memory_bytes": 2**30,
    "system": "Linux 1",
    "python": "3.11",
}


def epochs(*seconds):
    return {"seconds": list(seconds), "accuracy": [0.5] * len(seconds)}


@pytest.fixture
def results():
    def whole(seconds, peak):
        return {"seconds": [seconds], "process_seconds": [seconds], "peak_bytes": [peak]}

    def answers(microseconds):
        return {"batch": 100, "images_per_second": [1e5], "p50": [microseconds], "p99": [2 * microseconds]}

    return {
        "machine": MACHINE,
        "versions": {"torch": {"python": "3.11", "torch": "2.0"}},
        "training": {
            "lenet": {
                "contestants": {"scribal": epochs(1, 1, 2), RIVAL: epochs(2, 4, 12), SLOWER: epochs(50)},
                "refused": {"PyTorch, compiled": "PyTorch, compiled: there is no compiler"},
                "race": {
                    "accuracy": 0.98,
                    "contestants": {
                        "scribal": {"epochs": 3, "seconds": 4.0, "best": 0.981},
                        RIVAL: {"epochs": None, "seconds": None, "best": 0.9},
                    },
                },
                "conditions": CONDITIONS,
            }
        },
        "prediction": {
            "dropout-cnn": {"contestants": {"scribal": answers(50), "ONNX Runtime, 1 thread": answers(150)}}
        },
        "whole": {
            "dropout-cnn": {
                "epochs": 1,
                "contestants": {"scribal": whole(3, 4e8), SLOWER: whole(9, 8e8)},
                "refused": {"Keras on JAX, default": "Keras on JAX, default: train took more than 30 s"},
            }
        },
        "commands": {"commands": {"commands": {title: whole(seconds, 1e8) for title, seconds in COMMANDS.items()}}},
        "compiling": {"lenet": {"cold": [0.5, 0.7], "cached": [0.1, 0.1]}, "resnet-mini": {"cold": [], "cached": []}},
        "kernels": {
            "lenet": {
                "peak_gflops": 100.0,
                "seconds": 2.0,
                "passes": [
                    {"layer": "conv2d", "pass": "forward", "seconds": 0.5, "gflops": 80.0},
                    {"layer": "max_pooling2d", "pass": "forward", "seconds": 0.5, "gflops": None},
                ],
            }
        },
        "busy": {
            "lenet": {
                "competitors": 4,
                "fair": 3.0,
                "contestants": {"scribal": {"idle": [1.0, 1.0], "busy": [2.0, 4.0]}},
            }
        },
    }


def test_every_figure_stands_in_its_table(results, tmp_path):
    write_page(results, tmp_path)
    page = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    for line in (
        f"| `lenet`, epoch | 6× | 12× | **4.00×** (2.00–6.00) | {RIVAL} |",
        "one image, against ONNX Runtime | 1× | 2× | **3.00×** (3.00–3.00) | ONNX Runtime, 1 thread |",
        f"training, against TensorFlow | 0.7× | 0.4× | **0.500×** (0.500–0.500) | {SLOWER} |",
        f"| {TOY_TRAIN} | < 6 s | < 3 s | **2.50 s** (2.50–2.50) | – |",
        "time added to a program's start | < 1 s | – | **0.25 s** (0.25–0.25) | – |",
        f"| {FIRST_ANSWER}, processor time | < 0.6 s | – | **0.250 s** (0.250–0.250) | – |",
        f"| {TOY_RUN} | 2.00 | 2.00 | 100 |",
        f"| {SLOWER} | (50.0) |",
        "- Keras on JAX, default: train took more than 30 s",
        f"| `lenet` to 98.0% | {RIVAL} | not reached | – |",
        "| `lenet` | 0.600 | 0.100 |",
        "| conv2d, forward | 80.0 | 80% | 25% |",
        "| everything else |  |  | 75% |",
        "| `lenet`, scribal | 1.00 | 3.00 | **3.00×** (2.00–4.00) |",
        "- PyTorch, compiled: there is no compiler",
        "- 2001-02-03, commit abc1234, 3 rounds; load average 0.1–0.5",
        "- torch: torch 2.0",
    ):
        assert line in page
    assert ET.parse(tmp_path / "benchmarks.svg").getroot().tag.endswith("svg")  # noqa: S314 (written just now)


@pytest.mark.parametrize("part", ["training", "prediction", "whole", "commands", "compiling", "kernels", "busy"])
def test_a_part_alone_makes_a_page(results, tmp_path, part):
    write_page({"machine": MACHINE, part: results[part]}, tmp_path)
    assert "\n| " in (tmp_path / "benchmarks.md").read_text(encoding="utf-8")


def test_the_same_results_give_the_same_plot(results, tmp_path):
    for folder in (tmp_path / "first", tmp_path / "second"):
        write_page(results, folder)
    assert len({path.read_bytes() for path in tmp_path.rglob("*.svg")}) == 1


def test_a_rival_that_sat_out_rounds_is_not_the_best():
    figures = {"contestants": {"scribal": epochs(1, 1), "lucky once": epochs(2), "steady": epochs(3, 3)}}
    assert best_rival(figures) == "steady"


def test_only_who_was_hopeless_in_an_earlier_run_sits_out_the_next(results):
    results["training"]["lenet"]["refused"]["Keras on JAX, default"] = (
        "Keras on JAX, default: train took more than 30 s"
    )

    def found(**options):
        given = {"rounds": 3, "only": [], "samples": None, "everybody": False, "known": results, "console": Console()}
        return hopeless(WORKLOADS["lenet"], Options(**given | options))

    assert found() == {
        "names": [SLOWER, "Keras on JAX, default"],
        "contestants": {SLOWER: epochs(50)},
        "refused": {"Keras on JAX, default": "Keras on JAX, default: train took more than 30 s"},
    }
    for options in ({"everybody": True}, {"samples": 40}, {"known": {}}):
        assert found(**options)["names"] == []


def test_what_is_measured_anew_replaces_only_itself(results, tmp_path):
    path = tmp_path / "results.json"
    write_results(results, path)
    merged = read_results(path)
    record(merged, "compiling", "lenet", {"cold": [9.0], "cached": [8.0], "versions": {"scribal": {"keras": "3"}}})
    assert merged["compiling"] == results["compiling"] | {"lenet": {"cold": [9.0], "cached": [8.0]}}
    assert merged["training"] == results["training"]
    assert merged["versions"] == results["versions"] | {"scribal": {"keras": "3"}}


def test_the_page_in_docs_is_made_of_the_results_beside_the_code(tmp_path):
    write_page(read_results(), tmp_path)
    assert (tmp_path / "benchmarks.md").read_text(encoding="utf-8") == (DOCS / "benchmarks.md").read_text(
        encoding="utf-8"
    )
