#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/activity/v1/joint_meeting.pb.h"

namespace dangjian::activity {

// Table of joint meetings: by organisation, by campaign. A meeting and its resolutions count on the day on which it was
// held; planned and cancelled ones do not.
storage::TableSchema<v1::JointMeeting> JointMeetingSchema();

}  // namespace dangjian::activity
