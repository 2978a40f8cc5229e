//! stub
/// s
pub struct Signals;
/// s
pub fn read(
    _f: &crate::model::message::Facts,
    _l: &crate::model::message::Location,
    _z: &crate::parse::zones::Zones,
) -> Signals {
    Signals
}
