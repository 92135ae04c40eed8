#pragma once
// One connection of the application, and the one to the server behind it.

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <deque>
#include <memory>
#include <string>

#include "sim/drive/unit.hpp"

namespace cacherace::drive {

/// Hears of what an application sends and is answered.
class Watcher {
 public:
  virtual ~Watcher() = default;
  /// True while nothing is to be held.
  virtual bool is_free() const = 0;
  virtual void arrived(const std::shared_ptr<Unit>& unit) = 0;
  virtual void answered(Unit& unit) = 0;
  virtual void closed(std::size_t connection) = 0;
  virtual void noticed(const std::string& what) = 0;
};

class Link : public std::enable_shared_from_this<Link> {
 public:
  using Client = boost::asio::ip::tcp::socket;
  using Server = boost::asio::generic::stream_protocol::socket;

  Link(Client client, Server server, Watcher& watcher, std::size_t number);
  virtual ~Link() = default;

  void start();
  /// Forwards and delivers whatever may be by now.
  void pump();
  /// A message that came unasked never arrives.
  void lose(const Unit& push);
  /// Ends both connections.
  void close();

  bool is_open() const { return open_; }
  std::size_t number() const { return number_; }
  /// Units that are not delivered yet, in the order in which they were sent.
  const std::deque<std::shared_ptr<Unit>>& units() const { return units_; }
  /// No forwarded unit waits for its answer, and the connection has started. `blocked` ones count
  /// as answered.
  bool is_settled() const;
  int backend() const { return backend_; }
  /// Messages come on it, unasked.
  bool hears() const { return hears_; }

 protected:
  /// What has arrived from either side; takes off what it has understood. May throw BadBytes.
  virtual void read_client() = 0;
  virtual void read_server() = 0;

  struct Held {
    std::shared_ptr<Unit> unit;
    std::string request, answer;
  };
  void add(std::shared_ptr<Unit> unit, std::string bytes);
  /// Bytes that are no unit's.
  void to_server(std::string_view bytes);
  void to_client(std::string_view bytes);
  void answer(std::size_t index, std::string bytes, std::uint64_t digest);
  /// What came unasked, and is held like an answer.
  void add_push(std::shared_ptr<Unit> unit, std::string bytes);

  std::string from_client_, from_server_;
  std::deque<Held> held_;  // beside units_
  std::deque<std::shared_ptr<Unit>> units_;
  Watcher& watcher_;
  int backend_ = 0;
  bool started_ = true;
  bool hears_ = false;

 private:
  template <typename Socket>
  void receive(Socket& socket, std::string& into, std::string& chunk, void (Link::*read)());
  template <typename Socket>
  void send(Socket& socket, std::string& pending, std::string& on_its_way);
  void handle(void (Link::*read)());

  Client client_;
  Server server_;
  std::size_t number_;
  bool open_ = true;
  std::string client_chunk_, server_chunk_;
  std::string to_server_, to_server_now_, to_client_, to_client_now_;
};

std::shared_ptr<Link> make_redis_link(Link::Client client, Link::Server server, Watcher& watcher,
                                      std::size_t number);
std::shared_ptr<Link> make_postgres_link(Link::Client client, Link::Server server, Watcher& watcher,
                                         std::size_t number);

}  // namespace cacherace::drive
