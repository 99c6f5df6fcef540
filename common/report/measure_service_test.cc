#include "common/report/measure_service.h"

#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "common/testing/toy_tables.h"
#include "common/types/date.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::report {
namespace {

using storage::MeasureDef;
using storage::Transaction;
using testing::AddToyContribution;
using ::testing::ElementsAre;
using testing::EqualsText;
using testing::HasReason;
using testing::IsOk;
using testing::IsOkAndHolds;
using testing::kToyMoney;
using testing::kToyPersons;
using testing::kToyTimes;
using testing::MakeToyOrganization;
using testing::MakeToyRecord;
using testing::ToyContribution;
using testing::ToyOrganization;
using testing::ToyRecord;
using testing::ValueOrDie;
using testing::ViolationsOf;

const Day kDay = Day::Of(2024, 5, 20);
constexpr char kService[] = "/dangjian.measure.v1.MeasureService/";

// A read call over one snapshot.
class ReadContext final : public rpc::CallContext {
 public:
  ReadContext(storage::Database& database, const rpc::MethodInfo& method)
      : database_(database), method_(method), snapshot_(database.GetSnapshot()) {}
  const rpc::MethodInfo& method() const override { return method_; }
  const auth::Principal& principal() const override { return principal_; }
  const auth::Credentials& credentials() const override { return credentials_; }
  const std::string& request_id() const override { return id_; }
  const std::string& trace_id() const override { return id_; }
  int64_t now_micros() const override { return database_.clock().NowMicros(); }
  int64_t remaining_micros() const override { return 1'000'000; }
  absl::Status CheckAlive() const override { return alive_; }
  const storage::Reader& reader() const override { return *snapshot_; }
  int64_t revision() const override { return snapshot_->revision(); }
  Transaction& txn() override { std::abort(); }  // reads have none
  storage::Database* database() const override { return &database_; }
  absl::StatusOr<int64_t> Transact(const std::function<absl::Status(Transaction&)>&) override {
    return absl::FailedPreconditionError("a read");
  }
  void Leave() { alive_ = absl::CancelledError("the caller has left"); }

 private:
  class NoCredentials final : public auth::Credentials {
   public:
    std::string_view Metadata(std::string_view) const override { return ""; }
    std::string_view peer() const override { return "test"; }
  };
  storage::Database& database_;
  const rpc::MethodInfo& method_;
  const std::shared_ptr<const storage::Snapshot> snapshot_;
  const auth::Principal principal_;
  const NoCredentials credentials_;
  const std::string id_ = "call-1";
  absl::Status alive_;
};

class MeasureServiceTest : public ::testing::Test {
 protected:
  MeasureServiceTest()
      : organizations_(db_->AddTable(testing::ToyOrganizationSchema())),
        records_(db_->AddTable(testing::ToyRecordSchema())),
        tokens_(db_.clock()),
        router_(methods_),
        service_(*db_, tokens_) {
    db_.Open();
    EXPECT_THAT(methods_.AddService(*measure::v1::ListMeasuresRequest::descriptor()->file()->service(0)), IsOk());
    service_.Register(router_);
    for (const auto& [id, parent] : {std::pair("top", ""), {"a", "top"}, {"b", "top"}}) {
      ToyOrganization organization = MakeToyOrganization(id, parent);
      EXPECT_THAT(db_.Write([&](Transaction& txn) { return organizations_.Insert(txn, organization); }), IsOk());
    }
  }

  void Insert(ToyRecord record) {
    EXPECT_THAT(db_.Write([&](Transaction& txn) { return records_.Insert(txn, record); }), IsOk());
  }
  static ToyRecord Times(const std::string& id, const std::string& organization, int64_t amount,
                         const std::string& topic) {
    ToyRecord record = MakeToyRecord(id, organization);
    ToyContribution& contribution = AddToyContribution(record, kToyTimes, kDay, amount);
    contribution.add_dimensions(topic);
    contribution.add_dimensions("hall");
    return record;
  }
  // The way a call comes: by path, types erased.
  template <class Resp, class Req>
  absl::StatusOr<Resp> Call(const std::string& name, const Req& request) {
    const rpc::Router::Entry* entry = router_.Find(kService + name);
    ReadContext context(*db_, *entry->method);
    auto response = entry->unary(context, request);
    if (!response.ok()) return response.status();
    return static_cast<const Resp&>(**response);
  }
  absl::StatusOr<measure::v1::QueryMeasuresResponse> Query(const std::vector<measure::v1::MeasureSelector>& selectors) {
    measure::v1::QueryMeasuresRequest request;
    for (const auto& selector : selectors) *request.add_selectors() = selector;
    return Call<measure::v1::QueryMeasuresResponse>("QueryMeasures", request);
  }
  absl::StatusOr<measure::v1::ListContributionsResponse> List(const measure::v1::ListContributionsRequest& request) {
    return Call<measure::v1::ListContributionsResponse>("ListContributions", request);
  }
  static measure::v1::MeasureSelector Selector(const MeasureDef& measure, const std::string& organization,
                                               DayRange days = {Day::Of(2024, 1, 1), Day::Of(2024, 6, 30)}) {
    measure::v1::MeasureSelector selector;
    selector.set_measure(std::string(measure.id));
    selector.set_organization("organizations/" + organization);
    *selector.mutable_period() = DaysToProto(days);
    return selector;
  }

