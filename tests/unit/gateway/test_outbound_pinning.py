"""DNS and TLS: the address that was checked is the address that is called, under the name that was asked."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from gateway.outbound import Outbound, OutboundFailed, OutboundRefused
from gateway.outbound.guard import Guard
from gateway.outbound.transport import PinnedBackend, resolve
from tests.support.wire import Wire

NAME = "lms.example"


class Names:
    """A name server that gives the next answer each time it is asked."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


class Cable(httpcore.NetworkBackend):
    """Notes where it was told to connect; the addresses in `dead` do not answer."""

    def __init__(self, *dead: str) -> None:
        self.reached: list[str] = []
        self._dead = dead

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        self.reached.append(host)
        if host in self._dead:
            raise httpcore.ConnectTimeout
        return httpcore.MockStream([])


# A6
def test_a_second_dns_answer_has_no_say() -> None:
    names, cable = Names(["93.184.216.34"], ["169.254.169.254"]), Cable()
    PinnedBackend(Guard([]), names, cable).connect_tcp(NAME, 443)
    assert (names.asked, cable.reached) == ([NAME], ["93.184.216.34"])


# A6
@pytest.mark.parametrize("answer", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::ffff:7f00:1"]])
def test_a_name_that_leads_inside_is_refused_before_connecting(answer: list[str]) -> None:
    cable = Cable()
    with pytest.raises(OutboundRefused, match=r"address of lms\.example"):
        PinnedBackend(Guard([]), Names(answer), cable).connect_tcp(NAME, 443)
    assert cable.reached == []


# A6
@pytest.mark.parametrize("host", ["169.254.169.254", "127.1", "2130706433", "[::1]", "localhost", "[::ffff:7f00:1]"])
def test_an_inner_address_spelled_any_way_is_refused(host: str) -> None:
    with pytest.raises(OutboundRefused, match="address"):
        Outbound([], "x").get(f"https://{host}/latest/meta-data")


def test_the_next_address_is_tried_when_one_is_dead() -> None:
    cable = Cable("1.1.1.1")
    PinnedBackend(Guard([]), Names(["1.1.1.1", "1.0.0.1"]), cable).connect_tcp(NAME, 443, timeout=1)
    assert cable.reached == ["1.1.1.1", "1.0.0.1"]


def test_all_addresses_dead_is_a_failure_after_a_few() -> None:
    dead = [f"1.1.1.{n}" for n in range(9)]
    cable = Cable(*dead)
    with pytest.raises(httpcore.ConnectTimeout):
        PinnedBackend(Guard([]), Names(dead), cable).connect_tcp(NAME, 443)
    assert len(cable.reached) == 4


@pytest.mark.parametrize("fault", [OSError("no such name"), UnicodeError("label too long")])
def test_a_name_that_does_not_resolve_is_a_failure(fault: Exception) -> None:
    def fail(host: str, port: int) -> list[str]:
        raise fault

    with pytest.raises(OutboundFailed, match=r"network lms\.example"):
        Outbound([], "x", resolve=fail).get(f"https://{NAME}/")


def test_a_name_without_addresses_is_a_failure() -> None:
    with pytest.raises(OutboundFailed, match="network"):
        Outbound([], "x", resolve=Names([])).get(f"https://{NAME}/")


def test_the_system_resolver_gives_each_address_once() -> None:
    assert resolve("127.0.0.1", 443) == ["127.0.0.1"]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and self-signed certificate for `lms.example`, in one PEM file."""
    key, name = generate_private_key(SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    names = x509.SubjectAlternativeName([x509.DNSName(NAME), x509.IPAddress(ip_address("127.0.0.9"))])
    start = datetime.now(UTC) - timedelta(days=1)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, start, start + timedelta(days=2))
    signed = builder.add_extension(names, critical=False).sign(key, SHA256())
    path = tmp_path_factory.mktemp("tls") / "lms.pem"
    pem_key = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(pem_key + signed.public_bytes(Encoding.PEM))
    return path


@pytest.fixture
def server(certificate: Path) -> Iterator[Wire]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Wire(tls=context) as wire:
        yield wire


def client(server: Wire, certificate: Path, name: str) -> Outbound:
    trust = ssl.create_default_context(cafile=certificate)
    return Outbound([f"{name}:{server.port}"], "x", resolve=Names(["127.0.0.1"]), ssl_context=trust)


def test_host_sni_and_certificate_stay_those_of_the_name(server: Wire, certificate: Path) -> None:
    outbound = client(server, certificate, NAME)
    assert outbound.get(f"https://{NAME}:{server.port}/").ok
    assert f"Host: {NAME}:{server.port}\r\n".encode() in server.requests[0]
    outbound.close()


def test_a_certificate_for_another_name_is_refused(server: Wire, certificate: Path) -> None:
    with pytest.raises(OutboundFailed, match=r"tls other\.example"):
        client(server, certificate, "other.example").get(f"https://other.example:{server.port}/")
    assert server.requests == []
