"""What Schemathesis has to be told of the bodies that tus sends (tests/black_box/described.rs)."""

import schemathesis


@schemathesis.serializer("application/offset+octet-stream")
def octets(ctx, value):
    """Bytes as they are."""
    return value if isinstance(value, bytes) else str(value or "").encode()
