#include "services/welfare/training_course/course_service.h"

#include "common/base/status_macros.h"
#include "common/rpc/standard_methods.h"
#include "common/status/errors.h"
#include "services/welfare/tags.h"
#include "services/welfare/training_course/course_rules.h"

namespace dangjian::welfare {

using v1::TrainingCourse;

void TrainingCourseService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<TrainingCourse> options;
  options.on_create = [](rpc::CallContext&, TrainingCourse& created) {
    created.clear_enrolled_count();
    return course_rules::CheckContent(created);
  };
  options.on_update = [](rpc::CallContext&, const TrainingCourse&, TrainingCourse& updated) {
    return course_rules::CheckContent(updated);
  };
  options.on_delete = [this](rpc::CallContext& call, const TrainingCourse& current) -> absl::Status {
    const storage::KeyWriter prefix = storage::KeyWriter(tags::kTrainingEnrolmentByCourse).Text(current.name());
    ASSIGN_OR_RETURN(const auto enrolments, enrolments_.Find(call.reader(), prefix, 1));
    if (enrolments.empty()) return absl::OkStatus();
    return Error(reasons::kTrainingCourseInUse, "people have enrolled in the course", {{"resource", current.name()}});
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kTrainingCourseByOrganization}};
  rpc::RegisterStandardMethods(router,
                               *TrainingCourse::descriptor()->file()->FindServiceByName("TrainingCourseService"),
                               courses_, tokens, std::move(options));
}

}  // namespace dangjian::welfare
