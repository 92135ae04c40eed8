#include "tests/races/oracle/oracle_protocols.hpp"

namespace cacherace::oracle {
namespace {

// Protocols are put together from their ends: each part is told where to go on
// after it.
class Builder {
 public:
  explicit Builder(const Strategy& strategy) : s_(strategy) {}

  Protocol build() {
    p_.evict = step({.effect = Do::evict});
    p_.flush = step({.effect = Do::flush});
    p_.task[index(Task::second_delete)] = invalidate(done);
    p_.task[index(Task::cdc)] = invalidate(done);
    p_.task[index(Task::message)] = step({.effect = Do::local_del});
    p_.task[index(Task::refresh)] = refresh();
    p_.task[index(Task::flush)] = flush_queue();
    p_.read = read();
    p_.write = write();
    return p_;
  }

 private:
  static std::size_t index(Task task) { return static_cast<std::size_t>(task); }

  int step(Instruction instruction) {
    if (instruction.no == same) instruction.no = instruction.yes;
    if (instruction.refused == same) instruction.refused = instruction.no;
    if (instruction.unanswered == same) instruction.unanswered = instruction.no;
    p_.code.push_back(instruction);
    return static_cast<int>(p_.code.size()) - 1;
  }
  // For loops: an instruction that is given later.
  int later() { return step({}); }
  void give(int number, const Instruction& instruction) {
    const int copy = step(instruction);
    p_.code[static_cast<std::size_t>(number)] = p_.code[static_cast<std::size_t>(copy)];
    p_.code.pop_back();
  }

  int unlock(int after) {
    return step({.effect = s_.checked ? Do::unlock : Do::unlock_any, .yes = after});
  }

  int fill(int after) {
    const int stored = s_.local_ttl > 0 ? step({.effect = Do::local_set, .yes = after}) : after;
    // No answer is taken for success.
    const int done =
        s_.fill == Fill::set_then_expire
            ? step({.effect = Do::set_ttl, .yes = stored, .no = after, .unanswered = stored})
            : stored;
    return step({.effect = fill_effect(), .yes = done, .no = after, .unanswered = done});
  }

  Do fill_effect() const {
    switch (s_.fill) {
      case Fill::set:
      case Fill::set_then_expire:
        return Do::set;
      case Fill::add:
        return Do::add;
      case Fill::set_if_newer:
        return Do::set_if_newer;
      case Fill::generation:
        return Do::set_if_generation;
      case Fill::lease_set:
        return Do::lease_set;
    }
    return Do::set;
  }

  // From the primary or, where there are any, from a replica: `filled` where
  // there is something to store, `empty` where there is no row and that is not
  // cached.
  int row(int filled, int empty, int unanswered) {
    const int load = step({.effect = Do::db_read,
                           .yes = filled,
                           .no = s_.negative > 0 ? filled : empty,
                           .unanswered = unanswered});
    if (s_.mark_ttl == 0) return load;
    return step({.effect = Do::get_mark, .yes = load});
  }

  int load(int answer) {
    switch (s_.load) {
      case Load::every_reader:
        return row(fill(answer), answer, failed);
      case Load::single_flight:
      case Load::read_through: {
        const int finish = step({.effect = Do::flight_finish, .yes = answer});
        return step({.effect = Do::flight_join,
                     .yes = row(fill(finish), finish, finish),
                     .no = step({.effect = Do::flight_wait, .yes = answer})});
      }
      case Load::lock: {
        const int lock = later();
        const bool past_ttl = s_.read == Read::stale_if_error;
        const int again = get(answer, lock, past_ttl ? lock : answer);
        const int unfilled = row(answer, answer, failed);
        const int wait = step({.effect = Do::wait_load, .yes = again, .no = unfilled});
        const int release = unlock(answer);
        const int loaded = row(fill(release), release, release);
        const int found = get(release, loaded, loaded);
        give(lock, {.effect = Do::lock, .yes = found, .no = wait});
        return lock;
      }
      case Load::lease:
        return done;  // the read asks for a lease at once
    }
    return done;
  }

  // Gets the entry: `soft` where its soft expiry is over.
  int get(int hit, int miss, int soft, Task starts = Task::none) {
    // The task starts with the last step of the look-up.
    const bool copies = s_.local_ttl > 0;
    const int get = step({.effect = Do::get,
                          .yes = keep(hit),
                          .no = miss,
                          .refused = keep(soft, starts),
                          .starts = copies ? Task::none : starts});
    return first_level(hit, named(get));
  }

  int keep(int hit, Task starts = Task::none) {
    return s_.local_ttl > 0 ? step({.effect = Do::local_set, .yes = hit, .starts = starts}) : hit;
  }
  int first_level(int hit, int shared) {
    return s_.local_ttl > 0 ? step({.effect = Do::local_get, .yes = hit, .no = shared}) : shared;
  }

