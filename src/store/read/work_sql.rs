//! Queries for tasks and processes. `?1` is the mailbox or NULL.
//!
//! Names of processes and keys of runs are learned from everybody's subjects. In a package for one mailbox they stand
//! only where every message of the process or run lies in that mailbox.

/// One row an action item.
pub(super) const TASKS: &str = "
SELECT 'T' || t.task_id AS id, t.quote, t.owner AS who, t.owner_address AS who_address, m.from_address AS asked_by,
  t.due_text, t.due_on, t.status, t.score, {id:m.message_id} AS message_id, m.mailbox, m.folder, m.sent_at, m.subject,
  k.decision, k.target, k.owner, k.note
FROM task t JOIN message m ON m.message_id = t.message_id AND m.present = 1
  LEFT JOIN current_decision k ON k.subject_kind = 'task' AND k.subject_id = t.task_id
WHERE t.retired_into IS NULL AND (?1 IS NULL OR m.mailbox = ?1) ORDER BY t.task_id";

/// One row a process.
pub(super) const WORKFLOWS: &str = "
WITH step AS (
  SELECT c.workflow_id, count(DISTINCT s.case_id) AS cases, count(DISTINCT s.message_id) AS messages,
    count(DISTINCT s.actor) AS people, min(s.at) AS first_at, max(s.at) AS last_at
  FROM workflow_step s JOIN workflow_case c USING (case_id) JOIN message m ON m.message_id = s.message_id
  WHERE m.present = 1 AND (?1 IS NULL OR m.mailbox = ?1) GROUP BY c.workflow_id)
SELECT 'W' || w.workflow_id AS id, CASE WHEN ?1 IS NULL OR step.messages = w.messages THEN w.name END AS name, w.kind,
  w.standing,
  CASE WHEN ?1 IS NULL THEN w.cases ELSE step.cases END AS runs, CASE WHEN ?1 IS NULL THEN w.open_cases END AS open_runs,
  CASE WHEN ?1 IS NULL THEN w.messages ELSE step.messages END AS messages,
  CASE WHEN ?1 IS NULL THEN w.people ELSE step.people END AS people,
  CASE WHEN ?1 IS NULL THEN w.first_at ELSE step.first_at END AS first_at,
  CASE WHEN ?1 IS NULL THEN w.last_at ELSE step.last_at END AS last_at,
  CASE WHEN ?1 IS NULL THEN w.median_hours END AS median_hours, CASE WHEN ?1 IS NULL THEN w.p90_hours END AS p90_hours,
  CASE WHEN ?1 IS NULL THEN w.cadence END AS cadence, CASE WHEN ?1 IS NULL THEN w.missed_runs END AS missed_runs,
  CASE WHEN ?1 IS NULL THEN w.trigger END AS trigger, CASE WHEN ?1 IS NULL THEN w.entry END AS entry,
  CASE WHEN ?1 IS NULL THEN w.owner_address END AS probable_owner,
  CASE WHEN ?1 IS NULL THEN (SELECT group_concat(label || ' (' || kind || ', ' || runs || ' runs, ' || source || ')', '; ')
    FROM (SELECT * FROM workflow_field f WHERE f.workflow_id = w.workflow_id ORDER BY ordinal)) END AS fields,
  CASE WHEN ?1 IS NULL THEN (SELECT group_concat(from_activity || ' > ' || to_activity || ' ' || runs ||
      CASE WHEN condition <> '' THEN ' [' || condition || ']' ELSE '' END, '; ')
    FROM (SELECT * FROM workflow_transition t WHERE t.workflow_id = w.workflow_id ORDER BY runs DESC, 2, 3)) END AS transitions,
  CASE WHEN ?1 IS NULL THEN (SELECT group_concat(sentence, '; ')
    FROM (SELECT * FROM workflow_fact f WHERE f.workflow_id = w.workflow_id AND section = 'not visible' ORDER BY ordinal))
    END AS not_visible,
  w.recommended_target, w.target_reason, w.score, CASE WHEN ?1 IS NULL THEN w.evidence END AS evidence,
  k.decision, k.target, k.owner, k.note
FROM workflow w LEFT JOIN step USING (workflow_id)
  LEFT JOIN current_decision k ON k.subject_kind = 'workflow' AND k.subject_id = w.workflow_id
WHERE w.retired_into IS NULL AND (?1 IS NULL OR step.messages > 0) ORDER BY w.workflow_id";

/// One row for each activity of a process.
pub(super) const WORKFLOW_STEPS: &str = "
WITH own AS (
  SELECT c.workflow_id, s.activity, s.case_id, s.ordinal, s.actor, s.at, s.wait_hours, s.seen, s.role
  FROM workflow_step s JOIN workflow_case c USING (case_id) JOIN workflow w USING (workflow_id)
    JOIN message m ON m.message_id = s.message_id
  WHERE m.present = 1 AND w.retired_into IS NULL AND (?1 IS NULL OR m.mailbox = ?1)),
