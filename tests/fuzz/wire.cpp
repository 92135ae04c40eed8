#include "tests/fuzz/wire.hpp"

#include <algorithm>
#include <array>

#include "sim/core/utf8.hpp"
#include "sim/drive/footprint.hpp"
#include "sim/drive/wire/postgres_wire.hpp"
#include "sim/drive/wire/resp.hpp"

namespace cacherace::fuzz {
namespace {

using namespace drive;

// The size at which `first` reads from the bytes, 0 when it waits, all when they are bad.
template <typename First>
std::size_t size_of_first(First first, std::string_view bytes) {
  try {
    const auto found = first(bytes);
    return found ? found->size : 0;
  } catch (const BadBytes&) {
    return std::string_view::npos;
  }
}

// Reads one after the other, and the first one of each again from less and from no more than it.
template <typename First, typename Use>
std::string read_all(std::string_view bytes, First first, Use use) {
  while (true) {
    const std::size_t size = size_of_first(first, bytes);
    if (size == bytes.npos || size == 0) {
      const std::size_t half = size_of_first(first, bytes.substr(0, bytes.size() / 2));
      return half == 0 || half == size ? "" : "more bytes changed what was read";
    }
    if (size > bytes.size()) return "more was read than there was";
    if (size_of_first(first, bytes.substr(0, size)) != size)
      return "fewer bytes are read otherwise";
    if (size_of_first(first, bytes.substr(0, size - 1)) != 0) return "the last byte is not needed";
    if (auto says = use(bytes.substr(0, size)); !says.empty()) return says;
    bytes.remove_prefix(size);
  }
}

std::string use_command(std::string_view bytes) {
  const auto meaning = meaning_of(first_command(bytes)->words);
  if (printable(meaning.label) != meaning.label) return "a label that is not printable";
  return meaning.passes || !meaning.touches.empty() ? "" : "a command without a footprint";
}

std::string use_answer(std::string_view bytes) {
  const auto shown = shown_answer(bytes, 20);
  if (printable(shown) != shown) return "an answer that is not printable";
  return shown.size() <= 20 + std::string_view("…").size() ? "" : "an answer that is too long";
}

template <typename Read>
std::string use_body(Read read, const Message& message) {
  try {
    read(message);
  } catch (const BadBytes& bad) {
    if (bad.says.empty()) return "refused without a reason";
  }
  return "";
}

std::string use_message(std::string_view bytes) {
  const auto message = *first_message(bytes);
  std::string says = use_body(query_text, message) + use_body(parse_of, message) +
                     use_body(execute_of, message) + use_body(named_of, message) +
                     use_body(transaction_state, message) + use_body(tag_of, message) +
                     use_body(row_of, message);
  says += use_body([](const Message& error) { return error_field(error, 'M'); }, message);
  try {
    const auto bind = bind_of(message);
    if (bind.parameters.size() != bind.is_binary.size()) says += "a value without a format";
  } catch (const BadBytes&) {
  }
  return says;
}

bool has_word(std::string_view text, std::string_view word) {
  const auto same = [](char a, char b) { return (a >= 'a' && a <= 'z' ? a - 32 : a) == b; };
  return !std::ranges::search(text, word, same).empty();
}

std::string read_resp(std::string_view bytes) {
  auto says = read_all(bytes, first_command, use_command);
  return says.empty() ? read_all(bytes, first_answer, use_answer) : says;
}

std::string read_postgres_wire(std::string_view bytes) {
  auto says = read_all(bytes, first_startup, [](std::string_view) { return std::string(); });
  return says.empty() ? read_all(bytes, first_message, use_message) : says;
}

std::string read_sql(std::string_view bytes) {
  using Kind = SqlMeaning::Kind;
  for (const SqlMeaning& one : meaning_of_sql(std::string(bytes))) {
    const bool writes = std::ranges::any_of(one.touches, &search::Touch::writes);
    if (printable(one.label) != one.label) return "a label that is not printable";
    if (writes != (one.kind == Kind::write)) return "a footprint of another kind: " + one.label;
    if (one.kind == Kind::read && one.touches.empty()) return "a read of nothing: " + one.label;
    const std::string_view label = one.label;
    const bool begins_to_write = std::ranges::any_of(
        std::array{"INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "DROP", "CREATE", "ALTER"},
        [&](std::string_view word) { return has_word(label.substr(0, word.size()), word); });
    if (begins_to_write && !writes) return "a write that is called less: " + one.label;
  }
  return "";
}

}  // namespace

const std::vector<Reader>& wire_readers() {
  static const std::vector<Reader> all{
      {"resp", read_resp}, {"postgres_wire", read_postgres_wire}, {"sql", read_sql}};
  return all;
}

}  // namespace cacherace::fuzz
