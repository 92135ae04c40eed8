#include "tests/fuzz/wire.hpp"

namespace cacherace::fuzz {
namespace {

using namespace std::string_literals;
using Texts = std::vector<std::string>;

Texts resp() {
  return {"*3\r\n$3\r\nSET\r\n$6\r\nuser:7\r\n$2\r\nv1\r\n*2\r\n$3\r\nDEL\r\n$1\r\nk\r\n",
          "EVAL \"return 1\" 2 'a\\'b' \"\\x41\\n\" c\r\nPING\n*0\r\n\r\n",
          "*4\r\n:1\r\n$-1\r\n*-1\r\n*1\r\n+OK\r\n-ERR no\r\n_\r\n#t\r\n,1.5\r\n(99\r\n",
          "%1\r\n+a\r\n=7\r\ntxt:abc\r\n~1\r\n!3\r\nERR\r\n|1\r\n+ttl\r\n:3\r\n:4\r\n",
          ">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nx\r\n"};
}

Texts postgres_wire() {
  return {"\0\0\0\x13\0\3\0\0user\0ann\0\0\0"s,
          "\0\0\0\x08\x04\xd2\x16\x2f"s,
          "\0\0\0\x10\x04\xd2\x16\x2e\0\0\0\1\0\0\0\2"s,
          "Q\0\0\0\rSELECT 1\0X\0\0\0\4"s,
          "P\0\0\0\x11s\0SELECT 1\0\0\0B\0\0\0\x14\0s\0\0\1\0\1\0\1\0\0\0\1a\0\0"s,
          "E\0\0\0\x09\0\0\0\0\0C\0\0\0\6Ss\0S\0\0\0\4Z\0\0\0\5I"s,
          "D\0\0\0\x0f\0\2\0\0\0\1a\xff\xff\xff\xff"
          "C\0\0\0\x0dSELECT 1\0"s,
          "E\0\0\0\x12"
          "C40001\0Mno\0\0\0"s};
}

Texts sql() {
  return {"WITH x AS (UPDATE a SET n = 1 RETURNING *) SELECT * FROM x JOIN b USING (id) FOR UPDATE",
          "BEGIN ISOLATION LEVEL SERIALIZABLE; SAVEPOINT s; ROLLBACK TO s; COMMIT",
          "INSERT INTO a VALUES ($1, 'x') ON CONFLICT (id) DO UPDATE SET n = excluded.n",
          "DELETE FROM public.a USING b; SELECT lower(x) FROM pg_type; -- end",
          "SELECT 1 INTO a; COPY a FROM STDIN; PREPARE TRANSACTION 'x'; SET a TO b",
          "SELECT (((1+2)))::int, ARRAY[1], CASE WHEN true THEN 1 END FROM f(1), LATERAL g(2)"};
}

}  // namespace

std::vector<std::string> wire_seeds(std::string_view reader) {
  return reader == "resp"            ? resp()
         : reader == "postgres_wire" ? postgres_wire()
         : reader == "sql"           ? sql()
                                     : Texts{};
}

}  // namespace cacherace::fuzz
