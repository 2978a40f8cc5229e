//! What the sender of a message does with it in a process.

/// What a step does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Activity {
    /// Asks for a decision or for work.
    Request,
    /// Says yes.
    Approve,
    /// Says no.
    Refuse,
    /// Wants to know more first.
    AskBack,
    /// Hands over what was asked for.
    Deliver,
    /// Says that something was done or received.
    Confirm,
    /// Takes it to a higher place.
    Escalate,
    /// Asks again.
    Remind,
    /// Reports at intervals.
    Report,
    /// Lets know.
    Notify,
}

impl Activity {
    /// So many there are.
    pub const COUNT: usize = 10;
    /// Every activity, in the order of its number.
    pub const ALL: [Activity; Activity::COUNT] = [
        Activity::Request,
        Activity::Approve,
        Activity::Refuse,
        Activity::AskBack,
        Activity::Deliver,
        Activity::Confirm,
        Activity::Escalate,
        Activity::Remind,
        Activity::Report,
        Activity::Notify,
    ];

    /// The word in `workflow_step.activity`.
    pub fn as_str(self) -> &'static str {
        match self {
            Activity::Request => "request",
            Activity::Approve => "approve",
            Activity::Refuse => "refuse",
            Activity::AskBack => "ask back",
            Activity::Deliver => "deliver",
            Activity::Confirm => "confirm",
            Activity::Escalate => "escalate",
            Activity::Remind => "remind",
            Activity::Report => "report",
            Activity::Notify => "notify",
        }
    }

    /// The activity of a word.
    pub fn of(word: &str) -> Option<Activity> {
        Activity::ALL.into_iter().find(|one| one.as_str() == word)
    }
}
