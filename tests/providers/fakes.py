"""The world outside, on this machine: a mail server that speaks just enough SMTP, and 企业微信's address for group robots."""

import base64
import ipaddress
import json
import socketserver
import ssl
import threading
from collections import defaultdict
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


@contextmanager
def _serving(server):
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def certificate(folder):
    """(server's context, client's context) of a certificate for 127.0.0.1 that nobody but this client trusts."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "fake")])
    made = datetime.now(UTC)
    host = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), made, made + timedelta(days=1))
    signed = builder.add_extension(host, critical=False).sign(key, SHA256())
    file = folder / "fake.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(secret + signed.public_bytes(Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=file)


class _Smtp(socketserver.BaseRequestHandler):
    """Refuses a password in the clear, and whatever is said out of turn."""

    def setup(self):
        self.file, self.secure, self.known = self.request.makefile("rb"), False, False

    def say(self, line):
        self.request.sendall(line.encode() + b"\r\n")

    def handle(self):
        self.say("220 fake")
        while line := self.file.readline().decode().strip():
            word, _, rest = line.partition(" ")
            if word.upper() == "QUIT":
                return self.say("221 bye")
            getattr(self, f"on_{word.lower()}", lambda rest: self.say("502 what"))(rest)
        return None

    def on_ehlo(self, rest):
        offers = ["250-fake", *(["250-STARTTLS"] if self.server.tls and not self.secure else []), "250 AUTH PLAIN"]
        for offer in offers:
            self.say(offer)

    def on_starttls(self, rest):
        self.say("220 go on")
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        self.file, self.secure = self.request.makefile("rb"), True

    def on_auth(self, rest):
        _, user, password = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")
        self.known = self.secure and (user, password) == ("linli", "se:cret")
        self.say("235 welcome" if self.known else "535 no")

    def on_mail(self, rest):
        self.say("250 ok" if self.known or not self.server.tls else "530 who are you")

    def on_rcpt(self, rest):
        self.to = rest.partition("<")[2].partition(">")[0]
        self.say(self.server.refuses.get(self.to, "250 ok"))

    def on_data(self, rest):
        self.say("354 tell me")
        self.server.raw = b"".join(iter(self.file.readline, b".\r\n"))
        self.server.got.append((self.to, message_from_bytes(self.server.raw, policy=policy.default)))
        self.say("250 kept")

    def on_rset(self, rest):
        self.say("250 ok")


@contextmanager
def mail_server(tls=None):
    """A server with `got` [(to, message)] and `refuses` {address: answer}; with `tls` it wants STARTTLS and a password."""
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Smtp)
    server.tls, server.got, server.refuses, server.port = tls, [], {}, server.server_address[1]
    with _serving(server):
        yield server


class _Wecom(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_POST(self):
        url = urlsplit(self.path)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = json.dumps(self.server.judge(url, parse_qs(url.query).get("key", [""])[0], body)).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


class _Robots(ThreadingHTTPServer):
    """Knows the keys it is given, counts bytes and messages a minute by the clock it is given."""

    keys, status, now = frozenset(), 200, None

    def judge(self, url, key, body):
        kind = body.get("msgtype")
        if url.path != "/cgi-bin/webhook/send" or key not in self.keys:
            return {"errcode": 93000, "errmsg": "invalid webhook url"}
        if kind not in {"text", "markdown"} or set(body) != {"msgtype", kind}:
            return {"errcode": 40008, "errmsg": "invalid message type"}
        if len(body[kind]["content"].encode()) > {"text": 2048, "markdown": 4096}[kind]:
            return {"errcode": 40058, "errmsg": "content exceed max length"}
        lately = [at for at in self.times[key] if self.now is None or at > self.now - timedelta(minutes=1)]
        if len(lately) >= 20:
            return {"errcode": 45009, "errmsg": "api freq out of limit"}
        self.times[key].append(self.now)
        self.got.append((key, body))
        return {"errcode": 0, "errmsg": "ok"}


@contextmanager
def robots(*keys):
    """企业微信 with robots of these keys: `url`, `got` [(key, body)], `now` for the minute, `status` for trouble."""
    server = _Robots(("127.0.0.1", 0), _Wecom)
    server.keys, server.got, server.times = frozenset(keys), [], defaultdict(list)
    server.url = f"http://127.0.0.1:{server.server_port}"
    with _serving(server):
        yield server
