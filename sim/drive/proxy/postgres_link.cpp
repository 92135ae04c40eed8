// PostgreSQL between application and server.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/core/digest.hpp"
#include "sim/core/utf8.hpp"
#include "sim/drive/footprint.hpp"
#include "sim/drive/proxy/link.hpp"
#include "sim/drive/wire/postgres_wire.hpp"

namespace cacherace::drive {
namespace {

const search::Touch everything{"postgres", "", true};

class PostgresLink : public Link {
 public:
  PostgresLink(Client client, Server server, Watcher& watcher, std::size_t number)
      : Link(std::move(client), std::move(server), watcher, number) {
    started_ = false;
  }

 protected:
  void read_client() override {
    while (!has_session_) {
      const auto startup = first_startup(from_client_);
      if (!startup) return;
      const std::string bytes = from_client_.substr(0, startup->size);
      from_client_.erase(0, startup->size);
      if (startup->kind == Startup::Kind::ssl || startup->kind == Startup::Kind::gss) {
        to_client("N");
        continue;
      }
      if (startup->kind == Startup::Kind::cancel) started_ = true;
      to_server(bytes);
      has_session_ = true;
    }
    std::size_t at = 0;
    while (const auto message = first_message(std::string_view(from_client_).substr(at))) {
      take(*message, std::string_view(from_client_).substr(at, message->size));
      at += message->size;
    }
    from_client_.erase(0, at);
  }

  void read_server() override {
    std::size_t at = 0;
    while (const auto message = first_message(std::string_view(from_server_).substr(at))) {
      take_answer(*message, std::string_view(from_server_).substr(at, message->size));
      at += message->size;
    }
    from_server_.erase(0, at);
  }

 private:
  struct Batch {
    std::string bytes, shown;
    std::vector<SqlMeaning> statements;
  };

  void take(const Message& message, std::string_view bytes) {
    if (!started_) return to_server(bytes);  // passwords
    switch (message.type) {
      case 'X':  // the end
      case 'd':
      case 'c':
      case 'f':  // rows of a COPY
        return to_server(bytes);
      case 'Q': {
        const std::string text = query_text(message);
        batch_.bytes += bytes;
        batch_.shown = one_line(text);
        for (auto& statement : meaning_of_sql(text)) {
          statement.touches = named_touches(statement, {});
          batch_.statements.push_back(std::move(statement));
        }
        return end_batch();
      }
      case 'P': {
        const Parse parse = parse_of(message);
        texts_[parse.name] = parse.text;
        break;
      }
      case 'B': {
        const Bind bind = bind_of(message);
        portals_[bind.portal] = bind;
        break;
      }
      case 'E':
        execute(execute_of(message));
        break;
      case 'F':  // a function call
        batch_.statements.push_back(
            {SqlMeaning::Kind::write, false, {everything}, "function call"});
        batch_.bytes += bytes;
        return end_batch();
      case 'H':  // Flush: whoever sends it waits for answers before the Sync
        if (!batch_.statements.empty())
          watcher_.noticed("a statement was flushed before its Sync: its effect is not ordered");
        to_server(batch_.bytes);
        to_server(bytes);
        batch_ = {};
        return;
      case 'S':
        batch_.bytes += bytes;
        return end_batch();
      default:
        break;
    }
    batch_.bytes += bytes;
  }

  void execute(const std::string& portal) {
    const auto bound = portals_.find(portal);
    const auto text = bound == portals_.end() ? texts_.end() : texts_.find(bound->second.statement);
    if (text == texts_.end()) {
      batch_.statements.push_back(
          {SqlMeaning::Kind::write, false, {everything}, "unknown statement"});
      return;
    }
    const Bind& bind = bound->second;
    std::vector<std::optional<std::string>> known;  // of binary ones the value is not
    for (std::size_t i = 0; i < bind.parameters.size(); ++i)
      known.push_back(bind.is_binary[i] ? std::nullopt : bind.parameters[i]);
    for (auto& statement : meaning_of_sql(text->second)) {
      statement.touches = named_touches(statement, known);
      batch_.statements.push_back(std::move(statement));
    }
    if (!batch_.shown.empty()) batch_.shown += "; ";
    batch_.shown += one_line(text->second);
    std::string values;
    for (std::size_t i = 0; i < bind.parameters.size(); ++i) {
      values += values.empty() ? "" : ", ";
      values += !bind.parameters[i] ? "null" : bind.is_binary[i] ? "…" : *bind.parameters[i];
    }
    if (!values.empty()) batch_.shown += " [" + values + "]";
  }

