//! Queries for what hangs on the mail system. `?1` is the mailbox or NULL.
//!
//! These rows are learned from everybody's mail. In a package for one mailbox only what its own mail shows is there: a
//! machine and a partner with the messages in that mailbox, the mailbox's own address with what lies in it, and what is
//! filed in it. Kinds were judged from all mail; they are words of this program and nobody's.

/// One row for each expected mailbox and each address of the client's domains.
pub(super) const COVERAGE: &str = "
SELECT address, person, status, on_roster, mailbox, delivered, expected_items, found_items, expected_bytes, found_bytes, hold,
  CASE WHEN ?1 IS NULL THEN evidence END AS evidence, CASE WHEN ?1 IS NULL THEN holes END AS holes
FROM coverage WHERE (?1 IS NULL OR mailbox = ?1)
ORDER BY on_roster IS NULL, on_roster DESC, CASE delivered WHEN 'not delivered' THEN 0 WHEN 'delivered short' THEN 1 ELSE 2 END,
  address";

/// One row a machine: integrations first, announcements last.
pub(super) const SYSTEMS: &str = "
WITH mine AS (
  SELECT s.system_id, count(*) AS messages, min(m.sent_at) AS first_at, max(m.sent_at) AS last_at,
    max(m.direction) AS direction, max(t.first_hop_host) AS first_hop, max(t.first_hop_internal) AS first_hop_internal,
    max(t.mailer) AS mailer, min(m.subject) AS subjects
  FROM system_message s JOIN message m USING (message_id) LEFT JOIN transport t USING (message_id)
  WHERE ?1 IS NOT NULL AND m.present = 1 AND m.mailbox = ?1 GROUP BY s.system_id)
SELECT 'Y' || s.system_id AS id, s.name, s.address, s.kind, CASE WHEN ?1 IS NULL THEN s.direction ELSE mine.direction END AS direction,
  CASE WHEN ?1 IS NULL THEN s.first_hop ELSE mine.first_hop END AS first_hop,
  CASE WHEN ?1 IS NULL THEN s.first_hop_internal ELSE mine.first_hop_internal END AS first_hop_internal,
  CASE WHEN ?1 IS NULL THEN s.mailer ELSE mine.mailer END AS x_mailer, CASE WHEN ?1 IS NULL THEN s.recipients END AS recipients,
  CASE WHEN ?1 IS NULL THEN s.messages ELSE mine.messages END AS messages,
  CASE WHEN ?1 IS NULL THEN s.cadence END AS cadence,
  CASE WHEN ?1 IS NULL THEN s.first_at ELSE mine.first_at END AS first_at,
  CASE WHEN ?1 IS NULL THEN s.last_at ELSE mine.last_at END AS last_at,
  CASE WHEN ?1 IS NULL THEN s.missed_runs END AS missed_runs, CASE WHEN ?1 IS NULL THEN s.may_break END AS may_break,
  CASE WHEN ?1 IS NULL THEN s.recipient_count END AS recipient_count,
  CASE WHEN ?1 IS NULL THEN s.missed_on END AS missed_on, CASE WHEN ?1 IS NULL THEN s.evidence END AS evidence,
  CASE WHEN ?1 IS NULL THEN s.cadence_evidence END AS cadence_evidence,
  CASE WHEN ?1 IS NULL THEN s.subjects ELSE mine.subjects END AS subjects, s.score, k.decision, k.target, k.owner, k.note
FROM system s LEFT JOIN mine USING (system_id)
  LEFT JOIN current_decision k ON k.subject_kind = 'system' AND k.subject_id = s.system_id
WHERE s.messages > 0 AND (?1 IS NULL OR mine.messages > 0)
ORDER BY s.kind = 'newsletter', CASE WHEN ?1 IS NULL THEN s.messages ELSE mine.messages END DESC, s.address, s.pattern";

/// One row an address of the client's domains.
pub(super) const ADDRESSES: &str = "
WITH mine AS (
  SELECT count(*) FILTER (WHERE m.from_address = a.address) AS sent, count(*) FILTER (WHERE m.from_address <> a.address) AS received,
    max(CASE WHEN m.from_address <> a.address THEN m.sent_at END) AS last_received_at,
    max(CASE WHEN m.from_address = a.address THEN m.sent_at END) AS last_sent_at, a.address
  FROM address a JOIN message m ON m.mailbox = a.mailbox
  WHERE ?1 IS NOT NULL AND a.mailbox = ?1 AND m.present = 1 GROUP BY a.address)
