#pragma once

#include <string_view>

#include "common/storage/table_schema.h"
#include "dangjian/activity/v1/activity.pb.h"

namespace dangjian::activity {

// Table of activities: by organisation, by campaign, by series. An activity counts while it is HELD, REPORTED or
// VERIFIED, on its last day. Measures: `activities` [kind, category]; `works` [work_kind, unit, actor_kind,
// activity_kind], whose unit is the dimension `unit`: values of unlike units are never added; `fulfilments`
// [collection].
storage::TableSchema<v1::Activity> ActivitySchema();

}  // namespace dangjian::activity
