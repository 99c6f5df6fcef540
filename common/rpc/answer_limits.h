#pragma once

#include <cstddef>

namespace dangjian::rpc {

// The largest answer in bytes: below the 4 MiB that a gRPC client takes by default, with room for what the transport
// adds. A larger one is refused with ANSWER_TOO_LARGE; of a write, before anything is stored.
inline constexpr size_t kMaxAnswerBytes = size_t{4} * 1024 * 1024 - size_t{64} * 1024;

// A page of a list ends when its rows have this many bytes; a single larger row is a page of its own.
inline constexpr size_t kPageBytes = size_t{1024} * 1024;

}  // namespace dangjian::rpc
