#include "services/activity/person/person.h"

#include <limits>

#include "common/base/status_macros.h"
#include "common/change/rename_rows.h"
#include "services/activity/attendance/attendance_schema.h"
#include "services/activity/tags.h"
#include "services/activity/volunteer/volunteer_rules.h"

namespace dangjian::activity {
namespace {

// For records with `person` and `canonical_person`.
template <class M>
absl::Status Rename(const change::Directory& directory, const storage::Table<M>& table, storage::Transaction& txn,
                    const storage::KeyWriter& prefix) {
  return change::RenameRows(
      directory, table, txn, prefix, [](const M& row) -> const std::string& { return row.person(); },
      [](M& row, const std::string& counted) {
        if (row.canonical_person() == counted) return false;
        row.set_canonical_person(counted);
        return true;
      });
}

absl::Status RenameCertificates(const PersonTables& tables, storage::Transaction& txn, const v1::Volunteer& volunteer) {
  ASSIGN_OR_RETURN(std::vector<v1::VolunteerCertificate> certificates,
                   tables.certificates.Find(
                       txn.reader(), storage::KeyWriter(tags::kVolunteerCertificateByVolunteer).Text(volunteer.name()),
                       std::numeric_limits<size_t>::max()));
  for (v1::VolunteerCertificate& certificate : certificates) {
    if (certificate.canonical_person() == volunteer.canonical_person()) continue;
    certificate.set_canonical_person(volunteer.canonical_person());
    RETURN_IF_ERROR(tables.certificates.Update(txn, certificate));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status RenamePerson(const change::Directory& directory, const PersonTables& tables, storage::Transaction& txn,
                          std::string_view person) {
  RETURN_IF_ERROR(Rename(directory, tables.attendances, txn, AttendancesOfPerson(person)));
  RETURN_IF_ERROR(
      Rename(directory, tables.memberships, txn, storage::KeyWriter(tags::kTeamMembershipByPerson).Text(person)));
  const storage::KeyWriter prefix = storage::KeyWriter(tags::kVolunteerByPerson).Text(person);
  ASSIGN_OR_RETURN(const std::vector<v1::Volunteer> before,
                   tables.volunteers.Find(txn.reader(), prefix, std::numeric_limits<size_t>::max()));
  RETURN_IF_ERROR(Rename(directory, tables.volunteers, txn, prefix));
  for (const v1::Volunteer& volunteer : before) {
    ASSIGN_OR_RETURN(const v1::Volunteer now, tables.volunteers.Get(txn.reader(), volunteer.name()));
    RETURN_IF_ERROR(RenameCertificates(tables, txn, now));
  }
  return absl::OkStatus();
}

absl::Status FollowFacts(const change::Directory& directory, const PersonTables& tables, storage::Transaction& txn,
                         std::string_view person) {
  const storage::KeyWriter prefix = storage::KeyWriter(tags::kVolunteerByPerson).Text(person);
  ASSIGN_OR_RETURN(std::vector<v1::Volunteer> rows, tables.volunteers.FindAll(txn.reader(), prefix));
  for (v1::Volunteer& row : rows) {
    const bool minor = row.minor();
    const bool missing = row.guardian_consent_missing();
    ASSIGN_OR_RETURN(const std::optional<Day> birth, directory.BirthOf(txn.reader(), row.person()));
    volunteer_rules::FollowRegister(row, birth, DayOfMicros(txn.now_micros()));
    if (row.minor() == minor && row.guardian_consent_missing() == missing) continue;
    RETURN_IF_ERROR(tables.volunteers.Update(txn, row));
  }
  return absl::OkStatus();
}

}  // namespace dangjian::activity
