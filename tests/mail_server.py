"""A mail server for the tests: writes each mail that it takes into FOLDER, one file a mail, until its input ends.

mail_server.py FOLDER [--refuse N] [--code CODE] [--tls implicit|starttls CERTIFICATE KEY] [--login USER PASSWORD]

--refuse N: the first N mails are refused with --code (451 when not given). Prints its port when it listens.
"""

import argparse
import asyncio
import itertools
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

parser = argparse.ArgumentParser()
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("--refuse", type=int, default=0)
parser.add_argument("--code", type=int, default=451)
parser.add_argument("--tls", nargs=3)
parser.add_argument("--login", nargs=2)
options = parser.parse_args()


class Folder:
    def __init__(self):
        self.refused = itertools.count()
        self.taken = itertools.count()

    async def handle_DATA(self, server, session, envelope):
        if next(self.refused) < options.refuse:
            quoted = envelope.content.decode(errors="replace").replace("=\r\n", "").split("link=")[-1].split()[0]
            return f"{options.code} not now, because of {quoted}"
        # Renamed when whole, because the test looks into the folder meanwhile.
        path = options.folder / f"{next(self.taken)}.part"
        path.write_bytes(envelope.content)
        path.rename(path.with_suffix(".eml"))
        return "250 taken"


def knows(server, session, envelope, mechanism, data):
    right = [part.encode() for part in options.login]
    good = isinstance(data, LoginPassword) and [data.login, data.password] == right
    return AuthResult(success=good, handled=False)


async def main():
    options.folder.mkdir(parents=True, exist_ok=True)
    folder, wrapped, asked = Folder(), None, None
    if options.tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.tls[1], options.tls[2])
        wrapped, asked = (context, None) if options.tls[0] == "implicit" else (None, context)
    login = {"authenticator": knows, "auth_required": True, "auth_require_tls": False} if options.login else {}

    def smtp():
        return SMTP(folder, hostname="localhost", tls_context=asked, require_starttls=asked is not None, **login)

    server = await asyncio.get_running_loop().create_server(smtp, "127.0.0.1", 0, ssl=wrapped)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
