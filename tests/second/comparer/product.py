"""Runs the program that is checked, and reads its figures."""

import json
import subprocess

from .statistics import Sample, quantile


class Refused(Exception):
    """The program does not accept the scenario."""


def run(program, path, seed, replicates, strategy=None):
    """Sample of each metric of each strategy."""
    command = [program, "run", str(path), "--format", "json", "--quiet", "--jobs", "1",
               "--seed", str(seed), "--replicates", str(replicates)]
    if strategy is not None:
        command += ["--strategy", strategy]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if not result.stdout:
        raise Refused(result.stderr.strip())
    return {one["strategy"]: {name: as_sample(figures, replicates)
                              for name, figures in one["metrics"].items()}
            for one in json.loads(result.stdout)["results"]}


def as_sample(figures, replicates):
    """The interval is the mean and a multiple of the deviation to each side."""
    mean, interval = figures["mean"], figures["ci95"]
    if mean is None:
        return Sample(0, None, 0.0)
    if interval is None:
        return Sample(1, mean, 0.0)
    half = (interval[1] - interval[0]) / 2
    deviation = half / quantile(0.975, replicates - 1) * replicates**0.5
    return Sample(replicates, mean, deviation**2)
