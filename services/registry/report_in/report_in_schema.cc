#include "services/registry/report_in/report_in_schema.h"

#include <string>
#include <vector>

#include "common/types/date.h"

namespace dangjian::registry {
namespace {

using storage::Contribution;
using storage::KeyWriter;
using v1::CommunityReportIn;

std::string OwnerOf(const CommunityReportIn& report_in) { return report_in.organization(); }

bool ByOrganization(const CommunityReportIn& report_in, KeyWriter& key) {
  key.Text(report_in.organization());
  return true;
}

bool ByMember(const CommunityReportIn& report_in, KeyWriter& key) {
  key.Text(report_in.member()).Text(report_in.organization());
  return !report_in.member().empty();
}

std::vector<Contribution> ContributionsOf(const CommunityReportIn& report_in) {
  std::vector<Contribution> contributions = {
      {.measure = &kCommunityReportIns, .day = DayOr(report_in.reported_on(), Day()), .amount = 1}};
  if (report_in.has_ended_on()) {
    contributions.push_back({.measure = &kCommunityReportIns, .day = DayOr(report_in.ended_on(), Day()), .amount = -1});
  }
  return contributions;
}

}  // namespace

const storage::MeasureDef kCommunityReportIns = {.tag = 0x0131,
                                                 .id = "community_report_ins",
                                                 .label_zh = "在职党员报到数",
                                                 .label_en = "In-service members who report in",
                                                 .unit = "person",
                                                 .kind = measure::v1::MEASURE_KIND_STOCK,
                                                 .time = measure::v1::MEASURE_TIME_STOCK};

storage::TableSchema<CommunityReportIn> CommunityReportInSchema() {
  return {.tag = kReportInTable,
          .collection = "communityReportIns",
          .owner = &OwnerOf,
          .indexes = {{.tag = kReportInByOrganization, .name = "by_organization", .columns = &ByOrganization},
                      {.tag = kReportInByMember, .name = "by_member", .columns = &ByMember}},
          .measures = {&kCommunityReportIns},
          .contributions = &ContributionsOf};
}

}  // namespace dangjian::registry
