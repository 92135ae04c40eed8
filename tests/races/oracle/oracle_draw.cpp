#include "tests/races/oracle/oracle_draw.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace cacherace::oracle {
namespace {

using rc::gen::element;
using Kind = Operation::Kind;

// One in so many.
bool rarely(int many) { return *rc::gen::inRange(0, many) == 0; }

void draw_expiry(Strategy& s) {
  s.ttl = *element(0, 0, 4, 10);
  s.soft = 0;
  if (s.read == Read::stale_while_revalidate) {
    s.ttl = 4;
    s.soft = *element(1, 2);
  } else if (s.read == Read::refresh_ahead) {
    s.ttl = 4;
    s.soft = 2;
  } else if (s.read == Read::stale_if_error) {
    s.ttl = *element(4, 10);
    s.soft = 6;
  } else if (s.read == Read::xfetch || s.fill == Fill::set_then_expire) {
    s.ttl = 4;
  }
  if (s.ttl > 0 && rarely(6)) s.jitter = s.ttl / 2;
  if (rarely(5)) s.negative = *element(2, 4, 6);
}

void draw_guards(Strategy& s) {
  if (rarely(10)) s.hold_off = *element(2, 11);
  if (rarely(8)) s.replicas = 1;
  if (s.replicas > 0 && *element(false, true)) s.mark_ttl = *element(3, 10);
  if (!rarely(8)) return;
  s.local_ttl = *element(1, 4);
  s.local_first = *element(false, true);
  s.processes = *element(1, 2);
}

Strategy draw_strategy() {
  Strategy s;
  s.read = *element(Read::plain, Read::plain, Read::plain, Read::plain, Read::direct,
                    Read::stale_while_revalidate, Read::refresh_ahead, Read::xfetch,
                    Read::stale_if_error);
  s.load = *element(Load::every_reader, Load::every_reader, Load::single_flight, Load::lock,
                    Load::lease, Load::read_through);
  s.fill = *element(Fill::set, Fill::set, Fill::set_then_expire, Fill::add, Fill::set_if_newer,
                    Fill::generation);
  if (s.load == Load::lease) s.fill = Fill::lease_set;
  s.write =
      *element(Write::delete_after, Write::delete_after, Write::delete_before, Write::set_after,
               Write::none, Write::double_delete, Write::delete_in_transaction,
               Write::write_through, Write::write_behind, Write::bump_version, Write::cdc);
  draw_expiry(s);
  draw_guards(s);
  if (s.load == Load::single_flight) {
    if (s.local_ttl == 0) s.processes = *element(1, 2);
    s.forget = *element(false, true);
  }
  s.write_lock = s.write == Write::write_through && *element(false, true);
  if (s.load == Load::lock || s.write_lock) {
    s.lock_ttl = *element(0, 5, 3);
    s.checked = *element(true, false);
  }
  s.refused = *element(Refused::retry, Refused::load, Refused::give_up);
  s.lease_rate = *element(2, 10);
  if (s.load == Load::lease && rarely(4)) s.lease_stale = *element(1, 20);
  if (s.fill == Fill::set_if_newer && *element(false, true)) s.tombstones = *element(1, 8);
  s.first_after = *element(false, true);
  s.durable = *element(false, true);
  s.cache_first = *element(false, true);
  s.coalesce = *element(true, true, false);
  s.seed_one = *element(false, true);
  return s;
}

}  // namespace

Race draw_plain_race() {
  Race race;
  race.starts.resize(*element(1u, 2u));
  for (Start& start : race.starts) start = *element(Start::cold, Start::warm, Start::absent);
  race.clients.resize(*element(2u, 2u, 3u));
  for (auto& operations : race.clients) {
    operations.resize(*element(1u, 2u));
    for (Operation& operation : operations) {
      operation.kind = *element(Kind::read, Kind::read, Kind::write);
      operation.key = *element(std::size_t{0}, race.starts.size() - 1);
    }
  }
  race.strategy.write =
      *element(Write::delete_after, Write::delete_before, Write::set_after, Write::none);
  race.strategy.ttl = *element(0, 5);
  return race;
}

