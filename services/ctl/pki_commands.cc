#include "services/ctl/pki_commands.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <ostream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "common/auth/authority.h"
#include "common/auth/certificate.h"
#include "common/auth/token_signer.h"
#include "common/base/clock.h"
#include "common/base/day.h"
#include "common/base/status_macros.h"

namespace dangjian::ctl {
namespace {

constexpr int64_t kSecondsPerDay = 24 * 3600;
constexpr double kSecondsPerHour = 3600;
constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr mode_t kSecret = S_IRUSR | S_IWUSR;

int64_t Now() { return SystemClock().NowMicros() / kMicrosPerSecond; }

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  return text.str();
}

// Writes a file that is its owner's alone, at once or not at all.
absl::Status WriteSecret(const std::string& path, const std::string& text) {
  const std::string unfinished = path + ".new";
  const int descriptor = open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kSecret);
  const bool written =
      descriptor >= 0 && write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (descriptor >= 0) close(descriptor);
  if (written && std::rename(unfinished.c_str(), path.c_str()) == 0) return absl::OkStatus();
  return absl::PermissionDeniedError(absl::StrCat(path, ": cannot be written"));
}

absl::Status MakeFolder(const std::string& folder) {
  std::error_code error;
  const bool made = std::filesystem::create_directories(folder, error);
  if (made) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  return error ? absl::PermissionDeniedError(absl::StrCat(folder, ": cannot be made: ", error.message()))
               : absl::OkStatus();
}

std::string DayOf(int64_t seconds) { return FormatDay(DayOfMicros(seconds * kMicrosPerSecond)); }

}  // namespace

absl::Status RunPkiInit(const PkiCommand& command, std::ostream& out) {
  RETURN_IF_ERROR(auth::Authority::Create(command.folder, Now(), command.days * kSecondsPerDay));
  out << "签发机构已建立: " << command.folder << " (ca.key 须严加保管)\n";
  return absl::OkStatus();
}

absl::Status RunPkiIssue(const PkiCommand& command, std::ostream& out) {
  ASSIGN_OR_RETURN(const auth::Authority authority, auth::Authority::Open(command.folder));
  RETURN_IF_ERROR(MakeFolder(command.out));
  ASSIGN_OR_RETURN(const auth::KeyPair pair, authority.Issue({.name = command.name,
                                                              .service = command.service,
                                                              .hosts = command.hosts,
                                                              .now = Now(),
                                                              .lifetime_seconds = command.days * kSecondsPerDay}));
  const std::string path = absl::StrCat(command.out, "/", command.name);
  RETURN_IF_ERROR(WriteSecret(path + ".key", pair.key));
  RETURN_IF_ERROR(WriteSecret(path + ".pem", pair.certificate));
  ASSIGN_OR_RETURN(const auth::Certificate facts, auth::ParseCertificate(pair.certificate));
  out << facts.serial << "\t" << facts.uri << "\t" << path << ".pem\n";
  return absl::OkStatus();
}

absl::Status RunPkiRevoke(const PkiCommand& command, std::ostream& out) {
  ASSIGN_OR_RETURN(const auth::Authority authority, auth::Authority::Open(command.folder));
  ASSIGN_OR_RETURN(const std::string pem, ReadFile(command.certificate));
  ASSIGN_OR_RETURN(const auth::Certificate facts, auth::ParseCertificate(pem));
  RETURN_IF_ERROR(authority.Revoke(facts.serial, Now()));
  out << facts.serial << " 已吊销; 请把 " << command.folder << "/crl.pem 分发到各服务的 --tls-revocations\n";
  return absl::OkStatus();
}

absl::Status RunPkiList(const PkiCommand& command, std::ostream& out) {
  ASSIGN_OR_RETURN(const auth::Authority authority, auth::Authority::Open(command.folder));
  ASSIGN_OR_RETURN(const std::vector<auth::Issued> issued, authority.List());
  for (const auth::Issued& certificate : issued) {
    out << certificate.serial << "\t" << certificate.uri << "\t" << DayOf(certificate.not_after) << "\t"
        << (certificate.revoked ? "已吊销" : "有效") << "\n";
  }
  return absl::OkStatus();
}

absl::Status RunTokenKeys(const TokenCommand& command, std::ostream& out) {
  std::error_code error;
  if (std::filesystem::exists(command.key, error)) {
    return absl::AlreadyExistsError(absl::StrCat("there is a signing key in ", command.key, ": nothing was changed"));
  }
  ASSIGN_OR_RETURN(const auth::TokenSigner signer, auth::TokenSigner::Generate(command.key_id));
  RETURN_IF_ERROR(WriteSecret(command.key, signer.PrivateKey()));
  RETURN_IF_ERROR(WriteSecret(command.keys, signer.PublicKeys()));
  out << "签名密钥: " << command.key << " (须严加保管); 公钥: " << command.keys << "\n";
  return absl::OkStatus();
}

absl::Status RunTokenIssue(const TokenCommand& command, std::ostream& out) {
  ASSIGN_OR_RETURN(const std::string key, ReadFile(command.key));
  ASSIGN_OR_RETURN(const auth::TokenSigner signer, auth::TokenSigner::Import(key));
  std::string thumbprint;
  if (!command.certificate.empty()) {
    ASSIGN_OR_RETURN(const std::string pem, ReadFile(command.certificate));
    ASSIGN_OR_RETURN(const auth::Certificate facts, auth::ParseCertificate(pem));
    thumbprint = facts.thumbprint;
  }
  ASSIGN_OR_RETURN(const std::string token,
                   signer.Sign({.issuer = command.issuer,
                                .audience = command.audience,
                                .subject = command.subject,
                                .certificate = thumbprint,
                                .issued_at = Now(),
                                .lifetime_seconds = static_cast<int64_t>(command.hours * kSecondsPerHour)}));
  if (command.out.empty()) {
    out << token << "\n";
    return absl::OkStatus();
  }
  return WriteSecret(command.out, token);
}

}  // namespace dangjian::ctl
