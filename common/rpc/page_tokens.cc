#include "common/rpc/page_tokens.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "common/base/strings.h"
#include "common/rpc/digest.h"
#include "common/status/errors.h"
#include "dangjian/storage/v1/row.pb.h"

namespace dangjian::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int64_t kPinMicros = int64_t{5} * 60 * 1000 * 1000;
constexpr int64_t kSweepMicros = int64_t{1000} * 1000;
constexpr size_t kSealBytes = 16;

const FieldDescriptor* PageField(const Message& request, const char* name, FieldDescriptor::CppType type) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName(name);
  return field != nullptr && field->cpp_type() == type && !field->is_repeated() ? field : nullptr;
}

std::string TokenOf(const Message& request) {
  const FieldDescriptor* field = PageField(request, "page_token", FieldDescriptor::CPPTYPE_STRING);
  return field == nullptr ? "" : request.GetReflection()->GetString(request, field);
}

int32_t SizeOf(const Message& request) {
  const FieldDescriptor* field = PageField(request, "page_size", FieldDescriptor::CPPTYPE_INT32);
  return field == nullptr ? 0 : request.GetReflection()->GetInt32(request, field);
}

// What a token belongs to: the request without the fields that differ from page to page.
uint64_t RequestHash(const Message& request) {
  const std::unique_ptr<Message> query(request.New());
  query->CopyFrom(request);
  for (const char* name : {"page_size", "page_token"}) {
    const FieldDescriptor* field = query->GetDescriptor()->FindFieldByName(name);
    if (field != nullptr) query->GetReflection()->ClearField(query.get(), field);
  }
  return ShortDigest(absl::StrCat(query->GetTypeName(), "\n", DeterministicBytes(*query)));
}

absl::Status Foreign() {
  return Error(reasons::kPageTokenForeign, "the page token was not issued for this request; start with the first page");
}

}  // namespace

PageTokens::PageTokens(const Clock& clock)
    : clock_(clock), key_{RandomBits(), RandomBits(), RandomBits(), RandomBits()} {}

std::string PageTokens::Seal(std::string_view token) const {
  const std::string_view key(reinterpret_cast<const char*>(key_.data()), sizeof(key_));
  // Nested, so that the length of the token cannot be extended.
  return absl::StrCat(
      Sha256(absl::StrCat(ToAbsl(key), Sha256(absl::StrCat(ToAbsl(key), ToAbsl(token))))).substr(0, kSealBytes),
      ToAbsl(token));
}

absl::StatusOr<PageTokens::Position> PageTokens::Begin(
    const Message& request, std::string_view caller,
    const std::function<std::shared_ptr<const storage::Snapshot>()>& fresh) {
  const int32_t size = SizeOf(request);
  if (size < 0) return Error(reasons::kNegativePageSize, "page_size must not be negative");
  Position position;
  position.caller = caller;
  position.limit = static_cast<size_t>(std::min(size == 0 ? kDefaultPageSize : size, kMaxPageSize));
  const std::string text = TokenOf(request);
  if (text.empty()) {
    position.snapshot = fresh();
    return position;
  }
  std::string sealed;
  storage::v1::PageToken token;
  if (!absl::WebSafeBase64Unescape(text, &sealed) || sealed.size() <= kSealBytes ||
      !token.ParseFromString(sealed.substr(kSealBytes)) || token.request_hash() != RequestHash(request)) {
    return Foreign();
  }
  const int64_t now = clock_.NowMicros();
  MutexLock lock(mutex_);
  ReleaseUnused(now);
  const auto pin = pins_.find(token.snapshot_id());
  // Asked before the seal: the key of a restarted process is another one, and the caller should learn that it has to
  // start again.
  if (pin == pins_.end()) {
    return Error(reasons::kPageTokenExpired, "the page token has expired; start with the first page");
  }
  if (Seal(sealed.substr(kSealBytes)) != sealed) return Foreign();
  position.snapshot = pin->second.snapshot;
  Hold(pin, position.caller, now);
  position.snapshot_id = token.snapshot_id();
  position.last_key = token.last_key();
  return position;
}

std::string PageTokens::Next(const Message& request, const Position& position, std::string_view last_key) {
  if (last_key.empty()) return "";
  storage::v1::PageToken token;
  token.set_last_key(std::string(last_key));
  token.set_request_hash(RequestHash(request));
  {
    MutexLock lock(mutex_);
    token.set_snapshot_id(PinSnapshot(position));
  }
  return absl::WebSafeBase64Escape(Seal(token.SerializeAsString()));
}

uint64_t PageTokens::PinSnapshot(const Position& position) {
  const int64_t now = clock_.NowMicros();
  ReleaseUnused(now);
  uint64_t id = position.snapshot_id;
  for (const auto& [pinned, pin] : pins_) {
    if (id == 0 && pin.snapshot->revision() == position.snapshot->revision()) id = pinned;
  }
  if (id == 0) id = RandomBits() | 1;  // never 0
  Hold(pins_.try_emplace(id, Pin{position.snapshot, {}}).first, position.caller, now);
  while (pins_.size() > kMaxPins) ReleaseOldest(nullptr);
  return id;
}

void PageTokens::Hold(Pins::iterator pin, const std::string& caller, int64_t now) {
  const bool added = pin->second.holders.insert_or_assign(caller, now).second;
  if (added && ++held_[caller] > kMaxPinsOfCaller) ReleaseOldest(&caller);
}

void PageTokens::Release(uint64_t id, const std::string& caller) {
  const auto held = held_.find(caller);
  if (--held->second == 0) held_.erase(held);
  const auto pin = pins_.find(id);
  pin->second.holders.erase(caller);
  if (pin->second.holders.empty()) pins_.erase(pin);
}

void PageTokens::ReleaseOldest(const std::string* caller) {
  uint64_t oldest = 0;
  std::string whose;
  std::pair<size_t, int64_t> rank;  // pins of the holder, then how long ago the pin was used
  for (const auto& [id, pin] : pins_) {
    for (const auto& [holder, used] : pin.holders) {
      if (caller != nullptr && holder != *caller) continue;
      const std::pair<size_t, int64_t> candidate{held_.at(holder), -used};
      if (oldest != 0 && candidate <= rank) continue;
      rank = candidate;
      oldest = id;
      whose = holder;
    }
  }
  if (oldest != 0) Release(oldest, whose);
}

void PageTokens::ReleaseUnused(int64_t now) {
  if (now < next_sweep_micros_) return;
  next_sweep_micros_ = now + kSweepMicros;
  std::vector<std::pair<uint64_t, std::string>> unused;
  for (const auto& [id, pin] : pins_) {
    for (const auto& [holder, used] : pin.holders) {
      if (now - used > kPinMicros) unused.emplace_back(id, holder);
    }
  }
  for (const auto& [id, holder] : unused) Release(id, holder);
}

}  // namespace dangjian::rpc
