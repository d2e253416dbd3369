"""The command line: ``python -m bench run`` measures, ``python -m bench render`` writes the page from what there is."""

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.contestants import ENVIRONMENTS
from bench.environments import environment_python
from bench.machine import conditions, describe_machine
from bench.page import write_page
from bench.parts import PARTS, Options
from bench.results import RESULTS, read_results, record, write_results
from bench.workloads import WORKLOADS

__all__: list[str] = []

_DOCS = Path(__file__).parent.parent / "docs"
_app = typer.Typer(help=__doc__, add_completion=False, no_args_is_help=True)


@_app.command()
def run(
    only: Annotated[str, typer.Option(help="Names of workloads and parts, with spaces between; by default all.")] = "",
    rounds: Annotated[int, typer.Option(min=1, help="How often each contestant takes its turn.")] = 5,
    samples: Annotated[int | None, typer.Option(min=1, help="Samples to keep, to try things out.")] = None,
    results: Annotated[Path, typer.Option(help="Where figures go.")] = RESULTS,
    *,
    everybody: Annotated[
        bool, typer.Option("--everybody", help="Let settings take part again that were hopeless in an earlier run.")
    ] = False,
) -> None:
    """Measure, and merge the figures into the results."""
    names = set(only.split())
    if unknown := names - {*PARTS, *WORKLOADS}:
        known = " ".join((*PARTS, *WORKLOADS))
        raise typer.BadParameter(f"Names must be of workloads or parts. Received: {' '.join(unknown)}. Known: {known}")
    # An end by a signal must end the workers, too, which may be stopped.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    for environment in ENVIRONMENTS:
        environment_python(environment)
    figures = read_results(results)
    figures["machine"] = describe_machine()
    options = Options(rounds, names & {*WORKLOADS}, samples, everybody, figures, Console(soft_wrap=True))
    for part in [name for name in PARTS if name in names] or PARTS:
        before = conditions()
        for workload, measured in PARTS[part](options):
            after = conditions()
            measured["conditions"] = before | {"load_after": after["load"], "rounds": rounds, "samples": samples}
            record(figures, part, workload, measured)
            write_results(figures, results)
            before = after


@_app.command()
def render(
    results: Annotated[Path, typer.Option(help="Where figures are.")] = RESULTS,
    docs: Annotated[Path, typer.Option(help="Where the page goes.")] = _DOCS,
) -> None:
    """Write ``benchmarks.md`` and its plot from the results."""
    write_page(read_results(results), docs)


if __name__ == "__main__":
    _app()
