"""The server's own small certificate authority, for sites that bring no certificate (design, section 4).

ca.pem is what clients are told to trust; the certificate for this host is renewed at a start when it nears its end.
"""

import datetime as dt
import ipaddress
import socket
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.server.storage.keyring import write_private

_CA_DAYS = 3650
_HOST_DAYS = 397
"""What public browsers accept at most."""
_RENEW_DAYS = 30
_SLACK = dt.timedelta(days=1)


def own_certificate(folder: Path, host: str, now: dt.datetime) -> tuple[Path, Path, Path]:
    """Return (ca.pem, certificate, key) for this machine, made or renewed when needed; `now` is aware UTC."""
    ca, cert, key = folder / "ca.pem", folder / "server.pem", folder / "server.key"
    if not ca.exists():
        _make_ca(folder, now)
    if not cert.exists() or not _still_good(cert, host, now):
        _make_host(folder, host, now)
    return ca, cert, key


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _make_ca(folder: Path, now: dt.datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("SafeSeat server CA")
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLACK)
        .not_valid_after(now + dt.timedelta(days=_CA_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_ca_usage(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    write_private(folder / "ca.key", _private_pem(key))
    write_private(folder / "ca.pem", builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))


def _ca_usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )


def _names(host: str) -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    names.append(x509.IPAddress(ipaddress.ip_address("::1")))
    for one in (socket.gethostname(), host):
        try:
            name: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(one))
        except ValueError:
            name = x509.DNSName(one)
        if name not in names:
            names.append(name)
    return names


def _make_host(folder: Path, host: str, now: dt.datetime) -> None:
    ca_key = serialization.load_pem_private_key((folder / "ca.key").read_bytes(), password=None)
    ca = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
    if not isinstance(ca_key, ec.EllipticCurvePrivateKey):
        raise TypeError("ca.key is not a P-256 key")
    key = ec.generate_private_key(ec.SECP256R1())
    cert = (
        x509.CertificateBuilder()
        .subject_name(_name("SafeSeat server"))
        .issuer_name(ca.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLACK)
        .not_valid_after(now + dt.timedelta(days=_HOST_DAYS))
        .add_extension(x509.SubjectAlternativeName(_names(host)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    write_private(folder / "server.key", _private_pem(key))
    write_private(folder / "server.pem", cert.public_bytes(serialization.Encoding.PEM))


def _still_good(path: Path, host: str, now: dt.datetime) -> bool:
    cert = x509.load_pem_x509_certificate(path.read_bytes())
    held = cert.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return cert.not_valid_after_utc - now > dt.timedelta(days=_RENEW_DAYS) and set(_names(host)) <= set(held)
