#pragma once
// Protocols with one line too few.

#include "sim/strategy/protocols.hpp"

namespace cacherace::test {

using strategy::Client;
using strategy::Strategy;

// load
void lock_without_second_look(Client&, const Strategy&);
void lock_without_unlock(Client&, const Strategy&);

// store
void set_whatever(Client&, const Strategy&);  // and heed no hold-off

// write
void set_without_copies(Client&, const Strategy&);  // copies in processes stay

// invalidate
void invalidate_nothing(Client&, const Strategy&);
void delete_without_version(Client&, const Strategy&);  // a tombstone that refuses nothing
void delete_shared_only(Client&, const Strategy&);      // and not the process's own copy
void list_without_delete(Client&, const Strategy&);
void scan_first_page(Client&, const Strategy&);

}  // namespace cacherace::test
