//! Queries for mailboxes, folders, files and problems. `?1` is the mailbox or NULL, `?2` whether names are left out.

/// One row a mailbox, also for one whose files could not be read: it must not be missing from the list.
pub(super) const MAILBOXES: &str = "
WITH box AS (
  SELECT mailbox AS name, count(*) AS files FROM file
  WHERE mailbox IS NOT NULL AND outcome IN ('pending', 'read', 'empty', 'unsupported', 'unreadable', 'changed')
    AND (?1 IS NULL OR mailbox = ?1) GROUP BY mailbox),
mail AS (
  SELECT f.mailbox AS name, count(*) AS messages, count(DISTINCT m.folder) AS folders, sum(m.length_bytes) AS bytes,
    max(m.length_bytes) AS largest, min({plausible}) AS first_at, max({plausible}) AS last_at,
    max(CASE WHEN m.direction = 'in' THEN {plausible} END) AS last_received_at,
    max(CASE WHEN m.direction = 'out' THEN {plausible} END) AS last_sent_at,
    sum(m.class = 'workflow') AS workflow, sum(m.class = 'document') AS document, sum(m.class = 'task') AS task,
    sum(m.class = 'correspondence') AS correspondence, sum(m.class = 'bulk') AS bulk, sum(m.class = 'unsure') AS unsure,
    sum(instr(m.flags, '\\Seen') = 0) AS unread, sum(instr(m.flags, '\\Flagged') > 0) AS flagged,
    sum(instr(m.flags, '\\Draft') > 0) AS drafts, sum(m.deleted OR instr(m.flags, '\\Deleted') > 0) AS deleted,
    sum(instr(m.opaque, 'encrypted') > 0) AS encrypted,
    sum(CASE WHEN m.sent_at >= {years:1} THEN m.length_bytes ELSE 0 END) AS bytes_1,
    sum(CASE WHEN m.sent_at >= {years:3} THEN m.length_bytes ELSE 0 END) AS bytes_3,
    sum(CASE WHEN m.sent_at >= {years:7} THEN m.length_bytes ELSE 0 END) AS bytes_7,
    sum(m.length_bytes > coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'max_message_bytes'),
      36700160)) AS too_large
  FROM {mail} GROUP BY f.mailbox),
held AS (
  SELECT f.mailbox AS name, count(*) AS attachments, sum(a.size_bytes) AS bytes
  FROM {mail} JOIN attachment a ON a.message_id = m.message_id GROUP BY f.mailbox),
trouble AS (
  SELECT f.mailbox AS name, sum(p.level = 'error') AS errors, sum(p.level = 'warning') AS warnings
  FROM problem p JOIN file f ON f.file_id = p.file_id LEFT JOIN message m ON m.message_id = p.message_id
  WHERE f.mailbox IS NOT NULL AND coalesce(m.present, 1) = 1 AND (?1 IS NULL OR f.mailbox = ?1) GROUP BY f.mailbox)
SELECT 'B' || x.mailbox_id AS id, box.name AS mailbox, x.kind, box.files, coalesce(mail.folders, 0) AS folders,
  coalesce(mail.messages, 0) AS messages, coalesce(mail.bytes, 0) AS bytes, coalesce(held.attachments, 0) AS attachments,
  coalesce(held.bytes, 0) AS attachment_bytes, mail.largest AS largest_message_bytes, mail.first_at, mail.last_at,
  coalesce(x.last_received_at, mail.last_received_at) AS last_received_at,
  coalesce(x.last_sent_at, mail.last_sent_at) AS last_sent_at, mail.workflow AS process_messages, mail.document AS document_messages,
  mail.task AS task_messages, mail.correspondence AS correspondence_messages, mail.bulk AS announcements,
  mail.unsure AS unsure_messages, mail.unread, mail.flagged, mail.drafts, mail.deleted AS marked_deleted,
  mail.encrypted, coalesce(trouble.errors, 0) AS errors, coalesce(trouble.warnings, 0) AS warnings,
  x.address, x.custodian, x.evidence AS kind_evidence, mail.bytes_1 AS bytes_last_1_year, mail.bytes_3 AS bytes_last_3_years,
  mail.bytes_7 AS bytes_last_7_years, mail.too_large AS messages_over_limit, x.empty_months,
  CASE WHEN ?1 IS NULL THEN x.single_copy_documents END AS single_copy_documents,
  CASE WHEN ?1 IS NULL THEN x.replies_to_unknown END AS replies_to_unknown,
  k.decision, k.target, k.owner, k.note
FROM box LEFT JOIN mail USING (name) LEFT JOIN held USING (name) LEFT JOIN trouble USING (name)
  LEFT JOIN mailbox x ON x.name = box.name
  LEFT JOIN current_decision k ON k.subject_kind = 'mailbox' AND k.subject_id = x.mailbox_id
ORDER BY box.name";

/// One row a folder that holds a message.
pub(super) const FOLDERS: &str = "
SELECT f.mailbox, m.folder, count(*) AS messages, sum(m.length_bytes) AS bytes, min({plausible}) AS first_at,
  max({plausible}) AS last_at, sum(instr(m.flags, '\\Seen') = 0) AS unread,
  sum(instr(m.flags, '\\Flagged') > 0) AS flagged, sum(m.class = 'workflow') AS process_messages,
  sum(m.class = 'document') AS document_messages, sum(m.class = 'task') AS task_messages,
  sum(m.class = 'correspondence') AS correspondence_messages, sum(m.class = 'bulk') AS announcements,
  sum(m.class = 'unsure') AS unsure_messages, max(d.role) AS role, max(d.evidence) AS role_evidence
FROM {mail} LEFT JOIN folder d ON d.mailbox = f.mailbox AND d.name = m.folder
GROUP BY f.mailbox, m.folder ORDER BY f.mailbox, m.folder";

/// One row a directory entry; in a package for one mailbox, only the files of that mailbox.
pub(super) const FILES: &str = "
SELECT 'F' || f.file_id AS id, {path} AS path, f.outcome, f.format, f.mailbox, f.size_bytes, f.messages, f.items,
  (SELECT count(*) FROM problem p WHERE p.file_id = f.file_id AND p.level = 'error') AS errors,
  (SELECT count(*) FROM problem p WHERE p.file_id = f.file_id AND p.level = 'warning') AS warnings,
  (SELECT count(*) FROM problem p WHERE p.file_id = f.file_id AND p.level = 'note') AS notes,
  f.detail, f.modified_at, f.sha256
FROM file f WHERE (?1 IS NULL OR f.mailbox = ?1) ORDER BY f.file_id";

/// One row a problem, errors first. `meaning` and `remedy` hold the kind: the words are no data of the inventory.
pub(super) const PROBLEMS: &str = "
SELECT 'P' || p.problem_id AS id, p.level, p.kind, p.kind AS meaning, p.kind AS remedy,
  CASE WHEN ?2 AND p.kind = 'supplied_file_missing' THEN 'see the table supplied_digest' ELSE p.detail END AS detail,
  'F' || f.file_id AS file_id, {path} AS path, {id:p.message_id} AS message_id, f.mailbox, m.folder,
  p.offset_bytes, p.length_bytes
FROM problem p LEFT JOIN file f ON f.file_id = p.file_id LEFT JOIN message m ON m.message_id = p.message_id
WHERE coalesce(m.present, 1) = 1 AND (?1 IS NULL OR f.mailbox = ?1)
ORDER BY CASE p.level WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, f.file_id, p.offset_bytes, p.message_id,
  p.kind, p.problem_id";
