"""The forms in which a scenario file writes things: durations, latencies, rates, sizes, shares."""

import json
import math
import re

NANOSECONDS = {"ns": 1, "us": 1000, "ms": 10**6, "s": 10**9, "min": 60 * 10**9, "h": 3600 * 10**9}
BYTES = {"b": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3}
NORMAL_99 = 2.3263478740408408  # the 99th percentile of a standard normal distribution


class NotSupported(Exception):
    """A setting that the second simulator does not know; the text says which."""


def read_json(text):
    """JSON with comments."""
    strings_and_comments = r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/'
    return json.loads(re.sub(strings_and_comments, lambda m: m.group(1) or " ", text, flags=re.S))


def number_and_unit(text):
    number, unit = re.fullmatch(r"\s*([0-9.]+)\s*([a-zA-Z]+)\s*", text).groups()
    return float(number), unit


def duration(text):
    """Whole nanoseconds."""
    number, unit = number_and_unit(text)
    return round(number * NANOSECONDS[unit])


def size(text):
    number, unit = number_and_unit(text)
    return round(number * BYTES[unit.lower()])


def share(value):
    if isinstance(value, str):
        return float(value.rstrip("% ")) / 100
    return float(value)


def rate(text):
    """Per nanosecond."""
    number, unit = text.split("/")
    return float(number) / NANOSECONDS[unit.strip()]


def latency(form):
    """A function from a random source to whole nanoseconds, with its largest value."""
    if isinstance(form, str):
        low, _, high = form.partition("..")
        low = duration(low)
        high = duration(high) if high else low
        return Latency(lambda random: low if low == high else random.randint(low, high), high)
    cut = duration(form["max"]) if "max" in form else None
    if "exponential" in form:
        mean = duration(form["exponential"])
        return Latency(lambda random: random.expovariate(1 / mean), cut)
    median = duration(form["lognormal"]["median"])
    sigma = math.log(duration(form["lognormal"]["p99"]) / median) / NORMAL_99
    return Latency(lambda random: median * math.exp(sigma * random.gauss(0, 1)), cut)


class Latency:
    def __init__(self, sample, most):
        self.sample = sample
        self.most = most  # None: without an upper end

    def __call__(self, random):
        drawn = round(self.sample(random))
        return drawn if self.most is None else min(drawn, self.most)