Race draw_race() {
  Race race;
  race.strategy = draw_strategy();
  race.starts.resize(*element(1u, 1u, 2u));
  for (Start& start : race.starts) start = *element(Start::cold, Start::warm, Start::absent);
  race.clients.resize(*element(1u, 2u, 2u, 2u, 3u));
  for (auto& operations : race.clients) {
    operations.resize(*element(1u, 2u));
    for (Operation& operation : operations) {
      operation.kind = *element(Kind::read, Kind::read, Kind::read, Kind::write, Kind::write);
      if (rarely(12)) operation.kind = *element(Kind::evict, Kind::flush);
      operation.key = *element(std::size_t{0}, race.starts.size() - 1);
    }
  }
  return race;
}

// Options of choices that are not made would be the oracle's alone.
static void drop_unused_options(Strategy& s) {
  if (s.read == Read::plain || s.read == Read::direct || s.read == Read::xfetch) s.soft = 0;
  if (s.ttl == 0) s.jitter = 0;
  if (s.load != Load::lease) s.lease_stale = 0;
  if (s.fill != Fill::set_if_newer) s.tombstones = 0;
  if (s.replicas == 0) s.mark_ttl = 0;
}

std::vector<Race> simpler(const Race& race) {
  std::vector<Race> found;
  const auto changed = [&](auto change) {
    found.push_back(race);
    change(found.back());
    drop_unused_options(found.back().strategy);
  };
  for (std::size_t client = 0; client < race.clients.size(); ++client) {
    const auto& operations = race.clients[client];
    if (race.clients.size() + operations.size() == 2) continue;  // the last one
    for (std::size_t i = 0; i < operations.size(); ++i)
      changed([&](Race& r) {
        auto& fewer = r.clients[client];
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        if (fewer.empty()) r.clients.erase(r.clients.begin() + static_cast<std::ptrdiff_t>(client));
      });
  }
  if (race.starts.size() == 2)
    changed([](Race& r) {
      r.starts.pop_back();
      for (auto& operations : r.clients)
        for (Operation& operation : operations) operation.key = 0;
    });
  for (std::size_t key = 0; key < race.starts.size(); ++key)
    if (race.starts[key] != Start::cold) changed([&](Race& r) { r.starts[key] = Start::cold; });
  for (int Faults::* fault : {&Faults::crash, &Faults::evict, &Faults::lose, &Faults::flush})
    if (race.faults.*fault > 0) changed([&](Race& r) { --(r.faults.*fault); });
  const Strategy plain;
  const auto plainer = [&](auto member) {
    changed([&](Race& r) { r.strategy.*member = plain.*member; });
  };
  if (race.strategy.read != plain.read) plainer(&Strategy::read);
  if (race.strategy.load != plain.load) plainer(&Strategy::load);
  if (race.strategy.fill != plain.fill) plainer(&Strategy::fill);
  if (race.strategy.write != plain.write) plainer(&Strategy::write);
  for (int Strategy::* option : {&Strategy::jitter, &Strategy::ttl, &Strategy::negative,
                                 &Strategy::tombstones, &Strategy::lease_stale, &Strategy::hold_off,
                                 &Strategy::mark_ttl, &Strategy::replicas, &Strategy::local_ttl})
    if (race.strategy.*option != plain.*option) plainer(option);
  std::erase_if(found, std::not_fn(touches_every_key));
  return found;
}

bool touches_every_key(const Race& race) {
  std::array<bool, keys_max> touched{};
  for (const auto& operations : race.clients)
    for (const Operation& operation : operations)
      if (operation.kind != Kind::flush) touched[operation.key] = true;
  return std::count(touched.begin(), touched.end(), true) ==
         static_cast<std::ptrdiff_t>(race.starts.size());
}

}  // namespace cacherace::oracle
