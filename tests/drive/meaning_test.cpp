// What commands and statements do, as Redis 7 and PostgreSQL do it: nothing that writes is called
// less, and what can affect each other is never independent.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <sstream>

#include "sim/drive/footprint.hpp"

namespace cacherace::drive {
namespace {

using search::Touch;
using Words = std::vector<std::string>;
using Touches = std::vector<Touch>;
using Kind = SqlMeaning::Kind;

Words split(const std::string& text) {
  std::istringstream in(text);
  Words out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

RedisMeaning redis(const std::string& command) { return meaning_of(split(command)); }

bool writes(const Touches& touches) { return std::ranges::any_of(touches, &Touch::writes); }

// "session", "read" or "write".
std::string kind_of(const RedisMeaning& meaning) {
  return meaning.passes ? "session" : writes(meaning.touches) ? "write" : "read";
}

TEST_CASE("commands read and write the keys that they are about") {
  struct Row {
    std::string command, kind;
    Words keys;
  };
  const std::vector<Row> rows{
      {"GET k", "read", {"k"}},
      {"MGET a b c", "read", {"a", "b", "c"}},
      {"EXISTS a b", "read", {"a", "b"}},
      {"HGET h field", "read", {"h"}},
      {"HMGET h f g", "read", {"h"}},
      {"SMISMEMBER s a b", "read", {"s"}},
      {"ZRANGE z 0 -1", "read", {"z"}},
      {"WATCH a b", "read", {"a", "b"}},
      {"SET k v", "write", {"k"}},
      {"SET k v NX PX 100 GET", "write", {"k"}},
      {"GETEX k PERSIST", "write", {"k"}},
      {"GETDEL k", "write", {"k"}},
      {"EXPIRE k 10", "write", {"k"}},
      {"HSET h f v g w", "write", {"h"}},
      {"DEL a b", "write", {"a", "b"}},
      {"UNLINK a", "write", {"a"}},
      {"MSET a 1 b 2", "write", {"a", "b"}},
      {"MSETNX a 1 b 2", "write", {"a", "b"}},
      {"RENAME a b", "write", {"a", "b"}},
      {"EVAL script 2 a b c", "write", {"a", "b"}},
      {"EVALSHA sha 1 a", "write", {"a"}},
      {"EVAL script many a", "write", {}},
      {"EVAL script 99 a", "write", {"a"}},
      {"EVAL script -1 a", "write", {}},
  };
  for (const auto& [command, kind, keys] : rows) {
    INFO(command);
    const auto meaning = redis(command);
    CHECK(kind_of(meaning) == kind);
    CHECK(meaning.keys == keys);
    for (const auto& key : keys) {
      CHECK_FALSE(independent(meaning.touches, redis("SET " + key + " x").touches));
      CHECK(independent(meaning.touches, redis("GET " + key).touches) == (kind == "read"));
    }
  }
}

TEST_CASE("commands of the connection alone, and those that listen") {
  for (const auto* command : {"HELLO 3", "AUTH p", "PING", "ECHO a", "SELECT 1", "CLIENT SETNAME a",
                              "CLIENT TRACKING on", "CONFIG GET maxmemory", "COMMAND", "INFO",
                              "MULTI", "DISCARD", "UNWATCH", "RESET", "QUIT"}) {
    INFO(command);
    CHECK(redis(command).passes);
    CHECK_FALSE(redis(command).subscribes);
  }
  for (const auto* command : {"SUBSCRIBE a", "PSUBSCRIBE a*", "SSUBSCRIBE a", "UNSUBSCRIBE"})
    CHECK(redis(command).subscribes);
  CHECK(meaning_of({}).passes);
}

// Of Redis 7.0: COMMAND LIST FILTERBY ACLCAT write.
TEST_CASE("no command that Redis calls a write is less") {
  for (const auto& command : split(
           "APPEND BITFIELD BITOP BLMOVE BLMPOP BLPOP BRPOP BRPOPLPUSH BZMPOP BZPOPMAX BZPOPMIN "
           "COPY "
           "DECR DECRBY DEL EXPIRE EXPIREAT FLUSHALL FLUSHDB GEOADD GEORADIUS GEORADIUSBYMEMBER "
           "GEOSEARCHSTORE GETDEL GETEX GETSET HDEL HINCRBY HINCRBYFLOAT HMSET HSET HSETNX INCR "
           "INCRBY "
           "INCRBYFLOAT LINSERT LMOVE LMPOP LPOP LPUSH LPUSHX LREM LSET LTRIM MIGRATE MOVE MSET "
           "MSETNX "
           "PERSIST PEXPIRE PEXPIREAT PFADD PFDEBUG PFMERGE PSETEX RENAME RENAMENX RESTORE "
           "RESTORE-ASKING RPOP RPOPLPUSH RPUSH RPUSHX SADD SDIFFSTORE SET SETBIT SETEX SETNX "
           "SETRANGE "
           "SINTERSTORE SMOVE SORT SPOP SREM SUNIONSTORE SWAPDB UNLINK XACK XADD XAUTOCLAIM XCLAIM "
           "XDEL XGROUP XREADGROUP XSETID XTRIM ZADD ZDIFFSTORE ZINCRBY ZINTERSTORE ZMPOP ZPOPMAX "
           "ZPOPMIN ZRANGESTORE ZREM ZREMRANGEBYLEX ZREMRANGEBYRANK ZREMRANGEBYSCORE "
           "ZUNIONSTORE")) {
    INFO(command);
    for (const Words& words : {Words{command}, Words{command, "k"}, Words{command, "k", "1", "k"}})
      CHECK(kind_of(meaning_of(words)) == "write");
  }
}

TEST_CASE("commands that affect each other are not independent") {
  const std::vector<std::pair<std::string, std::string>> pairs{
      {"GET k", "SET k v"},
      {"MGET a b", "DEL b"},
      {"MSET a 1 b 2", "GET b"},
      {"RENAME a b", "GET b"},
      {"KEYS *", "SET new 1"},
      {"SCAN 0", "DEL k"},
      {"DBSIZE", "DEL k"},
      {"INFO keyspace", "SET new 1"},
      {"FLUSHALL", "GET k"},
      {"EVAL s 1 a", "GET b"},  // a script may touch what it does not name
      {"EVAL_RO s 1 a", "SET b 1"},
      {"FCALL f 0", "GET k"},
      {"FROBNICATE k", "GET other"},
      {"BLPOP a 0", "LPUSH a x"},
      {"SWAPDB 0 1", "GET k"},
      {"PUBLISH a 1", "PUBLISH a 2"},
      {"PUBLISH a 1", "PUBLISH b 2"},  // one may listen to both
      {"PUBLISH a 1", "EVAL s 0"},
      {"PUBLISH a 1", "FCALL f 0"},
      {"PUBLISH a 1", "CLIENT KILL ID 7"},
      {"SCRIPT LOAD s", "EVALSHA sha 0"},
      {"SCRIPT FLUSH", "EVALSHA_RO sha 0"},
      {"EVAL_RO s 0", "EVALSHA_RO sha 0"},  // NOSCRIPT before, not after
      {"SCRIPT LOAD s", "SCRIPT EXISTS sha"},
      {"FUNCTION LOAD f", "FCALL f 0"},
      {"CONFIG SET maxmemory 1", "SET k v"},
      {"config set maxmemory 1", "GET k"},
      {"CLIENT PAUSE 100", "GET k"},
      {"CLIENT unblock 7", "BLPOP a 0"},
      {"SET", "GET k"},
  };
  for (const auto& [a, b] : pairs) {
    INFO(a << " and " << b);
    auto first = split(a);
    std::ranges::transform(first[0], first[0].begin(),
                           [](char c) { return char(std::toupper(c)); });
    CHECK_FALSE(independent(meaning_of(first).touches, redis(b).touches));
  }
}

TEST_CASE("commands that do not affect each other are independent") {
  const std::vector<std::pair<std::string, std::string>> pairs{
      {"GET a", "SET b v"},
      {"GET a", "GET a"},
      {"MGET a b", "EXISTS a b"},
      {"DEL a b", "MSET c 1 d 2"},
      {"PUBLISH a 1", "SET k v"},
      {"KEYS *", "GET k"},
      {"SCRIPT LOAD s", "GET k"},
      {"EVAL_RO s 1 a", "GET b"},
      {"EVALSHA_RO x 0", "EVALSHA_RO y 0"}};
  for (const auto& [a, b] : pairs) {
    INFO(a << " and " << b);
    CHECK(independent(redis(a).touches, redis(b).touches));
  }
}

std::vector<Kind> kinds(const std::string& text) {
  std::vector<Kind> out;
  for (const auto& one : meaning_of_sql(text)) out.push_back(one.kind);
  return out;
}

SqlMeaning sql(const std::string& text) {
  INFO(text);
  const auto all = meaning_of_sql(text);
  REQUIRE(all.size() == 1);
  return all.front();
}

// What the statement does must be among what it is said to do.
bool covers(const Touches& said, const Touch& done) {
  return std::ranges::any_of(said, [&](const Touch& one) {
    return (one.item.empty() || one.item == done.item) && (one.writes || !done.writes);
  });
}

TEST_CASE("statements read and write the tables that they are about") {
  struct Row {
    std::string text;
    Kind kind;
    Words reads, changes;
  };
  const std::vector<Row> rows{
      {"SELECT * FROM users WHERE id = $1", Kind::read, {"users"}, {}},
      {"SELECT * FROM a JOIN b USING (id) LEFT JOIN c ON true", Kind::read, {"a", "b", "c"}, {}},
      {"SELECT (SELECT max(x) FROM b) FROM a WHERE EXISTS (SELECT 1 FROM c)",
       Kind::read,
       {"a", "b", "c"},
       {}},
      {"SELECT 1 FROM a UNION SELECT 2 FROM b", Kind::read, {"a", "b"}, {}},
      {"WITH x AS (SELECT * FROM a) SELECT * FROM x", Kind::read, {"a"}, {}},
      {"TABLE a", Kind::read, {"a"}, {}},
      {"SELECT count(*), lower(name) FROM public.a", Kind::read, {"a"}, {}},
      {"SELECT * FROM a TABLESAMPLE system (1)", Kind::read, {"a"}, {}},
      {"SELECT * FROM a FOR UPDATE", Kind::write, {}, {"a"}},
      {"SELECT * FROM a FOR KEY SHARE SKIP LOCKED", Kind::write, {}, {"a"}},
      {"SELECT * FROM (SELECT * FROM a FOR SHARE) x", Kind::write, {}, {"a"}},
      {"WITH x AS (DELETE FROM a RETURNING *) SELECT * FROM x, b", Kind::write, {"b"}, {"a"}},
      {"WITH x AS (INSERT INTO a SELECT * FROM b RETURNING 1) SELECT 1", Kind::write, {"b"}, {"a"}},
      {"SELECT * INTO a FROM b", Kind::write, {"b"}, {"a"}},
      {"SELECT 1 INTO a", Kind::write, {}, {"a"}},
      {"SELECT audit.lower(name) FROM b", Kind::write, {"b"}, {"anything"}},
      {"SELECT do_it(1)", Kind::write, {}, {"anything"}},
      {"SELECT * FROM do_it(1)", Kind::write, {}, {"anything"}},
      {"SELECT nextval('s')", Kind::write, {}, {"s"}},
      {"SELECT pg_advisory_lock(1)", Kind::write, {}, {"anything"}},
      {"SELECT * FROM a WHERE id = do_it()", Kind::write, {"a"}, {"anything"}},
      {"INSERT INTO a VALUES (1) ON CONFLICT (id) DO UPDATE SET x = 2", Kind::write, {}, {"a"}},
      {"INSERT INTO a VALUES (1) ON CONFLICT DO NOTHING", Kind::write, {}, {"a"}},
      {"INSERT INTO a SELECT * FROM b", Kind::write, {"b"}, {"a"}},
      {"UPDATE a SET x = b.x FROM b WHERE a.id = b.id", Kind::write, {"b"}, {"a"}},
      {"DELETE FROM a USING b WHERE a.id = b.id", Kind::write, {"b"}, {"a"}},
      {"DELETE FROM a WHERE id IN (SELECT id FROM b)", Kind::write, {"b"}, {"a"}},
      {"MERGE INTO a USING b ON true WHEN MATCHED THEN DELETE", Kind::write, {"b"}, {"a"}},
      {"EXPLAIN ANALYZE DELETE FROM a", Kind::write, {}, {"a"}},
      {"COPY a FROM STDIN", Kind::write, {}, {"a"}},
      {"COPY (DELETE FROM a RETURNING *) TO STDOUT", Kind::write, {}, {"a"}},
      {"TRUNCATE a", Kind::write, {}, {"a"}},
      {"CREATE TABLE a (id int)", Kind::write, {}, {"a"}},
      {"CREATE TABLE a AS SELECT * FROM b", Kind::write, {"b"}, {"a"}},
      {"ALTER TABLE a ADD x int", Kind::write, {}, {"a"}},
      {"DROP TABLE a", Kind::write, {}, {"a"}},
      {"LOCK TABLE a", Kind::write, {}, {"a"}},
      {"DO $$ BEGIN DELETE FROM a; END $$", Kind::write, {}, {"a"}},
      {"CALL p()", Kind::write, {}, {"anything"}},
      {"EXECUTE s(1)", Kind::write, {}, {"anything"}},
      {"NOTIFY c", Kind::write, {}, {"anything"}},
      {"REFRESH MATERIALIZED VIEW a", Kind::write, {}, {"a"}},
      {"UPDATE pg_catalog.pg_class SET relname = 'b'", Kind::write, {}, {"a", "b"}},
      {"PREPARE TRANSACTION 'x'", Kind::write, {}, {"anything"}},
      {"COMMIT PREPARED 'x'", Kind::write, {}, {"anything"}},
      {"ROLLBACK TO SAVEPOINT s", Kind::write, {}, {"anything"}},  // gives up locks
      {"SELEC 1", Kind::write, {}, {"anything"}},
      {"SELECT 'a", Kind::write, {}, {"anything"}},
      {"SELECT * FROM pg_orders", Kind::read, {"pg_orders"}, {}},  // a user's table
  };
  for (const auto& [text, kind, reads, changes] : rows) {
    INFO(text);
    const auto meaning = sql(text);
    CHECK(meaning.kind == kind);
    CHECK(writes(meaning.touches) == (kind == Kind::write));
    for (const auto& table : reads) CHECK(covers(meaning.touches, {"postgres", table, false}));
    for (const auto& table : changes) CHECK(covers(meaning.touches, {"postgres", table, true}));
    CHECK_FALSE(meaning.is_serializable);
  }
}

// The structure of tables is no part of the race: who reads the catalogs alone reads no data.
TEST_CASE("statements of the session alone") {
  for (const auto* text :
       {"SELECT 1", "SELECT now(), version()", "SELECT pg_catalog.version()", "VALUES (1)",
        "SHOW a", "SET search_path TO a", "SET LOCAL a.b = 1", "RESET ALL", "SAVEPOINT s",
        "RELEASE s", "PREPARE s AS SELECT 1", "DEALLOCATE s", "LISTEN c", "SELECT * FROM pg_type",
        "SELECT * FROM information_schema.tables"}) {
    INFO(text);
    const auto meaning = sql(text);
    CHECK(meaning.kind == Kind::session);
    CHECK(meaning.touches.empty());
    CHECK_FALSE(meaning.is_serializable);
  }
  for (const auto* text : {"", " ", ";", "-- a comment", "/* another */;"}) {
    INFO(text);
    CHECK(meaning_of_sql(text).empty());
  }
}

TEST_CASE("transactions begin, end, and say how isolated they are") {
  for (const auto* text :
       {"BEGIN", "START TRANSACTION READ WRITE", "BEGIN ISOLATION LEVEL READ COMMITTED"}) {
    CHECK(sql(text).kind == Kind::begin);
    CHECK_FALSE(sql(text).is_serializable);
  }
  for (const auto* text :
       {"BEGIN ISOLATION LEVEL SERIALIZABLE", "begin isolation level repeatable read",
        "START TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"}) {
    CHECK(sql(text).kind == Kind::begin);
    CHECK(sql(text).is_serializable);
  }
  for (const auto* text :
       {"SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
        "SET transaction_isolation = 'Repeatable Read'",
        "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        "SET default_transaction_isolation TO 'SERIALIZABLE'",
        "SELECT set_config('transaction_isolation', 'serializable', true)"})
    CHECK(sql(text).is_serializable);
  for (const auto* text : {"COMMIT", "END", "COMMIT AND CHAIN"})
    CHECK(sql(text).kind == Kind::commit);
  for (const auto* text : {"ROLLBACK", "ABORT"}) CHECK(sql(text).kind == Kind::rollback);
}

TEST_CASE("several statements in one text are told apart") {
  CHECK(kinds("BEGIN; SELECT * FROM a; UPDATE a SET x = 1;; COMMIT") ==
        std::vector{Kind::begin, Kind::read, Kind::write, Kind::commit});
  CHECK(kinds("SELECT 1; SELEC 2") == std::vector{Kind::write});  // none of them is done
  const auto two = meaning_of_sql("SELECT 'é;' FROM a ;\n DELETE  FROM b\nWHERE id = 7; ");
  REQUIRE(two.size() == 2);
  CHECK(two[0].label == "SELECT $1 FROM a");
  CHECK(two[1].label == "DELETE FROM b WHERE id = $1");
}

TEST_CASE("statements that affect each other are not independent, others are") {
  struct Row {
    std::string a, b;
    bool independent;
  };
  for (const auto& [a, b, expected] :
       std::vector<Row>{{"SELECT * FROM a", "SELECT * FROM a", true},
                        {"SELECT * FROM a", "UPDATE b SET x = 1", true},
                        {"INSERT INTO a VALUES (1)", "DELETE FROM b", true},
                        {"SELECT * FROM a", "UPDATE a SET x = 1", false},
                        {"SELECT * FROM a, b", "DELETE FROM b", false},
                        {"SELECT * FROM a", "DELETE FROM public.a", false},
                        {"SELECT * FROM a", "DELETE FROM app.a", false},  // search_path may say app
                        {"SELECT * FROM a", "TRUNCATE b CASCADE", false},
                        {"SELECT * FROM \"A\"", "DELETE FROM A", true},
                        {"SELECT * FROM A", "DELETE FROM a", false},
                        {"SELECT * FROM pg_orders", "INSERT INTO pg_orders VALUES (1)", false},
                        {"INSERT INTO a VALUES (1)", "COMMIT PREPARED 'x'", false}}) {
    INFO(a << " and " << b);
    CHECK(independent(sql(a).touches, sql(b).touches) == expected);
  }
}

TEST_CASE("a statement too deep or too strange to be read is a write of everything") {
  std::string sum = "SELECT 1";
  for (int i = 0; i < 500; ++i) sum += "+1";
  for (const auto& text : {sum + " FROM a", std::string("SELECT '\xff' FROM a"),
                           "SELECT " + std::string(50'000, '(')}) {
    const auto all = meaning_of_sql(text);
    REQUIRE(all.size() == 1);
    CHECK(all.front().kind == Kind::write);
    CHECK(covers(all.front().touches, {"postgres", "a", true}));
  }
}

}  // namespace
}  // namespace cacherace::drive
