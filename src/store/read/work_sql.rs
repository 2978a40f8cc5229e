//! Queries for tasks and processes. `?1` is the mailbox or NULL.
//!
//! Names of processes and keys of runs are learned from everybody's subjects. In a package for one mailbox they stand
//! only where every message of the process or run lies in that mailbox.

/// One row an action item. For one mailbox, a task is told as the copy in that mailbox has it, and its status only if
/// the message that says so lies there, too.
pub(super) const TASKS: &str = "
WITH held AS (
  SELECT h.task_id, h.message_id, h.quote_sha256, h.place, count(*) AS copies,
    min(CASE WHEN h.message_id = t.message_id THEN 0 ELSE h.message_id END) AS nearest
  FROM task_message h JOIN task t USING (task_id) JOIN message m ON m.message_id = h.message_id AND m.present = 1
  WHERE t.retired_into IS NULL AND (?1 IS NULL OR m.mailbox = ?1) GROUP BY h.task_id),
said AS (
  SELECT t.task_id, CASE WHEN ?1 IS NULL THEN t.status_message_id ELSE (
    SELECT min(s.message_id) FROM message s JOIN message o ON o.message_id = t.status_message_id
    WHERE s.present = 1 AND s.mailbox = ?1 AND (s.message_id = o.message_id OR s.duplicate_of = o.message_id
      OR s.message_id = o.duplicate_of OR s.duplicate_of = o.duplicate_of)) END AS message_id
  FROM task t WHERE t.status_message_id IS NOT NULL)
SELECT 'T' || t.task_id AS id, t.kind, replace(replace(coalesce(a.quote, t.quote), char(13), ''), char(10), ' ') AS quote,
  coalesce(a.owner, t.owner) AS who,
  CASE WHEN a.quote IS NULL OR ?1 IS NULL THEN t.owner_address ELSE a.owner_address END AS who_address,
  m.from_address AS asked_by,
  coalesce(a.due_text, t.due_text) AS due_text, t.due_on,
  CASE WHEN t.due_at IS NOT NULL THEN t.due_at || printf('%s%02d:%02d',
    CASE WHEN coalesce(m.sent_offset_minutes, 0) < 0 THEN '-' ELSE '+' END, abs(coalesce(m.sent_offset_minutes, 0)) / 60,
    abs(coalesce(m.sent_offset_minutes, 0)) % 60) END AS due_at, t.due_kind, t.due_reading,
  CASE WHEN t.status = 'done' AND said.message_id IS NULL THEN 'unknown' ELSE t.status END AS status,
  CASE WHEN t.status = 'done' AND said.message_id IS NULL THEN NULL ELSE t.status_why END AS status_why,
  {id:said.message_id} AS status_message_id, CASE WHEN said.message_id IS NOT NULL THEN t.status_words END AS status_words,
  CASE WHEN said.message_id IS NOT NULL THEN t.status_at END AS status_at,
  t.age_days, held.copies, t.score, {id:m.message_id} AS message_id, held.place, m.mailbox, m.folder, m.sent_at, m.subject,
  k.decision, k.target, k.owner, k.note
FROM task t JOIN held USING (task_id) JOIN message m ON m.message_id = held.message_id
  LEFT JOIN action a ON a.message_id = held.message_id AND a.quote_sha256 = held.quote_sha256
    AND a.ordinal = (SELECT min(ordinal) FROM action b WHERE b.message_id = a.message_id AND b.quote_sha256 = a.quote_sha256)
    AND t.kind NOT IN ('draft', 'flagged')
  LEFT JOIN said USING (task_id)
  LEFT JOIN current_decision k ON k.subject_kind = 'task' AND k.subject_id = t.task_id
ORDER BY t.task_id";

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
  CASE WHEN ?1 IS NULL THEN (SELECT group_concat(label || ' (' || runs || CASE WHEN open_runs > 0 THEN ', ' || open_runs || ' open' ELSE '' END || ')', '; ')
    FROM (SELECT * FROM workflow_state t WHERE t.workflow_id = w.workflow_id ORDER BY ordinal)) END AS states,
  CASE WHEN ?1 IS NULL THEN (SELECT group_concat(from_activity || ' > ' || to_activity || ' ' || runs ||
      CASE WHEN condition <> '' AND NOT (?2 AND substr(condition, 1, 1) = char(34)) THEN ' [' || condition || ']' ELSE '' END, '; ')
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
  (SELECT input FROM workflow_activity t
   WHERE ?1 IS NULL AND t.workflow_id = o.workflow_id AND t.activity = o.activity) AS input,
  (SELECT output FROM workflow_activity t
   WHERE ?1 IS NULL AND t.workflow_id = o.workflow_id AND t.activity = o.activity) AS output,
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
  CASE WHEN step.mine = step.messages THEN c.waiting_on END AS waiting_on, l.at AS since, c.due_on,
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
