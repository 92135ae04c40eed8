"""Runs the program that is checked, and reads its figures."""

import json
import math
import subprocess

from .statistics import Sample, quantile, sample


class Refused(Exception):
    """The program does not accept the scenario."""


def run(program, path, seed, replicates, strategy):
    """Sample of each metric of a strategy."""
    metrics = figures(program, path, seed, replicates, strategy)
    if any(one.get("endless") for one in metrics.values()):
        # The mean does not say how many are infinite, nor what the others are.
        single = [figures(program, path, seed + n, 1, strategy) for n in range(replicates)]
        return {name: sample([value(one[name]) for one in single]) for name in metrics}
    return {name: as_sample(one, replicates) for name, one in metrics.items()}


def value(figures_):
    return math.inf if figures_.get("endless") else figures_["mean"]


def figures(program, path, seed, replicates, strategy):
    command = [program, "run", str(path), "--format", "json", "--quiet", "--jobs", "1",
               "--seed", str(seed), "--replicates", str(replicates), "--strategy", strategy]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if not result.stdout:
        raise Refused(result.stderr.strip())
    return json.loads(result.stdout)["results"][0]["metrics"]


def as_sample(figures_, replicates):
    """The interval is the mean and a multiple of the deviation to each side, cut at 0."""
    mean, interval = figures_["mean"], figures_["ci95"]
    if mean is None:
        return Sample(0, None, 0.0)
    if interval is None:
        return Sample(1, mean, 0.0)
    half = interval[1] - mean
    deviation = half / quantile(0.975, replicates - 1) * replicates**0.5
    return Sample(replicates, mean, deviation**2)
