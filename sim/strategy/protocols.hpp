#pragma once
// The protocols of every slot, one file each in the folder of the slot. They read like the
// pseudo-code in the literature: a `yield` is one effect, or a call of another slot.

#include "sim/strategy/strategy.hpp"

namespace cacherace::strategy {

// Each choice of a slot sets its protocol, its options and what it needs of a world; first expiry,
// then read, load, fill and write.
void compose(const scenario::PlainRead&, Strategy&);
void compose(const scenario::DirectRead&, Strategy&);
void compose(const scenario::StaleWhileRevalidate&, Strategy&);
void compose(const scenario::RefreshAhead&, Strategy&);
void compose(const scenario::XFetch&, Strategy&);
void compose(const scenario::StaleIfError&, Strategy&);

void compose(const scenario::EveryReader&, Strategy&);
void compose(const scenario::SingleFlight&, Strategy&);
void compose(const scenario::Lock&, Strategy&);
void compose(const scenario::Lease&, Strategy&);
void compose(const scenario::ReadThrough&, Strategy&);

void compose(const scenario::SetFill&, Strategy&);
void compose(const scenario::SetThenExpire&, Strategy&);
void compose(const scenario::AddFill&, Strategy&);
void compose(const scenario::SetIfNewer&, Strategy&);
void compose(const scenario::GenerationCheck&, Strategy&);
void compose(const scenario::LeaseSet&, Strategy&);

void compose(const scenario::NoInvalidation&, Strategy&);
void compose(const scenario::DeleteAfter&, Strategy&);
void compose(const scenario::DeleteBefore&, Strategy&);
void compose(const scenario::DeleteInTransaction&, Strategy&);
void compose(const scenario::DoubleDelete&, Strategy&);
void compose(const scenario::SetAfter&, Strategy&);
void compose(const scenario::WriteThrough&, Strategy&);
void compose(const scenario::WriteBehind&, Strategy&);
void compose(const scenario::BumpVersion&, Strategy&);
void compose(const scenario::DeleteByKeys&, Strategy&);
void compose(const scenario::DeleteByScan&, Strategy&);
void compose(const scenario::ChangeDataCapture&, Strategy&);

// What slots do: read answers a read, and loads on a miss; load brings the row into `client.row`,
// and fills; store puts that into the cache; write commits, and keeps the cache in step; invalidate
// ends what the caches hold of a key, or of its group. These serve several choices.
void direct_read(Client&, const Strategy&);
void single_flight(Client&, const Strategy&);
void set_if_newer(Client&, const Strategy&);
void delete_after_commit(Client&, const Strategy&);
void delete_keys(Client&, const Strategy&);

// The steps that they share, and that guards add to.
void look_up(Client&, const Strategy&);        // in the caches: `client.hit` and `client.row`
void query(Client&, const Strategy&);          // the database: `client.row` or `client.failed`
void fill(Client&, const Strategy&);           // stores, and keeps a copy in the process
void announce(Client&, const Strategy&);       // before a write
void delete_copies(Client&, const Strategy&);  // after a write that stores
void background(Client&, const Strategy&);     // the tasks

Duration part_of(Duration whole, Share share);

}  // namespace cacherace::strategy
