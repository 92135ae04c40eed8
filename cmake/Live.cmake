# CACHERACE_LIVE: the commands that talk to real servers and drive real applications; on where their
# libraries are there.
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(HIREDIS QUIET IMPORTED_TARGET hiredis)
  pkg_check_modules(LIBPQ QUIET IMPORTED_TARGET libpq)
endif()
find_library(PG_QUERY_LIBRARY NAMES libpg_query.a pg_query)
set(found_live OFF)
if(HIREDIS_FOUND AND LIBPQ_FOUND AND PG_QUERY_LIBRARY AND NOT CACHERACE_STATIC)
  set(found_live ON)
endif()
option(CACHERACE_LIVE "Build what talks to real servers and applications" ${found_live})
if(CACHERACE_LIVE AND NOT found_live)
  message(FATAL_ERROR "CACHERACE_LIVE needs pkg-config, hiredis, libpq and libpg_query, and no "
                      "CACHERACE_STATIC; tools/deps installs them")
endif()
