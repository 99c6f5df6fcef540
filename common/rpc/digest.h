#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "google/protobuf/message.h"

namespace dangjian::rpc {

// SHA-256, 32 bytes.
std::string Sha256(std::string_view bytes);

// The first eight bytes of a SHA-256 as a number.
uint64_t ShortDigest(std::string_view bytes);

// The serialised message; equal messages of one program give equal bytes.
std::string DeterministicBytes(const google::protobuf::Message& message);

}  // namespace dangjian::rpc
