"""What Schemathesis has to be told of the bodies of uploads (tests/black_box/described.rs)."""

import schemathesis


@schemathesis.serializer("application/offset+octet-stream", "application/rdf+xml", "image/jpeg")
def octets(ctx, value):
    """Bytes as they are."""
    return value if isinstance(value, bytes) else str(value or "").encode()
