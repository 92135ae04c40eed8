// Redis between application and server.

#include <algorithm>

#include "sim/core/digest.hpp"
#include "sim/core/utf8.hpp"
#include "sim/drive/footprint.hpp"
#include "sim/drive/proxy/link.hpp"
#include "sim/drive/wire/resp.hpp"

namespace cacherace::drive {
namespace {

std::string shown_command(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    if (out.size() > shown_length) return out + " …";
    if (!out.empty()) out += ' ';
    const std::string text = printable(one_line(word));
    const bool is_plain = !text.empty() && text.find_first_of(" \"") == text.npos;
    out += is_plain ? text : "'" + text + "'";
  }
  return out;
}

class RedisLink : public Link {
 public:
  using Link::Link;

 protected:
  void read_client() override {
    std::size_t at = 0;
    while (const auto command = first_command(std::string_view(from_client_).substr(at))) {
      if (!command->words.empty()) take(command->words, from_client_.substr(at, command->size));
      at += command->size;
    }
    from_client_.erase(0, at);
  }

  void read_server() override {
    std::size_t at = 0;
    while (const auto answered = first_answer(std::string_view(from_server_).substr(at))) {
      take_answer(*answered, from_server_.substr(at, answered->size));
      at += answered->size;
    }
    from_server_.erase(0, at);
  }

 private:
  void take(const std::vector<std::string>& words, std::string bytes) {
    const RedisMeaning meaning = meaning_of(words);
    if (words[0] == "HELLO" && words.size() > 1) speaks_3_ = words[1] == "3";
    if (meaning.subscribes || (subscribed_ && !speaks_3_)) {  // answered by messages of their own
      subscribed_ = hears_ = true;
      return to_server(bytes);
    }
    auto unit = std::make_shared<Unit>();
    unit->store = Store::redis;
    unit->label = meaning.label;
    unit->shown = shown_command(words);
    unit->touches = meaning.touches;
    unit->passes = meaning.passes;
    if (words[0] == "MULTI") {
      in_multi_ = true;
      multi_ = {};
      unit->passes = true;
    } else if (words[0] == "EXEC" && in_multi_) {
      in_multi_ = false;
      unit->label = "MULTI " + multi_.label;
      unit->shown = "MULTI " + multi_.shown + "; EXEC";
      unit->touches = multi_.touches;
      unit->touches.insert(unit->touches.end(), watched_.begin(), watched_.end());
      watched_.clear();
    } else if (words[0] == "DISCARD" || words[0] == "RESET") {
      in_multi_ = false;
      watched_.clear();
    } else if (in_multi_) {
      const auto join = [](std::string& all, const std::string& one) {
        all += (all.empty() ? "" : "; ") + one;
      };
      join(multi_.label, unit->label);
      join(multi_.shown, unit->shown);
      multi_.touches.insert(multi_.touches.end(), unit->touches.begin(), unit->touches.end());
      unit->passes = true;  // QUEUED
    } else if (words[0] == "WATCH") {
      watched_.insert(watched_.end(), unit->touches.begin(), unit->touches.end());
    } else if (words[0] == "UNWATCH") {
      watched_.clear();
    }
    add(std::move(unit), std::move(bytes));
  }

  void take_answer(const RedisAnswer& answered, std::string bytes) {
    if (answered.type == '>' || (subscribed_ && !speaks_3_)) return take_push(answered, bytes);
    const auto waiting = std::ranges::find_if(units_, [](const auto& unit) {
      return !unit->is_push && unit->state == Unit::State::forwarded;
    });
    if (waiting == units_.end()) return to_client(bytes);
    (*waiting)->answer = shown_answer(bytes);
    Digest digest;
    digest.add(bytes);
    answer(static_cast<std::size_t>(waiting - units_.begin()), std::move(bytes), digest.value());
  }

  // Messages and invalidations are held like answers; confirmations are not.
  void take_push(const RedisAnswer& answered, const std::string& bytes) {
    const bool is_message = answered.first_word == "message" || answered.first_word == "pmessage" ||
                            answered.first_word == "smessage" ||
                            answered.first_word == "invalidate";
    if (!is_message) return to_client(bytes);
    auto unit = std::make_shared<Unit>();
    unit->store = Store::redis;
    unit->is_push = true;
    unit->state = Unit::State::answered;
    unit->shown = shown_answer(bytes);
    unit->label = answered.first_word;
    add_push(std::move(unit), bytes);
  }

  std::vector<search::Touch> watched_;  // they decide whether EXEC does anything
  bool subscribed_ = false, speaks_3_ = false, in_multi_ = false;
  struct {
    std::string label, shown;
    std::vector<search::Touch> touches;
  } multi_;
};

}  // namespace

std::shared_ptr<Link> make_redis_link(Link::Client client, Link::Server server, Watcher& watcher,
                                      std::size_t number) {
  return std::make_shared<RedisLink>(std::move(client), std::move(server), watcher, number);
}

}  // namespace cacherace::drive
