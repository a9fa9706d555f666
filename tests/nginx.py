"""nginx with the shipped configuration, in front of a desk."""

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conftest import ROOT
from web.listen import listen


def free_port() -> int:
    with listen("127.0.0.1", 0) as sock:
        return int(sock.getsockname()[1])


@contextmanager
def nginx(folder: Path, desk: str) -> Iterator[tuple[int, ssl.SSLContext]]:
    """Run Debian's nginx with the shipped configuration in front of a desk; yield its port and whom to trust."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None or shutil.which("openssl") is None:
        if os.environ.get("CI"):
            pytest.fail("no nginx or openssl; install them with `apt-get install nginx-light openssl`")
        pytest.skip("no nginx or openssl; install them with `apt-get install nginx-light openssl`")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    (folder / "users").write_text("li.na:{PLAIN}secret\n")
    port = free_port()
    server = (ROOT / "deploy" / "nginx.conf").read_text()
    for shipped, here in {
        "127.0.0.1:7860": urlsplit(desk).netloc,
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/ssl/certs/intranet.pem": str(folder / "cert.pem"),
        "/etc/ssl/private/intranet.key": str(folder / "key.pem"),
        "/etc/nginx/intranet.users": str(folder / "users"),
    }.items():
        assert shipped in server
        server = server.replace(shipped, here)
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi",
                                                                             "uwsgi", "scgi"))  # fmt: skip
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}pid {folder}/pid; error_log stderr;\nevents {{}}\nhttp {{ access_log off;\n{temporary}{server}\n}}"
    )
    run = subprocess.Popen([program, "-p", folder, "-c", folder / "nginx.conf", "-g", "daemon off;"])
    try:
        wait_for(port)
        yield port, ssl.create_default_context(cafile=str(folder / "cert.pem"))
    finally:
        run.terminate()
        run.wait(10)


def wait_for(port: int) -> None:
    end = time.monotonic() + 15
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nginx does not listen on {port}")
