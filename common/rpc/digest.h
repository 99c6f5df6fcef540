#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/sha256.h"
#include "google/protobuf/message.h"

namespace dangjian::rpc {

using dangjian::Sha256;

// The first eight bytes of a SHA-256 as a number.
uint64_t ShortDigest(std::string_view bytes);

// The serialised message; equal messages of one program give equal bytes.
std::string DeterministicBytes(const google::protobuf::Message& message);

}  // namespace dangjian::rpc
