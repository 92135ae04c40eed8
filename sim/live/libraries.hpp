#pragma once
// Libraries that are opened at their first use: most commands need none of them, and each that is
// linked makes every start slower, with all that it depends on.

#include <hiredis/hiredis.h>
#include <libpq-fe.h>

#include <stdexcept>
#include <string>

namespace cacherace::live {

/// A library is not there.
struct NoLibrary : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Libpq {
  decltype(&::PQbackendPID) PQbackendPID;
  decltype(&::PQclear) PQclear;
  decltype(&::PQcmdStatus) PQcmdStatus;
  decltype(&::PQconnectdbParams) PQconnectdbParams;
  decltype(&::PQconsumeInput) PQconsumeInput;
  decltype(&::PQerrorMessage) PQerrorMessage;
  decltype(&::PQescapeLiteral) PQescapeLiteral;
  decltype(&::PQfinish) PQfinish;
  decltype(&::PQflush) PQflush;
  decltype(&::PQfreemem) PQfreemem;
  decltype(&::PQgetResult) PQgetResult;
  decltype(&::PQgetisnull) PQgetisnull;
  decltype(&::PQgetlength) PQgetlength;
  decltype(&::PQgetvalue) PQgetvalue;
  decltype(&::PQisBusy) PQisBusy;
  decltype(&::PQnfields) PQnfields;
  decltype(&::PQntuples) PQntuples;
  decltype(&::PQresultErrorField) PQresultErrorField;
  decltype(&::PQresultErrorMessage) PQresultErrorMessage;
  decltype(&::PQresultStatus) PQresultStatus;
  decltype(&::PQsendQuery) PQsendQuery;
  decltype(&::PQsendQueryParams) PQsendQueryParams;
  decltype(&::PQserverVersion) PQserverVersion;
  decltype(&::PQsetNoticeProcessor) PQsetNoticeProcessor;
  decltype(&::PQstatus) PQstatus;
};
struct Hiredis {
  decltype(&::redisCommandArgv) redisCommandArgv;
  decltype(&::redisConnectUnixWithTimeout) redisConnectUnixWithTimeout;
  decltype(&::redisConnectWithTimeout) redisConnectWithTimeout;
  decltype(&::redisFree) redisFree;
  decltype(&::redisSetTimeout) redisSetTimeout;
  decltype(&::freeReplyObject) freeReplyObject;
};

/// Both throw NoLibrary. From any thread.
const Libpq& libpq();
const Hiredis& hiredis();

}  // namespace cacherace::live
