#include "services/registry/organization/organization_schema.h"

#include <algorithm>
#include <string>
#include <vector>

#include "common/change/directory.h"
#include "common/types/date.h"
#include "services/registry/organization/organization_rules.h"

namespace dangjian::registry {
namespace {

using storage::Contribution;
using storage::KeyWriter;
using v1::Organization;

std::string OwnerOf(const Organization& organization) { return organization.name(); }

bool ByKind(const Organization& organization, KeyWriter& key) {
  key.Text(v1::OrganizationKind_Name(organization.kind()));
  return true;
}

// The parent of the edge that begins last.
bool ByNewestParent(const Organization& organization, v1::EdgeKind kind, KeyWriter& key) {
  const v1::ParentEdge* newest = nullptr;
  for (const v1::ParentEdge& edge : organization.parents()) {
    if (edge.kind() == kind && (newest == nullptr || EdgeDays(edge).first > EdgeDays(*newest).first)) newest = &edge;
  }
  if (newest == nullptr || newest->has_end_date()) return false;
  key.Text(newest->parent());
  return true;
}

bool ByAdministrativeParent(const Organization& organization, KeyWriter& key) {
  return ByNewestParent(organization, v1::EDGE_KIND_ADMINISTRATIVE, key);
}

bool ByPartyParent(const Organization& organization, KeyWriter& key) {
  return ByNewestParent(organization, v1::EDGE_KIND_PARTY, key);
}

// Each area from its first day up to the next one's, the last up to the dissolution.
void AddAreas(const Organization& organization, std::vector<Contribution>& contributions) {
  const Day gone = DayOr(organization.dissolved_on(), Day::Max());
  for (int i = 0; i < organization.areas_size(); ++i) {
    const v1::OrganizationArea& area = organization.areas(i);
    const bool is_last = i + 1 == organization.areas_size();
    const Day start = DayOr(area.start_date(), Day::Min());
    const Day next = is_last ? Day::Max() : DayOr(organization.areas(i + 1).start_date(), Day::Max());
    const Day end = std::min(next, gone);
    if (start >= end) continue;
    contributions.push_back({.measure = &kOrganizationArea, .day = start, .amount = AreaOf(area)});
    if (end == Day::Max()) continue;
    contributions.push_back({.measure = &kOrganizationArea, .day = end, .amount = -AreaOf(area)});
  }
}

std::vector<Contribution> ContributionsOf(const Organization& organization) {
  std::vector<Contribution> contributions;
  const std::vector<std::string> dimensions = {ShortName(organization.kind()), ShortName(organization.setting())};
  if (organization.has_activated_on()) {
    contributions.push_back({.measure = &kOrganizations,
                             .day = DayOr(organization.activated_on(), Day()),
                             .amount = 1,
                             .dimensions = dimensions});
  }
  if (organization.has_activated_on() && organization.has_dissolved_on()) {
    contributions.push_back({.measure = &kOrganizations,
                             .day = DayOr(organization.dissolved_on(), Day()),
                             .amount = -1,
                             .dimensions = dimensions});
  }
  for (const v1::OrganizationAddress& address : organization.addresses()) {
    if (!address.relocation()) continue;
    contributions.push_back({.measure = &kOfficeRelocations, .day = DayOr(address.start_date(), Day())});
  }
  AddAreas(organization, contributions);
  return contributions;
}

}  // namespace

const storage::MeasureDef kOrganizations = {.tag = 0x0101,
                                            .id = "organizations",
                                            .label_zh = "组织数",
                                            .label_en = "Organisations",
                                            .unit = "organization",
                                            .kind = measure::v1::MEASURE_KIND_STOCK,
                                            .time = measure::v1::MEASURE_TIME_STOCK,
                                            .dimensions = {"kind", "setting"}};

const storage::MeasureDef kOfficeRelocations = {.tag = 0x0102,
                                                .id = "office_relocations",
                                                .label_zh = "办公场所搬迁次数",
                                                .label_en = "Office relocations",
                                                .unit = "event",
                                                .kind = measure::v1::MEASURE_KIND_EVENT,
                                                .time = measure::v1::MEASURE_TIME_FLOW};

const storage::MeasureDef kOrganizationArea = {.tag = 0x0103,
                                               .id = "organization_area",
                                               .label_zh = "辖区面积",
                                               .label_en = "Area of the territory",
                                               .unit = "square_kilometre",
                                               .scale = kAreaScale,
                                               .kind = measure::v1::MEASURE_KIND_QUANTITY,
                                               .time = measure::v1::MEASURE_TIME_STOCK};

storage::TableSchema<Organization> OrganizationSchema() {
  return {.tag = kOrganizationTable,
          .collection = "organizations",
          .owner = &OwnerOf,
          .indexes = {{.tag = kOrganizationByKind, .name = "by_kind", .columns = &ByKind},
                      {.tag = kOrganizationByAdministrativeParent,
                       .name = "by_administrative_parent",
                       .columns = &ByAdministrativeParent},
                      {.tag = kOrganizationByPartyParent, .name = "by_party_parent", .columns = &ByPartyParent}},
          .measures = {&kOrganizations, &kOfficeRelocations, &kOrganizationArea},
          .contributions = &ContributionsOf,
          .parents = &change::TreeEdgesOf};
}

}  // namespace dangjian::registry
