#pragma once

#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/training_course.pb.h"
#include "dangjian/welfare/v1/training_enrolment.pb.h"

namespace dangjian::welfare {

// Handlers of dangjian.welfare.v1.TrainingCourseService. Thread-safe.
class TrainingCourseService {
 public:
  // Both must outlive the service.
  TrainingCourseService(const storage::Table<v1::TrainingCourse>& courses,
                        const storage::Table<v1::TrainingEnrolment>& enrolments)
      : courses_(courses), enrolments_(enrolments) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

 private:
  const storage::Table<v1::TrainingCourse>& courses_;
  const storage::Table<v1::TrainingEnrolment>& enrolments_;
};

}  // namespace dangjian::welfare
