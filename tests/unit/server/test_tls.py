"""The server's own certificate authority: made once, the host's certificate renewed in time and for new names."""

import datetime as dt
from pathlib import Path

from cryptography import x509

from app.server.storage.tls import own_certificate

NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)


def test_the_authority_stays_and_the_certificate_is_renewed_near_its_end(tmp_path: Path) -> None:
    ca, cert, key = own_certificate(tmp_path, "safeseat.example", NOW)
    first, authority = cert.read_bytes(), ca.read_bytes()
    own_certificate(tmp_path, "safeseat.example", NOW + dt.timedelta(days=300))
    assert cert.read_bytes() == first
    own_certificate(tmp_path, "safeseat.example", NOW + dt.timedelta(days=380))
    assert cert.read_bytes() != first
    assert ca.read_bytes() == authority
    assert key.stat().st_mode & 0o077 == 0


def test_another_name_needs_another_certificate(tmp_path: Path) -> None:
    _, cert, _ = own_certificate(tmp_path, "one.example", NOW)
    own_certificate(tmp_path, "10.0.0.7", NOW)
    names = x509.load_pem_x509_certificate(cert.read_bytes()).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert "10.0.0.7" in {str(one) for one in names.value.get_values_for_type(x509.IPAddress)}


def test_the_certificate_is_signed_by_the_authority_that_pcs_are_given(tmp_path: Path) -> None:
    ca, cert, _ = own_certificate(tmp_path, "localhost", NOW)
    x509.load_pem_x509_certificate(cert.read_bytes()).verify_directly_issued_by(x509.load_pem_x509_certificate(ca.read_bytes()))
