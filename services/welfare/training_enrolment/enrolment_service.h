#pragma once

#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/training_course.pb.h"
#include "dangjian/welfare/v1/training_enrolment.pb.h"
#include "dangjian/welfare/v1/unemployment_registration.pb.h"

namespace dangjian::welfare {

// Handlers of dangjian.welfare.v1.TrainingEnrolmentService. Thread-safe.
class TrainingEnrolmentService {
 public:
  // All must outlive the service.
  TrainingEnrolmentService(const storage::Table<v1::TrainingEnrolment>& enrolments,
                           const storage::Table<v1::TrainingCourse>& courses,
                           const storage::Table<v1::UnemploymentRegistration>& registrations,
                           const change::Directory& directory)
      : enrolments_(enrolments), courses_(courses), registrations_(registrations), directory_(directory) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::TrainingEnrolment> Complete(rpc::CallContext& call, const v1::CompleteTrainingRequest& request);
  absl::StatusOr<v1::TrainingEnrolment> Drop(rpc::CallContext& call, const v1::DropTrainingRequest& request);

 private:
  absl::Status Enrol(rpc::CallContext& call, v1::TrainingEnrolment& created);
  // Names the person. UNIQUE_VIOLATION when the course has the person already, under whatever name.
  absl::Status CheckOnce(rpc::CallContext& call, v1::TrainingEnrolment& created) const;
  absl::Status TakeBack(rpc::CallContext& call, const v1::TrainingEnrolment& enrolment);
  // The registration, when there is one, leaves the training.
  absl::Status EndEngagement(rpc::CallContext& call, const v1::TrainingEnrolment& enrolment, const Step& step);
  absl::Status FreePlace(rpc::CallContext& call, const v1::TrainingEnrolment& enrolment);

  const storage::Table<v1::TrainingEnrolment>& enrolments_;
  const storage::Table<v1::TrainingCourse>& courses_;
  const storage::Table<v1::UnemploymentRegistration>& registrations_;
  const change::Directory& directory_;
};

}  // namespace dangjian::welfare