  int lease() {
    const int ask = later();
    const int unfilled = row(done, done, failed);
    int refused = failed;
    if (s_.refused == Refused::load) refused = unfilled;
    if (s_.refused == Refused::retry)
      refused = step({.effect = Do::wait_lease, .yes = first_level(done, ask), .no = unfilled});
    give(ask, {.effect = Do::lease_get,
               .yes = keep(done),
               .no = row(fill(done), done, failed),
               .refused = refused,
               .unanswered = refused});
    return first_level(done, ask);
  }

  // The version of the group comes first, where it is part of the names.
  int named(int get) {
    if (s_.write != Write::bump_version) return get;
    const int seed = step({.effect = Do::seed_version, .yes = get});
    return step({.effect = Do::get_version, .yes = get, .no = seed});
  }

  int read() {
    if (s_.read == Read::direct) return step({.effect = Do::db_read, .unanswered = failed});
    if (s_.load == Load::lease) return lease();
    const int miss = load(done);
    const bool replaces = s_.read == Read::stale_if_error || s_.read == Read::xfetch;
    return get(done, miss, replaces ? miss : done, Task::refresh);
  }

  int refresh() {
    const int release = s_.load == Load::lock ? unlock(done) : step({.effect = Do::unlock});
    const int loaded = row(fill(release), release, release);
    const int found = step({.effect = Do::get, .yes = release, .no = loaded});
    return step({.effect = Do::lock, .yes = named(found), .no = done});
  }

  int flush_queue() {
    const int take = later();
    const int clean = step({.effect = Do::clean, .yes = take});
    give(take,
         {.effect = Do::take, .yes = step({.effect = Do::db_write, .yes = clean}), .no = done});
    return take;
  }

  // The entry of a key is deleted, here and in other processes.
  int invalidate(int after, Task starts = Task::none) {
    if (s_.load == Load::single_flight && s_.forget) {
      after = step({.effect = Do::flight_forget, .yes = after, .starts = starts});
      starts = Task::none;
    }
    if (s_.local_ttl == 0) return step({.effect = Do::del, .yes = after, .starts = starts});
    const auto last = s_.local_first ? Do::del : Do::local_del;
    const auto first = s_.local_first ? Do::local_del : Do::del;
    after = step({.effect = last, .yes = after, .starts = starts, .messages = true});
    return step({.effect = first, .yes = after});
  }

  // A writer that stores deletes what else there is of the entry.
  int copies(int after) {
    return s_.local_ttl > 0 ? step({.effect = Do::local_del, .yes = after, .messages = true})
                            : after;
  }

  int commit(int after, Task starts = Task::none) {
    return step({.effect = Do::db_write, .yes = after, .unanswered = failed, .starts = starts});
  }

  int write() {
    const int protocol = write_itself();
    return s_.mark_ttl > 0 ? step({.effect = Do::mark, .yes = protocol}) : protocol;
  }

  int store(int after) {
    const bool compares = s_.write == Write::set_after && s_.fill == Fill::set_if_newer;
    return step({.effect = compares ? Do::set_if_newer : Do::set, .yes = after});
  }

  int write_itself() {
    switch (s_.write) {
      case Write::delete_after:
        return commit(invalidate(done));
      case Write::delete_before:
        return invalidate(commit(done));
      case Write::set_after:
        return commit(store(copies(done)));
      case Write::none:
        return commit(done);
      case Write::double_delete:
        if (s_.first_after) return commit(invalidate(done, Task::second_delete));
        return invalidate(commit(done, Task::second_delete));
      case Write::delete_in_transaction:
        return step({.effect = Do::db_begin,
                     .yes = invalidate(step({.effect = Do::db_commit, .unanswered = failed})),
                     .unanswered = failed});
      case Write::write_through:
        return write_through();
      case Write::write_behind:
        if (s_.durable)
          return step({.effect = Do::append,
                       .yes = store(copies(done)),
                       .unanswered = failed,
                       .starts = Task::flush});
        return step({.effect = Do::write_cache,
                     .yes = copies(done),
                     .unanswered = failed,
                     .starts = Task::flush});
      case Write::bump_version:
        return commit(step({.effect = Do::bump}));
      case Write::cdc:
        return commit(done, Task::cdc);
    }
    return done;
  }

  int write_through() {
    const int release = s_.write_lock ? unlock(done) : done;
    const int cleanup = s_.write_lock ? release : failed;
    int body = done;
    if (s_.cache_first)
      body = step({.effect = Do::db_begin,
                   .yes = store(step(
                       {.effect = Do::db_commit, .yes = copies(release), .unanswered = cleanup})),
                   .unanswered = cleanup});
    else
      body = step({.effect = Do::db_write, .yes = store(copies(release)), .unanswered = cleanup});
    if (!s_.write_lock) return body;
    const int lock = later();
    const int wait = step({.effect = Do::wait_lock, .yes = lock, .no = failed});
    give(lock, {.effect = Do::lock, .yes = body, .no = wait});
    return lock;
  }

  const Strategy& s_;
  Protocol p_;
};

}  // namespace

Protocol protocol(const Strategy& strategy) { return Builder(strategy).build(); }

}  // namespace cacherace::oracle
