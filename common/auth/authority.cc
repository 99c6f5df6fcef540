#include "common/auth/authority.h"

#include <arpa/inet.h>
#include <openssl/rand.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/auth/certificate.h"
#include "common/auth/openssl_handles.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace dangjian::auth {
namespace {

namespace fs = std::filesystem;

// Long: to renew it is one more thing that a small installation would forget.
constexpr int64_t kListLifetime = int64_t{3650} * 86'400;
constexpr int64_t kBackdate = 300;  // clocks of the machines may differ a little

bool IsName(std::string_view name) {
  if (name.empty() || name.size() > 40) return false;
  for (const char c : name) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  }
  return true;
}

bool IsAddress(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

bool IsHost(const std::string& host) {
  if (host.empty() || host.size() > 253) return false;
  return IsAddress(host) || host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-*") == std::string::npos;
}

std::string Read(const std::string& path) {
  return (std::ostringstream() << std::ifstream(path, std::ios::binary).rdbuf()).str();
}

// Replaces a file at once or not at all, readable by its owner alone.
absl::Status Write(const std::string& path, const std::string& text) {
  const mode_t before = umask(S_IRWXG | S_IRWXO);
  std::ofstream file(path + ".new", std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  umask(before);
  std::error_code error;
  if (file) fs::rename(path + ".new", path, error);
  if (!file || error) return absl::UnavailableError(absl::StrCat("cannot write ", path));
  return absl::OkStatus();
}

absl::Status Failed(std::string_view what) { return absl::InternalError(absl::StrCat("OpenSSL: ", ToAbsl(what))); }

std::string PemOf(X509* certificate) {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate);
  return TextOf(bio.get());
}

std::string PemOf(EVP_PKEY* key) {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return TextOf(bio.get());
}

bool AddExtension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

// A certificate with everything but its extensions and its signature.
Owned<X509> Draft(const std::string& name, EVP_PKEY* key, X509_NAME* issuer, int64_t now, int64_t lifetime) {
  Owned<X509> certificate(X509_new());
  std::array<unsigned char, 16> serial{};
  if (RAND_bytes(serial.data(), serial.size()) != 1) return nullptr;
  serial[0] = static_cast<unsigned char>((serial[0] & 0x7F) | 0x40);  // positive, and of one length
  const Owned<BIGNUM> number(BN_bin2bn(serial.data(), serial.size(), nullptr));
  X509_set_version(certificate.get(), 2);
  BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get()));
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()), static_cast<time_t>(now - kBackdate));
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), static_cast<time_t>(now + lifetime));
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(certificate.get(), issuer == nullptr ? subject : issuer);
  X509_set_pubkey(certificate.get(), key);
  return certificate;
}

