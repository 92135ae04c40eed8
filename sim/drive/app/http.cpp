#include "sim/drive/app/http.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

namespace cacherace::drive {

namespace asio = boost::asio;
namespace http = boost::beast::http;

struct HttpCall::State : std::enable_shared_from_this<State> {
  State(asio::io_context& io, std::function<void(const HttpResponse&)> on_done)
      : socket(io), done(std::move(on_done)) {
    parser.body_limit(64U << 20U);
  }

  void fail(const boost::system::error_code& error) {
    if (error != asio::error::operation_aborted) finish({0, "", error.message()});
  }
  void finish(const HttpResponse& response) {
    boost::system::error_code ignored;
    socket.close(ignored);
    if (const auto hear = std::exchange(done, {})) hear(response);
  }

  asio::ip::tcp::socket socket;
  http::request<http::string_body> request;
  http::response_parser<http::string_body> parser;
  boost::beast::flat_buffer buffer;
  std::function<void(const HttpResponse&)> done;
};

HttpCall::HttpCall(Loop& loop, int port, const HttpRequest& request,
                   std::function<void(const HttpResponse&)> done)
    : state_(std::make_shared<State>(loop.io, std::move(done))) {
  auto& out = state_->request;
  out.method_string(request.method);
  out.target(request.path);
  out.version(11);
  out.set(http::field::host, "127.0.0.1:" + std::to_string(port));
  out.set(http::field::connection, "close");
  out.set(http::field::user_agent, "cacherace");
  for (const auto& [name, value] : request.headers) out.set(name, value);
  out.body() = request.body;
  if (request.method != "GET" || !request.body.empty()) out.prepare_payload();
  state_->socket.async_connect(
      {asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)},
      [state = state_](const boost::system::error_code& connected) {
        if (connected) return state->fail(connected);
        http::async_write(
            state->socket, state->request,
            [state](const boost::system::error_code& written, std::size_t) {
              if (written) return state->fail(written);
              http::async_read(
                  state->socket, state->buffer, state->parser,
                  [state](const boost::system::error_code& read, std::size_t) {
                    if (read) return state->fail(read);
                    const auto& response = state->parser.get();
                    state->finish({static_cast<int>(response.result_int()), response.body(), ""});
                  });
            });
      });
}

HttpCall::~HttpCall() {
  if (!state_) return;
  boost::system::error_code ignored;
  state_->done = {};
  state_->socket.close(ignored);
}

HttpCall::HttpCall(HttpCall&&) noexcept = default;
HttpCall& HttpCall::operator=(HttpCall&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

}  // namespace cacherace::drive
