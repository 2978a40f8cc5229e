//! stub
use crate::model::reading::*;
/// s
pub struct Classifier;
/// s
#[derive(Debug, thiserror::Error)]
#[error("x")]
pub struct RuleError;
impl Classifier {
    /// s
    pub fn built_in() -> Classifier {
        Classifier
    }
    /// s
    pub fn with_rules(_: &[(String, String)]) -> Result<Classifier, RuleError> {
        Ok(Classifier)
    }
    /// s
    pub fn rules_sha256(&self) -> crate::model::Digest {
        crate::model::Digest([0; 32])
    }
    /// s
    pub fn model_sha256(&self) -> crate::model::Digest {
        crate::model::Digest([0; 32])
    }
    /// s
    pub fn read(
        &self,
        _: &crate::model::message::Facts,
        _: &crate::model::message::Location,
        _: &crate::signal::Signals,
    ) -> Reading {
        Reading {
            class: Class::Unsure,
            class_score: 0.0,
            class_scores: vec![],
            use_scores: vec![],
            uses: vec![],
            flags: vec![],
            sender_kind: SenderKind::Unknown,
            evidence: vec![],
        }
    }
}
