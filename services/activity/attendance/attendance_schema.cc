#include "services/activity/attendance/attendance_schema.h"

#include "services/activity/activity/activity_rules.h"
#include "services/activity/attendance/attendance_rules.h"
#include "services/activity/attendance/hours.h"
#include "services/activity/tags.h"

namespace dangjian::activity {
namespace {

using measure::v1::MEASURE_KIND_PERSON_DISTINCT;
using measure::v1::MEASURE_KIND_PERSON_TIME;
using measure::v1::MEASURE_TIME_FLOW;

const storage::MeasureDef kVolunteersParticipating{.tag = tags::kVolunteersParticipating,
                                                   .id = "volunteers_participating",
                                                   .label_zh = "参加志愿服务人数",
                                                   .label_en = "People who volunteered",
                                                   .unit = "person",
                                                   .kind = MEASURE_KIND_PERSON_DISTINCT,
                                                   .time = MEASURE_TIME_FLOW};
const storage::MeasureDef kVolunteerAttendances{.tag = tags::kVolunteerAttendances,
                                                .id = "volunteer_attendances",
                                                .label_zh = "参加志愿服务人次",
                                                .label_en = "Person-times of volunteer service",
                                                .unit = "person_time",
                                                .kind = MEASURE_KIND_PERSON_TIME,
                                                .time = MEASURE_TIME_FLOW};
const storage::MeasureDef kVolunteerHours{.tag = tags::kVolunteerHours,
                                          .id = "volunteer_hours",
                                          .label_zh = "志愿服务时间",
                                          .label_en = "Confirmed volunteer hours",
                                          .unit = "hour",
                                          .scale = hours::kScale,
                                          .kind = measure::v1::MEASURE_KIND_QUANTITY,
                                          .time = MEASURE_TIME_FLOW};
const storage::MeasureDef kParticipants{.tag = tags::kParticipants,
                                        .id = "participants",
                                        .label_zh = "参加活动人数",
                                        .label_en = "People who took part in activities",
                                        .unit = "person",
                                        .kind = MEASURE_KIND_PERSON_DISTINCT,
                                        .time = MEASURE_TIME_FLOW};
const storage::MeasureDef kAttendances{.tag = tags::kAttendances,
                                       .id = "attendances",
                                       .label_zh = "参加活动人次",
                                       .label_en = "Person-times at activities",
                                       .unit = "person_time",
                                       .kind = MEASURE_KIND_PERSON_TIME,
                                       .time = MEASURE_TIME_FLOW,
                                       .dimensions = {"kind"}};

std::vector<storage::Contribution> Contributions(const v1::Attendance& attendance) {
  if (!attendance_rules::TookPart(attendance)) return {};
  const Day day = attendance_rules::DayOfAttendance(attendance);
  const std::string& person = attendance.canonical_person();
  std::vector<storage::Contribution> list;
  list.push_back({.measure = &kParticipants, .day = day, .subject = person});
  list.push_back({.measure = &kAttendances,
                  .day = day,
                  .dimensions = {std::string(activity_rules::NameOf(attendance.activity_kind()))}});
  if (!attendance_rules::IsVolunteering(attendance)) return list;
  list.push_back({.measure = &kVolunteersParticipating, .day = day, .subject = person});
  list.push_back({.measure = &kVolunteerAttendances, .day = day});
  const int64_t minutes = attendance_rules::CountedMinutes(attendance);
  if (minutes > 0) {
    list.push_back({.measure = &kVolunteerHours, .day = day, .amount = hours::HundredthsOf(minutes)});
  }
  return list;
}

bool ByActivity(const v1::Attendance& attendance, storage::KeyWriter& key) {
  key.Text(attendance.activity());
  return true;
}

bool ByPerson(const v1::Attendance& attendance, storage::KeyWriter& key) {
  key.Text(attendance.canonical_person()).Date(attendance_rules::DayOfAttendance(attendance));
  return true;
}

}  // namespace

storage::TableSchema<v1::Attendance> AttendanceSchema() {
  return {
      .tag = tags::kAttendance,
      .collection = "attendances",
      .owner = [](const v1::Attendance& attendance) { return attendance.organization(); },
      .indexes = {{.tag = tags::kAttendanceByActivity, .name = "by_activity", .columns = &ByActivity},
                  {.tag = tags::kAttendanceByPerson, .name = "by_person", .columns = &ByPerson}},
      .measures = {&kVolunteersParticipating, &kVolunteerAttendances, &kVolunteerHours, &kParticipants, &kAttendances},
      .contributions = &Contributions};
}

storage::KeyWriter AttendancesOfActivity(std::string_view activity) {
  storage::KeyWriter prefix(tags::kAttendanceByActivity);
  prefix.Text(activity);
  return prefix;
}

storage::KeyWriter AttendancesOfPerson(std::string_view canonical_person) {
  storage::KeyWriter prefix(tags::kAttendanceByPerson);
  prefix.Text(canonical_person);
  return prefix;
}

storage::KeyWriter AttendancesOfPersonOn(std::string_view canonical_person, Day day) {
  storage::KeyWriter prefix = AttendancesOfPerson(canonical_person);
  prefix.Date(day);
  return prefix;
}

}  // namespace dangjian::activity
