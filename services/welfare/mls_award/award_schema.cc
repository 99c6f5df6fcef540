#include "services/welfare/mls_award/award_schema.h"

#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

using storage::KeyWriter;

std::string OwnerOf(const v1::MlsAward& award) { return award.organization(); }

bool ByCase(const v1::MlsAward& award, KeyWriter& key) {
  key.Text(award.mls_case());
  return true;
}

bool ByOrganization(const v1::MlsAward& award, KeyWriter& key) {
  key.Text(award.organization());
  return true;
}

}  // namespace

storage::TableSchema<v1::MlsAward> MlsAwardSchema() {
  return {.tag = tags::kMlsAward,
          .collection = "mlsAwards",
          .owner = &OwnerOf,
          .indexes = {{.tag = tags::kMlsAwardByCase, .name = "by_case", .columns = &ByCase},
                      {.tag = tags::kMlsAwardByOrganization, .name = "by_organization", .columns = &ByOrganization}}};
}

}  // namespace dangjian::welfare
