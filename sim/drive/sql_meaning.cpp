#include <pg_query.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "sim/core/utf8.hpp"
#include "sim/drive/footprint.hpp"
#include "sim/json/parse.hpp"

namespace cacherace::drive {
namespace {

using json::Node;

const search::Touch everything{"postgres", "", true};

// The whole text on one line, without its values.
std::string normalized(const std::string& text) {
  PgQueryNormalizeResult result = pg_query_normalize(text.c_str());
  std::string out = result.error == nullptr ? result.normalized_query : text;
  pg_query_free_normalize_result(result);
  std::string line;
  for (const char c : out) {
    const bool is_space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!is_space)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  while (line.ends_with(' ') || line.ends_with(';')) line.pop_back();
  return printable(line);
}

// What a statement's tree mentions.
struct Mentioned {
  std::vector<std::string> tables;
  bool changes = false;   // an INSERT, UPDATE, DELETE or a locking clause
  bool defines = false;   // a table
  bool calls = false;     // a function that may do anything
  bool catalogs = false;  // PostgreSQL's own tables
};

// PostgreSQL's own tables that describe the others. Other names in pg_ may be a user's tables.
constexpr std::array catalogs{"pg_am",          "pg_attrdef",    "pg_attribute",
                              "pg_cast",        "pg_class",      "pg_collation",
                              "pg_constraint",  "pg_database",   "pg_depend",
                              "pg_description", "pg_enum",       "pg_extension",
                              "pg_index",       "pg_indexes",    "pg_inherits",
                              "pg_language",    "pg_matviews",   "pg_namespace",
                              "pg_opclass",     "pg_operator",   "pg_partitioned_table",
                              "pg_policy",      "pg_proc",       "pg_range",
                              "pg_rewrite",     "pg_roles",      "pg_settings",
                              "pg_tables",      "pg_tablespace", "pg_timezone_names",
                              "pg_trigger",     "pg_type",       "pg_user",
                              "pg_views"};

// Functions that read nothing but what they are given, or the session.
constexpr std::array pure{"count",
                          "sum",
                          "min",
                          "max",
                          "avg",
                          "coalesce",
                          "lower",
                          "upper",
                          "length",
                          "now",
                          "version",
                          "json_agg",
                          "jsonb_agg",
                          "array_agg",
                          "string_agg",
                          "json_build_object",
                          "jsonb_build_object",
                          "row_to_json",
                          "to_json",
                          "to_jsonb",
                          "current_schema",
                          "current_setting",
                          "current_database",
                          "pg_backend_pid",
                          "round",
                          "abs",
                          "substring",
                          "concat",
                          "format",
                          "date_trunc",
                          "to_char",
                          "extract",
                          "exists"};

std::string text_of(const Node& node, std::string_view key) {
  const Node* member = node.find(key);
  return member == nullptr ? "" : member->text;
}

// A function of a schema may be anybody's, whatever its name.
bool is_pure(const Node* names) {
  std::vector<std::string> parts;
  if (names != nullptr)
    for (const Node* part : names->children)
      if (const Node* text = part->find("String")) parts.push_back(text_of(*text, "sval"));
  if (parts.size() == 2 && parts.front() == "pg_catalog") parts.erase(parts.begin());
  return parts.size() == 1 && std::ranges::find(pure, parts.front()) != pure.end();
}

// The schema is no part of the table's name: which one is meant where there is none, only the
// session knows.
void look_at_table(const Node& node, Mentioned& found) {
  const std::string table = text_of(node, "relname"), schema = text_of(node, "schemaname");
  const bool is_catalog = schema.empty() && std::ranges::find(catalogs, table) != catalogs.end();
  if (schema == "pg_catalog" || schema == "information_schema" || is_catalog)
    found.catalogs = true;
  else if (!table.empty())
    found.tables.push_back(table);
}

void look(const Node& node, Mentioned& found) {
  if (node.key == "relation" || node.key == "RangeVar") {
    look_at_table(node, found);
  } else if (node.key == "InsertStmt" || node.key == "UpdateStmt" || node.key == "DeleteStmt" ||
             node.key == "MergeStmt" || node.key == "LockingClause") {
    found.changes = true;
  } else if (node.key == "intoClause") {
    found.defines = true;
  } else if (node.key == "FuncCall") {
    if (!is_pure(node.find("funcname"))) found.calls = true;
  }
  for (const Node* child : node.children) look(*child, found);
}

bool mentions(const Node& node, std::string_view text) {  // in small letters
  const auto is_same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; };
  if (std::ranges::equal(node.text, text, is_same)) return true;
  return std::ranges::any_of(node.children,
                             [&](const Node* child) { return mentions(*child, text); });
}

bool asks_for_more(const Node& node) {
  return mentions(node, "serializable") || mentions(node, "repeatable read");
}

// The only member of an object or array, one level down: {"RangeVar": {…}} gives the latter.
const Node* only_member(const Node* node, std::string_view key) {
  if (node == nullptr || node->children.size() != 1) return nullptr;
  return node->children.front()->find(key);
}

// Of `column = constant` or `column = $1`; nothing of what is not that.
std::optional<std::pair<std::string, std::string>> equality(const Node& expression) {
  const Node* comparison = expression.find("A_Expr");
  if (comparison == nullptr || text_of(*comparison, "kind") != "AEXPR_OP") return std::nullopt;
  const Node* name = only_member(comparison->find("name"), "String");
  const Node* left = comparison->find("lexpr");
  const Node* right = comparison->find("rexpr");
  if (name == nullptr || text_of(*name, "sval") != "=" || left == nullptr || right == nullptr)
    return std::nullopt;
  const Node* column = left->find("ColumnRef");
  const Node* fields = column == nullptr ? nullptr : column->find("fields");
  if (fields == nullptr || fields->children.empty()) return std::nullopt;
  const Node* last = fields->children.back()->find("String");
  if (last == nullptr) return std::nullopt;
  const std::string column_name = text_of(*last, "sval");
  if (const Node* parameter = right->find("ParamRef"))
    return std::pair(column_name, parameter_mark + text_of(*parameter, "number"));
  const Node* constant = right->find("A_Const");
  if (constant == nullptr) return std::nullopt;
  if (const Node* number = constant->find("ival"))
    return std::pair(column_name, number->find("ival") ? text_of(*number, "ival") : "0");
  if (const Node* text = constant->find("sval"); text != nullptr && text->find("sval") != nullptr)
    return std::pair(column_name, text_of(*text, "sval"));
  return std::nullopt;
}

// What each row of a statement's only table has to fulfil to be touched.
std::vector<std::pair<std::string, std::string>> conditions_of(const Node& tree) {
  const bool is_select = tree.key == "SelectStmt";
  if (tree.key == "InsertStmt") return {};
  if (is_select && only_member(tree.find("fromClause"), "RangeVar") == nullptr) return {};
  const Node* where = tree.find("whereClause");
  if (where == nullptr) return {};
  std::vector<std::pair<std::string, std::string>> out;
  const auto add = [&](const Node& expression) {
    if (auto found = equality(expression)) out.push_back(std::move(*found));
  };
  const Node* both = where->find("BoolExpr");
  if (both == nullptr) {
    add(*where);
  } else if (text_of(*both, "boolop") == "AND_EXPR") {
    if (const Node* all = both->find("args"))
      for (const Node* part : all->children) add(*part);
  }
  if (const Node* targets = tree.find("targetList"); targets != nullptr && !is_select)
    for (const Node* target : targets->children)  // a column that changes names no row
      if (const Node* set = target->find("ResTarget"))
        std::erase_if(out, [&](const auto& one) { return one.first == text_of(*set, "name"); });
  return out;
}

SqlMeaning::Kind transaction_kind(const std::string& kind) {
  if (kind == "TRANS_STMT_BEGIN" || kind == "TRANS_STMT_START") return SqlMeaning::Kind::begin;
  if (kind == "TRANS_STMT_COMMIT") return SqlMeaning::Kind::commit;
  if (kind == "TRANS_STMT_ROLLBACK") return SqlMeaning::Kind::rollback;
  if (kind == "TRANS_STMT_SAVEPOINT" || kind == "TRANS_STMT_RELEASE")
    return SqlMeaning::Kind::session;
  return SqlMeaning::Kind::write;  // two-phase commit; back to a savepoint, which gives up locks
}

SqlMeaning meaning_of_tree(const Node& statement) {
  using Kind = SqlMeaning::Kind;
  SqlMeaning out;
  out.touches = {everything};
  if (statement.children.empty()) {
    out.kind = Kind::session;
    out.touches.clear();
    return out;
  }
  const Node& tree = *statement.children.front();
  if (tree.key == "TransactionStmt") {
    out.kind = transaction_kind(text_of(tree, "kind"));
    out.is_serializable = asks_for_more(tree);
    if (out.kind != Kind::write) out.touches.clear();
    return out;
  }
  for (const std::string_view own : {"VariableSetStmt", "VariableShowStmt", "DiscardStmt",
                                     "DeallocateStmt", "PrepareStmt", "ListenStmt", "UnlistenStmt"})
    if (tree.key == own) {
      out.kind = Kind::session;
      out.is_serializable = asks_for_more(tree);
      out.touches.clear();
      return out;
    }
  for (const std::string_view known : {"SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt"}) {
    if (tree.key != known) continue;
    Mentioned found;
    look(tree, found);
    out.is_serializable = found.calls && mentions(tree, "set_config") && asks_for_more(tree);
    const bool changes_catalogs = found.changes && (found.catalogs || found.tables.empty());
    if (found.calls || found.defines || changes_catalogs) return out;
    out.touches.clear();
    for (const std::string& table : found.tables)
      out.touches.push_back({"postgres", table, found.changes});
    if (found.tables.size() == 1) out.conditions = conditions_of(tree);
    out.kind = found.changes ? Kind::write : found.tables.empty() ? Kind::session : Kind::read;
    return out;
  }
  return out;
}

}  // namespace