Owned<X509> ReadCertificate(const std::string& pem) {
  const Owned<BIO> bio = ReadBio(pem);
  return Owned<X509>(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

Owned<EVP_PKEY> ReadKey(const std::string& pem) {
  const Owned<BIO> bio = ReadBio(pem);
  return Owned<EVP_PKEY>(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

std::string OtherNames(const CertificateRequest& request) {
  std::vector<std::string> names = {absl::StrCat("URI:", IdentityUri(request.service, request.name))};
  for (const std::string& host : request.hosts) names.push_back(absl::StrCat(IsAddress(host) ? "IP:" : "DNS:", host));
  return absl::StrJoin(names, ",");
}

bool AddRevoked(X509_CRL* list, const std::string& serial, int64_t when) {
  BIGNUM* number = nullptr;
  if (BN_hex2bn(&number, serial.c_str()) == 0) return false;
  const Owned<ASN1_INTEGER> integer(BN_to_ASN1_INTEGER(number, nullptr));
  BN_free(number);
  const Owned<ASN1_TIME> time(ASN1_TIME_set(nullptr, static_cast<time_t>(when)));
  X509_REVOKED* revoked = X509_REVOKED_new();
  X509_REVOKED_set_serialNumber(revoked, integer.get());
  X509_REVOKED_set_revocationDate(revoked, time.get());
  return X509_CRL_add0_revoked(list, revoked) == 1;  // which now owns it
}

}  // namespace

std::string IdentityUri(bool service, std::string_view name) {
  return absl::StrCat("spiffe://dangjian/", service ? "service/" : "client/", ToAbsl(name));
}

absl::Status Authority::Create(const std::string& folder, int64_t now, int64_t lifetime_seconds) {
  std::error_code error;
  if (fs::exists(folder + "/ca.pem", error)) {
    return absl::AlreadyExistsError(absl::StrCat("there is an authority in ", folder));
  }
  fs::create_directories(folder, error);
  if (!error) fs::permissions(folder, fs::perms::owner_all, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot make ", folder, ": ", error.message()));
  const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  const Owned<X509> certificate = Draft("dangjian local authority", key.get(), nullptr, now, lifetime_seconds);
  if (certificate == nullptr ||
      !AddExtension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
      !AddExtension(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign") ||
      !AddExtension(certificate.get(), certificate.get(), NID_subject_key_identifier, "hash") ||
      X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0) {
    return Failed("no authority could be made");
  }
  RETURN_IF_ERROR(Write(folder + "/ca.key", PemOf(key.get())));
  RETURN_IF_ERROR(Write(folder + "/issued.tsv", ""));
  RETURN_IF_ERROR(Write(folder + "/revoked.tsv", ""));
  RETURN_IF_ERROR(Write(folder + "/ca.pem", PemOf(certificate.get())));
  ASSIGN_OR_RETURN(const Authority authority, Open(folder));
  return authority.WriteList(now, kListLifetime);
}

absl::StatusOr<Authority> Authority::Open(const std::string& folder) {
  KeyPair pair{.certificate = Read(folder + "/ca.pem"), .key = Read(folder + "/ca.key")};
  if (pair.certificate.empty()) return absl::NotFoundError(absl::StrCat("there is no authority in ", folder));
  const Owned<X509> certificate = ReadCertificate(pair.certificate);
  const Owned<EVP_PKEY> key = ReadKey(pair.key);
  if (certificate == nullptr || key == nullptr || X509_check_private_key(certificate.get(), key.get()) != 1) {
    return absl::FailedPreconditionError(
        absl::StrCat("the authority in ", folder, " is damaged: ca.pem and ca.key differ"));
  }
  return Authority(folder, std::move(pair));
}

absl::StatusOr<KeyPair> Authority::Issue(const CertificateRequest& request) const {
  if (!IsName(request.name))
    return absl::InvalidArgumentError("a name is 1 to 40 lower-case letters, digits and hyphens");
  for (const std::string& host : request.hosts) {
    if (!IsHost(host)) return absl::InvalidArgumentError(absl::StrCat(host, " is neither a DNS name nor an address"));
  }
  const Owned<X509> issuer = ReadCertificate(pair_.certificate);
  const Owned<EVP_PKEY> issuer_key = ReadKey(pair_.key);
  const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  const Owned<X509> certificate =
      Draft(request.name, key.get(), X509_get_subject_name(issuer.get()), request.now, request.lifetime_seconds);
  const char* usage = request.hosts.empty() ? "clientAuth" : "serverAuth,clientAuth";
  if (certificate == nullptr ||
      !AddExtension(certificate.get(), issuer.get(), NID_basic_constraints, "critical,CA:FALSE") ||
      !AddExtension(certificate.get(), issuer.get(), NID_key_usage, "critical,digitalSignature") ||
      !AddExtension(certificate.get(), issuer.get(), NID_ext_key_usage, usage) ||
      !AddExtension(certificate.get(), issuer.get(), NID_subject_alt_name, OtherNames(request)) ||
      !AddExtension(certificate.get(), issuer.get(), NID_authority_key_identifier, "keyid") ||
      X509_sign(certificate.get(), issuer_key.get(), EVP_sha256()) == 0) {
    return Failed("no certificate could be made");
  }
  KeyPair pair{.certificate = PemOf(certificate.get()), .key = PemOf(key.get())};
  ASSIGN_OR_RETURN(const Certificate facts, ParseCertificate(pair.certificate));
  const std::string issued = Read(folder_ + "/issued.tsv");
  RETURN_IF_ERROR(
      Write(folder_ + "/issued.tsv", absl::StrCat(issued, facts.serial, "\t", facts.uri, "\t", facts.not_after, "\n")));
  return pair;
}

absl::Status Authority::Revoke(const std::string& serial, int64_t now) const {
  if (!absl::StrContains(absl::StrCat("\n", Read(folder_ + "/issued.tsv")), absl::StrCat("\n", serial, "\t"))) {
    return absl::NotFoundError(absl::StrCat("the authority issued no certificate ", serial));
  }
  const std::string revoked = Read(folder_ + "/revoked.tsv");
  if (!absl::StrContains(absl::StrCat("\n", revoked), absl::StrCat("\n", serial, "\t"))) {
    RETURN_IF_ERROR(Write(folder_ + "/revoked.tsv", absl::StrCat(revoked, serial, "\t", now, "\n")));
  }
  return WriteList(now, kListLifetime);
}

absl::StatusOr<std::vector<Issued>> Authority::List() const {
  const std::string revoked = absl::StrCat("\n", Read(folder_ + "/revoked.tsv"));
  std::vector<Issued> issued;
  for (const absl::string_view line : absl::StrSplit(Read(folder_ + "/issued.tsv"), '\n', absl::SkipEmpty())) {
    const std::vector<std::string> fields = absl::StrSplit(line, '\t');
    Issued certificate;
    if (fields.size() != 3 || !absl::SimpleAtoi(fields[2], &certificate.not_after)) {
      return absl::FailedPreconditionError(absl::StrCat(folder_, "/issued.tsv is damaged at: ", line));
    }
    certificate.serial = fields[0];
    certificate.uri = fields[1];
    certificate.revoked = absl::StrContains(revoked, absl::StrCat("\n", fields[0], "\t"));
    issued.push_back(std::move(certificate));
  }
  return issued;
}

absl::Status Authority::WriteList(int64_t now, int64_t lifetime_seconds) const {
  const Owned<X509> issuer = ReadCertificate(pair_.certificate);
  const Owned<EVP_PKEY> key = ReadKey(pair_.key);
  const Owned<X509_CRL> list(X509_CRL_new());
  const Owned<ASN1_TIME> last(ASN1_TIME_set(nullptr, static_cast<time_t>(now)));
  const Owned<ASN1_TIME> next(ASN1_TIME_set(nullptr, static_cast<time_t>(now + lifetime_seconds)));
  X509_CRL_set_version(list.get(), 1);
  X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(issuer.get()));
  X509_CRL_set1_lastUpdate(list.get(), last.get());
  X509_CRL_set1_nextUpdate(list.get(), next.get());
  for (const absl::string_view line : absl::StrSplit(Read(folder_ + "/revoked.tsv"), '\n', absl::SkipEmpty())) {
    const std::vector<std::string> fields = absl::StrSplit(line, '\t');
    if (fields.empty() || !AddRevoked(list.get(), fields[0], now)) return Failed("a revoked serial is none");
  }
  X509_CRL_sort(list.get());
  if (X509_CRL_sign(list.get(), key.get(), EVP_sha256()) == 0) return Failed("the list could not be signed");
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509_CRL(bio.get(), list.get());
  return Write(folder_ + "/crl.pem", TextOf(bio.get()));
}

}  // namespace dangjian::auth
