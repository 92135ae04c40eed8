#pragma once
// The protocols of every slot, one file each. They read like the pseudo-code in the literature: a
// `yield` is one effect, or a call of another slot.

#include "sim/strategy/strategy.hpp"

namespace cacherace::strategy {

// read: answers a read; calls load on a miss.
void plain_read(Client&, const Strategy&);

// load: brings the row into `client.row`, and calls fill.
void every_reader_loads(Client&, const Strategy&);

// fill: stores `client.row` in the cache.
void set_fill(Client&, const Strategy&);

// write: commits, and keeps the cache in step.
void write_without_invalidation(Client&, const Strategy&);
void delete_after_commit(Client&, const Strategy&);
void delete_before_commit(Client&, const Strategy&);
void set_after_commit(Client&, const Strategy&);

}  // namespace cacherace::strategy
