"""What the read-back scripts share.

Each is called with one JSON argument: {"data", "model", "out", "scratch", "checkout", "dataset", "settings"}. It writes to `out` a
JSON document a line: first {"engine", "settings"}, then for each row of `data`, in order, {"input_ids", "labels"} as they reach the
model, or {"absent": reason} where the engine drops the row or stops at it.
"""

import json
import sys


class Rows:
    def __init__(self, path: str, engine: str, settings: dict) -> None:
        self.file = open(path, "w", encoding="utf-8")
        self.write(engine=engine, settings=settings)

    def write(self, **fields: object) -> None:
        self.file.write(json.dumps(fields) + "\n")

    def __enter__(self) -> "Rows":
        return self

    def __exit__(self, *error: object) -> None:
        self.file.close()


def asked() -> dict:
    return json.loads(sys.argv[1])


def failure_of(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
