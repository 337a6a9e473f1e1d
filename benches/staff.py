"""Members of the staff, for parts of the bench that ask the API."""

import json
import urllib.parse
import urllib.request

from machine import HALFTONE, run

PASSWORD = "a long sentence is good"


def token(data, port, name):
    """A new editor's token."""
    address = f"{name}@house.example"
    invited = run(HALFTONE, "staff", "invite", address, "--role", "editor", "--json", "--data", data)
    link = told(invited, "link")
    secret = urllib.parse.parse_qs(urllib.parse.urlsplit(link).query)["link"][0]
    body = json.dumps({"link": secret, "name": name, "password": PASSWORD}).encode()
    fields = {"Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/links", body, fields), timeout=30).close()
    scopes = [word for scope in ("read", "photos", "stories") for word in ("--scope", scope)]
    return told(run(HALFTONE, "staff", "token", address, "--name", "bench", *scopes, "--json", "--data", data), "token")


def told(lines, key):
    """The value of a key in whichever line of JSON has it."""
    for line in lines.splitlines():
        found = json.loads(line)
        if key in found:
            return found[key]
    raise KeyError(key)
