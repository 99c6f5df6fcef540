#include "common/storage/store_identity.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/storage/group_committer.h"
#include "common/storage/key_codec.h"
#include "common/storage/keyspace.h"

namespace dangjian::storage {
namespace {

std::string MetaKey(std::string_view name) { return KeyWriter(keyspace::kMeta).Text(name).str(); }

absl::StatusOr<std::string> ReadMeta(const Reader& reader, std::string_view name) {
  ASSIGN_OR_RETURN(const std::optional<std::string> value, reader.Get(MetaKey(name)));
  if (!value.has_value()) return absl::DataLossError(absl::StrCat("does not say its ", ToAbsl(name)));
  return *value;
}

}  // namespace

StoreIdentity NewStoreIdentity(std::string_view service) {
  return {.service = std::string(service),
          .id = absl::StrFormat("%016x%016x", RandomBits(), RandomBits()),
          .epoch = absl::StrFormat("%016x", RandomBits())};
}

WriteSet FirstWrites(const StoreIdentity& identity) {
  WriteSet writes;
  writes[MetaKey("format")] = EncodeCell(kFormatVersion);
  writes[MetaKey("service")] = identity.service;
  writes[MetaKey("store")] = identity.id;
  writes[MetaKey("epoch")] = identity.epoch;
  writes[LastRevisionKey()] = EncodeCell(0);
  return writes;
}

absl::StatusOr<StoreIdentity> ReadIdentity(const Reader& reader) {
  ASSIGN_OR_RETURN(const std::string format, ReadMeta(reader, "format"));
  ASSIGN_OR_RETURN(const int64_t version, DecodeCell(format));
  if (version != kFormatVersion) {
    return absl::FailedPreconditionError(
        absl::StrFormat("has format version %d, this program knows %d: run a matching release, or init another folder",
                        version, kFormatVersion));
  }
  StoreIdentity identity;
  ASSIGN_OR_RETURN(identity.service, ReadMeta(reader, "service"));
  ASSIGN_OR_RETURN(identity.id, ReadMeta(reader, "store"));
  ASSIGN_OR_RETURN(identity.epoch, ReadMeta(reader, "epoch"));
  return identity;
}

}  // namespace dangjian::storage
