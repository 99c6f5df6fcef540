#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "common/change/directory.h"
#include "common/storage/table.h"
#include "dangjian/activity/v1/attendance.pb.h"
#include "dangjian/activity/v1/team_membership.pb.h"
#include "dangjian/activity/v1/volunteer.pb.h"
#include "dangjian/activity/v1/volunteer_certificate.pb.h"

// People as they are counted: a person who is both a member and a resident, or was entered twice, is one person
// (change::Directory::CanonicalName).

namespace dangjian::activity {

// The records that are counted by person.
struct PersonTables {
  const storage::Table<v1::TeamMembership>& memberships;
  const storage::Table<v1::Attendance>& attendances;
  const storage::Table<v1::Volunteer>& volunteers;
  const storage::Table<v1::VolunteerCertificate>& certificates;
};

// What a change::Directory::Follower does here: the records that are counted under `person` get the name under which
// they are counted now; the certificates of a volunteer get that of the volunteer.
absl::Status RenamePerson(const change::Directory& directory, const PersonTables& tables, storage::Transaction& txn,
                          std::string_view person);

// What a fact follower does here: the registrations of `person` as a volunteer follow what the register says of the
// date of birth.
absl::Status FollowFacts(const change::Directory& directory, const PersonTables& tables, storage::Transaction& txn,
                         std::string_view person);

}  // namespace dangjian::activity
