# One way to declare a folder: dangjian_library(<name> [DEPS …]) takes every .cc of the folder but tests and mains;
# dangjian_tests(<name> [DEPS …] [LABEL …]) takes its *_test.cc into one GoogleTest binary.

add_library(dangjian_options INTERFACE)
target_include_directories(dangjian_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(dangjian_options INTERFACE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
                                                  -Wno-missing-field-initializers -Werror)
if(DANGJIAN_SANITIZE)
  add_compile_options(-fsanitize=${DANGJIAN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -g1)
  add_link_options(-fsanitize=${DANGJIAN_SANITIZE})
endif()

function(dangjian_library name)
  cmake_parse_arguments(ARG "" "" "DEPS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cc)
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cc$")
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC ${ARG_DEPS} PRIVATE dangjian_options)
  else()
    add_library(${name} INTERFACE)  # headers only
    target_link_libraries(${name} INTERFACE ${ARG_DEPS})
  endif()
endfunction()

function(dangjian_tests name)
  if(NOT BUILD_TESTING)
    return()
  endif()
  cmake_parse_arguments(ARG "" "LABEL" "DEPS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *_test.cc)
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE dangjian_options ${ARG_DEPS} GTest::gmock GTest::gtest_main)
  # GoogleTest's printer of messages trips over GCC bug 105651.
  target_compile_options(${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
  endif()
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES LABELS ${ARG_LABEL} TIMEOUT 300)
endfunction()

# The headers that most units of a service include, compiled once: halves a development build. Off elsewhere, so that a
# file that lacks an include of its own does not build in CI.
option(DANGJIAN_PRECOMPILE "Precompile the headers that most units of a service include" OFF)
function(dangjian_precompile name)
  if(DANGJIAN_PRECOMPILE)
    target_precompile_headers(${name} PRIVATE <map> <memory> <optional> <string> <string_view> <vector> ${ARGN})
    target_compile_options(${name} PRIVATE $<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>)
  endif()
endfunction()

# A service with records: one library of all entities (they share the tables of one store), its binary and its tests.
function(dangjian_service name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cc)
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cc$|/testing/")
  add_library(dj_${name} STATIC ${sources})
  target_link_libraries(dj_${name} PUBLIC dj_server PRIVATE dangjian_options)

  dangjian_precompile(dj_${name} [["common/rpc/standard_methods.h"]] [["common/storage/database.h"]])

  add_executable(dangjian-${name} main.cc)
  target_link_libraries(dangjian-${name} PRIVATE dj_${name} dangjian_options)

  file(GLOB_RECURSE test_sources CONFIGURE_DEPENDS *_test.cc testing/*.cc)
  if(BUILD_TESTING AND test_sources)
    add_executable(${name}_test ${test_sources})
    target_link_libraries(${name}_test PRIVATE dj_${name} dj_server_testing dangjian_options GTest::gmock
                                               GTest::gtest_main)
    dangjian_precompile(${name}_test <gmock/gmock.h> <gtest/gtest.h> [["common/server/testing/service_fixture.h"]])
    gtest_discover_tests(${name}_test DISCOVERY_TIMEOUT 60 PROPERTIES LABELS unit TIMEOUT 300)
  endif()
endfunction()
