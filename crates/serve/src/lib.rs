//! The hot path: the published tree to the socket. The one owner of the tree format.
