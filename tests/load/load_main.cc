// Measures the suite beside floors that the same program measures in the same run, and prints docs/benchmarks.md's
// tables.
//   dangjian-load --build build/release [--largest 1000] [--rounds 5] [--seconds 2]

#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "dangjian/gateway/v1/report_service.pb.h"
#include "dangjian/pledge/v1/pledge.pb.h"
#include "dangjian/registry/v1/member.pb.h"
#include "grpc/health/v1/health.pb.h"
#include "tests/load/closed_loop.h"
#include "tests/load/floors.h"
#include "tests/load/rows.h"
#include "tests/load/suite.h"

namespace dangjian::load {
namespace {

// The entries that one CreatePledge of a draft with a request_id puts into the store: row, history, two index entries,
// commit record and stored answer. Their size is an assumption, not a measurement.
constexpr WriteShape kCreatePledgeShape{.entries = 6, .value_bytes = 450};

struct Options {
  std::string build = "build/release";
  std::string source = ".";
  std::string work;
  int largest = 1000;
  int rounds = 5;
  double seconds = 2;
};

// ---- Calls
// -----------------------------------------------------------------------------------------------------------

AsyncCall HealthCall(rpc::Client& client) {
  return Calling<grpc::health::v1::HealthCheckResponse>(
      client, [](int64_t) { return std::make_unique<grpc::health::v1::HealthCheckRequest>(); });
}

AsyncCall GetMemberCall(rpc::Client& client, std::vector<std::string> members) {
  return Calling<registry::v1::Member>(client, [members = std::move(members)](int64_t i) {
    auto request = std::make_unique<registry::v1::GetMemberRequest>();
    request->set_name(members[static_cast<size_t>(i) % members.size()]);
    return request;
  });
}

// `Resp` is what comes back: a Pledge, or the request itself from a floor.
template <class Resp>
AsyncCall CreatePledgeCall(rpc::Client& client, pledge::v1::Pledge sample, std::string run) {
  return Calling<Resp>(client, [sample = std::move(sample), run = std::move(run)](int64_t i) {
    auto request = std::make_unique<pledge::v1::CreatePledgeRequest>();
    request->set_pledge_id("load-" + run + "-" + std::to_string(i));
    request->set_request_id("load-" + run + "-" + std::to_string(i));
    *request->mutable_pledge() = sample;
    return request;
  });
}

gateway::v1::CompileReportRequest ReportRequest() {
  gateway::v1::CompileReportRequest request;
  request.set_template_("dongfenglu-half-year");
  request.set_organization("organizations/dongfenglu");
  auto* period = request.mutable_period();
  period->mutable_start_date()->set_year(2024);
  period->mutable_start_date()->set_month(1);
  period->mutable_start_date()->set_day(1);
  period->mutable_end_date()->set_year(2024);
  period->mutable_end_date()->set_month(6);
  period->mutable_end_date()->set_day(30);
  return request;
}

// ---- Records
// ---------------------------------------------------------------------------------------------------------

std::vector<std::string> AllMembers(rpc::Client& client) {
  std::vector<std::string> names;
  registry::v1::ListMembersRequest request;
  request.set_page_size(1000);
  do {
    const auto page = client.Call<registry::v1::ListMembersResponse>(request);
    if (!page.ok()) break;
    for (const auto& member : page->members()) names.push_back(member.name());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return names;
}

// The seed's published pledges, as they were written.
std::vector<pledge::v1::ImportedPledge> SeedPledges(rpc::Client& client) {
  std::vector<pledge::v1::ImportedPledge> pledges;
  pledge::v1::ListPledgesRequest request;
  request.set_page_size(1000);
  do {
    const auto page = client.Call<pledge::v1::ListPledgesResponse>(request);
    if (!page.ok()) break;
    for (const pledge::v1::Pledge& stored : page->pledges()) {
      pledge::v1::ImportedPledge imported;
      *imported.mutable_published_on() = stored.published_on();
      pledge::v1::Pledge& written = *imported.mutable_pledge();
      written.set_campaign(stored.campaign());
      written.set_pledger_kind(stored.pledger_kind());
      written.set_pledger(stored.pledger());
      written.set_organization(stored.organization());
      *written.mutable_audiences() = stored.audiences();
      for (const pledge::v1::PledgeItem& item : stored.items()) {
        pledge::v1::PledgeItem& copy = *written.add_items();
        copy.set_item_id(item.item_id());
        copy.set_text(item.text());
        *copy.mutable_due_date() = item.due_date();
      }
      pledges.push_back(std::move(imported));
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return pledges;
}

struct Imported {
  int64_t pledges = 0;
  int64_t items = 0;
  double seconds = 0;
};

// Imports the seed's pledges again and again under new ids, copies [from, to).
Imported ImportCopies(rpc::Client& client, const std::vector<pledge::v1::ImportedPledge>& seed, int from, int to) {
  rpc::CallOptions options;
  options.timeout_micros = 600'000'000;
  Imported result;
  const auto begin = std::chrono::steady_clock::now();
  auto stream =
      std::make_unique<rpc::Client::ClientStream<pledge::v1::ImportPledgesRequest, pledge::v1::ImportPledgesResponse>>(
          client.OpenClientStream<pledge::v1::ImportPledgesRequest, pledge::v1::ImportPledgesResponse>(options));
  pledge::v1::ImportPledgesRequest chunk;
  bool ok = true;
  for (int copy = from; copy < to && ok; ++copy) {
    for (size_t i = 0; i < seed.size() && ok; ++i) {
      pledge::v1::ImportedPledge& imported = *chunk.add_pledges();
      imported = seed[i];
      imported.set_pledge_id("copy-" + std::to_string(copy) + "-" + std::to_string(i));
      result.items += imported.pledge().items_size();
      if (chunk.pledges_size() < 128) continue;
      ok = stream->Write(chunk).ok();
      chunk.clear_pledges();
    }
  }
  if (ok && chunk.pledges_size() > 0) stream->Write(chunk).IgnoreError();
  const auto response = stream->Finish();
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (!response.ok() || response->refused() > 0) {
    std::fprintf(
        stderr, "import: %s\n",
        response.ok() ? response->ShortDebugString().substr(0, 500).c_str() : response.status().ToString().c_str());
    std::exit(1);
  }
  result.pledges = response->created();
  return result;
}

// ---- Scenarios
// -------------------------------------------------------------------------------------------------------

void MeasureCalls(const Options& options, Suite& suite, const std::vector<pledge::v1::ImportedPledge>& seed) {
  ChildProcess noop({"/proc/self/exe", "--serve-floor", options.work + "/noop.port"}, options.work + "/log");
  ChildProcess durable({"/proc/self/exe", "--serve-floor", options.work + "/durable.port", "--floor-store",
                        options.work + "/floor-store"},
                       options.work + "/log");
  const auto floor_client = [](const std::string& port_file) {
    return rpc::Client(rpc::ClientChannel::Make("127.0.0.1:" + std::to_string(ReadPort(port_file))));
  };
  rpc::Client noop_client = floor_client(options.work + "/noop.port");
  rpc::Client durable_client = floor_client(options.work + "/durable.port");
  RawCommitter raw(options.work + "/raw-store", kCreatePledgeShape);

  const std::vector<std::string> members = AllMembers(suite.registry->client());
  const pledge::v1::Pledge sample = seed.back().pledge();
  // The floors carry the same bytes as the call that they stand beside.
  const AsyncCall echo = CreatePledgeCall<pledge::v1::CreatePledgeRequest>(noop_client, sample, "floor");
  const AsyncCall echo_durable = CreatePledgeCall<pledge::v1::CreatePledgeRequest>(durable_client, sample, "floor");
  const AsyncCall write_raw = [&raw](int64_t i, std::function<void(bool)> done) { raw.Write(i, std::move(done)); };

  for (const int n : {64, 1}) {
    Row rows[] = {{"bare no-op RPC"},
                  {"raw RocksDB synced batch"},
                  {"combined floor: bare RPC + synced batch"},
                  {"health check, pipeline"},
                  {"GetMember"},
                  {"CreatePledge"}};
    const auto duration = std::chrono::milliseconds(static_cast<int64_t>(options.seconds * 1000));
    for (int round = 0; round < options.rounds; ++round) {
      const std::string run = std::to_string(n) + "-" + std::to_string(round);
      const int64_t first = (n * 100 + round) * int64_t{1'000'000};
      rows[0].Add(RunClosedLoop(n, duration, echo));
      rows[1].Add(RunClosedLoop(n, duration, write_raw, first));
      rows[2].Add(RunClosedLoop(n, duration, echo_durable));
      rows[3].Add(RunClosedLoop(n, duration, HealthCall(suite.pledge->client())));
      rows[4].Add(RunClosedLoop(n, duration, GetMemberCall(suite.registry->client(), members)));
      rows[5].Add(
          RunClosedLoop(n, duration, CreatePledgeCall<pledge::v1::Pledge>(suite.pledge->client(), sample, run)));
    }
    std::printf("\n%d outstanding call%s, medians of %d rounds of %.0f s\n\n", n, n == 1 ? "" : "s", options.rounds,
                options.seconds);
    std::printf("| | per second | p50 µs | p99 µs | share of its floor |\n|---|---|---|---|---|\n");
    PrintRow(rows[0], "");
    PrintRow(rows[1], "");
    PrintRow(rows[2], "");
    PrintRow(rows[3], Percent(MedianRatio(rows[3], rows[0])) + " of the no-op");
    PrintRow(rows[4], Percent(MedianRatio(rows[4], rows[0])) + " of the no-op");
    PrintRow(rows[5], Percent(MedianRatio(rows[5], rows[2])) + " of the combined floor, " +
                          Percent(MedianRatio(rows[5], rows[1])) + " of the raw store");
  }
}

LoopResult MeasureReport(Suite& suite, int calls) {
  const gateway::v1::CompileReportRequest request = ReportRequest();
  return RunSequential(calls, [&](int64_t) {
    const auto report = suite.gateway->client().Call<gateway::v1::CompileReportResponse>(request);
    return report.ok() && report->unreachable_size() == 0;
  });
}

void MeasureReports(const Options& options, Suite& suite, const std::vector<pledge::v1::ImportedPledge>& seed) {
  std::printf("\nCompileReport of the street through the gateway, one call after the other\n\n");
  std::printf("| pledges | p50 µs | p99 µs | p50 against 1× |\n|---|---|---|---|\n");
  int copies = 1;
  double first_p50 = 0;
  Imported bulk;
  for (int times = 1; times <= options.largest; times *= 10) {
    if (times > copies) bulk = ImportCopies(suite.pledge->client(), seed, copies, times);
    copies = times;
    MeasureReport(suite, 200);
    const LoopResult result = MeasureReport(suite, 2000);
    if (times == 1) first_p50 = result.p50_us;
    std::printf("| %d× (%zu) | %.0f | %.0f | %.2f |%s\n", times, seed.size() * static_cast<size_t>(times),
                result.p50_us, result.p99_us, result.p50_us / first_p50, result.failures > 0 ? " FAILURES" : "");
    std::fflush(stdout);
  }
  std::printf("\nBulk import (last step): %lld pledges with %lld items in %.1f s: %.0f pledges/s, %.0f items/s\n",
              static_cast<long long>(bulk.pledges), static_cast<long long>(bulk.items), bulk.seconds,
              static_cast<double>(bulk.pledges) / bulk.seconds, static_cast<double>(bulk.items) / bulk.seconds);
}

// Right after the import, so that the first start has a log to replay.
void MeasureStart(Suite& suite) {
  const auto resident_mib = [&suite] {
    return static_cast<double>(suite.pledge->process().ResidentBytes()) / (1024.0 * 1024.0);
  };
  std::printf("\nPledge service after the import: %.0f MiB resident\n", resident_mib());
  suite.pledge->process().Kill();
  const double after_kill = suite.pledge->Restart();
  std::printf("Start after kill -9: %.2f s, then %.0f MiB resident\n", after_kill, resident_mib());
  suite.pledge->process().Stop();
  std::printf("Start after a clean stop: %.2f s\n", suite.pledge->Restart());
}

void PrintMachine() {
  std::ifstream info("/proc/cpuinfo");
  std::string line;
  std::string model;
  while (std::getline(info, line) && model.empty()) {
    if (line.starts_with("model name")) model = line.substr(line.find(':') + 2);
  }
  std::printf("Machine: %u cores, %s\n", std::thread::hardware_concurrency(), model.c_str());
}

int Run(const Options& options) {
  PrintMachine();
  const SuitePaths paths{.build = options.build,
                         .seeds = {options.source + "/seeds/dongfenglu"},
                         .templates = options.source + "/services/gateway/templates",
                         .work = options.work};
  Suite suite(paths);
  const std::vector<pledge::v1::ImportedPledge> seed = SeedPledges(suite.pledge->client());
  if (seed.empty()) {
    std::fprintf(stderr, "the seeds hold no pledge\n");
    return 1;
  }
  MeasureReports(options, suite, seed);
  MeasureStart(suite);
  MeasureCalls(options, suite, seed);
  return 0;
}

}  // namespace
}  // namespace dangjian::load

int main(int argc, char** argv) {
  using dangjian::load::Options;
  Options options;
  std::string floor_port_file;
  std::string floor_store;
  CLI::App app("Benchmarks of the suite beside their floors");
  app.add_option("--build", options.build, "Folder of the build")->capture_default_str();
  app.add_option("--source", options.source, "Folder of the source tree")->capture_default_str();
  app.add_option("--largest", options.largest, "Largest multiple of the seed's pledges")->capture_default_str();
  app.add_option("--rounds", options.rounds, "Rounds, of which medians are taken")->capture_default_str();
  app.add_option("--seconds", options.seconds, "Length of one measurement")->capture_default_str();
  app.add_option("--serve-floor", floor_port_file,
                 "Serve a floor and write its port here (used by the program itself)");
  app.add_option("--floor-store", floor_store, "Store of the durable floor");
  CLI11_PARSE(app, argc, argv);
  if (!floor_port_file.empty()) {
    return dangjian::load::ServeFloor(floor_port_file, floor_store, dangjian::load::kCreatePledgeShape);
  }
  char work[] = "/tmp/dangjian-load-XXXXXX";
  options.work = mkdtemp(work);
  const int code = dangjian::load::Run(options);
  std::filesystem::remove_all(options.work);
  return code;
}
