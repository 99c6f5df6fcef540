#include <string>
#include <string_view>

#include "common/base/id.h"
#include "common/rpc/pipeline.h"

namespace dangjian::rpc::stages {
namespace {

constexpr size_t kTraceIdDigits = 32;

bool IsLowerHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

// The trace id of `00-<32 hex>-<16 hex>-<2 hex>`; empty when the header has another form or an id of zeros.
std::string_view TraceIdOf(std::string_view traceparent) {
  if (traceparent.size() < 55 || traceparent[2] != '-' || traceparent[35] != '-' || traceparent[52] != '-') return {};
  const std::string_view trace_id = traceparent.substr(3, kTraceIdDigits);
  bool all_zero = true;
  for (const char c : trace_id) {
    if (!IsLowerHex(c)) return {};
    all_zero = all_zero && c == '0';
  }
  return all_zero ? std::string_view() : trace_id;
}

// Trace ids need to differ, not to be secret: splitmix64, seeded once a thread, instead of asking the system for each
// call.
uint64_t NextBits() {
  thread_local uint64_t state = RandomBits();
  state += 0x9E3779B97F4A7C15ULL;
  uint64_t bits = state;
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9ULL;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBULL;
  return bits ^ (bits >> 31);
}

std::string NewTraceId() {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string id(kTraceIdDigits, '0');
  uint64_t bits = NextBits() | 1;  // never all zeros
  for (size_t i = 0; i < kTraceIdDigits; ++i, bits >>= 4) {
    if (i == kTraceIdDigits / 2) bits = NextBits();
    id[i] = kDigits[bits & 15];
  }
  return id;
}

}  // namespace

void Trace(CallState& call) {
  const std::string_view trace_id = TraceIdOf(call.Metadata("traceparent"));
  call.set_trace_id(trace_id.empty() ? NewTraceId() : std::string(trace_id));
}

}  // namespace dangjian::rpc::stages
