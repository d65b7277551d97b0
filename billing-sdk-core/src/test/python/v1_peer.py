"""Reads reports as a billing system of protocol v1 in Python would: a line of JSON each on stdin."""

import json
import sys

REQUIRED = {"api_key": str, "module": str, "model": str, "usage": (int, float), "timestamp": int}
OPTIONAL = {"app_id": str, "metadata": dict, "stream": str, "seq": int}


def problems(report):
    for name, kind in REQUIRED.items():
        if not isinstance(report.get(name), kind) or isinstance(report.get(name), bool):
            yield f"{name} is {type(report.get(name)).__name__}"
    for name, value in report.items():
        if name not in REQUIRED and not isinstance(value, OPTIONAL.get(name, ())):
            yield f"{name} is unexpected"


sys.stdin.reconfigure(encoding="utf-8")
lines = [line for line in sys.stdin if line.strip()]
found = [problem for line in lines for problem in problems(json.loads(line))]
if found or not lines:
    sys.exit("; ".join(found) or "nothing to read")
print(f"read-{len(lines)}")
