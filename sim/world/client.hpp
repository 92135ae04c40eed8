#pragma once
// A client: a stackless coroutine per slot of its strategy, and the locals that they share.

#include <bit>
#include <boost/asio/coroutine.hpp>

#include "sim/core/effect.hpp"

namespace cacherace::world {

/// Where a slot's protocol stands. Copyable, unlike a C++20 coroutine, and comparable.
class Routine : public boost::asio::coroutine {
 public:
  int position() const { return std::bit_cast<int>(*this); }
  friend bool operator==(const Routine& a, const Routine& b) {
    return a.position() == b.position();
  }
};

/// The slot whose protocol runs now; `none` when the client has no operation.
enum class Slot : std::uint8_t { none, read, load, fill, write };

/// A small copyable value. The protocols in sim/strategy drive it: each `yield` issues one effect,
/// or calls another slot, and goes on when the reply is there.
struct Client {
  // The operation.
  OperationKind operation = OperationKind::read;
  Key key = 0;

  // The conversation with the other parties.
  Effect pending;  // what it issues next, while `busy()`
  Reply reply;     // to what it issued last

  // Where each slot stands.
  Slot active = Slot::none;
  Routine reading, loading, filling, writing;
  Slot load_caller = Slot::none, fill_caller = Slot::none;

  // Locals of the protocols.
  Version row = 0;     // read from the database or committed to it; 0: no row
  Version answer = 0;  // what a read returned

  bool busy() const { return active != Slot::none; }

  // Effects: exactly one of these at each yield.
  void cache_get(Key k) { issue({.kind = EffectKind::cache_get, .key = k}); }
  void cache_set(Key k, Version version, Duration ttl) {
    issue({.kind = EffectKind::cache_set, .key = k, .version = version, .ttl = ttl});
  }
  /// `committed`: the commit that this delete announces, 0 when it precedes the commit.
  void cache_del(Key k, Version committed) {
    issue({.kind = EffectKind::cache_del, .key = k, .version = committed});
  }
  void db_read(Key k) { issue({.kind = EffectKind::db_read, .key = k}); }
  void db_write(Key k) { issue({.kind = EffectKind::db_write, .key = k}); }

  // Calls of one slot by another, and the way back.
  void load() { call(Slot::load, loading, load_caller); }
  void fill() { call(Slot::fill, filling, fill_caller); }
  /// Ends the slot that runs: its caller goes on.
  void back() { active = active == Slot::load ? load_caller : fill_caller; }

  /// Ends the operation; a read says what it returns.
  void finish(Version read_answer = 0) {
    active = Slot::none;
    answer = read_answer;
  }

  /// True once after each effect that was issued.
  bool take_issued() {
    const bool was_issued = issued_;
    issued_ = false;
    return was_issued;
  }

  bool operator==(const Client&) const = default;

 private:
  void issue(const Effect& effect) {
    pending = effect;
    issued_ = true;
  }
  void call(Slot slot, Routine& routine, Slot& caller) {
    caller = active;
    active = slot;
    routine = {};
  }

  bool issued_ = false;
};

}  // namespace cacherace::world
