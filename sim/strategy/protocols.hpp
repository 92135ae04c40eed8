#pragma once
// The protocols of every slot, one file each in the folder of the slot. They read like the
// pseudo-code in the literature: a `yield` is one effect, or a call of another slot.

#include "sim/strategy/strategy.hpp"

namespace cacherace::strategy {

// read: answers a read; looks the key up in the caches, and loads on a miss.
void plain_read(Client&, const Strategy&);
void direct_read(Client&, const Strategy&);
void stale_while_revalidate(Client&, const Strategy&);
void xfetch(Client&, const Strategy&);
void stale_if_error(Client&, const Strategy&);

// load: brings the row into `client.row`, and fills.
void every_reader_loads(Client&, const Strategy&);
void single_flight(Client&, const Strategy&);
void read_through(Client&, const Strategy&);
void lock_and_load(Client&, const Strategy&);
void lease_and_load(Client&, const Strategy&);

// store: puts `client.row` into the cache.
void set_fill(Client&, const Strategy&);
void set_then_expire(Client&, const Strategy&);
void add_fill(Client&, const Strategy&);
void set_if_newer(Client&, const Strategy&);
void set_if_generation(Client&, const Strategy&);
void lease_set(Client&, const Strategy&);

// write: commits, and keeps the cache in step.
void write_without_invalidation(Client&, const Strategy&);
void delete_after_commit(Client&, const Strategy&);
void delete_before_commit(Client&, const Strategy&);
void delete_in_transaction(Client&, const Strategy&);
void double_delete(Client&, const Strategy&);
void set_after_commit(Client&, const Strategy&);
void write_through(Client&, const Strategy&);
void write_behind(Client&, const Strategy&);

// invalidate: ends what the caches hold of a key, or of its group.
void delete_keys(Client&, const Strategy&);
void bump_version(Client&, const Strategy&);
void delete_by_keys(Client&, const Strategy&);
void delete_by_scan(Client&, const Strategy&);

// The steps that they share, and that guards add to.
void look_up(Client&, const Strategy&);        // in the caches: `client.hit` and `client.row`
void query(Client&, const Strategy&);          // the database: `client.row` or `client.failed`
void fill(Client&, const Strategy&);           // stores, and keeps a copy in the process
void announce(Client&, const Strategy&);       // before a write
void delete_copies(Client&, const Strategy&);  // after a write that stores
void background(Client&, const Strategy&);     // the tasks

}  // namespace cacherace::strategy
