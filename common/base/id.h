#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dangjian {

// A new opaque id: 26 lower-case characters, ordered by time of creation to the millisecond, with 80 random bits.
// Thread-safe.
std::string NewId(int64_t now_micros);

// Random 64 bits from the system's generator. Thread-safe.
uint64_t RandomBits();

// True for `[a-z0-9][a-z0-9-]{0,62}`, the form of every resource id.
bool IsResourceId(std::string_view id);

}  // namespace dangjian
