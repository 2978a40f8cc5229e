//! What is done with the mail: tasks and processes.

use super::{Column, DECISION, NOTE, OWNER, TARGET, fact, name};

pub(super) const TASKS: &[Column] = &[
    fact("id", "`T` and `task.task_id`"),
    name("quote", "the exact words"),
    name("who", "who is to do it: recipient, sender, or a name"),
    fact("who_address", "resolved, where it can be"),
    fact("asked_by", "who wrote the message"),
    name("due_text", "by when, as written"),
    fact("due_on", "by when, resolved; empty if it can be read in two ways"),
    fact("status", "open, done or unknown; estimated"),
    fact("score", "how probable it is that this is a task"),
    fact("message_id", "where it stands"),
    fact("mailbox", "the account of that message"),
    fact("folder", "its folder"),
    fact("sent_at", "its date"),
    name("subject", "its subject"),
    DECISION,
    TARGET,
    OWNER,
    NOTE,
];

pub(super) const WORKFLOWS: &[Column] = &[
    fact("id", "`W` and `workflow.workflow_id`"),
    name("name", "what it is called"),
    fact("kind", "approval, order, invoice, …; estimated"),
    fact("runs", "how often it was run"),
    fact("messages", "messages in all runs"),
    fact("people", "who took part"),
    fact("first_at", "first step seen"),
    fact("last_at", "last step seen"),
    fact("median_hours", "from first to last step of a run"),
    fact("cadence", "daily, weekly, …"),
    fact("recommended_target", "the kind of system that could run it"),
    fact("score", "how sure we are that it is a process"),
    DECISION,
    TARGET,
    OWNER,
    NOTE,
];

pub(super) const WORKFLOW_STEPS: &[Column] = &[
    fact("workflow_id", "the process"),
    fact("activity", "request, approve, refuse, …"),
    fact("earliest_step", "the earliest place in a run where it occurs, from 1"),
    fact("runs", "runs in which it occurs"),
    fact("messages", "how often it occurs"),
    fact("people", "how many did it"),
    fact("first_at", "first seen"),
    fact("last_at", "last seen"),
    fact("role", "who does it"),
    fact("deputy", "who else does it"),
    fact("input", "what it needs"),
    fact("output", "what it gives"),
    fact("wait_p50_hours", "half of the runs wait no longer for it"),
    fact("wait_p90_hours", "nine of ten runs wait no longer for it"),
    fact("seen", "seen or inferred"),
];

pub(super) const OPEN_CASES: &[Column] = &[
    fact("id", "`C` and `workflow_case.case_id`"),
    fact("workflow_id", "the process"),
    name("key", "what the people call it: a number, a name"),
    fact("status", "open"),
    fact("last_step", "the last activity seen"),
    fact("waiting_on", "whose turn it is"),
    fact("since", "when the last step was"),
    fact("due_on", "by when"),
    fact("messages", "messages of the run so far"),
    fact("last_message_id", "the last of them"),
];

pub(super) const EVENTS: &[Column] = &[
    fact("case_id", "the run"),
    fact("workflow_id", "the process"),
    fact("ordinal", "place in the run, from 1"),
    fact("activity", "what was done"),
    fact("actor", "who did it"),
    fact("at", "when, UTC"),
    fact("message_id", "the message that shows it"),
    fact("mailbox", "where it lies"),
    fact("folder", "where it lies"),
];
