"""Stands on loopback between the bot and the Bot API server, and does what a bad line does."""

import asyncio
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

GARBAGE = b"\x15\x03\x00 this is no server of Telegram's\r\n\r\n"
HTML = b"<html><body><h1>Log in to the wireless network</h1></body></html>"


def page(status: str) -> bytes:
    """An answer over HTTP that is no JSON."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(HTML)}\r\n"
    return f"{head}Connection: close\r\n\r\n".encode() + HTML


class Front:
    """Passes on what it gets, until a test says otherwise."""

    def __init__(self, behind: int, certificate: Path | None = None) -> None:
        """``behind``: port of the server; ``certificate``: with its key, to speak TLS."""
        self._behind = behind
        self._certificate = certificate
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0
        self.calls = 0
        """Connections that were begun."""

    async def __aenter__(self) -> Self:
        await self.mend()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.close()

    @property
    def base_url(self) -> str:
        """What ``TELEGRAM_BASE_URL`` must be."""
        return f"{'https' if self._certificate else 'http'}://127.0.0.1:{self.port}/bot"

    async def mend(self) -> None:
        """Pass everything on from now on."""
        await self._listen(self._pass, self._certificate)

    async def say(self, answer: bytes) -> None:
        """Answer everything with these bytes from now on, without TLS."""

        async def tell(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(1 << 16)
            writer.write(answer)
            await writer.drain()
            writer.close()

        await self._listen(tell, None)

    async def called(self, times: int, seconds: float = 90.0) -> None:
        """Wait until so many connections were begun, ever."""
        async with asyncio.timeout(seconds):
            while self.calls < times:  # noqa: ASYNC110  only this counts them
                await asyncio.sleep(0.02)

    async def show(self, certificate: Path) -> None:
        """Speak TLS with another certificate from now on."""
        await self._listen(self._pass, certificate)

    async def close(self) -> None:
        """Listen no more, and cut every connection."""
        if self._server:
            self._server.close()
            for writer in list(self._writers):
                writer.transport.abort()
            await self._server.wait_closed()
            self._server = None

    async def _listen(self, serve: object, certificate: Path | None) -> None:
        await self.close()
        context = None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)

        async def noted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._writers.add(writer)
            self.calls += 1
            with suppress(OSError, asyncio.CancelledError):
                await serve(reader, writer)  # type: ignore[operator]
            self._writers.discard(writer)
            writer.transport.abort()

        self._server = await asyncio.start_server(noted, "127.0.0.1", self.port, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        other_reader, other = await asyncio.open_connection("127.0.0.1", self._behind)
        self._writers.add(other)
        ways = [
            asyncio.create_task(_pipe(reader, other)),
            asyncio.create_task(_pipe(other_reader, writer)),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        other.transport.abort()
        self._writers.discard(other)


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()


def certify(folder: Path, name: str) -> Path:
    """Make a certificate of its own for 127.0.0.1, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return file