  testing::TestDatabase db_;
  storage::Table<ToyOrganization>& organizations_;
  storage::Table<ToyRecord>& records_;
  rpc::PageTokens tokens_;
  rpc::MethodTable methods_;
  rpc::Router router_;
  MeasureService service_;
};

TEST_F(MeasureServiceTest, EveryMethodHasItsHandler) { EXPECT_THAT(router_.Check(), IsOk()); }

TEST_F(MeasureServiceTest, ListMeasuresDescribesEachMeasure) {
  const auto response =
      ValueOrDie(Call<measure::v1::ListMeasuresResponse>("ListMeasures", measure::v1::ListMeasuresRequest()));
  std::vector<std::string> ids;
  for (const auto& measure : response.measures()) ids.push_back(measure.id());
  EXPECT_THAT(ids, ElementsAre("toy_money", "toy_persons", "toy_residents", "toy_stock", "toy_times"));
  EXPECT_THAT(response.measures(0), EqualsText(R"pb(id: "toy_money"
                                                    label_zh: "发放金额"
                                                    label_en: "Money paid"
                                                    unit: "fen"
                                                    scale: 2
                                                    kind: MEASURE_KIND_MONEY
                                                    time: MEASURE_TIME_FLOW)pb"));
  EXPECT_THAT(response.measures(4).dimensions(), ElementsAre("topic", "place"));
}

TEST_F(MeasureServiceTest, QueryAnswersEachSelectorInOrder) {
  Insert(Times("r-1", "a", 10, "sport"));
  Insert(Times("r-2", "b", 30, "music"));
  measure::v1::MeasureSelector grouped = Selector(kToyTimes, "top");
  grouped.set_group_by("topic");
  measure::v1::MeasureSelector filtered = Selector(kToyTimes, "top");
  auto& filter = *filtered.add_filters();
  filter.set_dimension("topic");
  filter.add_values("music");
  const auto response = ValueOrDie(Query({grouped, filtered, Selector(kToyTimes, "a")}));
  ASSERT_EQ(response.values_size(), 3);
  EXPECT_THAT(response.values(0), EqualsText(R"pb(value: 40
                                                  qualifier: QUALIFIER_EXACT
                                                  groups { key: "music" value: 30 qualifier: QUALIFIER_EXACT }
                                                  groups { key: "sport" value: 10 qualifier: QUALIFIER_EXACT }
                                                  scanned: 2)pb"));
  EXPECT_EQ(response.values(1).value(), 30);
  EXPECT_EQ(response.values(2).value(), 10);
  EXPECT_EQ(response.revision(), 5);
}

TEST_F(MeasureServiceTest, EverythingWrongIsNamedAtOnce) {
  measure::v1::MeasureSelector unknown_measure = Selector(kToyTimes, "a");
  unknown_measure.set_measure("nothing");
  measure::v1::MeasureSelector backwards = Selector(kToyTimes, "a", {kDay, kDay - 1});
  backwards.set_group_by("colour");
  backwards.add_filters()->set_dimension("size");
  measure::v1::MeasureSelector grouped_persons = Selector(kToyPersons, "a");
  grouped_persons.set_group_by("topic");
  measure::v1::MeasureSelector no_date = Selector(kToyTimes, "a");
  no_date.mutable_period()->mutable_end_date()->set_day(31);
  const absl::Status status =
      Query({unknown_measure, backwards, grouped_persons, no_date, Selector(kToyTimes, "nowhere")}).status();
  EXPECT_THAT(status, HasReason(kUnknownMeasure));
  EXPECT_THAT(ViolationsOf(status),
              ElementsAre("selectors[0].measure UNKNOWN_MEASURE", "selectors[1].period EMPTY_PERIOD",
                          "selectors[1].filters[0].dimension UNKNOWN_DIMENSION",
                          "selectors[1].group_by UNKNOWN_DIMENSION", "selectors[2].group_by GROUPING_NOT_ADDITIVE",
                          "selectors[3].period.end_date INVALID_DATE", "selectors[4].organization RECORD_NOT_FOUND"));
}

TEST_F(MeasureServiceTest, AnUnknownOrganizationIsNotZero) {
  EXPECT_THAT(Query({Selector(kToyTimes, "nowhere")}), HasReason(reasons::kRecordNotFound));
  EXPECT_EQ(ValueOrDie(Query({Selector(kToyTimes, "a")})).values(0).value(), 0);
}

TEST_F(MeasureServiceTest, AllPagesShowOneStateAndAddUpToTheTotal) {
  for (int i = 0; i < 7; ++i) Insert(Times("r-" + std::to_string(i), i % 2 == 0 ? "a" : "b", 1 + i, "sport"));
  measure::v1::ListContributionsRequest request;
  *request.mutable_selector() = Selector(kToyTimes, "top");
  request.set_page_size(3);
  int64_t sum = 0;
  int pages = 0;
  int lines = 0;
  do {
    const auto response = ValueOrDie(List(request));
    EXPECT_EQ(response.total(), 28);
    EXPECT_EQ(response.revision(), 10);
    for (const auto& line : response.contributions()) sum += line.amount();
    lines += response.contributions_size();
    request.set_page_token(response.next_page_token());
    // Between the pages: a record that would come later, and a move that would take records away.
    Insert(Times("z-" + std::to_string(pages), "b", 100, "sport"));
    ToyOrganization moved = MakeToyOrganization("b");
    EXPECT_THAT(db_.Write([&](Transaction& txn) { return organizations_.Update(txn, moved); }), IsOk());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(lines, 7);
  EXPECT_EQ(sum, 28);
}

TEST_F(MeasureServiceTest, ALineTellsWhereItComesFrom) {
  ToyRecord record = MakeToyRecord("r-1", "a");
  AddToyContribution(record, kToyPersons, kDay).set_subject("persons/p-1");
  AddToyContribution(record, kToyPersons, kDay + 1).set_subject("persons/p-1");
  Insert(record);
  measure::v1::ListContributionsRequest request;
  *request.mutable_selector() = Selector(kToyPersons, "top");
  EXPECT_THAT(List(request), IsOkAndHolds(EqualsText(R"pb(contributions {
                                                            record: "records/r-1"
                                                            organization: "organizations/a"
                                                            date { year: 2024 month: 5 day: 20 }
                                                            amount: 1
                                                            qualifier: QUALIFIER_EXACT
                                                            subject: "persons/p-1"
                                                          }
                                                          total: 1
                                                          revision: 4)pb")));
}

TEST_F(MeasureServiceTest, AnExplanationRefusesGroupsAndBadPages) {
  measure::v1::ListContributionsRequest request;
  *request.mutable_selector() = Selector(kToyTimes, "top");
  request.mutable_selector()->set_group_by("topic");
  EXPECT_THAT(List(request), HasReason(kGroupingNotExplained));
  request.mutable_selector()->clear_group_by();
  request.set_page_size(-1);
  EXPECT_THAT(List(request), HasReason(reasons::kNegativePageSize));
  request.set_page_size(1);
  request.set_page_token("made up");
  EXPECT_THAT(List(request), HasReason(reasons::kPageTokenForeign));
}

TEST_F(MeasureServiceTest, ACallerThatLeftCostsNothing) {
  measure::v1::QueryMeasuresRequest request;
  *request.add_selectors() = Selector(kToyMoney, "top");
  ReadContext context(*db_, *methods_.FindByRequest(*request.GetDescriptor()));
  context.Leave();
  EXPECT_EQ(service_.QueryMeasures(context, request).status().code(), absl::StatusCode::kCancelled);
}

// A measure whose amounts have several units.
const MeasureDef kToyWorks{.tag = 0x0FF1,
                           .id = "toy_works",
                           .label_zh = "工程量",
                           .label_en = "Works",
                           .unit = "mixed",
                           .kind = measure::v1::MEASURE_KIND_QUANTITY,
                           .time = measure::v1::MEASURE_TIME_FLOW,
                           .dimensions = {"work", "unit"}};

class UnlikeUnitsTest : public MeasureServiceTest {
 protected:
  UnlikeUnitsTest() {
    db_->AddTable(storage::TableSchema<ToyRecord>{.tag = 0x0FF0, .collection = "toyWorks", .measures = {&kToyWorks}});
  }
};

TEST_F(UnlikeUnitsTest, AreNeverAdded) {
  measure::v1::MeasureSelector selector = Selector(kToyWorks, "top");
  EXPECT_THAT(Query({selector}), HasReason("UNLIKE_UNITS"));
  measure::v1::ListContributionsRequest list;
  *list.mutable_selector() = selector;
  EXPECT_THAT(List(list), HasReason("UNLIKE_UNITS"));
  auto& filter = *selector.add_filters();
  filter.set_dimension("unit");
  filter.add_values("tonne");
  EXPECT_THAT(Query({selector}), IsOk());
  filter.add_values("vehicle_load");
  EXPECT_THAT(Query({selector}), HasReason("UNLIKE_UNITS"));
  selector.clear_filters();
  selector.set_group_by("unit");
  EXPECT_THAT(Query({selector}), IsOk());
}

}  // namespace
}  // namespace dangjian::report
