// Measures what the welfare and activity services do most, beside floors measured in the same run: a monthly batch for
// 100,000 households, visits and attendances at 64 outstanding calls, and both reports while their records grow a
// hundredfold.
//   dangjian-district-load --build build/release [--households 100000] [--rounds 5] [--seconds 2] [--times 100]

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/clock.h"
#include "common/change/directory.h"
#include "common/storage/rocksdb_kv_store.h"
#include "common/types/date.h"
#include "dangjian/activity/v1/attendance.pb.h"
#include "dangjian/gateway/v1/report_service.pb.h"
#include "dangjian/registry/v1/member.pb.h"
#include "dangjian/registry/v1/organization.pb.h"
#include "dangjian/welfare/v1/home_visit.pb.h"
#include "dangjian/welfare/v1/payment_batch.pb.h"
#include "services/welfare/mls_award/award_schema.h"
#include "tests/load/floors.h"
#include "tests/load/rows.h"
#include "tests/load/suite.h"

namespace dangjian::load {
namespace {

using std::chrono::steady_clock;
using welfare::v1::PaymentBatch;

// The entries that one created visit puts into the store: row, history, index entries, contributions, presence rows and
// commit record, of an assumed size.
constexpr WriteShape kVisitShape{.entries = 10, .value_bytes = 300};
// A payment line: row, history, two index entries.
constexpr WriteShape kLineShape{.entries = 4, .value_bytes = 250};
constexpr int kHouseholds = 7971;  // of seeds/guangming
constexpr int kActivities = 24;    // volunteer activities there
// Pays nobody in the seeds, so that the batches there do not read the awards written here.
constexpr char kPayer[] = "organizations/dongfenglu";
constexpr int kPortion = 2000;  // lines a call of CalculatePaymentBatch

struct Options {
  std::string build = "build/release";
  std::string source = ".";
  std::string work;
  int households = 100'000;
  int rounds = 5;
  double seconds = 2;
  int times = 100;
};

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "benchmark: %s\n", what.c_str());
  std::exit(1);
}

double SecondsSince(steady_clock::time_point begin) {
  return std::chrono::duration<double>(steady_clock::now() - begin).count();
}

double MebibytesOf(Service& service) { return static_cast<double>(service.process().ResidentBytes()) / (1 << 20); }

template <class Resp>
Resp Must(rpc::Client& client, const google::protobuf::Message& request, const std::string& caller = "load") {
  rpc::CallOptions options;
  options.timeout_micros = 120'000'000;
  options.metadata = {{"dangjian-caller", caller}};
  absl::StatusOr<Resp> response = client.Call<Resp>(request, options);
  if (!response.ok()) Fail(absl::StrCat(request.GetDescriptor()->name(), ": ", response.status().ToString()));
  return *std::move(response);
}

// The monthly batch.

