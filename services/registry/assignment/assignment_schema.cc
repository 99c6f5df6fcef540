#include "services/registry/assignment/assignment_schema.h"

#include <string>
#include <vector>

#include "services/registry/assignment/assignment_rules.h"
#include "services/registry/organization/organization_rules.h"

namespace dangjian::registry {
namespace {

using storage::Contribution;
using storage::KeyWriter;
using storage::MeasureDef;
using v1::Assignment;

std::string OwnerOf(const Assignment& assignment) { return assignment.organization(); }

bool ByOrganization(const Assignment& assignment, KeyWriter& key) {
  key.Text(assignment.organization());
  return true;
}

bool ByMember(const Assignment& assignment, KeyWriter& key) {
  key.Text(assignment.member());
  return true;
}

// The measure that counts a post; nullptr when none does.
const MeasureDef* MeasureOf(v1::AssignmentKind kind) {
  switch (kind) {
    case v1::ASSIGNMENT_KIND_LEADING_GROUP_CHAIR:
      return &kLeadingGroups;
    case v1::ASSIGNMENT_KIND_COMMITTEE_LIAISON:
      return &kCommitteeLiaisons;
    case v1::ASSIGNMENT_KIND_PARTY_BUILDING_INSTRUCTOR:
      return &kPartyBuildingInstructors;
    case v1::ASSIGNMENT_KIND_SECRETARY:
    case v1::ASSIGNMENT_KIND_LEADING_GROUP_MEMBER:
    case v1::ASSIGNMENT_KIND_UNSPECIFIED:
    case v1::AssignmentKind_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::AssignmentKind_INT_MAX_SENTINEL_DO_NOT_USE_:
      return nullptr;
  }
  return nullptr;
}

std::vector<Contribution> ContributionsOf(const Assignment& assignment) {
  const MeasureDef* measure = MeasureOf(assignment.kind());
  if (measure == nullptr) return {};
  std::vector<std::string> dimensions;
  if (measure == &kLeadingGroups) {
    dimensions = {ShortName(assignment.organization_kind()), assignment.holds_secretary_post() ? "true" : "false"};
  }
  const DayRange days = AssignmentDays(assignment);
  std::vector<Contribution> contributions = {
      {.measure = measure, .day = days.first, .amount = 1, .dimensions = dimensions}};
  if (days.last != Day::Max()) {
    contributions.push_back({.measure = measure, .day = days.last + 1, .amount = -1, .dimensions = dimensions});
  }
  return contributions;
}

}  // namespace

const MeasureDef kLeadingGroups = {.tag = 0x0141,
                                   .id = "leading_groups",
                                   .label_zh = "领导小组数",
                                   .label_en = "Leading groups",
                                   .unit = "group",
                                   .kind = measure::v1::MEASURE_KIND_STOCK,
                                   .time = measure::v1::MEASURE_TIME_STOCK,
                                   .dimensions = {"organization_kind", "chair_is_secretary"}};

const MeasureDef kCommitteeLiaisons = {.tag = 0x0142,
                                       .id = "committee_liaisons",
                                       .label_zh = "有委员联系包抓的社区数",
                                       .label_en = "Communities with a committee liaison",
                                       .unit = "community",
                                       .kind = measure::v1::MEASURE_KIND_STOCK,
                                       .time = measure::v1::MEASURE_TIME_STOCK};

const MeasureDef kPartyBuildingInstructors = {.tag = 0x0143,
                                              .id = "party_building_instructors",
                                              .label_zh = "党建指导员数",
                                              .label_en = "Party-building instructors",
                                              .unit = "person",
                                              .kind = measure::v1::MEASURE_KIND_STOCK,
                                              .time = measure::v1::MEASURE_TIME_STOCK};

storage::TableSchema<Assignment> AssignmentSchema() {
  return {.tag = kAssignmentTable,
          .collection = "assignments",
          .owner = &OwnerOf,
          .indexes = {{.tag = kAssignmentByOrganization, .name = "by_organization", .columns = &ByOrganization},
                      {.tag = kAssignmentByMember, .name = "by_member", .columns = &ByMember}},
          .measures = {&kLeadingGroups, &kCommitteeLiaisons, &kPartyBuildingInstructors},
          .contributions = &ContributionsOf};
}

}  // namespace dangjian::registry
