#include "services/registry/transfer/transfer_schema.h"

#include <string>

#include "services/registry/transfer/transfer_rules.h"

namespace dangjian::registry {
namespace {

using storage::KeyWriter;
using v1::MemberTransfer;

// In transit the sender is responsible.
std::string OwnerOf(const MemberTransfer& transfer) { return transfer.from_organization(); }

bool ByMember(const MemberTransfer& transfer, KeyWriter& key) {
  key.Text(transfer.member());
  return true;
}

bool ByFrom(const MemberTransfer& transfer, KeyWriter& key) {
  key.Text(transfer.from_organization());
  return true;
}

bool ByTo(const MemberTransfer& transfer, KeyWriter& key) {
  key.Text(transfer.to_organization());
  return true;
}

bool OpenByMember(const MemberTransfer& transfer, KeyWriter& key) {
  key.Text(transfer.member());
  return IsOpen(transfer.state());
}

}  // namespace

storage::TableSchema<MemberTransfer> MemberTransferSchema() {
  return {.tag = kTransferTable,
          .collection = "memberTransfers",
          .owner = &OwnerOf,
          .indexes = {{.tag = kTransferByMember, .name = "by_member", .columns = &ByMember},
                      {.tag = kTransferByFrom, .name = "by_from_organization", .columns = &ByFrom},
                      {.tag = kTransferByTo, .name = "by_to_organization", .columns = &ByTo},
                      {.tag = kTransferOpen, .name = "open_by_member", .columns = &OpenByMember, .unique = true}}};
}

}  // namespace dangjian::registry