  void end_batch() {
    Batch batch = std::exchange(batch_, {});
    auto unit = std::make_shared<Unit>();
    unit->store = Store::postgres;
    unit->shown = shortened(batch.shown);
    unit->passes = true;
    for (const SqlMeaning& statement : batch.statements) add_statement(*unit, statement);
    add(std::move(unit), std::move(batch.bytes));
  }

  void add_statement(Unit& unit, const SqlMeaning& statement) {
    using Kind = SqlMeaning::Kind;
    if (statement.is_serializable) is_serializable_ = true;
    switch (statement.kind) {
      case Kind::session:
        return;
      case Kind::begin:
        in_transaction_ = true;
        written_.clear();
        return;
      case Kind::commit:
      case Kind::rollback: {
        const bool takes_effect = is_serializable_ || !written_.empty();
        if (takes_effect) {
          unit.passes = false;
          unit.touches.insert(unit.touches.end(), written_.begin(), written_.end());
          if (is_serializable_) unit.touches.push_back(everything);
        }
        in_transaction_ = is_serializable_ = false;
        written_.clear();
        break;
      }
      case Kind::read:
      case Kind::write:
        unit.passes = false;
        unit.touches.insert(unit.touches.end(), statement.touches.begin(), statement.touches.end());
        if (is_serializable_) unit.touches.push_back(everything);  // it may fail by what others do
        if (in_transaction_ && statement.kind == Kind::write)
          written_.insert(written_.end(), statement.touches.begin(), statement.touches.end());
        break;
    }
    unit.label += (unit.label.empty() ? "" : "; ") + statement.label;
  }

  void take_answer(const Message& message, std::string_view bytes) {
    if (message.type == 'K' && message.body.size() >= 4) {  // the backend's number
      backend_ = 0;
      for (std::size_t i = 0; i < 4; ++i)
        backend_ = backend_ << 8 | static_cast<unsigned char>(message.body[i]);
    }
    const auto waiting = std::ranges::find_if(
        units_, [](const auto& unit) { return unit->state == Unit::State::forwarded; });
    if (!started_ || waiting == units_.end()) {
      if (message.type == 'Z') started_ = true;
      return to_client(bytes);
    }
    Unit& unit = **waiting;
    answer_ += bytes;
    switch (message.type) {
      case 'D':
        digest_.add(message.body);
        if (unit.answer.size() < shown_length) show_row(unit, row_of(message));
        break;
      case 'C':
        digest_.add(message.body);
        if (unit.answer.empty() || !tag_of(message).starts_with("SELECT"))
          unit.answer += (unit.answer.empty() ? "" : "; ") + tag_of(message);
        break;
      case 'E':
        digest_.add(error_field(message, 'C'));
        unit.answer = "error " + error_field(message, 'C') + ": " + error_field(message, 'M');
        break;
      case 'G':
      case 'H':
      case 'W':  // a COPY: its rows come and go before its end
        watcher_.noticed("rows of a COPY are not ordered");
        unit.passes = true;
        to_client(std::exchange(answer_, {}));
        break;
      case 'Z': {
        const char state = transaction_state(message);
        in_transaction_ = state != 'I';
        if (state == 'I') is_serializable_ = false, written_.clear();
        unit.answer = shortened(unit.answer);
        answer(static_cast<std::size_t>(waiting - units_.begin()), std::exchange(answer_, {}),
               std::exchange(digest_, {}).value());
        break;
      }
      default:
        break;
    }
  }

  static void show_row(Unit& unit, const std::vector<std::optional<std::string>>& row) {
    unit.answer += unit.answer.empty() ? "(" : ", (";
    for (std::size_t i = 0; i < row.size(); ++i)
      unit.answer += (i > 0 ? ", " : "") + (row[i] ? *row[i] : std::string("null"));
    unit.answer += ")";
  }

  bool has_session_ = false;
  Batch batch_;
  std::map<std::string, std::string> texts_;  // of prepared statements
  std::map<std::string, Bind> portals_;
  bool in_transaction_ = false, is_serializable_ = false;
  std::vector<search::Touch> written_;  // in the transaction
  std::string answer_;
  Digest digest_;
};

}  // namespace

std::shared_ptr<Link> make_postgres_link(Link::Client client, Link::Server server, Watcher& watcher,
                                         std::size_t number) {
  return std::make_shared<PostgresLink>(std::move(client), std::move(server), watcher, number);
}

}  // namespace cacherace::drive
