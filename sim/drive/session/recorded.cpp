#include "sim/drive/session/recorded.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "sim/core/utf8.hpp"

namespace cacherace::drive {
namespace {

std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// As the name of a function in Lua.
std::string function_name(const std::string& name) {
  std::string out;
  for (const char c : name) out += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return out.empty() || std::isdigit(static_cast<unsigned char>(out[0])) != 0 ? "do_" + out : out;
}

// The table that a statement is about; "" where it is not known.
std::string table_of(const ShownStep& step) {
  if (step.touches.empty()) return "";
  const std::string& item = step.touches.front().item;
  return item.substr(0, item.find(search::part_of));
}

bool is_write(const ShownStep& step) {
  return std::ranges::any_of(step.touches, [](const search::Touch& touch) { return touch.writes; });
}

bool is_commit(const ShownStep& step) {
  return step.store == Store::postgres && step.label.starts_with("COMMIT");
}

// Writes one request's function.
class Function {
 public:
  explicit Function(std::string main_table) : main_table_(std::move(main_table)) {}

  std::string of(const Profile& profile, const std::string& name) {
    std::size_t same = 0;  // steps that are alike with an empty and with a filled cache
    while (same < profile.cold.size() && same < profile.warm.size() &&
           profile.cold[same].label == profile.warm[same].label)
      ++same;
    text_ = fmt::format("-- {}\nfunction {}(key)\n", printable(profile.shown), name);
    for (std::size_t i = 0; i < profile.cold.size(); ++i) {
      if (i == same && i > 0 && !found_.empty()) {
        line(fmt::format("if {} then", found_));
        ++depth_;
        const auto rest = profile.warm.begin() + static_cast<std::ptrdiff_t>(same);
        for (auto step = rest; step != profile.warm.end(); ++step) take(*step, {});
        line(fmt::format("return {}", found_));
        --depth_;
        line("end");
      }
      take(profile.cold[i],
           {profile.cold.begin() + static_cast<std::ptrdiff_t>(i), profile.cold.end()});
    }
    if (!row_.empty())
      line("return " + row_);
    else if (!found_.empty())
      line("return " + found_);
    return text_ + "end\n";
  }

 private:
  void line(const std::string& code, const std::string& remark = "") {
    text_ += std::string(2 * depth_, ' ') + code + (remark.empty() ? "" : "  -- " + remark) + "\n";
  }

  std::string row_name(const ShownStep& step) const {
    const std::string table = table_of(step);
    return table == main_table_ || table.empty() ? "key" : quoted(table);
  }

  void take(const ShownStep& step, const std::vector<ShownStep>& rest) {
    step.store == Store::redis ? take_redis(step) : take_postgres(step, rest);
  }

