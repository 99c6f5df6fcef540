"""A certificate authority and an issuer of tokens in a folder, made by the commands that an admin has."""

import os
import subprocess

import grpc
from suite import CTL

ISSUER, AUDIENCE = "district", "dangjian"


class Identities:

    def __init__(self, folder):
        self.folder = folder
        self.ctl("pki", "--folder", self.path("authority"), "init")
        self.ctl("token", "--key", self.path("tokens.key"), "keys", "--keys", self.path("tokens.jwks"), "--id", "k-1")

    def path(self, name):
        return os.path.join(self.folder, name)

    def ctl(self, *arguments):
        done = subprocess.run([CTL, *arguments], check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(f"dangjianctl {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def issue(self, name, *options, out=""):
        """Issues a certificate; returns where it lies, without `.pem`. A later one takes its place."""
        folder = self.path(out) if out else self.folder
        self.ctl("pki", "--folder", self.path("authority"), "issue", "--name", name, "--out", folder, *options)
        return os.path.join(folder, name)

    def issue_service(self, name):
        return self.issue(name, "--service", "--host", "127.0.0.1", "--host", "localhost")

    def revoke(self, pair):
        self.ctl("pki", "--folder", self.path("authority"), "revoke", "--certificate", pair + ".pem")

    def token(self, subject, *options, key="tokens.key", issuer=ISSUER, audience=AUDIENCE):
        return self.ctl("token", "--key", self.path(key), "issue", "--issuer", issuer, "--audience", audience,
                        "--subject", subject, *options).strip()

    def flags_of(self, service):
        if not os.path.exists(self.path(service + ".pem")):
            self.issue_service(service)
        return ["--auth=tokens", f"--tls-certificate={self.path(service)}.pem", f"--tls-key={self.path(service)}.key",
                f"--tls-authorities={self.path('authority/ca.pem')}",
                f"--tls-revocations={self.path('authority/crl.pem')}", f"--token-keys={self.path('tokens.jwks')}",
                f"--token-issuer={ISSUER}", f"--token-audience={AUDIENCE}"]

    def credentials(self, pair=None, authority="authority/ca.pem"):
        """For a channel that shows the certificate `pair`, or none."""
        def read(path):
            with open(path, "rb") as file:
                return file.read()
        if pair is None:
            return grpc.ssl_channel_credentials(read(self.path(authority)))
        return grpc.ssl_channel_credentials(read(self.path(authority)), read(pair + ".key"), read(pair + ".pem"))


def bearer(token):
    """The metadata that shows a token."""
    return (("authorization", "Bearer " + token),)
