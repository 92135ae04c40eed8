"""First-level caches: local copies in each process, and the messages that delete them."""


class FirstLevel:
    """The part of a world that holds them."""

    def set_up_processes(self):
        self.local = [{} for _ in range(self.strategy.processes)]

    def local_copy(self, process, key):
        copy = self.local[process].get(key)
        if copy is None:
            return None
        version, until = copy
        if self.clock.now > until:
            del self.local[process][key]
            return None
        return version

    def keep_locally(self, client, key, version):
        until = self.clock.now + self.strategy.local.ttl
        self.local[client.process][key] = (version, until)

    def drop_locally(self, process, keys):
        for key in keys:
            self.local[process].pop(key, None)

    def send_messages(self, sender, keys):
        """To every other process, each with a latency of its own."""
        lost = self.scenario.clients.lost
        for process in range(self.strategy.processes):
            if process != sender and not (lost and self.random.random() < lost):
                moment = self.clock.now + self.strategy.local.message(self.random)
                self.clock.call_at(moment, self.drop_locally, process, keys)

    def cache_restarted(self):
        if self.strategy.local is not None and self.strategy.local.disconnect == "flush":
            self.set_up_processes()

    def local_residue(self):
        found = 0
        for copies in self.local:
            for key, (version, until) in copies.items():
                if until >= self.clock.now:
                    found += version != self.database.row(key[0]).committed()
        return found
