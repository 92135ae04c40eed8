#pragma once
// Where an application finds its Redis or PostgreSQL: a port of ours, with the real server behind
// it.

#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/core/result.hpp"
#include "sim/drive/proxy/link.hpp"
#include "sim/drive/proxy/loop.hpp"

namespace cacherace::drive {

class Proxy {
 public:
  /// `server`: the path of a unix socket, or `host:port`.
  Proxy(Loop& loop, Store store, std::string server, Watcher& watcher, std::size_t& connections);
  ~Proxy();

  int port() const;
  const std::vector<std::shared_ptr<Link>>& links() const { return links_; }
  /// Takes closed ones off.
  void forget_closed();
  void close_all();

 private:
  void accept();

  Loop& loop_;
  Store store_;
  std::string server_;
  Watcher& watcher_;
  std::size_t& connections_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::vector<std::shared_ptr<Link>> links_;
};

}  // namespace cacherace::drive
