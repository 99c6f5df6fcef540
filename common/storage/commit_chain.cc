#include "common/storage/commit_chain.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "common/base/status_macros.h"
#include "common/storage/key_codec.h"
#include "common/storage/keyspace.h"
#include "dangjian/storage/v1/row.pb.h"

namespace dangjian::storage {
namespace {

void AddNumber(Sha256Hasher& hasher, int64_t number) { hasher.Add(EncodeCell(number)); }

// Lengths stand before the bytes, so that no two sets of writes give the same bytes.
void AddText(Sha256Hasher& hasher, std::string_view text) {
  AddNumber(hasher, static_cast<int64_t>(text.size()));
  hasher.Add(text);
}

std::string ContentOf(const WriteSet& writes) {
  Sha256Hasher hasher;
  for (const auto& [key, value] : writes) {
    AddText(hasher, key);
    AddNumber(hasher, value.has_value() ? 1 : 0);
    if (value.has_value()) AddText(hasher, *value);
  }
  return hasher.Finish();
}

std::string DigestOf(std::string_view before, int64_t revision, const v1::ChainLink& link) {
  Sha256Hasher hasher;
  hasher.Add(before);
  AddNumber(hasher, link.previous_revision());
  AddNumber(hasher, revision);
  AddNumber(hasher, link.start());
  hasher.Add(link.content());
  return hasher.Finish();
}

absl::Status Malformed(int64_t revision) {
  return absl::DataLossError(absl::StrCat("holds a malformed link of its chain of commits at revision ", revision));
}

absl::StatusOr<v1::ChainLink> ParseLink(std::string_view bytes, int64_t revision) {
  v1::ChainLink link;
  if (!link.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return Malformed(revision);
  return link;
}

absl::Status Missing(int64_t first, int64_t last) {
  return absl::DataLossError(absl::StrCat("lacks its commits ", first, " to ", last));
}

}  // namespace

std::string ChainKey(int64_t revision) { return KeyWriter(keyspace::kChain).Int64(revision).str(); }

std::string StartsKey() { return KeyWriter(keyspace::kMeta).Text("starts").str(); }

ChainPosition ChainBeginning(std::string_view store_id) { return {.revision = 0, .digest = Sha256(store_id)}; }

ChainPosition SealGroup(const ChainPosition& before, int64_t start, int64_t revision, WriteSet& writes) {
  v1::ChainLink link;
  link.set_previous_revision(before.revision);
  link.set_start(start);
  link.set_content(ContentOf(writes));
  link.set_digest(DigestOf(before.digest, revision, link));
  writes.insert_or_assign(ChainKey(revision), link.SerializeAsString());
  return {.revision = revision, .digest = link.digest()};
}

absl::StatusOr<ChainPosition> ChainEnd(const Reader& reader, std::string_view store_id, int64_t revision) {
  if (revision == 0) return ChainBeginning(store_id);
  ASSIGN_OR_RETURN(const std::optional<std::string> bytes, reader.Get(ChainKey(revision)));
  if (!bytes.has_value()) return Missing(revision, revision);
  ASSIGN_OR_RETURN(const v1::ChainLink link, ParseLink(*bytes, revision));
  return ChainPosition{.revision = revision, .digest = link.digest()};
}

absl::Status CheckChain(const Reader& reader, const ChainPosition& from, int64_t last_revision) {
  ChainPosition position = from;
  if (from.revision > 0) {
    ASSIGN_OR_RETURN(const ChainPosition stored, ChainEnd(reader, "", from.revision));
    if (stored != from) {
      return absl::DataLossError(absl::StrCat("has another commit ", from.revision, " than when it was last checked"));
    }
  }
  auto cursor = reader.Scan(ChainKey(from.revision + 1), PrefixEnd(KeyWriter(keyspace::kChain).str()));
  for (; cursor->Valid(); cursor->Next()) {
    KeyReader key(cursor->key());
    const int64_t revision = key.Int64();
    RETURN_IF_ERROR(key.status());
    ASSIGN_OR_RETURN(const v1::ChainLink link, ParseLink(cursor->value(), revision));
    if (link.previous_revision() > position.revision) return Missing(position.revision + 1, link.previous_revision());
    if (link.previous_revision() != position.revision || link.digest() != DigestOf(position.digest, revision, link)) {
      return absl::DataLossError(absl::StrCat("has a commit ", revision, " that follows another history"));
    }
    position = {.revision = revision, .digest = link.digest()};
  }
  RETURN_IF_ERROR(cursor->status());
  if (position.revision != last_revision) return Missing(position.revision + 1, last_revision);
  return absl::OkStatus();
}

}  // namespace dangjian::storage
