#include "sim/harness/trace/trace_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "sim/core/digest.hpp"
#include "sim/harness/trace/redis_monitor.hpp"

namespace cacherace::harness {
namespace {

using Format = scenario::Trace::Format;

constexpr std::size_t record_size = 24;  // of oracleGeneral
constexpr std::uint64_t seconds_max = ~std::uint32_t{0};

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  return value;
}

std::uint64_t digest_of(std::string_view key) {
  Digest digest;
  digest.add(std::uint64_t{key.size()});
  for (; key.size() >= 8; key.remove_prefix(8)) digest.add(little_endian(key.substr(0, 8)));
  if (!key.empty()) digest.add(little_endian(key));
  return digest.value();
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

std::string shown(std::string_view text) {
  std::string cut(text.substr(0, 40));
  std::replace_if(cut.begin(), cut.end(), is_control, '?');
  return fmt::format("\"{}\"{}", cut, text.size() > 40 ? "…" : "");
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<OperationKind> operation(std::string_view name) {
  for (const std::string_view read : {"get", "gets"})
    if (name == read) return OperationKind::read;
  for (const std::string_view write :
       {"set", "add", "replace", "cas", "append", "prepend", "delete", "incr", "decr"})
    if (name == write) return OperationKind::write;
  return std::nullopt;
}

// timestamp, key, key size, value size, client, operation, TTL. A key may contain commas.
struct Fields {
  static constexpr std::array<std::string_view, 5> last{"key size", "value size", "client id",
                                                        "operation", "TTL"};
  std::string_view time, key;
  std::array<std::string_view, 5> rest;
};

std::optional<Fields> split(std::string_view line) {
  Fields fields;
  const std::size_t first = line.find(',');
  if (first == std::string_view::npos) return std::nullopt;
  fields.time = line.substr(0, first);
  line.remove_prefix(first + 1);
  for (std::size_t i = fields.rest.size(); i-- > 0;) {
    const std::size_t comma = line.rfind(',');
    if (comma == std::string_view::npos) return std::nullopt;
    fields.rest[i] = line.substr(comma + 1);
    line = line.substr(0, comma);
  }
  fields.key = line;
  return fields;
}

// What of `key` matches the pattern; nothing where it does not begin so.
std::optional<std::string_view> beginning(std::string_view key, std::string_view pattern) {
  std::size_t at = 0;
  for (;;) {
    const auto part = pattern.substr(0, pattern.find(':'));
    const auto end = std::min(key.find(':', at), key.size());
    if (part != "*" && part != key.substr(at, end - at)) return std::nullopt;
    if (part.size() == pattern.size()) return key.substr(0, end);
    if (end == key.size()) return std::nullopt;
    pattern.remove_prefix(part.size() + 1);
    at = end + 1;
  }
}

struct TextRecord {
  std::string_view key;
  std::uint64_t second = 0;
  std::optional<OperationKind> kind;
};

TextRecord twitter_record(std::string_view line, const TraceFile& file) {
  const auto fields = split(line);
  if (!fields)
    file.refuse(fmt::format("expected seven fields, found {}", shown(line)),
                "a record is: timestamp,key,key size,value size,client id,operation,TTL");
  const auto second = whole_number(fields->time);
  if (!second || *second > seconds_max)
    file.refuse(fmt::format("expected a timestamp in whole seconds, found {}", shown(fields->time)),
                "remove headings; is it a trace of another format?");
  if (fields->key.empty()) file.refuse("the key is empty", "");
  for (std::size_t i = 0; i < fields->rest.size(); ++i)
    if (Fields::last[i] != "operation" && !whole_number(fields->rest[i]))
      file.refuse(fmt::format("expected a whole number as {}, found {}", Fields::last[i],
                              shown(fields->rest[i])),
                  "");
  const auto kind = operation(fields->rest[3]);
  if (!kind)
    file.refuse(fmt::format("unknown operation {}", shown(fields->rest[3])),
                "known are get, gets, set, add, replace, cas, append, prepend, delete, incr, decr");
  return {.key = fields->key, .second = *second, .kind = kind};
}

TextRecord plain_record(std::string_view line, const TraceFile& file) {
  if (line.empty()) file.refuse("an empty line is not a key", "remove it");
  if (std::any_of(line.begin(), line.end(), is_control))
    file.refuse(fmt::format("a control character in the key {}", shown(line)),
                "is it a trace of another format?");
  return {.key = line, .second = 0, .kind = {}};
}

TraceRecord binary_record(std::string_view bytes) {
  return {.key = little_endian(bytes.substr(4, 8)),
          .second = little_endian(bytes.substr(0, 4)),
          .kind = {}};
}

void check_not_compressed(TraceFile& file) {
  using namespace std::string_view_literals;
  const std::string_view start = file.ahead(6);
  for (const std::string_view magic : {"\x1f\x8b"sv, "\x28\xb5\x2f\xfd"sv, "\xfd\x37zXZ\0"sv})
    if (start.starts_with(magic)) file.refuse("the trace is compressed", "decompress it first");
}

}  // namespace

TraceReader::TraceReader(const std::string& path, Format format, std::vector<std::string> fold)
    : file_(path), format_(format), fold_(std::move(fold)) {
  if (file_.ahead(1).empty()) refuse("the trace is empty", "name a file with requests");
  check_not_compressed(file_);
  if (format_ == Format::oracle_general) check_binary();
}

// A trace of texts would give nonsense, and no record is cut off in the middle of a run.
void TraceReader::check_binary() {
  const std::string_view start = file_.ahead(record_size);
  const bool is_text = std::all_of(start.begin(), start.end(), [](char c) {
    return !is_control(c) || c == '\n' || c == '\r' || c == '\t';
  });
  if (is_text)
    refuse("the trace begins with text, not with a record of 24 bytes",
           R"(write "format": "twitter", "redis-monitor" or "plain")");
  const std::uint64_t rest = file_.size() % record_size;
  if (rest == 0) return;
  refuse(fmt::format("the record at byte {} is cut off: it has {} of 24 bytes", file_.size() - rest,
                     rest),
         "is it a trace of another format?");
}

std::optional<TraceRecord> TraceReader::read() {
  if (format_ == Format::oracle_general) {
    const std::string_view bytes = file_.bytes(record_size);
    if (bytes.empty()) return std::nullopt;
    if (bytes.size() < record_size) refuse("the record is cut off", "");
    return binary_record(bytes);
  }
  if (format_ == Format::redis_monitor) return next_monitored();
  const auto line = file_.line();
  if (!line) return std::nullopt;
  const TextRecord record =
      format_ == Format::twitter ? twitter_record(*line, file_) : plain_record(*line, file_);
  return TraceRecord{key_of(record.key), record.second, record.kind};
}

std::uint64_t TraceReader::key_of(std::string_view key) const {
  for (const std::string& pattern : fold_)
    if (const auto same = beginning(key, pattern)) return digest_of(*same);
  return digest_of(key);
}

// A command has a record for each key that it reads or changes. redis-cli says "OK" first.
std::optional<TraceRecord> TraceReader::next_monitored() {
  while (of_line_.empty()) {
    const auto line = file_.line();
    if (!line) return std::nullopt;
    if (*line == "OK" && file_.lines() == 1) continue;
    const auto command = monitor_line(*line);
    if (!command)
      file_.refuse(fmt::format("expected a line of MONITOR, found {}", shown(*line)),
                   R"(a line is: 1700000000.123456 [0 127.0.0.1:50000] "get" "user:7")");
    const auto access = access_of(*command);
    if (!access) {
      constexpr std::size_t names_max = 1000;
      if (ignored_.size() < names_max) ++ignored_[command->words.front()];
      continue;
    }
    for (auto key = access->keys.rbegin(); key != access->keys.rend(); ++key)
      of_line_.push_back({key_of(*key), command->second, access->kind});
  }
  const TraceRecord record = of_line_.back();
  of_line_.pop_back();
  return record;
}

std::optional<TraceRecord> TraceReader::next() {
  const auto record = read();
  if (!record) return std::nullopt;
  if (record->second < last_second_)
    refuse(fmt::format("time goes backwards: from second {} to {}", last_second_, record->second),
           format_ == Format::oracle_general ? "sort the trace; is it one of another format?"
                                             : "sort the trace by its timestamps");
  last_second_ = record->second;
  return record;
}

void TraceReader::refuse(std::string fact, std::string fix) const {
  if (format_ == Format::oracle_general && file_.offset() > 0)
    fact = fmt::format("record {}, at byte {}: {}", file_.offset() / record_size,
                       file_.offset() - record_size, fact);
  file_.refuse(std::move(fact), std::move(fix));
}

}  // namespace cacherace::harness
