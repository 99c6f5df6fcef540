#include "services/activity/joint_meeting/meeting_schema.h"

#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/activity/tags.h"

namespace dangjian::activity {
namespace {

const storage::MeasureDef kMeetings{.tag = tags::kMeetings,
                                    .id = "meetings",
                                    .label_zh = "召开会议",
                                    .label_en = "Joint meetings held",
                                    .unit = "meeting",
                                    .kind = measure::v1::MEASURE_KIND_EVENT,
                                    .time = measure::v1::MEASURE_TIME_FLOW,
                                    .dimensions = {"kind"}};
const storage::MeasureDef kResolutions{.tag = tags::kResolutions,
                                       .id = "resolutions",
                                       .label_zh = "会议决议",
                                       .label_en = "Resolutions of joint meetings",
                                       .unit = "resolution",
                                       .kind = measure::v1::MEASURE_KIND_EVENT,
                                       .time = measure::v1::MEASURE_TIME_FLOW};
const storage::MeasureDef kDone{.tag = tags::kResolutionsDone,
                                .id = "resolutions_done",
                                .label_zh = "完成决议",
                                .label_en = "Resolutions carried out",
                                .unit = "resolution",
                                .kind = measure::v1::MEASURE_KIND_EVENT,
                                .time = measure::v1::MEASURE_TIME_FLOW};

std::vector<storage::Contribution> Contributions(const v1::JointMeeting& meeting) {
  const std::optional<Day> held = DayFromProto(meeting.held_on());
  if (!held.has_value()) return {};
  const std::string kind(StripPrefix(v1::JointMeetingKind_Name(meeting.kind()), "JOINT_MEETING_KIND_"));
  std::vector<storage::Contribution> list{{.measure = &kMeetings, .day = *held, .dimensions = {kind}}};
  if (meeting.resolutions_size() > 0) {
    list.push_back({.measure = &kResolutions, .day = *held, .amount = meeting.resolutions_size()});
  }
  for (const v1::Resolution& resolution : meeting.resolutions()) {
    if (const auto done = DayFromProto(resolution.done_on())) list.push_back({.measure = &kDone, .day = *done});
  }
  return list;
}

bool ByOrganization(const v1::JointMeeting& meeting, storage::KeyWriter& key) {
  key.Text(meeting.organization());
  return true;
}

bool ByCampaign(const v1::JointMeeting& meeting, storage::KeyWriter& key) {
  key.Text(meeting.campaign());
  return !meeting.campaign().empty();
}

}  // namespace

storage::TableSchema<v1::JointMeeting> JointMeetingSchema() {
  return {.tag = tags::kJointMeeting,
          .collection = "jointMeetings",
          .owner = [](const v1::JointMeeting& meeting) { return meeting.organization(); },
          .indexes = {{.tag = tags::kJointMeetingByOrganization, .name = "by_organization", .columns = &ByOrganization},
                      {.tag = tags::kJointMeetingByCampaign, .name = "by_campaign", .columns = &ByCampaign}},
          .measures = {&kMeetings, &kResolutions, &kDone},
          .contributions = &Contributions};
}

}  // namespace dangjian::activity