  void take_redis(const ShownStep& step) {
    const auto label = words_of(step.label);
    std::string keys;
    for (std::size_t i = 1; i < label.size(); ++i)
      keys += (keys.empty() ? "" : ", ") + quoted(label[i]);
    const std::string& word = label.front();
    const std::string value = row_.empty() ? "true" : row_;
    if (word == "GET") {
      found_ = new_name("found");
      line(fmt::format("local {} = cache.get({})", found_, keys), step.answer);
    } else if (word == "SET" || word == "SETNX" || word == "SETEX" || word == "PSETEX") {
      line(fmt::format("cache.set({}, {}{})", keys, value, options_of(word, step)));
    } else if (word == "DEL" || word == "UNLINK") {
      line(fmt::format("cache.del({})", keys));
    } else if (word == "INCR" || word == "DECR" || word == "EXISTS" || word == "PERSIST") {
      std::string name = word;
      std::ranges::transform(name, name.begin(),
                             [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      line(fmt::format("local {} = cache.{}({})", new_name("answer"), name, keys), step.answer);
    } else if (word == "PUBLISH") {
      line(fmt::format("cache.publish({}, true)", keys));
    } else {
      line(fmt::format("error({})", quoted("say here what this does: " + step.command)));
    }
  }

  // NX, and how long the entry lives.
  static std::string options_of(const std::string& word, const ShownStep& step) {
    const auto words = words_of(step.command);
    std::string out;
    const auto add = [&](const std::string& option) { out += (out.empty() ? "" : ", ") + option; };
    if (word == "SETNX") add("nx = true");
    if (word == "SETEX" && words.size() > 2) add(fmt::format("ttl = {}", quoted(words[2] + "s")));
    if (word == "PSETEX" && words.size() > 2) add(fmt::format("ttl = {}", quoted(words[2] + "ms")));
    for (std::size_t i = 3; word == "SET" && i < words.size(); ++i) {
      std::string option = words[i];
      std::ranges::transform(option, option.begin(),
                             [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
      const bool has_number =
          i + 1 < words.size() &&
          std::ranges::all_of(words[i + 1], [](unsigned char c) { return std::isdigit(c) != 0; });
      if (option == "NX") add("nx = true");
      if (option == "XX") add("xx = true");
      if (option == "KEEPTTL") add("keepttl = true");
      if (option == "EX" && has_number) add(fmt::format("ttl = {}", quoted(words[i + 1] + "s")));
      if (option == "PX" && has_number) add(fmt::format("ttl = {}", quoted(words[i + 1] + "ms")));
    }
    return out.empty() ? "" : ", { " + out + " }";
  }

  void take_postgres(const ShownStep& step, const std::vector<ShownStep>& rest) {
    if (is_commit(step)) {
      if (!in_transaction_) return;
      --depth_;
      line("end)");
      in_transaction_ = false;
      row_ = row_before_;  // what was read within is not known behind it
      return;
    }
    if (is_write(step) && !in_transaction_ && std::ranges::any_of(rest, is_commit)) {
      line("db.transaction(function(tx)");
      row_before_ = row_;
      ++depth_;
      in_transaction_ = true;
    }
    const std::string from = in_transaction_ ? "tx" : "db";
    if (is_write(step)) {
      line(fmt::format("{}.write({})", from, row_name(step)));
    } else {
      row_ = new_name("row");
      line(fmt::format("local {} = {}.read({})", row_, from, row_name(step)));
    }
  }

  std::string new_name(const std::string& base) {
    const auto count = ++names_[base];
    return count == 1 ? base : base + std::to_string(count);
  }

  std::string main_table_, text_, found_, row_, row_before_;
  std::size_t depth_ = 1;
  bool in_transaction_ = false;
  std::map<std::string, int> names_;
};

}  // namespace

Model to_model(const DriveResult& result, const DriveFile& file) {
  std::string main_table;
  for (const Profile& profile : result.profiles)
    for (const ShownStep& step : profile.cold)
      if (main_table.empty() && step.store == Store::postgres) main_table = table_of(step);
  if (main_table.empty()) main_table = "row";

  Model out;
  out.script = "-- A first draft: what each request did alone. Make it say what the code does.\n";
  nlohmann::ordered_json clients = nlohmann::ordered_json::array();
  bool has_read = false, has_write = false;
  for (const Profile& profile : result.profiles) {
    const RequestSection& section = *file.request(profile.request);
    // Two names mean something to what is judged.
    std::string name = function_name(section.name);
    bool& has_one = section.is_read() ? has_read : has_write;
    if (!std::exchange(has_one, true)) name = section.is_read() ? "read" : "write";
    out.script += "\n" + Function(main_table).of(profile, name);
    nlohmann::ordered_json client{{"name", section.name}};
    if (section.count > 1) client["count"] = section.count;
    client["do"] = nlohmann::ordered_json::array({name + " " + main_table});
    clients.push_back(std::move(client));
  }
  const nlohmann::ordered_json scenario{
      {"title", (file.title.empty() ? "Application" : file.title) + ", as recorded"},
      {"strategies", {{"as recorded", {{"script", "app.lua"}}}}},
      {"race", {{"clients", clients}}}};
  out.scenario =
      scenario.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  return out;
}

}  // namespace cacherace::drive