std::string item_of(const NamedRows& rows) {
  std::string out = rows.table;
  for (const auto& [column, value] : rows.conditions)
    if ((column + value).find(search::part_of) == std::string::npos &&
        column.find('=') == std::string::npos)
      out += search::part_of + column + "=" + value;
  return out;
}

NamedRows named_rows(const std::string& item) {
  NamedRows out;
  std::size_t at = std::min(item.find(search::part_of), item.size());
  out.table = item.substr(0, at);
  while (at < item.size()) {
    const std::size_t end = std::min(item.find(search::part_of, at + 1), item.size());
    const std::string part = item.substr(at + 1, end - at - 1);
    if (const auto equals = part.find('='); equals != std::string::npos)
      out.conditions.emplace_back(part.substr(0, equals), part.substr(equals + 1));
    at = end;
  }
  return out;
}

std::vector<search::Touch> named_touches(
    const SqlMeaning& statement, const std::vector<std::optional<std::string>>& parameters) {
  auto out = statement.touches;
  for (search::Touch& touch : out)  // a strange name, which would look like a part
    if (touch.item.find(search::part_of) != std::string::npos) touch.item.clear();
  if (out.size() != 1 || out.front().item.empty()) return out;
  NamedRows rows{out.front().item, {}};
  for (const auto& [column, value] : statement.conditions) {
    if (!value.starts_with(parameter_mark)) {
      rows.conditions.emplace_back(column, value);
      continue;
    }
    std::size_t number = 0;
    std::from_chars(value.data() + 1, value.data() + value.size(), number);
    if (number > 0 && number <= parameters.size() && parameters[number - 1])
      rows.conditions.emplace_back(column, *parameters[number - 1]);
  }
  out.front().item = item_of(rows);
  return out;
}

std::vector<SqlMeaning> meaning_of_sql(const std::string& text) {
  std::vector<SqlMeaning> out;
  PgQueryParseResult result = pg_query_parse(text.c_str());
  json::Collector problems("statement");
  std::optional<json::Document> document;
  if (result.error == nullptr) document = json::parse(result.parse_tree, problems, 1U << 24U);
  pg_query_free_parse_result(result);
  const Node* statements = document ? document->root().find("stmts") : nullptr;
  if (statements == nullptr) {
    out.push_back({SqlMeaning::Kind::write, false, {everything}, normalized(text)});
    return out;
  }
  for (const Node* part : statements->children) {
    const Node* statement = part->find("stmt");
    if (statement == nullptr) continue;
    std::size_t at = 0, length = text.size();
    const auto number = [&](std::string_view key, std::size_t& value) {
      if (const Node* node = part->find(key))
        std::from_chars(node->text.data(), node->text.data() + node->text.size(), value);
    };
    number("stmt_location", at);
    number("stmt_len", length);
    out.push_back(meaning_of_tree(*statement));
    out.back().label = normalized(text.substr(std::min(at, text.size()), length));
  }
  return out;
}

}  // namespace cacherace::drive
