#pragma once
// Requests to the application, each on a connection of its own.

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/drive/proxy/loop.hpp"

namespace cacherace::drive {

struct HttpRequest {
  std::string method, path, body;
  std::vector<std::pair<std::string, std::string>> headers;
};

struct HttpResponse {
  int status = 0;  // 0: there was none
  std::string body;
  std::string trouble;  // why there was none
};

/// Sends one to 127.0.0.1; `done` is called from the loop, unless the call is dropped before.
class HttpCall {
 public:
  HttpCall(Loop& loop, int port, const HttpRequest& request,
           std::function<void(const HttpResponse&)> done);
  ~HttpCall();
  HttpCall(HttpCall&&) noexcept;
  HttpCall& operator=(HttpCall&&) noexcept;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace cacherace::drive
