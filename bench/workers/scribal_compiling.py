"""Compile a case's network for training once, and print how long it took."""

import json
import sys
import time
from pathlib import Path

from bench.workers.case import read_case
from bench.workers.scribal import training_form
from scribal.engine.errors import LoweringError
from scribal.engine.trainer import Trainer

__all__: list[str] = []


def _main() -> None:
    case = read_case(Path(sys.argv[1]))
    model, _ = training_form(case)
    start = time.perf_counter()
    try:
        Trainer(model, batch_size=case.batch_size)
    except LoweringError as error:
        print(json.dumps({"error": str(error)}))
        return
    print(json.dumps({"seconds": time.perf_counter() - start}))


if __name__ == "__main__":
    _main()
