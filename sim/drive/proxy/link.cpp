#include "sim/drive/proxy/link.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "sim/drive/wire/resp.hpp"

namespace cacherace::drive {
namespace {

constexpr std::size_t chunk_size = 64 * 1024;

}  // namespace

Link::Link(Client client, Server server, Watcher& watcher, std::size_t number)
    : watcher_(watcher), client_(std::move(client)), server_(std::move(server)), number_(number) {
  client_chunk_.resize(chunk_size);
  server_chunk_.resize(chunk_size);
}

void Link::start() {
  boost::system::error_code ignored;
  client_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  receive(client_, from_client_, client_chunk_, &Link::read_client);
  receive(server_, from_server_, server_chunk_, &Link::read_server);
}

void Link::close() {
  if (!std::exchange(open_, false)) return;
  boost::system::error_code ignored;
  client_.close(ignored);
  server_.close(ignored);
  watcher_.closed(number_);
}

bool Link::is_settled() const {
  if (!open_) return true;
  return started_ && std::ranges::none_of(units_, [](const auto& unit) {
           return unit->state == Unit::State::forwarded && !unit->was_blocked;
         });
}

void Link::handle(void (Link::*read)()) {
  try {
    (this->*read)();
    pump();
  } catch (const BadBytes& bad) {
    watcher_.noticed("a connection was closed that sent " + bad.says);
    close();
  }
}

template <typename Socket>
void Link::receive(Socket& socket, std::string& into, std::string& chunk, void (Link::*read)()) {
  socket.async_read_some(boost::asio::buffer(chunk),
                         [self = shared_from_this(), &socket, &into, &chunk, read](
                             const boost::system::error_code& error, std::size_t size) {
                           if (!self->open_) return;
                           if (error) return self->close();
                           into.append(chunk, 0, size);
                           self->handle(read);
                           if (self->open_) self->receive(socket, into, chunk, read);
                         });
}

template <typename Socket>
void Link::send(Socket& socket, std::string& pending, std::string& on_its_way) {
  if (!on_its_way.empty() || pending.empty() || !open_) return;
  std::swap(pending, on_its_way);
  boost::asio::async_write(socket, boost::asio::buffer(on_its_way),
                           [self = shared_from_this(), &socket, &pending, &on_its_way](
                               const boost::system::error_code& error, std::size_t) {
                             on_its_way.clear();
                             if (error) return self->close();
                             self->send(socket, pending, on_its_way);
                           });
}

void Link::to_server(std::string_view bytes) {
  to_server_ += bytes;
  send(server_, to_server_, to_server_now_);
}

void Link::to_client(std::string_view bytes) {
  to_client_ += bytes;
  send(client_, to_client_, to_client_now_);
}

void Link::add(std::shared_ptr<Unit> unit, std::string bytes) {
  unit->connection = number_;
  unit->backend = backend_;
  units_.push_back(unit);
  held_.push_back({unit, std::move(bytes), {}});
  watcher_.arrived(unit);
}

void Link::add_push(std::shared_ptr<Unit> unit, std::string bytes) {
  unit->connection = number_;
  hears_ = true;
  const auto unanswered = std::ranges::find_if(
      units_, [](const auto& other) { return other->state != Unit::State::answered; });
  held_.insert(held_.begin() + (unanswered - units_.begin()), {unit, {}, std::move(bytes)});
  units_.insert(unanswered, unit);
  watcher_.arrived(unit);
}

void Link::lose(const Unit& push) {
  std::erase_if(units_, [&](const auto& unit) { return unit.get() == &push; });
  std::erase_if(held_, [&](const Held& held) { return held.unit.get() == &push; });
}

void Link::answer(std::size_t index, std::string bytes, std::uint64_t digest) {
  Held& held = held_.at(index);
  held.unit->state = Unit::State::answered;
  held.unit->was_blocked = false;
  held.unit->answer_digest = digest;
  held.answer = std::move(bytes);
  watcher_.answered(*held.unit);
}

void Link::pump() {
  const bool is_free = watcher_.is_free();
  for (std::size_t i = 0; i < held_.size(); ++i) {
    Held& held = held_[i];
    if (held.unit->state != Unit::State::arrived) continue;
    if (!is_free && !held.unit->passes && !held.unit->may_forward) break;
    held.unit->state = Unit::State::forwarded;
    to_server(std::exchange(held.request, {}));
  }
  while (!held_.empty() && held_.front().unit->state == Unit::State::answered &&
         (is_free || held_.front().unit->passes || held_.front().unit->may_deliver)) {
    held_.front().unit->state = Unit::State::delivered;
    to_client(held_.front().answer);
    held_.pop_front();
    units_.pop_front();
  }
}

}  // namespace cacherace::drive
