#include "services/activity/civic_post_claim/claim_schema.h"

#include "services/activity/civic_post_claim/claim_rules.h"
#include "services/activity/tags.h"

namespace dangjian::activity {
namespace {

const storage::MeasureDef kHolders{.tag = tags::kCivicPostHolders,
                                   .id = "civic_post_holders",
                                   .label_zh = "认领公益岗位人数",
                                   .label_en = "People who hold a civic post",
                                   .unit = "person",
                                   .kind = measure::v1::MEASURE_KIND_PERSON_DISTINCT,
                                   .time = measure::v1::MEASURE_TIME_STOCK};

std::vector<storage::Contribution> Contributions(const v1::CivicPostClaim& claim) {
  const std::optional<DayRange> held = claim_rules::DaysHeld(claim);
  if (!held.has_value()) return {};
  std::vector<storage::Contribution> list{{.measure = &kHolders, .day = held->first, .subject = claim.person()}};
  if (held->last != Day::Max()) {
    list.push_back({.measure = &kHolders, .day = held->last + 1, .amount = -1, .subject = claim.person()});
  }
  return list;
}

bool ByPost(const v1::CivicPostClaim& claim, storage::KeyWriter& key) {
  key.Text(claim.civic_post()).Text(claim.person());
  return true;
}

bool ByPerson(const v1::CivicPostClaim& claim, storage::KeyWriter& key) {
  key.Text(claim.person());
  return true;
}

bool ByOrganization(const v1::CivicPostClaim& claim, storage::KeyWriter& key) {
  key.Text(claim.organization());
  return true;
}

}  // namespace

storage::TableSchema<v1::CivicPostClaim> CivicPostClaimSchema() {
  return {
      .tag = tags::kCivicPostClaim,
      .collection = "civicPostClaims",
      .owner = [](const v1::CivicPostClaim& claim) { return claim.organization(); },
      .indexes = {{.tag = tags::kCivicPostClaimByPost, .name = "by_post", .columns = &ByPost},
                  {.tag = tags::kCivicPostClaimByPerson, .name = "by_person", .columns = &ByPerson},
                  {.tag = tags::kCivicPostClaimByOrganization, .name = "by_organization", .columns = &ByOrganization}},
      .measures = {&kHolders},
      .contributions = &Contributions};
}

}  // namespace dangjian::activity
