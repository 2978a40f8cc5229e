//! Queries for messages and the documents in them. `?1` is the mailbox or NULL, `?2` whether names are left out.

/// One row a message.
///
/// Lists inside a cell are cut (20 copies, 50 names): a message of which a thousand copies lie around would otherwise
/// name all of them a thousand times. Copies in other mailboxes are not named in a package for one mailbox.
pub(super) const MESSAGES: &str = "
WITH copies AS MATERIALIZED (
  SELECT d.duplicate_of AS original, count(*) AS n FROM message d
  WHERE d.duplicate_of IS NOT NULL AND d.present = 1 {same_mailbox} GROUP BY d.duplicate_of)
SELECT {id:m.message_id} AS id, m.mailbox, m.folder,
  (SELECT group_concat(l.folder, '; ' ORDER BY l.folder) FROM message_folder l
    WHERE l.message_id = m.message_id AND l.folder <> m.folder) AS other_folders,
  m.sent_at, m.sent_at_source, m.received_at, m.direction, m.sender_kind, m.from_name, m.from_address,
  (SELECT group_concat(r.address, '; ' ORDER BY r.ordinal) FROM recipient r
    WHERE r.message_id = m.message_id AND r.role = 'to') AS \"to\",
  (SELECT group_concat(r.address, '; ' ORDER BY r.ordinal) FROM recipient r
    WHERE r.message_id = m.message_id AND r.role = 'cc') AS cc,
  (SELECT group_concat(r.address, '; ' ORDER BY r.ordinal) FROM recipient r
    WHERE r.message_id = m.message_id AND r.role = 'bcc') AS bcc,
  m.subject, m.class, m.class_score,
  (SELECT group_concat(u.use, ' ' ORDER BY u.score DESC, u.use) FROM message_use u
    WHERE u.message_id = m.message_id) AS uses,
  (SELECT group_concat(s.signal, ' ' ORDER BY s.signal) FROM message_signal s
    WHERE s.message_id = m.message_id) AS signs,
  (SELECT group_concat(signal, ' ') FROM (
    SELECT e.signal FROM evidence e
    WHERE e.message_id = m.message_id AND e.weight > 0
      AND (m.class = 'unsure' OR e.subject = 'class:' || m.class OR e.subject LIKE 'use:%')
    GROUP BY e.signal ORDER BY max(e.subject = 'class:' || m.class) DESC, max(e.weight) DESC, e.signal LIMIT 3)) AS why,
  CASE WHEN m.thread_id IS NOT NULL THEN 'TH' || m.thread_id END AS thread_id,
  (SELECT count(*) FROM attachment a WHERE a.message_id = m.message_id) AS attachments,
  (SELECT group_concat(file_name, '; ') FROM (
    SELECT a.file_name FROM attachment a WHERE a.message_id = m.message_id AND a.file_name IS NOT NULL
    ORDER BY a.attachment_id LIMIT 50)) AS attachment_names,
  (SELECT coalesce(sum(a.size_bytes), 0) FROM attachment a WHERE a.message_id = m.message_id) AS attachment_bytes,
  m.length_bytes AS size_bytes, m.flags, m.deleted AS marked_deleted, m.opaque AS not_looked_into,
  (SELECT group_concat(place, '; ') FROM (
    SELECT {id:d.message_id} || ' ' || d.mailbox || '/' || d.folder AS place FROM message d
      WHERE d.message_id = m.duplicate_of AND d.present = 1 {same_mailbox}
    UNION ALL
    SELECT place FROM (
      SELECT {id:d.message_id} || ' ' || d.mailbox || '/' || d.folder AS place FROM message d
      WHERE d.duplicate_of = coalesce(m.duplicate_of, m.message_id) AND d.message_id <> m.message_id AND d.present = 1
        {same_mailbox}
      ORDER BY d.mailbox, d.message_id LIMIT 20))) AS same_message_also_in,
  coalesce(copies.n, 0) - (m.duplicate_of IS NOT NULL)
    + EXISTS (SELECT 1 FROM message d WHERE d.message_id = m.duplicate_of AND d.present = 1 {same_mailbox}) AS other_copies,
  (SELECT count(*) FROM problem p WHERE p.message_id = m.message_id AND p.level <> 'note') AS problems,
  m.rfc_message_id, 'F' || f.file_id AS file_id, {path} AS path, m.offset_bytes, m.message_sha256, m.stored_sha256,
  m.excerpt,
  (SELECT group_concat(piece, ' | ') FROM (
    SELECT e.subject || ' ' || e.signal || ' ' || printf('%+.2f', e.weight) || ' at ' || e.place || ': ' || e.excerpt AS piece
    FROM evidence e WHERE e.message_id = m.message_id ORDER BY abs(e.weight) DESC, e.ordinal LIMIT 20)) AS evidence
