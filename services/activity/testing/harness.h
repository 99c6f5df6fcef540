#pragma once

#include <memory>

#include "common/server/testing/street_fixture.h"
#include "services/activity/module.h"

namespace dangjian::activity {

using server::DateText;

// The activity service over the street of server::StreetTest.
class ActivityTest : public server::StreetTest {
 protected:
  ActivityTest() : StreetTest(std::make_unique<ActivityModule>()) {}
};

}  // namespace dangjian::activity
