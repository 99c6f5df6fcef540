#pragma once

#include <string_view>

#include "common/storage/table_schema.h"
#include "dangjian/activity/v1/volunteer_certificate.pb.h"

namespace dangjian::activity {

// Table of certificates: by recording body, by volunteer, by number (unique). Measure `certificates_issued`, on the day
// of issue; one that was revoked no longer counts.
storage::TableSchema<v1::VolunteerCertificate> VolunteerCertificateSchema();

// Index prefix: the certificate with a number.
storage::KeyWriter CertificateWithNumber(std::string_view number);

}  // namespace dangjian::activity
