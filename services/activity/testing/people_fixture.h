#pragma once

#include <string>

#include "dangjian/activity/v1/activity.pb.h"
#include "dangjian/activity/v1/attendance.pb.h"
#include "dangjian/activity/v1/team.pb.h"
#include "dangjian/activity/v1/team_membership.pb.h"
#include "services/activity/testing/harness.h"

namespace dangjian::activity {

// The street with the short ways of entering people and what they did.
class PeopleTest : public ActivityTest {
 protected:
  // A resident of organizations/east-committee; with `member`, the record of the same person.
  absl::Status AddPerson(const std::string& id, const std::string& member = "");

  absl::StatusOr<v1::Team> AddTeam(const std::string& id, const std::string& kind, const std::string& more = "");
  absl::StatusOr<v1::TeamMembership> AddToTeam(const std::string& id, const std::string& team,
                                               const std::string& person, const std::string& start,
                                               const std::string& more = "");
  // A past activity of one day, HELD.
  absl::StatusOr<v1::Activity> AddHeld(const std::string& id, const std::string& day,
                                       const std::string& kind = "VOLUNTEER_SERVICE", const std::string& more = "",
                                       const std::string& organization = "organizations/east");
  // An activity that is OPEN.
  absl::StatusOr<v1::Activity> AddOpen(const std::string& id, const std::string& day, const std::string& more = "");
  // A voluntary attendance entered after the fact.
  absl::StatusOr<v1::Attendance> Attend(const std::string& id, const std::string& activity, const std::string& person,
                                        const std::string& more = "");

  template <class Request>
  absl::StatusOr<v1::Activity> Step(const std::string& id, const std::string& day, const std::string& more = "") {
    return Call<v1::Activity, Request>("name: 'activities/" + id + "' occurred_on " + DateText(day) + " " + more);
  }
};

inline const DayRange k2026{Day::Of(2026, 1, 1), Day::Of(2026, 12, 31)};

}  // namespace dangjian::activity