FROM {mail} LEFT JOIN copies ON copies.original = coalesce(m.duplicate_of, m.message_id)
ORDER BY f.file_id, m.message_id";

/// One row for each document that lies in mail, whatever carries it; by family and version.
///
/// In a package for one mailbox only its own copies count, names come from its own copies, and what is known from other
/// people's mail (the family, which version is the current one) stays out.
pub(super) const DOCUMENTS: &str = "
WITH copy AS (
  SELECT c.document_id, c.name, c.inline, c.opaque, m.message_id, m.mailbox, m.folder, m.sent_at,
         row_number() OVER (PARTITION BY c.document_id ORDER BY m.message_id, c.part) AS n
  FROM document_copy c JOIN message m USING (message_id) WHERE ?1 IS NULL OR m.mailbox = ?1),
content AS (
  SELECT document_id, min(name) AS name, min(inline) AS inline, max(opaque) AS opaque, count(*) AS copies,
         count(DISTINCT mailbox) AS mailboxes, min(sent_at) AS first_seen_at, max(sent_at) AS last_seen_at,
         max(CASE WHEN n = 1 THEN message_id END) AS first_message,
         group_concat(CASE WHEN n <= 10 THEN {id:message_id} || ' ' || mailbox || '/' || folder END, '; ' ORDER BY n) AS places
  FROM copy GROUP BY document_id)
SELECT 'D' || c.document_id AS id, 'DF' || d.family_id AS family_id, CASE WHEN ?1 IS NULL THEN y.name END AS family,
  coalesce(CASE WHEN ?1 IS NULL THEN d.name END, c.name) AS name, d.kind,
  (SELECT min(a.media_type) FROM attachment a WHERE a.document_id = c.document_id AND d.carrier = 'attachment') AS media_type,
  CASE WHEN d.carrier = 'attachment' THEN (SELECT max(a.detected_type) FROM attachment a WHERE a.document_id = c.document_id)
    END AS detected_type,
  d.carrier, d.size_bytes, d.sha256, CASE WHEN ?1 IS NULL THEN d.version END AS version,
  CASE WHEN ?1 IS NULL AND y.versions > 1 THEN y.current_document_id = c.document_id END AS is_current,
  c.copies, c.mailboxes, c.first_seen_at, c.last_seen_at, {id:c.first_message} AS first_message_id, c.places AS lies_in,
  c.inline AS only_inline, c.opaque AS not_looked_into,
  CASE WHEN ?1 IS NULL THEN y.versions END AS versions, CASE WHEN ?1 IS NULL THEN y.relation END AS relation,
  CASE WHEN ?1 IS NULL AND y.current_document_id = c.document_id THEN y.current_why END AS current_why,
  CASE WHEN ?1 IS NULL THEN d.branch END AS branch, CASE WHEN ?1 IS NULL THEN d.joined_by END AS joined_by,
  CASE WHEN ?1 IS NULL THEN d.kind_evidence END AS kind_evidence, d.flag, d.listed_apart,
  CASE WHEN ?1 IS NULL THEN c.copies = 1 END AS single_copy_in_this_export,
  CASE WHEN ?1 IS NULL THEN d.self_filed END AS self_filed,
  k.decision, k.target, k.owner, k.note
FROM content c JOIN document d USING (document_id)
  LEFT JOIN document_family y ON y.family_id = d.family_id
  LEFT JOIN current_decision k ON k.subject_kind = 'document_family' AND k.subject_id = d.family_id
ORDER BY d.listed_apart IS NOT NULL, d.family_id, d.version, c.document_id";
