#include "services/registry/member/member_schema.h"

#include <string>
#include <vector>

#include "services/registry/member/member_rules.h"

namespace dangjian::registry {
namespace {

using storage::Contribution;
using storage::KeyWriter;
using v1::Member;

std::string OwnerOf(const Member& member) { return member.organization(); }

bool ByOrganization(const Member& member, KeyWriter& key) {
  key.Text(member.organization());
  return !member.organization().empty();
}

bool ByStatus(const Member& member, KeyWriter& key) {
  key.Text(v1::MemberStatus_Name(member.status()));
  return true;
}

// Into each standing on its first day, out of it on the day after its last.
std::vector<Contribution> ContributionsOf(const Member& member) {
  std::vector<Contribution> contributions;
  for (const Standing& standing : Standings(member)) {
    Contribution contribution{.measure = &kMembers,
                              .day = standing.days.first,
                              .amount = 1,
                              .dimensions = {ShortName(standing.status)},
                              .organization = standing.organization};
    contributions.push_back(contribution);
    if (standing.days.last == Day::Max()) continue;
    contribution.day = standing.days.last + 1;
    contribution.amount = -1;
    contributions.push_back(std::move(contribution));
  }
  return contributions;
}

}  // namespace

const storage::MeasureDef kMembers = {.tag = 0x0111,
                                      .id = "members",
                                      .label_zh = "党员数",
                                      .label_en = "Party members",
                                      .unit = "person",
                                      .kind = measure::v1::MEASURE_KIND_STOCK,
                                      .time = measure::v1::MEASURE_TIME_STOCK,
                                      .dimensions = {"status"}};

storage::TableSchema<Member> MemberSchema() {
  return {.tag = kMemberTable,
          .collection = "members",
          .owner = &OwnerOf,
          .indexes = {{.tag = kMemberByOrganization, .name = "by_organization", .columns = &ByOrganization},
                      {.tag = kMemberByStatus, .name = "by_status", .columns = &ByStatus}},
          .measures = {&kMembers},
          .contributions = &ContributionsOf};
}

}  // namespace dangjian::registry
