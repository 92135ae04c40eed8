// How a write keeps the cache in step: by deleting the key.

#include "sim/scenario/strategies/slot_choices.hpp"

namespace cacherace::scenario {
namespace {

constexpr auto firsts = std::to_array<Spelling<DoubleDelete::First>>(
    {{"before", DoubleDelete::First::before}, {"after", DoubleDelete::First::after}});

constexpr auto timers = std::to_array<Spelling<DoubleDelete::Timer>>(
    {{"process", DoubleDelete::Timer::process}, {"durable", DoubleDelete::Timer::durable}});

SlotChoice<Write> delete_after() {
  return made<Write, DeleteAfter>(
      {.slot = "write",
       .name = "delete-after",
       .summary = "Commits, then deletes the entry.",
       .steps = R"(db.write key
# window: until the delete takes effect, readers still hit the old version
cache.del key)",
       .removes = {{"write-write inversion", "writers store nothing, so none can store too late"},
                   {"refill between delete and commit", "nothing is deleted before the commit"}},
       .remains = {{"commit-to-delete window", "from the commit to the delete"},
                   {"stale repopulate", "1 of the 10 schedules of one reader and one writer"},
                   {"lost invalidation",
                    "if a writer crashes after its commit, or its delete is lost"},
                   {"stampede", "all readers of a hot key miss after each write"}},
       .sources = {"Cache Invalidation Is Still Hard: delete-on-write, and the race that will bite "
                   "you",
                   "near/nearcore#14987, google/guava#1881"},
       .scenario = R"({
  "title": "Delete after the commit",
  "strategies": { "delete after": { "write": "delete-after" } },
  "race": {
    "clients": [ { "name": "reader", "do": ["read user:7"] },
                 { "name": "writer", "do": ["write user:7"] } ]
  },
  "expect": { "delete after": { "no-stale-residue": "violated" } }
})"});
}

SlotChoice<Write> delete_before() {
  return made<Write, DeleteBefore>(
      {.slot = "write",
       .name = "delete-before",
       .summary = "Deletes the entry, then commits.",
       .steps = R"(cache.del key
# window: a reader misses, loads the row that is about to be replaced and stores it
db.write key)",
       .removes = {{"lost invalidation",
                    "if a writer crashes after its commit: its delete came before"},
                   {"write-write inversion", "writers store nothing, so none can store too late"}},
       .remains =
           {{"refill between delete and commit",
             "6 of the 10 schedules of one reader and one writer; with r reads a second and "
             "a write that takes d, at least 1 - e^(-r * d): close to certain on a hot key"}},
       .sources = {"duomark/epocxy#43"},
       .scenario = R"({
  "title": "Delete before the commit",
  "strategies": { "delete before": { "write": "delete-before" } },
  "race": {
    "clients": [ { "name": "reader", "do": ["read user:7"] },
                 { "name": "writer", "do": ["write user:7"] } ]
  },
  "expect": { "delete before": { "no-stale-residue": "violated" } }
})"});
}

SlotChoice<Write> delete_in_transaction() {
  return made<Write, DeleteInTransaction>(
      {.slot = "write",
       .name = "delete-in-transaction",
       .summary = "Deletes the entry from within the transaction that writes the row.",
       .steps = R"(db.begin key         # the new version is written, but not visible to others
cache.del key
# window: a reader misses, loads the old row, which is still the committed one, and stores it
db.commit key)",
       .removes = {{"lost invalidation",
                    "if a writer crashes after its commit: its delete came before"},
                   {"write-write inversion", "writers store nothing, so none can store too late"}},
       .remains = {{"refill between delete and commit",
                    "as with delete-before; the code looks as if it deleted after the write"}},
       .sources = {"raphaelm/django-hierarkey#22, Suor/django-cacheops#22, zendesk/kasket#27,",
                   "OpenMage/magento-lts#543, zulip/zulip#24416: fixed by a hook that runs after "
                   "the commit",
                   "zendesk/kasket#31: which leaves the writer's own reads stale until then"},
       .scenario = R"({
  "title": "Delete within the transaction",
  "strategies": { "hook on save": { "write": "delete-in-transaction" } },
  "race": {
    "clients": [ { "name": "reader", "do": ["read user:7"] },
                 { "name": "writer", "do": ["write user:7"] } ]
  },
  "expect": { "hook on save": { "no-stale-residue": "violated" } }
})"});
}

SlotChoice<Write> double_delete() {
  return made<Write, DoubleDelete>(
      {.slot = "write",
       .name = "double-delete",
       .summary = "Deletes twice, the second time after a delay.",
       .steps = R"(first before: cache.del key        first after: db.write key
              db.write key                     cache.del key
then, for both:
after `delay`: cache.del key
# window: a reader whose fill takes effect after the second delete)",
       .removes = {{"stale repopulate",
                    "of readers whose fill follows their db.read by less than the delay"},
                   {"refill between delete and commit",
                    "with first before, if the fill comes before the second delete"},
                   {"write-write inversion", "writers store nothing, so none can store too late"}},
       .remains =
           {{"stale repopulate",
             "of readers slower than the delay. Without a delay, first before is worse than one "
             "delete after the commit: 3 of 20 schedules against 1 of 10, because its first delete "
             "causes the miss"},
            {"staleness by design",
             "an old version that a reader put back is served until the "
             "second delete"},
            {"lost invalidation", "with timer process: a crash before the second delete"},
            {"replica-lag refill", "unless the delay exceeds the lag and the time to the fill"},
            {"database load", "one more miss per write"}},
       .sources = {"Cache Invalidation Is Still Hard: delayed double-delete",
                   "doocs/advanced-java#54, #282, #298: two readings of the name"},
       .scenario = R"({
  "title": "Double delete",
  "strategies": {
    "double delete": { "write": { "double-delete": { "first": "before", "delay": "1s" } } }
  },
  // Any client may be paused for any time here; within bounds it is another matter.
  "race": {
    "clients": [ { "name": "reader", "do": ["read user:7"] },
                 { "name": "writer", "do": ["write user:7"] } ],
    "timing": "unbounded"
  },
  "expect": { "double delete": { "no-stale-residue": "violated" } }
})"},
      R"({ "first": "before", "delay": "1s" })",
      needed("delay", &DoubleDelete::delay, durations(), R"("1s")",
             "time from the reply of the previous step to the second delete"),
      option("first", &DoubleDelete::first, words(firsts, "first delete"),
             "whether the first delete comes before or after the commit"),
      option("timer", &DoubleDelete::timer, words(timers, "timer"),
             "process: the second delete is lost with its process; durable: it is repeated until "
             "it is answered"));
}

}  // namespace

std::vector<SlotChoice<Write>> delete_choices() {
  return {delete_after(), delete_before(), delete_in_transaction(), double_delete()};
}

}  // namespace cacherace::scenario
