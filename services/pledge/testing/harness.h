#pragma once

#include <string>
#include <vector>

#include "common/server/testing/street_fixture.h"
#include "dangjian/pledge/v1/pledge.pb.h"

namespace dangjian::pledge {

using server::DateText;

// The pledge service over the street of server::StreetTest, with a running campaign campaigns/sanshuang of the street.
class PledgeTest : public server::StreetTest {
 protected:
  PledgeTest();
  void SetUp() override;

  // `pledges/<id>` of members/wang for organizations/east, in DRAFT; items due on the days given, named 1, 2, ….
  void AddPledge(const std::string& id, const std::vector<std::string>& due_dates = {"2026-12-31"},
                 const std::string& more = "");
  // The same, PUBLISHED on a day.
  void AddPublished(const std::string& id, const std::string& published_on,
                    const std::vector<std::string>& due_dates = {"2026-12-31"}, const std::string& more = "");
};

}  // namespace dangjian::pledge
