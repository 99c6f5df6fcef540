#include "common/auth/certificate.h"

#include <ctime>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/auth/openssl_handles.h"
#include "common/base/sha256.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace dangjian::auth {
namespace {

absl::Status Fault(std::string_view what) { return absl::FailedPreconditionError(ToAbsl(what)); }

std::vector<Owned<X509>> ReadCertificates(std::string_view pem) {
  std::vector<Owned<X509>> certificates;
  const Owned<BIO> bio = ReadBio(pem);
  while (X509* next = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) certificates.emplace_back(next);
  return certificates;
}

std::vector<Owned<X509_CRL>> ReadLists(std::string_view pem) {
  std::vector<Owned<X509_CRL>> lists;
  const Owned<BIO> bio = ReadBio(pem);
  while (X509_CRL* next = PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr)) lists.emplace_back(next);
  return lists;
}

std::string Hexadecimal(const ASN1_INTEGER* number) {
  const Owned<BIGNUM> big(ASN1_INTEGER_to_BN(number, nullptr));
  char* digits = BN_bn2hex(big.get());
  std::string text = digits == nullptr ? "" : digits;
  OPENSSL_free(digits);
  return text;
}

int64_t SecondsOf(const ASN1_TIME* time) {
  std::tm parts{};
  return ASN1_TIME_to_tm(time, &parts) == 1 ? int64_t{timegm(&parts)} : 0;
}

std::string CommonNameOf(const X509* certificate) {
  char name[256] = {};
  const int length = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof(name));
  return length > 0 ? std::string(name, static_cast<size_t>(length)) : std::string();
}

std::string UriOf(const X509* certificate) {
  const Owned<GENERAL_NAMES> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI) continue;
    const ASN1_IA5STRING* uri = name->d.uniformResourceIdentifier;
    return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                       static_cast<size_t>(ASN1_STRING_length(uri)));
  }
  return "";
}

std::string ThumbprintOf(const X509* certificate) {
  unsigned char* der = nullptr;
  const int length = i2d_X509(certificate, &der);
  std::string digest = Sha256({reinterpret_cast<const char*>(der), static_cast<size_t>(length < 0 ? 0 : length)});
  OPENSSL_free(der);
  return digest;
}

// Whether the first certificate leads, over the others behind it, to one of the authorities.
absl::Status CheckChain(const std::vector<Owned<X509>>& chain, const std::vector<Owned<X509>>& authorities,
                        int64_t now) {
  const Owned<X509_STORE> store(X509_STORE_new());
  for (const Owned<X509>& authority : authorities) X509_STORE_add_cert(store.get(), authority.get());
  const Owned<STACK_OF(X509)> between(sk_X509_new_null());
  for (size_t i = 1; i < chain.size(); ++i) sk_X509_push(between.get(), chain[i].get());
  const Owned<X509_STORE_CTX> context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), chain.front().get(), between.get());
  X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(context.get()), static_cast<time_t>(now));
  if (X509_verify_cert(context.get()) == 1) return absl::OkStatus();
  return Fault(absl::StrCat("the certificate is not good: ",
                            X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()))));
}

absl::Status CheckLists(std::string_view pem, const std::vector<Owned<X509>>& authorities) {
  const std::vector<Owned<X509_CRL>> lists = ReadLists(pem);
  if (lists.empty() && !pem.empty()) return Fault("the revocation list is no PEM list");
  for (const Owned<X509_CRL>& list : lists) {
    bool signed_by_one = false;
    for (const Owned<X509>& authority : authorities) {
      signed_by_one = signed_by_one || X509_CRL_verify(list.get(), X509_get0_pubkey(authority.get())) == 1;
    }
    if (!signed_by_one) return Fault("the revocation list is signed by none of the authorities");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Certificate> ParseCertificate(std::string_view pem) {
  const Owned<BIO> bio = ReadBio(pem);
  const Owned<X509> parsed(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (parsed == nullptr) return absl::InvalidArgumentError("there is no certificate in PEM");
  return Certificate{.common_name = CommonNameOf(parsed.get()),
                     .uri = UriOf(parsed.get()),
                     .serial = Hexadecimal(X509_get0_serialNumber(parsed.get())),
                     .thumbprint = ThumbprintOf(parsed.get()),
                     .not_before = SecondsOf(X509_get0_notBefore(parsed.get())),
                     .not_after = SecondsOf(X509_get0_notAfter(parsed.get()))};
}

absl::Status CheckTlsMaterial(const TlsMaterial& material, int64_t now) {
  const std::vector<Owned<X509>> chain = ReadCertificates(material.certificate);
  if (chain.empty()) return Fault("there is no certificate in PEM");
  const std::vector<Owned<X509>> authorities = ReadCertificates(material.authorities);
  if (authorities.empty()) return Fault("there is no authority in PEM");
  const Owned<BIO> key_text = ReadBio(material.key);
  const Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr));
  if (key == nullptr) return Fault("there is no private key in PEM");
  if (X509_check_private_key(chain.front().get(), key.get()) != 1) return Fault("the key is not the certificate's");
  RETURN_IF_ERROR(CheckChain(chain, authorities, now));
  return CheckLists(material.revocations, authorities);
}

absl::StatusOr<absl::flat_hash_set<std::string>> RevokedSerials(std::string_view lists) {
  absl::flat_hash_set<std::string> serials;
  for (const Owned<X509_CRL>& list : ReadLists(lists)) {
    STACK_OF(X509_REVOKED)* revoked = X509_CRL_get_REVOKED(list.get());
    for (int i = 0; i < sk_X509_REVOKED_num(revoked); ++i) {
      serials.insert(Hexadecimal(X509_REVOKED_get0_serialNumber(sk_X509_REVOKED_value(revoked, i))));
    }
  }
  return serials;
}

}  // namespace dangjian::auth
