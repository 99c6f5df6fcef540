#include "services/registry/report_in/report_in_rules.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/status/errors.h"
#include "common/types/date.h"

namespace dangjian::registry {
namespace {

using v1::CommunityReportIn;

absl::Status Close(CommunityReportIn& report_in, v1::CommunityReportInState state, const Step& step) {
  if (report_in.state() != v1::COMMUNITY_REPORT_IN_STATE_ACTIVE) {
    return IllegalTransition(report_in.name(), ShortName(report_in.state()), ShortName(state));
  }
  RETURN_IF_ERROR(CheckStep(step, DayOr(report_in.reported_on(), Day::Min())));
  report_in.set_state(state);
  *report_in.mutable_ended_on() = DayToProto(step.day);
  report_in.set_end_reason(step.reason);
  return absl::OkStatus();
}

}  // namespace

std::string ShortName(v1::CommunityReportInState state) {
  return v1::CommunityReportInState_Name(state).substr(std::string_view("COMMUNITY_REPORT_IN_STATE_").size());
}

absl::Status ReportIn(CommunityReportIn& created, Day today) {
  Violations violations;
  if (created.member().empty() && created.person_name().empty()) {
    violations.Add("community_report_in.person_name", reasons::kPersonRequired,
                   "name the person, or the member when the registry knows the person");
  }
  if (DayOr(created.reported_on(), today) > today) {
    violations.Add("community_report_in.reported_on", dangjian::reasons::kDateInFuture, "lies in the future");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  created.set_state(v1::COMMUNITY_REPORT_IN_STATE_ACTIVE);
  return absl::OkStatus();
}

absl::Status End(CommunityReportIn& report_in, const Step& step) {
  return Close(report_in, v1::COMMUNITY_REPORT_IN_STATE_ENDED, step);
}

absl::Status MoveTo(CommunityReportIn& report_in, const std::string& organization, const Step& step,
                    CommunityReportIn& successor) {
  RETURN_IF_ERROR(Close(report_in, v1::COMMUNITY_REPORT_IN_STATE_MOVED, step));
  successor.set_organization(organization);
  successor.set_member(report_in.member());
  successor.set_person_name(report_in.person_name());
  successor.set_employer(report_in.employer());
  successor.set_skills(report_in.skills());
  *successor.mutable_reported_on() = DayToProto(step.day);
  return ReportIn(successor, step.today);
}

}  // namespace dangjian::registry
