//! Reading numbers out of bytes without ever reaching past their end.

/// Byte order of a TIFF structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// `II`: least significant byte first.
    Little,
    /// `MM`: most significant byte first.
    Big,
}

/// Two bytes at `at`, most significant first.
pub(crate) fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    u16_at(bytes, at, Order::Big)
}

/// Four bytes at `at`, most significant first.
pub(crate) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    u32_at(bytes, at, Order::Big)
}

/// Four bytes at `at`, least significant first.
pub(crate) fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    u32_at(bytes, at, Order::Little)
}

/// Two bytes at `at` in the given order.
pub(crate) fn u16_at(bytes: &[u8], at: usize, order: Order) -> Option<u16> {
    let two: [u8; 2] = slice(bytes, at, 2)?.try_into().ok()?;
    Some(match order {
        Order::Little => u16::from_le_bytes(two),
        Order::Big => u16::from_be_bytes(two),
    })
}

/// Four bytes at `at` in the given order.
pub(crate) fn u32_at(bytes: &[u8], at: usize, order: Order) -> Option<u32> {
    let four: [u8; 4] = slice(bytes, at, 4)?.try_into().ok()?;
    Some(match order {
        Order::Little => u32::from_le_bytes(four),
        Order::Big => u32::from_be_bytes(four),
    })
}

/// `length` bytes at `at`; `None` when they are not all there.
pub(crate) fn slice(bytes: &[u8], at: usize, length: usize) -> Option<&[u8]> {
    bytes.get(at..at.checked_add(length)?)
}

/// What stands from `at` on; empty when `at` lies behind the end.
pub(crate) fn from(bytes: &[u8], at: usize) -> &[u8] {
    bytes.get(at..).unwrap_or_default()
}

/// Where `needle` first stands.
pub(crate) fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, needle)
}
