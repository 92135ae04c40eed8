// When entries end by time.

#include <fmt/format.h>

#include <array>

#include "sim/scenario/strategies/decode_slots.hpp"
#include "sim/scenario/strategies/slot_choices.hpp"
#include "sim/scenario/strategies/slot_schema.hpp"

namespace cacherace::scenario {
namespace {

// A choice of expiry is known by a name, and written by its options alone: any of these.

auto ttl() {
  return option("ttl", &Expiry::ttl, positive_durations(),
                "TTL of an entry, from the moment it is stored; none: it never expires");
}

auto jitter() {
  return option("jitter", &Expiry::jitter, shares(),
                "each TTL is drawn from ttl * (1 - jitter) to ttl * (1 + jitter); with "
                "stale-while-revalidate, around hard");
}

auto negative() {
  return option("negative", &Expiry::negative, positive_durations(),
                "TTL of \"no row\"; none: it is not stored");
}

Expiry read_expiry(Fields& fields, Collector& /*problems*/) {
  Expiry out;
  ttl().read(fields, out);
  jitter().read(fields, out);
  negative().read(fields, out);
  return out;
}

/// The row of an option that the choice cannot do without.
template <typename Option>
ChoiceOption wanted(const Option& option) {
  ChoiceOption row = option.row();
  row.standard = "";
  return row;
}

SlotChoice<Expiry> of_expiry(Choice about, std::string_view example) {
  about.written = example;
  return {about, {about.name, read_expiry, example, about.needs_options()}};
}

SlotChoice<Expiry> no_expiry() {
  return of_expiry(
      {.slot = "expiry",
       .name = "none",
       .summary = "Entries never expire.",
       .steps = R"(cache.set key row)",
       .removes = {{"avalanche", "by expiry; flushes and restarts remain"},
                   {"stampede", "at expiry; that after a delete remains"}},
       .remains = {{"stale repopulate",
                    "an old entry stays until the next write of its key, an eviction or a flush"},
                   {"memory", "entries that are never read again"}},
       .sources = {"Cache Invalidation Is Still Hard: with no TTL, it is wrong forever"},
       .scenario = R"({
  "title": "Without expiry",
  "strategies": { "for good": { "expiry": "none" } },
  "expect": { "for good": { "no-stale-residue": "violated" } }
})",
       .options = {}},
      R"("none")");
}

SlotChoice<Expiry> fixed_ttl() {
  return of_expiry(
      {.slot = "expiry",
       .name = "fixed",
       .summary = "Every entry lives for the same time: the backstop of every other strategy.",
       .steps = R"(cache.set key row ttl
ttl later: cache.expire key)",
       .removes =
           {{"lost invalidation",
             "limits the duration: an old version is served for at most the TTL, plus the time "
             "from its db.read to its set, plus the lag of a replica if it was read there"},
            {"stale repopulate",
             "limits the duration: the same bound as after a lost invalidation"}},
       .remains = {{"stampede", "at each expiry of a hot key"},
                   {"avalanche", "keys that were stored together expire together"}},
       .sources = {"Cache Invalidation Is Still Hard: the TTL is your backstop",
                   "apache/gravitino#13099: a TTL that every access extends never ends"},
       .scenario = R"({
  "title": "A fixed TTL",
  "strategies": { "ttl 5s": { "write": "none", "expiry": { "ttl": "5s" } } },
  "expect": { "ttl 5s": { "staleness_us_max": "<= 5.1s" } }
})",
       .options = {wanted(ttl())}},
      R"({ "ttl": "60s" })");
}

SlotChoice<Expiry> jittered_ttl() {
  return of_expiry(
      {.slot = "expiry",
       .name = "jitter",
       .summary = "Draws each TTL from a range around its mean.",
       .steps = R"(cache.set key row T     # T uniform in ttl * (1 - jitter) to ttl * (1 + jitter)
T later: cache.expire key)",
       .removes = {{"avalanche",
                    "keys that were stored together expire over 2 * jitter * TTL; a flush is "
                    "not spread"}},
       .remains = {{"stampede", "on one key: it still expires at a single moment"},
                   {"staleness by design", "the bound is TTL * (1 + jitter)"}},
       .sources = {"Cache Invalidation Is Still Hard: jittered TTLs"},
       .scenario = R"({
  "title": "A jittered TTL",
  "strategies": {
    "4s to 6s": { "write": "none", "expiry": { "ttl": "5s", "jitter": "20%" } }
  },
  "expect": { "4s to 6s": { "staleness_us_max": "<= 6.1s" } }
})",
       .options = {wanted(ttl()), wanted(jitter())}},
      R"({ "ttl": "60s", "jitter": "10%" })");
}

SlotChoice<Expiry> negative_entries() {
  return of_expiry(
      {.slot = "expiry",
       .name = "negative",
       .summary = "Also caches \"no row\", with a separate TTL.",
       .steps = R"(db.read key: no row
# window: the row is created, and its writer deletes the entry
cache.set key "no row" negative)",
       .removes = {{"penetration",
                    "for keys that are read repeatedly: each reaches the database about once "
                    "per negative TTL"}},
       .remains = {{"penetration", "for random keys: each is read only once; see bloom-filter"},
                   {"stale repopulate",
                    "a late \"no row\" hides a row that was just created; "
                    "and writers must invalidate when they create"},
                   {"memory", "entries of keys that do not exist"}},
       .sources = {"Cache Invalidation Is Still Hard: cache penetration",
                   "Systemorph/MeshWeaver#3980: a late \"not found\""},
       .scenario = R"({
  "title": "Negative entries",
  "keys": { "count": 1000, "absent": "10%" },
  "strategies": {
    "hits only": { "expiry": { "ttl": "60s" } },
    "negative":  { "expiry": { "ttl": "60s", "negative": "5s" } }
  }
})",
       .options = {wanted(negative()), ttl().row()}},
      R"({ "negative": "5s" })");
}

}  // namespace

std::vector<SlotChoice<Expiry>> expiry_choices() {
  return {no_expiry(), fixed_ttl(), jittered_ttl(), negative_entries()};
}

std::vector<std::string> expiry_schema() {
  return {member_schema(ttl().row()), member_schema(jitter().row()),
          member_schema(negative().row())};
}

std::optional<Expiry> expiry_slot(const Node& node, Collector& problems) {
  constexpr std::string_view example = R"({ "ttl": "60s" })";
  if (node.type == Node::Type::string && node.text == "none") return Expiry{};
  if (node.type == Node::Type::string) {
    for (const SlotChoice<Expiry>& choice : expiry_choices())
      if (node.text == choice.form.name) {
        problems.shape(node, fmt::format("{} needs options", in_quotes(node.text)),
                       fmt::format("write {}", choice.form.example));
        return std::nullopt;
      }
    problems.unknown_value(node, "choice", std::array<std::string_view, 1>{"none"});
    return std::nullopt;
  }
  if (node.type != Node::Type::object || node.children.empty()) {
    problems.mismatch(node, R"("none", or an object with "ttl" or "negative")", example);
    return std::nullopt;
  }
  Fields fields(node, problems, example);
  return read_expiry(fields, problems);
}

}  // namespace cacherace::scenario
