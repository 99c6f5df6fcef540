#pragma once

#include "common/storage/database.h"
#include "dangjian/registry/v1/assignment.pb.h"
#include "dangjian/registry/v1/calendar.pb.h"
#include "dangjian/registry/v1/household.pb.h"
#include "dangjian/registry/v1/member.pb.h"
#include "dangjian/registry/v1/organization.pb.h"
#include "dangjian/registry/v1/report_in.pb.h"
#include "dangjian/registry/v1/resident.pb.h"
#include "dangjian/registry/v1/resident_unit.pb.h"
#include "dangjian/registry/v1/transfer.pb.h"
#include "dangjian/registry/v1/unit.pb.h"

namespace dangjian::registry {

// The tables of the registry. References into the database, which must outlive them. Thread-safe.
struct Tables {
  // Adds the tables; before Database::Open.
  explicit Tables(storage::Database& database);

  const storage::Table<v1::Organization>& organizations;
  const storage::Table<v1::Member>& members;
  const storage::Table<v1::MemberTransfer>& transfers;
  const storage::Table<v1::CommunityReportIn>& report_ins;
  const storage::Table<v1::Assignment>& assignments;
  const storage::Table<v1::Calendar>& calendars;
  const storage::Table<v1::Unit>& units;
  const storage::Table<v1::Household>& households;
  const storage::Table<v1::Resident>& residents;
  const storage::Table<v1::ResidentUnit>& resident_units;
};

}  // namespace dangjian::registry
