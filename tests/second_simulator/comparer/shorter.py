"""A shipped scenario in less time: every time of its traffic is scaled by the same factor."""

import copy

from simulator.forms import duration, rate
from simulator.scenario import DEFAULT_FLOW

SECOND = 10**9


def operations(traffic, end):
    """About how many arrive; a closed loop counts a millisecond for each response."""
    total = 0
    for flow in traffic.get("flows", [DEFAULT_FLOW]):
        span = duration(flow.get("to", f"{end}ns")) - duration(flow.get("from", "0s"))
        if "rate" in flow:
            total += rate(flow["rate"]) * span
        elif "clients" in flow:
            think = flow.get("think", "0s")
            pause = duration(think) if isinstance(think, str) and ".." not in think else 0
            total += flow["clients"] * span / (pause + 10**6)
    return total


def shorten(document, most):
    """The same document, with at most about that many operations."""
    document = copy.deepcopy(document)
    traffic = document.setdefault("traffic", {})
    end = duration(traffic.get("duration", "1min"))
    factor = min(1.0, most / max(1, operations(traffic, end)))
    if factor == 1.0:
        return document

    def scale(section, name, default=None):
        if name in section or default is not None:
            section[name] = f"{round(duration(section.get(name, default)) * factor)}ns"

    scale(traffic, "duration", "1min")
    scale(traffic, "warmup")
    measured = duration(traffic["duration"]) - duration(traffic.get("warmup", "0s"))
    traffic["peak_window"] = f"{min(SECOND, measured)}ns"
    for flow in traffic.get("flows", []):
        scale(flow, "from")
        scale(flow, "to")
    for incident in traffic.get("incidents", []):
        scale(incident, "at")
    document.pop("expect", None)
    document.pop("goal", None)
    return document
