"""Signed PDFs (PAdES, level B-B): whoever opens the file sees who signed it and that no byte has changed.

Loading takes long: only ``pdf_keys`` imports this module, and only where a key is configured.
"""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf

FIELD = "Signature"


class AsItIs(IncrementalPdfFileWriter):
    """What the file says of itself stays as it was made: pyHanko would write a producer into two places that an archive wants to be
    alike, and a different one into each."""

    def _update_meta(self) -> None:
        pass


class Signer:
    """Signs with one key. ``pkcs12``: key and certificates as read by ``pdf_keys``, without a passphrase."""

    def __init__(self, pkcs12: bytes) -> None:
        self._signer = SimpleSigner.load_pkcs12_data(pkcs12, other_certs=[])
        # pyHanko runs an event loop; a thread of its own never has another one.
        self._thread = ThreadPoolExecutor(1)

    def sign(self, data: bytes) -> bytes:
        """The file with a signature over all of it; nothing on the page changes."""
        return self._thread.submit(self._signed, data).result()

    def _signed(self, data: bytes) -> bytes:
        facts = PdfSignatureMetadata(field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
        done: BytesIO = sign_pdf(AsItIs(BytesIO(data)), facts, signer=self._signer)
        return done.getvalue()
