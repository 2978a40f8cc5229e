//! What a message does, as far as its words show it: bits of `trace.cues`.

/// Asks for an approval.
pub const ASKED: u32 = 1;
/// Gives an approval.
pub const APPROVED: u32 = 1 << 1;
/// Refuses.
pub const REFUSED: u32 = 1 << 2;
/// A question.
pub const QUESTION: u32 = 1 << 3;
/// Asks for something to be done.
pub const REQUEST: u32 = 1 << 4;
/// Hands something over.
pub const DELIVERY: u32 = 1 << 5;
/// Says that something is done.
pub const DONE: u32 = 1 << 6;
/// Reminds.
pub const REMINDER: u32 = 1 << 7;
/// Promises.
pub const COMMITMENT: u32 = 1 << 8;
/// Answers.
pub const ANSWER: u32 = 1 << 9;
/// Thanks.
pub const THANKS: u32 = 1 << 10;
/// Sounds like a report.
pub const REPORT: u32 = 1 << 11;
/// Sounds like a program.
pub const NOTICE: u32 = 1 << 12;
/// Passes something on.
pub const FORWARD: u32 = 1 << 13;
/// Names the state of something.
pub const STEP: u32 = 1 << 14;
/// Has a file.
pub const FILE: u32 = 1 << 15;
/// Names a time by which.
pub const DEADLINE: u32 = 1 << 16;
/// Speaks of money.
pub const MONEY: u32 = 1 << 17;
/// Takes something to a higher place.
pub const ESCALATE: u32 = 1 << 18;
/// Quotes what it answers.
pub const QUOTE: u32 = 1 << 19;
/// Under 300 bytes.
pub const SHORT: u32 = 1 << 20;
/// Says that the sender is away, or that mail was not delivered.
pub const AUTOMATIC: u32 = 1 << 21;
/// A meeting.
pub const MEETING: u32 = 1 << 22;
/// A mailing list or bulk mail.
pub const BULK: u32 = 1 << 23;
/// Has the fields of a form.
pub const FORM: u32 = 1 << 24;
/// Its first words agree.
pub const ASSENT: u32 = 1 << 25;
/// Its first words do not agree.
pub const DISSENT: u32 = 1 << 26;
/// Its first words ask for reasons or details.
pub const WHY: u32 = 1 << 27;
/// Speaks of contracts, drafts and versions.
pub const DRAFT: u32 = 1 << 28;
/// Names a day: a date, in figures or with the name of a month.
pub const DAY: u32 = 1 << 29;