// Awards of as many families, written straight into the store: their cases are not what is measured.
void WriteAwards(const std::string& data, int households) {
  auto kv = storage::RocksDbKvStore::Open(data);
  if (!kv.ok()) Fail(kv.status().ToString());
  const SystemClock clock;
  storage::Database database(**kv, clock);
  const change::Directory directory(database);
  auto& awards = database.AddTable(welfare::MlsAwardSchema());
  if (!database.Open().ok()) Fail("the store of the welfare service does not open");
  for (int begin = 0; begin < households; begin += 500) {
    const auto written = database.Transact({.actor = "load", .method = "prepare", .request_id = ""}, [&](auto& txn) {
      for (int i = begin; i < std::min(begin + 500, households); ++i) {
        welfare::v1::MlsAward award;
        award.set_name(absl::StrFormat("mlsAwards/load-%06d-201001", i));
        award.set_mls_case(absl::StrFormat("mlsCases/load-%06d", i));
        award.set_organization(kPayer);
        award.set_household(absl::StrFormat("households/load-%06d", i));
        award.add_persons(absl::StrFormat("residents/load-%06d", i));
        award.set_payee_name("居民");
        award.set_payee_reference(absl::StrFormat("token-%06d", i));
        *award.mutable_first_month() = DayToProto(Day::Of(2010, 1, 1));
        auto& part = *award.add_parts();
        part.set_component(welfare::v1::BENEFIT_COMPONENT_REGULAR);
        part.set_amount_fen(10'000 + i);
        if (absl::Status status = awards.Insert(txn, award); !status.ok()) return status;
      }
      return absl::OkStatus();
    });
    if (!written.ok()) Fail(written.status().ToString());
  }
}

template <class Request>
Request StepOf(const std::string& name, int day) {
  Request request;
  request.set_name(name);
  *request.mutable_occurred_on() = DayToProto(Day::Of(2010, 3, day));
  return request;
}

// Seconds that the raw store takes for the same lines in portions of the same size.
double RawLines(const Options& options) {
  RawCommitter raw(options.work + "/raw-lines", kLineShape);
  const auto begin = steady_clock::now();
  const LoopResult result = RunClosedLoop(
      kPortion, std::chrono::hours(1),
      [&raw](int64_t i, std::function<void(bool)> done) { raw.Write(i, std::move(done)); }, 0, options.households);
  if (result.failures > 0) Fail("the raw store refused a write");
  return SecondsSince(begin);
}

std::string Committee(int64_t household) {
  static constexpr const char* kCommittees[] = {"dongshanwu", "jichanglu", "tielu"};
  return kCommittees[household % 3];
}

welfare::v1::CreateHomeVisitRequest Visit(int64_t i) {
  welfare::v1::CreateHomeVisitRequest request;
  const int64_t household = 1 + i % kHouseholds;
  request.set_home_visit_id(absl::StrCat("load-", i));
  request.set_request_id(absl::StrCat("load-", i));
  auto& visit = *request.mutable_home_visit();
  visit.set_organization(absl::StrCat("organizations/", Committee(household), "-committee"));
  visit.set_household(absl::StrFormat("households/hh-%04d", household));
  visit.add_visitors("members/tielu-001");
  visit.add_reasons(welfare::v1::HOME_VISIT_REASON_ROUTINE);
  visit.set_found(welfare::v1::HOME_VISIT_FINDING_HOME);
  *visit.mutable_occurred_on() = DayToProto(Day::Of(2005, 1, 1) + static_cast<int32_t>(i % 720));
  return request;
}

// How long a step takes, and how long another caller waits at most for a small write meanwhile.
struct Measured {
  double seconds = 0;
  double longest_wait_ms = 0;
};

template <class Work>
Measured WithAnotherWriter(Suite& suite, const Work& work) {
  static int64_t writes = 0;
  Measured measured;
  std::atomic<bool> over = false;
  std::thread writer([&] {
    while (!over) {
      welfare::v1::CreateHomeVisitRequest request = Visit(writes);
      request.set_home_visit_id(absl::StrCat("beside-", writes));
      request.set_request_id(absl::StrCat("beside-", writes++));
      const auto begin = steady_clock::now();
      Must<welfare::v1::HomeVisit>(suite.welfare->client(), request);
      measured.longest_wait_ms = std::max(measured.longest_wait_ms, 1000 * SecondsSince(begin));
    }
  });
  const auto begin = steady_clock::now();
  work();
  measured.seconds = SecondsSince(begin);
  over = true;
  writer.join();
  return measured;
}

void MeasureBatch(const Options& options, Suite& suite) {
  rpc::Client& client = suite.welfare->client();
  const double memory_before = MebibytesOf(*suite.welfare);
  welfare::v1::CreatePaymentBatchRequest create;
  create.mutable_payment_batch()->set_scheme("mls");
  create.mutable_payment_batch()->set_organization(kPayer);
  *create.mutable_payment_batch()->mutable_benefit_month() = DayToProto(Day::Of(2010, 3, 1));
  create.mutable_payment_batch()->set_run_kind(welfare::v1::PAYMENT_RUN_KIND_REGULAR);
  PaymentBatch batch = Must<PaymentBatch>(client, create);

  auto calculate = StepOf<welfare::v1::CalculatePaymentBatchRequest>(batch.name(), 5);
  calculate.set_preparer("members/jiguan-002");
  calculate.set_max_lines(kPortion);
  const Measured calculated = WithAnotherWriter(suite, [&] {
    while (batch.state() == welfare::v1::PAYMENT_BATCH_STATE_DRAFT) batch = Must<PaymentBatch>(client, calculate);
  });
  auto review = StepOf<welfare::v1::ReviewPaymentBatchRequest>(batch.name(), 6);
  review.set_reviewer("members/jiguan-003");
  const Measured reviewed = WithAnotherWriter(suite, [&] { Must<PaymentBatch>(client, review, "reviewer"); });
  auto approve = StepOf<welfare::v1::ApprovePaymentBatchRequest>(batch.name(), 7);
  approve.set_approver("members/jiguan-004");
  approve.set_digest(batch.digest());
  const Measured approved = WithAnotherWriter(suite, [&] { Must<PaymentBatch>(client, approve, "approver"); });
  const auto to_bank = StepOf<welfare::v1::ExportPaymentBatchRequest>(batch.name(), 8);
  const Measured exported = WithAnotherWriter(suite, [&] { batch = Must<PaymentBatch>(client, to_bank); });
  if (batch.state() != welfare::v1::PAYMENT_BATCH_STATE_EXPORTED) Fail("the batch did not get to the bank");

  welfare::v1::QueryBankFileRequest read;
  read.set_name(batch.name());
  welfare::v1::QueryBankFileResponse part;
  rpc::CallOptions long_call;
  long_call.timeout_micros = 120'000'000;
  size_t bytes = 0;
  const Measured fetched = WithAnotherWriter(suite, [&] {
    const auto status = client.ReadAll(read, &part, long_call, [&] { bytes += part.content().size(); });
    if (!status.ok()) Fail(status.ToString());
  });

  const double floor = RawLines(options);
  std::printf("\nA monthly batch for %d households (%d lines)\n\n", options.households, batch.line_count());
  std::printf("| | seconds | lines per second | against the raw store | longest wait of another write, ms |\n");
  std::printf("|---|---|---|---|---|\n");
  std::printf("| raw RocksDB, the same rows in groups of 2,000 | %.2f | %.0f | 1.00 | |\n", floor,
              batch.line_count() / floor);
  const auto row = [&](const char* name, const Measured& measured) {
    std::printf("| %s | %.2f | %.0f | %.2f | %.0f |\n", name, measured.seconds, batch.line_count() / measured.seconds,
                floor / measured.seconds, measured.longest_wait_ms);
  };
  row("calculate, in portions of 2,000", calculated);
  row("review", reviewed);
  row("approve: asks again for every line", approved);
  row("export: asks again for every line", exported);
  row("read the bank file", fetched);
  std::printf("\nBank file: %.1f MiB. Welfare service: %.0f MiB resident before, %.0f MiB after.\n",
              static_cast<double>(bytes) / (1 << 20), memory_before, MebibytesOf(*suite.welfare));
}

// Visits and attendances.

activity::v1::CreateAttendanceRequest Attendance(int64_t i) {
  activity::v1::CreateAttendanceRequest request;
  request.set_attendance_id(absl::StrCat("load-", i));
  request.set_request_id(absl::StrCat("load-", i));
  auto& attendance = *request.mutable_attendance();
  attendance.set_activity(absl::StrFormat("activities/volunteer-%02d", 1 + i / kHouseholds % kActivities));
  attendance.set_person(absl::StrFormat("residents/head-%04d", 1 + i % kHouseholds));
  attendance.set_start_time("09:00");
  attendance.set_end_time("11:30");
  attendance.set_hours("2.5");
  attendance.set_voluntary(true);
  attendance.set_attended(true);
  return request;
}

void MeasureWrites(const Options& options, Suite& suite, int64_t& visits, int64_t& attendances) {
  ChildProcess durable({"/proc/self/exe", "--serve-floor", options.work + "/durable.port", "--floor-store",
                        options.work + "/floor-store"},
                       options.work + "/log");
  rpc::Client floor(rpc::ClientChannel::Make(absl::StrCat("127.0.0.1:", ReadPort(options.work + "/durable.port"))));
  Row rows[] = {{"combined floor: bare RPC + synced batch"}, {"CreateHomeVisit"}, {"CreateAttendance"}};
  const auto duration = std::chrono::milliseconds(static_cast<int64_t>(options.seconds * 1000));
  const auto visit = [](int64_t i) { return std::make_unique<welfare::v1::CreateHomeVisitRequest>(Visit(i)); };
  const AsyncCall echo = Calling<welfare::v1::CreateHomeVisitRequest>(floor, visit);
  const AsyncCall create_visit = Calling<welfare::v1::HomeVisit>(suite.welfare->client(), visit);
  const AsyncCall create_attendance = Calling<activity::v1::Attendance>(suite.activity->client(), [](int64_t i) {
    return std::make_unique<activity::v1::CreateAttendanceRequest>(Attendance(i));
  });
  for (int round = 0; round < options.rounds; ++round) {
    rows[0].Add(RunClosedLoop(64, duration, echo));
    LoopResult result = RunClosedLoop(64, duration, create_visit, visits);
    visits += result.calls;
    rows[1].Add(result);
    result = RunClosedLoop(64, duration, create_attendance, attendances);
    attendances += result.calls;
    rows[2].Add(result);
  }
  std::printf("\n64 outstanding calls, medians of %d rounds of %.0f s\n\n", options.rounds, options.seconds);
  std::printf("| | per second | p50 µs | p99 µs | share of the floor |\n|---|---|---|---|---|\n");
  PrintRow(rows[0], "");
  PrintRow(rows[1], Percent(MedianRatio(rows[1], rows[0])));
  PrintRow(rows[2], Percent(MedianRatio(rows[2], rows[0])));
}

// Reports.

LoopResult MeasureReport(Suite& suite, const std::string& report, const std::string& organization, DayRange period) {
  gateway::v1::CompileReportRequest request;
  request.set_template_(report);
  request.set_organization(organization);
  *request.mutable_period() = DaysToProto(period);
  const auto call = [&](int64_t) {
    const auto response = suite.gateway->client().Call<gateway::v1::CompileReportResponse>(request);
    return response.ok() && response->unreachable_size() == 0;
  };
  RunSequential(50, call);
  return RunSequential(500, call);
}

void MeasureReports(Suite& suite, const std::string& records) {
  const LoopResult street = MeasureReport(suite, "dongfenglu-half-year", "organizations/dongfenglu",
                                          {Day::Of(2024, 1, 1), Day::Of(2024, 6, 30)});
  const LoopResult community = MeasureReport(suite, "guangming-biennial", "organizations/guangming",
                                             {Day::Of(2005, 1, 1), Day::Of(2006, 12, 31)});
  std::printf("| %s | %.2f | %.2f | %.2f | %.2f |%s\n", records.c_str(), street.p50_us / 1000, street.p99_us / 1000,
              community.p50_us / 1000, community.p99_us / 1000,
              street.failures + community.failures > 0 ? " FAILURES" : "");
  std::fflush(stdout);
}

// Visits until there are `target` of them.
void AddVisits(Suite& suite, int64_t target, int64_t& visits) {
  const AsyncCall create = Calling<welfare::v1::HomeVisit>(suite.welfare->client(), [](int64_t i) {
    return std::make_unique<welfare::v1::CreateHomeVisitRequest>(Visit(i));
  });
  if (visits >= target) return;
  const LoopResult result = RunClosedLoop(256, std::chrono::hours(1), create, visits, target - visits);
  if (result.failures > 0) Fail("a visit was refused");
  visits += result.calls;
}

int Run(const Options& options) {
  const SuitePaths paths{.build = options.build,
                         .seeds = {options.source + "/seeds/dongfenglu", options.source + "/seeds/guangming"},
                         .templates = options.source + "/services/gateway/templates",
                         .work = options.work,
                         .prepare_welfare = [&](const std::string& data) { WriteAwards(data, options.households); }};
  const auto begin = steady_clock::now();
  Suite suite(paths);
  std::printf("Both areas loaded in %.1f s. Resident:", SecondsSince(begin));
  for (Service* service :
       {suite.registry.get(), suite.pledge.get(), suite.welfare.get(), suite.activity.get(), suite.gateway.get()}) {
    std::printf(" %s %.0f MiB", service->name().c_str(), MebibytesOf(*service));
  }
  std::printf("\n");
  std::printf("\nCompileReport through the gateway, one call after the other, in ms\n\n");
  std::printf("| records | street p50 | street p99 | community p50 | community p99 |\n|---|---|---|---|---|\n");
  MeasureReports(suite, "1× (7,812 visits)");
  int64_t visits = 0;
  int64_t attendances = 0;
  AddVisits(suite, int64_t{7812} * options.times, visits);
  MeasureReports(suite, absl::StrCat(options.times, "× (", visits, " visits more)"));
  MeasureBatch(options, suite);
  MeasureWrites(options, suite, visits, attendances);
  return 0;
}

}  // namespace
}  // namespace dangjian::load

