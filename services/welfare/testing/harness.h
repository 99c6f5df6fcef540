#pragma once

#include <memory>

#include "common/server/testing/street_fixture.h"
#include "services/welfare/module.h"

namespace dangjian::welfare {

using server::DateText;

// The welfare service over the street of server::StreetTest.
class WelfareTest : public server::StreetTest {
 protected:
  WelfareTest() : StreetTest(std::make_unique<WelfareModule>()) {}
};

}  // namespace dangjian::welfare
