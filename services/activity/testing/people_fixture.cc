#include "services/activity/testing/people_fixture.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace dangjian::activity {

absl::Status PeopleTest::AddPerson(const std::string& id, const std::string& member) {
  RETURN_IF_ERROR(AddResident(id, "east-committee", "h-1", "99"));
  return member.empty() ? absl::OkStatus() : LinkToMember(absl::StrCat("residents/", id), member);
}

absl::StatusOr<v1::Team> PeopleTest::AddTeam(const std::string& id, const std::string& kind, const std::string& more) {
  return Call<v1::Team, v1::CreateTeamRequest>(absl::StrCat("team_id: '", id, "' team { kind: TEAM_KIND_", kind,
                                                            " organization: 'organizations/east' display_name: '队' ",
                                                            "formed_on ", DateText("2026-01-10"), " ", more, " }"));
}

absl::StatusOr<v1::TeamMembership> PeopleTest::AddToTeam(const std::string& id, const std::string& team,
                                                         const std::string& person, const std::string& start,
                                                         const std::string& more) {
  return Call<v1::TeamMembership, v1::CreateTeamMembershipRequest>(
      absl::StrCat("team_membership_id: '", id, "' team_membership { team: 'teams/", team, "' person: '", person,
                   "' start_date ", DateText(start), " ", more, " }"));
}

absl::StatusOr<v1::Activity> PeopleTest::AddHeld(const std::string& id, const std::string& day, const std::string& kind,
                                                 const std::string& more, const std::string& organization) {
  return Call<v1::Activity, v1::CreateActivityRequest>(absl::StrCat(
      "activity_id: '", id, "' activity { kind: ACTIVITY_KIND_", kind, " display_name: '活动' organization: '",
      organization, "' held: true starts_on ", DateText(day), " ", more, " }"));
}

absl::StatusOr<v1::Activity> PeopleTest::AddOpen(const std::string& id, const std::string& day,
                                                 const std::string& more) {
  const absl::StatusOr<v1::Activity> created = Call<v1::Activity, v1::CreateActivityRequest>(absl::StrCat(
      "activity_id: '", id, "' activity { kind: ACTIVITY_KIND_VOLUNTEER_SERVICE display_name: '活动' organization: ",
      "'organizations/east' starts_on ", DateText(day), " ", more, " }"));
  RETURN_IF_ERROR(created.status());
  RETURN_IF_ERROR(Step<v1::ApproveActivityRequest>(id, "2026-02-01").status());
  return Step<v1::OpenActivityRequest>(id, "2026-02-02");
}

absl::StatusOr<v1::Attendance> PeopleTest::Attend(const std::string& id, const std::string& activity,
                                                  const std::string& person, const std::string& more) {
  return Call<v1::Attendance, v1::CreateAttendanceRequest>(
      absl::StrCat("attendance_id: '", id, "' attendance { activity: 'activities/", activity, "' person: '", person,
                   "' attended: true voluntary: true ", more, " }"));
}

}  // namespace dangjian::activity