int main(int argc, char** argv) {
  using dangjian::load::Options;
  Options options;
  std::string floor_port_file;
  std::string floor_store;
  CLI::App app("Benchmarks of the welfare and activity services beside their floors");
  app.add_option("--build", options.build, "Folder of the build")->capture_default_str();
  app.add_option("--source", options.source, "Folder of the source tree")->capture_default_str();
  app.add_option("--households", options.households, "Households of the monthly batch")->capture_default_str();
  app.add_option("--times", options.times, "How many times the seed's visits")->capture_default_str();
  app.add_option("--rounds", options.rounds, "Rounds, of which medians are taken")->capture_default_str();
  app.add_option("--seconds", options.seconds, "Length of one measurement")->capture_default_str();
  app.add_option("--serve-floor", floor_port_file,
                 "Serve a floor and write its port here (used by the program itself)");
  app.add_option("--floor-store", floor_store, "Store of the durable floor");
  CLI11_PARSE(app, argc, argv);
  if (!floor_port_file.empty()) {
    return dangjian::load::ServeFloor(floor_port_file, floor_store, dangjian::load::kVisitShape);
  }
  char work[] = "/tmp/dangjian-load-XXXXXX";
  options.work = mkdtemp(work);
  const int code = dangjian::load::Run(options);
  std::filesystem::remove_all(options.work);
  return code;
}
