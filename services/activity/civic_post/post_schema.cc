#include "services/activity/civic_post/post_schema.h"

#include "common/types/date.h"
#include "services/activity/tags.h"

namespace dangjian::activity {
namespace {

const storage::MeasureDef kPosts{.tag = tags::kCivicPosts,
                                 .id = "civic_posts",
                                 .label_zh = "公益岗位",
                                 .label_en = "Civic posts",
                                 .unit = "post",
                                 .kind = measure::v1::MEASURE_KIND_STOCK,
                                 .time = measure::v1::MEASURE_TIME_STOCK};

std::vector<storage::Contribution> Contributions(const v1::CivicPost& post) {
  std::vector<storage::Contribution> list{{.measure = &kPosts, .day = DayOr(post.set_up_on(), Day())}};
  if (post.has_closed_on()) {
    list.push_back({.measure = &kPosts, .day = DayOr(post.closed_on(), Day()) + 1, .amount = -1});
  }
  return list;
}

bool ByOrganization(const v1::CivicPost& post, storage::KeyWriter& key) {
  key.Text(post.organization());
  return true;
}

}  // namespace

storage::TableSchema<v1::CivicPost> CivicPostSchema() {
  return {.tag = tags::kCivicPost,
          .collection = "civicPosts",
          .owner = [](const v1::CivicPost& post) { return post.organization(); },
          .indexes = {{.tag = tags::kCivicPostByOrganization, .name = "by_organization", .columns = &ByOrganization}},
          .measures = {&kPosts},
          .contributions = &Contributions};
}

}  // namespace dangjian::activity
