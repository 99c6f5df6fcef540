#include "services/registry/tables.h"

#include "services/registry/assignment/assignment_schema.h"
#include "services/registry/calendar/calendar_schema.h"
#include "services/registry/household/household_schema.h"
#include "services/registry/member/member_schema.h"
#include "services/registry/organization/organization_schema.h"
#include "services/registry/report_in/report_in_schema.h"
#include "services/registry/resident/resident_schema.h"
#include "services/registry/resident_unit/resident_unit_schema.h"
#include "services/registry/transfer/transfer_schema.h"
#include "services/registry/unit/unit_schema.h"

namespace dangjian::registry {

Tables::Tables(storage::Database& database)
    : organizations(database.AddTable(OrganizationSchema())),
      members(database.AddTable(MemberSchema())),
      transfers(database.AddTable(MemberTransferSchema())),
      report_ins(database.AddTable(CommunityReportInSchema())),
      assignments(database.AddTable(AssignmentSchema())),
      calendars(database.AddTable(CalendarSchema())),
      units(database.AddTable(UnitSchema())),
      households(database.AddTable(HouseholdSchema())),
      residents(database.AddTable(ResidentSchema())),
      resident_units(database.AddTable(ResidentUnitSchema())) {}

}  // namespace dangjian::registry
