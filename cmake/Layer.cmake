# What every target of ours is compiled with; private, so that no user of the library inherits it.
function(cacherace_compile_options target)
  # Designated initializers leave out what keeps its default, on purpose.
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
                                           -Wno-missing-field-initializers)
  # Results must not depend on whether a compiler fuses multiplications with additions.
  target_compile_options(${target} PRIVATE -ffp-contract=off)
  if(CACHERACE_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # Optimised, it warns of copies inside std::string, std::variant and Boost's small_vector that never happen.
    target_compile_options(${target} PRIVATE -Wno-restrict -Wno-stringop-overread
                                             -Wno-maybe-uninitialized)
  endif()
  if(CMAKE_UNITY_BUILD)
    # A name shadows one of another file there; builds of one file at a time tell the rest.
    target_compile_options(${target} PRIVATE -Wno-shadow)
  endif()
  if(CACHERACE_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${CACHERACE_SANITIZE}
                                             -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_compile_definitions(${target} PRIVATE _GLIBCXX_ASSERTIONS)
    target_link_options(${target} PRIVATE -fsanitize=${CACHERACE_SANITIZE})
  endif()
  if(CACHERACE_FUZZ)  # tells libFuzzer which branches an input takes
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link,float-cast-overflow
                                             -fno-sanitize-recover=all)
  endif()
endfunction()

# apart(a.cpp…)
# Sources of this folder that are compiled one by one in a unity build: names of their own clash there with
# those of their neighbours.
function(apart)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# layer(name SOURCES a.cpp… HEADERS a.hpp… [LAYERS other…] [LIBRARIES Some::lib…])
# One layer of the design: a static library that links exactly the layers it may include. The layer of
# the folder sim/a/b is called a_b.
# Its headers form a file set, so that each is also compiled alone (CMAKE_VERIFY_INTERFACE_HEADER_SETS).
function(layer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;HEADERS;LAYERS;LIBRARIES")
  set(target cacherace_${name})
  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES})
    set(scope PUBLIC)
    cacherace_compile_options(${target})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  if(arg_HEADERS)
    target_sources(${target} ${scope} FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}"
                                                       FILES ${arg_HEADERS})
  endif()
  list(TRANSFORM arg_LAYERS PREPEND cacherace_)
  target_link_libraries(${target} ${scope} ${arg_LAYERS} ${arg_LIBRARIES})
endfunction()
