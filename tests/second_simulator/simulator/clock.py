"""Virtual time, and processes that live in it.

A process is a generator. It yields a whole number to sleep that many nanoseconds, or a Signal to
wait for it; the value of the signal is what the yield returns. What happens at one moment happens
in random order.
"""

import heapq


class Signal:
    def __init__(self, clock):
        self.clock = clock
        self.fired = False
        self.value = None
        self.waiting = []

    def fire(self, value=None):
        """Wakes everybody who waits; only the first call counts."""
        if self.fired:
            return
        self.fired, self.value = True, value
        for process in self.waiting:
            self.clock.resume_at(self.clock.now, process, value)
        self.waiting.clear()


class Clock:
    def __init__(self, random):
        self.now = 0
        self.random = random
        self.agenda = []
        self.entered = 0

    def start(self, process):
        self.advance(process, None)

    def call_at(self, moment, function, *arguments):
        def once():
            function(*arguments)
            return
            yield

        self.resume_at(moment, once(), None)

    def resume_at(self, moment, process, value):
        self.entered += 1
        tie = self.random.random()
        heapq.heappush(self.agenda, (moment, tie, self.entered, process, value))

    def advance(self, process, value):
        """Runs a process to its next yield."""
        try:
            wanted = process.send(value)
        except StopIteration:
            return
        if isinstance(wanted, int):
            self.resume_at(self.now + wanted, process, None)
        elif wanted.fired:
            self.resume_at(self.now, process, wanted.value)
        else:
            wanted.waiting.append(process)

    def run(self, until):
        """Goes on until until() holds, or nothing is left."""
        while self.agenda and not until():
            self.now, _, _, process, value = heapq.heappop(self.agenda)
            self.advance(process, value)