waited AS (
  SELECT workflow_id, activity, wait_hours,
    row_number() OVER (PARTITION BY workflow_id, activity ORDER BY wait_hours) AS place,
    count(*) OVER (PARTITION BY workflow_id, activity) AS n
  FROM own WHERE wait_hours IS NOT NULL),
actor AS (
  SELECT workflow_id, activity, actor, min(role) AS role,
    row_number() OVER (PARTITION BY workflow_id, activity ORDER BY count(*) DESC, actor) AS place, count(*) AS n
  FROM own GROUP BY workflow_id, activity, actor)
SELECT 'W' || o.workflow_id AS workflow_id, o.activity, min(o.ordinal) AS earliest_step,
  count(DISTINCT o.case_id) AS runs, count(*) AS messages, count(DISTINCT o.actor) AS people, min(o.at) AS first_at,
  max(o.at) AS last_at,
  (SELECT role || ': ' || actor || ' (' || n || ')' FROM actor a
   WHERE a.workflow_id = o.workflow_id AND a.activity = o.activity AND place = 1) AS role,
  (SELECT actor || ' (' || n || ')' FROM actor a
   WHERE a.workflow_id = o.workflow_id AND a.activity = o.activity AND place = 2) AS deputy,
  (SELECT group_concat(from_activity, ', ') FROM (SELECT * FROM workflow_transition t
   WHERE ?1 IS NULL AND t.workflow_id = o.workflow_id AND t.to_activity = o.activity ORDER BY runs DESC)) AS input,
  (SELECT group_concat(to_activity, ', ') FROM (SELECT * FROM workflow_transition t
   WHERE ?1 IS NULL AND t.workflow_id = o.workflow_id AND t.from_activity = o.activity ORDER BY runs DESC)) AS output,
  (SELECT wait_hours FROM waited d WHERE d.workflow_id = o.workflow_id AND d.activity = o.activity
   AND place = 1 + CAST((n - 1) * 0.5 + 0.5 AS INTEGER)) AS wait_p50_hours,
  (SELECT wait_hours FROM waited d WHERE d.workflow_id = o.workflow_id AND d.activity = o.activity
   AND place = 1 + CAST((n - 1) * 0.9 + 0.5 AS INTEGER)) AS wait_p90_hours,
  CASE WHEN sum(o.seen = 'seen') * 2 >= count(*) THEN 'seen' ELSE 'inferred' END AS seen
FROM own o GROUP BY o.workflow_id, o.activity ORDER BY o.workflow_id, 3, o.activity";

/// One row a run that is not over.
pub(super) const OPEN_CASES: &str = "
WITH step AS (
  SELECT s.case_id, count(*) AS messages, sum(?1 IS NULL OR m.mailbox = ?1) AS mine,
    max(CASE WHEN ?1 IS NULL OR m.mailbox = ?1 THEN s.ordinal END) AS last
  FROM workflow_step s JOIN message m ON m.message_id = s.message_id WHERE m.present = 1 GROUP BY s.case_id)
SELECT 'C' || c.case_id AS id, 'W' || c.workflow_id AS workflow_id,
  CASE WHEN step.mine = step.messages THEN c.case_key END AS key, c.status, l.activity AS last_step,
  CASE WHEN step.mine = step.messages THEN c.waiting_on END AS waiting_on, l.at AS since, NULL AS due_on,
  step.mine AS messages, {id:l.message_id} AS last_message_id
FROM workflow_case c JOIN workflow w USING (workflow_id) JOIN step USING (case_id)
  JOIN workflow_step l ON l.case_id = c.case_id AND l.ordinal = step.last
WHERE c.status = 'open' AND c.retired_into IS NULL AND w.retired_into IS NULL AND step.mine > 0
ORDER BY c.workflow_id, c.case_id";

/// One row an event, for process mining.
pub(super) const EVENTS: &str = "
SELECT 'C' || s.case_id AS case_id, 'W' || c.workflow_id AS workflow_id, s.ordinal, s.activity, s.actor, s.at,
  {id:s.message_id} AS message_id, m.mailbox, m.folder, s.role, s.seen
FROM workflow_step s JOIN workflow_case c USING (case_id) JOIN workflow w USING (workflow_id)
  JOIN message m ON m.message_id = s.message_id
WHERE m.present = 1 AND w.retired_into IS NULL AND (?1 IS NULL OR m.mailbox = ?1)
ORDER BY c.workflow_id, s.case_id, s.ordinal";
