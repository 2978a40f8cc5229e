//! placeholder until the parse step is merged
/// Version of the digests in table `identity`.
pub const IDENTITY_VERSION: i64 = 1;
