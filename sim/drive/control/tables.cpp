#include "sim/drive/control/tables.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "sim/drive/footprint.hpp"

namespace cacherace::drive {
namespace {

constexpr const char* question = R"sql(
SELECT c.relname,
       c.relkind = 'r' AND NOT c.relrowsecurity AND NOT EXISTS (
         SELECT FROM pg_inherits i WHERE c.oid IN (i.inhparent, i.inhrelid)),
       NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid)
         AND NOT EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid)
         AND NOT EXISTS (
           SELECT FROM pg_depend d
           WHERE d.refclassid = 'pg_proc'::regclass AND d.refobjid >= 16384 AND (
             d.classid = 'pg_attrdef'::regclass
               AND d.objid IN (SELECT oid FROM pg_attrdef WHERE adrelid = c.oid)
             OR d.classid = 'pg_constraint'::regclass
               AND d.objid IN (SELECT oid FROM pg_constraint WHERE conrelid = c.oid)
             OR d.classid = 'pg_class'::regclass
               AND d.objid IN (SELECT indexrelid FROM pg_index WHERE indrelid = c.oid))),
       coalesce(a.attname, ''), coalesce(format_type(a.atttypid, NULL), ''),
       (SELECT count(*) FROM pg_index i
        WHERE i.indrelid = c.oid AND (i.indisunique OR i.indisexclusion)) = 1,
       coalesce(l.collisdeterministic, true)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_index k ON k.indrelid = c.oid AND k.indisprimary AND k.indnatts = 1
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.indkey[0]
LEFT JOIN pg_collation l ON l.oid = a.attcollation
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast'))sql";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Whether two texts of this kind that differ mean two values that differ.
bool is_canonical(const std::string& type, std::string_view value) {
  if (type == "text" || type == "character varying") return true;
  if (type == "smallint" || type == "integer" || type == "bigint") {
    if (value.starts_with('-')) value.remove_prefix(1);
    const bool is_number =
        !value.empty() && value.size() <= 18 && std::ranges::all_of(value, is_digit);
    return is_number && value.front() != '0';
  }
  if (type == "uuid")
    return value.size() == 36 && std::ranges::all_of(value, [](char c) {
             return is_digit(c) || (c >= 'a' && c <= 'f') || c == '-';
           });
  return false;
}

}  // namespace

Result<void> Tables::learn(live::PostgresConnection& connection) {
  const auto reply = connection.ask(question);
  if (!reply) return reply.error();
  facts_.clear();  // of a server that is too old to answer, nothing is known
  for (const auto& row : reply->rows)
    add(row[0].value_or(""), {.reads_itself = row[1] == "t",
                              .writes_itself = row[2] == "t",
                              .key = row[6] == "t" ? row[3].value_or("") : "",
                              .key_type = row[4].value_or(""),
                              .is_unique_alone = row[5] == "t"});
  return {};
}

// Of two tables with one name, in two schemas, what holds for both.
void Tables::add(const std::string& table, const Facts& facts) {
  const auto [entry, is_new] = facts_.try_emplace(table, facts);
  if (is_new) return;
  Facts& both = entry->second;
  both.reads_itself = both.reads_itself && facts.reads_itself;
  both.writes_itself = both.writes_itself && facts.writes_itself;
  both.key.clear();
}

search::Touch Tables::widened(const search::Touch& named) const {
  if (named.store != "postgres" || named.item.empty()) return named;
  const NamedRows rows = named_rows(named.item);
  const auto known = facts_.find(rows.table);
  if (known == facts_.end() || !known->second.reads_itself ||
      (named.writes && !known->second.writes_itself))
    return {"postgres", "", named.writes};
  const Facts& facts = known->second;
  if (!facts.key.empty() && (!named.writes || facts.is_unique_alone))
    for (const auto& [column, value] : rows.conditions)
      if (column == facts.key && is_canonical(facts.key_type, value))
        return {"postgres", rows.table + search::part_of + value, named.writes};
  return {"postgres", rows.table, named.writes};
}

std::vector<search::Touch> Tables::widened(const std::vector<search::Touch>& named) const {
  std::vector<search::Touch> out;
  for (const search::Touch& touch : named) out.push_back(widened(touch));
  return out;
}

}  // namespace cacherace::drive