SELECT address, CASE WHEN ?1 IS NULL THEN name END AS name, kind, mailbox,
  CASE WHEN ?1 IS NULL THEN a.sent ELSE mine.sent END AS sent,
  CASE WHEN ?1 IS NULL THEN a.received ELSE mine.received END AS received,
  CASE WHEN ?1 IS NULL THEN outside_senders END AS outside_senders,
  CASE WHEN ?1 IS NULL THEN a.last_received_at ELSE mine.last_received_at END AS last_received_at,
  CASE WHEN ?1 IS NULL THEN a.last_sent_at ELSE mine.last_sent_at END AS last_sent_at,
  CASE WHEN ?1 IS NULL THEN delivered_to END AS delivered_to,
  CASE WHEN ?1 IS NULL THEN sent_on_behalf_of END AS sent_on_behalf_of,
  CASE WHEN ?1 IS NULL THEN evidence END AS evidence
FROM address a LEFT JOIN mine USING (address)
WHERE (a.sent + a.received > 0 OR mailbox IS NOT NULL) AND (?1 IS NULL OR mailbox = ?1) ORDER BY address";

/// One row for each outside domain and address of ours, the strongest domain first. For one mailbox the sums are of its own
/// messages, and files and judgements are left out.
pub(super) const PARTNERS: &str = "
WITH other AS (
  SELECT m.from_address AS address, 1 AS is_in, m.sent_at FROM message m
  WHERE ?1 IS NOT NULL AND m.mailbox = ?1 AND m.present = 1 AND m.direction = 'in'
  UNION ALL
  SELECT r.address, 0, m.sent_at FROM message m JOIN recipient r USING (message_id)
  WHERE ?1 IS NOT NULL AND m.mailbox = ?1 AND m.present = 1 AND m.direction = 'out'
    AND NOT EXISTS (SELECT 1 FROM own_domain o
      WHERE '.' || substr(r.address, instr(r.address, '@') + 1) LIKE '%.' || o.domain)),
mine AS (
  SELECT CASE WHEN EXISTS (SELECT 1 FROM partner p WHERE p.domain = address) THEN address
           ELSE substr(address, instr(address, '@') + 1) END AS domain,
    sum(is_in) AS messages_in, sum(1 - is_in) AS messages_out, min(sent_at) AS first_at, max(sent_at) AS last_at
  FROM other WHERE instr(address, '@') > 0 GROUP BY 1)
SELECT domain, our_address, messages_in, messages_out, files_in, files_out, bytes, first_at, last_at, file_transfer,
  tell_before_the_move, evidence
FROM (SELECT domain, our_address, messages_in, messages_out, files_in, files_out, bytes, first_at, last_at, file_transfer,
        tell_before_the_move, evidence, sum(messages_in + messages_out) OVER w AS all_messages,
        min(sum(messages_in) OVER w, sum(messages_out) OVER w) AS both_ways
      FROM partner p WHERE ?1 IS NULL AND messages_in + messages_out > 0 WINDOW w AS (PARTITION BY domain)
      UNION ALL
      SELECT domain, NULL, messages_in, messages_out, NULL, NULL, NULL, first_at, last_at, NULL, NULL, NULL,
        messages_in + messages_out, min(messages_in, messages_out) FROM mine)
ORDER BY both_ways DESC, all_messages DESC, domain, messages_in + messages_out DESC, our_address";

/// One row for each habit that mail shows, after the sentence on what it does not show.
pub(super) const RULES_SEEN: &str = "
SELECT kind, mailbox, subject AS about, target, messages, of_messages, first_at, last_at, sentence
FROM rule_seen WHERE (?1 IS NULL OR mailbox = ?1 OR kind = 'not in mail')
ORDER BY kind <> 'not in mail', kind, mailbox, messages DESC, subject, target";

/// One row for each address of a person.
pub(super) const PEOPLE: &str = "
SELECT 'H' || p.person_id AS id, p.name, a.address, a.address = p.main_address AS is_main, a.evidence,
  (SELECT group_concat(name, '; ') FROM (SELECT name FROM person_name n WHERE n.person_id = p.person_id
     ORDER BY messages DESC, name LIMIT 10)) AS names
FROM person p JOIN person_address a USING (person_id) WHERE ?1 IS NULL
ORDER BY p.main_address, is_main DESC, a.address";
