#include "sim/live/libraries.hpp"

#include <dlfcn.h>

namespace cacherace::live {
namespace {

class Library {
 public:
  Library(const char* file, const char* package) : file_(file), handle_(::dlopen(file, RTLD_NOW)) {
    if (handle_ == nullptr)
      throw NoLibrary(std::string("the library ") + file +
                      " is not there; install it (Debian: " + package + ")");
  }

  template <typename Function>
  void find(const char* name, Function& function) const {
    void* found = ::dlsym(handle_, name);
    if (found == nullptr)
      throw NoLibrary(std::string("the library ") + file_ + " has no function " + name);
    function = reinterpret_cast<Function>(found);
  }

 private:
  const char* file_;
  void* handle_;  // for as long as the process lives
};

Libpq open_libpq() {
  const Library library(CACHERACE_LIBPQ, "libpq5");
  Libpq out{};
  library.find("PQbackendPID", out.PQbackendPID);
  library.find("PQclear", out.PQclear);
  library.find("PQcmdStatus", out.PQcmdStatus);
  library.find("PQconnectdbParams", out.PQconnectdbParams);
  library.find("PQconsumeInput", out.PQconsumeInput);
  library.find("PQerrorMessage", out.PQerrorMessage);
  library.find("PQescapeLiteral", out.PQescapeLiteral);
  library.find("PQfinish", out.PQfinish);
  library.find("PQflush", out.PQflush);
  library.find("PQfreemem", out.PQfreemem);
  library.find("PQgetResult", out.PQgetResult);
  library.find("PQgetisnull", out.PQgetisnull);
  library.find("PQgetlength", out.PQgetlength);
  library.find("PQgetvalue", out.PQgetvalue);
  library.find("PQisBusy", out.PQisBusy);
  library.find("PQnfields", out.PQnfields);
  library.find("PQntuples", out.PQntuples);
  library.find("PQresultErrorField", out.PQresultErrorField);
  library.find("PQresultErrorMessage", out.PQresultErrorMessage);
  library.find("PQresultStatus", out.PQresultStatus);
  library.find("PQsendQuery", out.PQsendQuery);
  library.find("PQsendQueryParams", out.PQsendQueryParams);
  library.find("PQserverVersion", out.PQserverVersion);
  library.find("PQsetNoticeProcessor", out.PQsetNoticeProcessor);
  library.find("PQstatus", out.PQstatus);
  return out;
}

Hiredis open_hiredis() {
  const Library library(CACHERACE_HIREDIS, "libhiredis0.14");
  Hiredis out{};
  library.find("redisCommandArgv", out.redisCommandArgv);
  library.find("redisConnectUnixWithTimeout", out.redisConnectUnixWithTimeout);
  library.find("redisConnectWithTimeout", out.redisConnectWithTimeout);
  library.find("redisFree", out.redisFree);
  library.find("redisSetTimeout", out.redisSetTimeout);
  library.find("freeReplyObject", out.freeReplyObject);
  return out;
}

}  // namespace

const Libpq& libpq() {
  static const Libpq functions = open_libpq();
  return functions;
}

const Hiredis& hiredis() {
  static const Hiredis functions = open_hiredis();
  return functions;
}

}  // namespace cacherace::live
