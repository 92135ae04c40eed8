#include "sim/drive/proxy/proxy.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/local/stream_protocol.hpp>

namespace cacherace::drive {

namespace asio = boost::asio;

namespace {

Link::Server connect(asio::io_context& io, const std::string& server) {
  if (server.starts_with('/')) {
    asio::local::stream_protocol::socket socket(io);
    socket.connect(asio::local::stream_protocol::endpoint(server));
    return Link::Server(std::move(socket));
  }
  const auto colon = server.rfind(':');
  asio::ip::tcp::resolver resolver(io);
  asio::ip::tcp::socket socket(io);
  asio::connect(socket, resolver.resolve(server.substr(0, colon), server.substr(colon + 1)));
  socket.set_option(asio::ip::tcp::no_delay(true));
  return Link::Server(std::move(socket));
}

}  // namespace

Proxy::Proxy(Loop& loop, Store store, std::string server, Watcher& watcher,
             std::size_t& connections)
    : loop_(loop),
      store_(store),
      server_(std::move(server)),
      watcher_(watcher),
      connections_(connections),
      acceptor_(loop.io, {asio::ip::address_v4::loopback(), 0}) {
  accept();
}

Proxy::~Proxy() { close_all(); }

int Proxy::port() const { return acceptor_.local_endpoint().port(); }

void Proxy::accept() {
  acceptor_.async_accept([this](const boost::system::error_code& error, Link::Client client) {
    if (error == asio::error::operation_aborted) return;
    if (!error) {
      try {
        auto link = (store_ == Store::redis ? make_redis_link : make_postgres_link)(
            std::move(client), connect(loop_.io, server_), watcher_, connections_++);
        links_.push_back(link);
        link->start();
      } catch (const boost::system::system_error& trouble) {
        watcher_.noticed("the server at " + server_ + " cannot be reached: " + trouble.what());
      }
    }
    accept();
  });
}

void Proxy::forget_closed() {
  std::erase_if(links_, [](const auto& link) { return !link->is_open(); });
}

void Proxy::close_all() {
  for (const auto& link : links_) link->close();
  links_.clear();
}

}  // namespace cacherace::drive
