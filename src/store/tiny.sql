INSERT INTO scan (inventory_id, roots, version, rules_sha256, model_sha256, operator, host, started_at, finished_at, outcome)
VALUES ('0123456789abcdef0123456789abcdef', '["/data"]', '0.1.0', 'aa', 'bb', 'kim', 'lab', '2023-10-01T10:00:00Z',
        '2023-10-01T10:00:42Z', 'done');

INSERT INTO file (file_id, path, path_bytes, size_bytes, outcome, format, detail, mailbox, folder, messages, sha256) VALUES
 (1, '/data', x'01', 4096, 'directory', NULL, '', NULL, NULL, 0, NULL),
 (2, '/data/anna/Inbox', x'02', 220, 'read', 'mbox/rd', '', 'anna', 'INBOX', 3, '22'),
 (3, '/data/boss/Inbox', x'03', 200, 'read', 'mbox/rd', '', 'boss', 'INBOX', 2, '33'),
 (4, '/data/boss/Salary of Anna.eml', x'04', 100, 'read', 'single', '', 'boss', 'INBOX', 1, '44'),
 (5, '/data/boss/old.pst', x'05', 50, 'unsupported', NULL, 'Outlook store', 'boss', 'INBOX', 0, '55'),
 (6, '/data/anna/Empty', x'06', 0, 'empty', NULL, '', 'anna', 'INBOX', 0, '66');

INSERT INTO segment (file_id, offset_bytes, length_bytes, kind) VALUES (2, 0, 10, 'gap'), (5, 0, 50, 'other');

INSERT INTO thread (thread_id, subject, messages, first_at, last_at) VALUES (1, 'Offer', 2, '2023-05-01T08:00:00Z', '2023-05-02T08:00:00Z');

INSERT INTO message (message_id, file_id, ordinal, offset_bytes, length_bytes, frame_offset_bytes, frame_length_bytes,
  stored_sha256, message_sha256, fingerprint, mailbox, folder, flags, rfc_message_id, sent_at, sent_at_source, received_at,
  direction, sender_kind, from_name, from_address, subject, class, class_score, thread_id, duplicate_of, present, excerpt) VALUES
 (8589934593, 2, 1, 30, 49, 10, 70, 's1', 'm1', 'f1', 'anna', 'INBOX', '\Seen', 'one@x.example', '2023-05-01T08:00:00Z',
  'header', NULL, 'in', 'person', 'Boss', 'boss@x.example', 'Offer', 'document', 0.81, 1, NULL, 1, 'The offer is attached.'),
 (8589934594, 2, 2, 100, 49, 80, 70, 's2', 'm2', 'f2', 'anna', 'INBOX', '', NULL, '0101-01-01T00:00:00Z', 'header', NULL,
  'unknown', 'person', '=cmd|'' /C calc''!A0', 'eve@y.example', '=1+1', 'bulk', 0.6, NULL, NULL, 1,
  'First line' || char(10) || 'second ' || char(8238) || 'line; =evil'),
 (8589934595, 2, 3, 170, 49, 150, 70, 's3', 'm3', 'f3', 'anna', 'INBOX/Orders', '\Flagged \Seen', 'three@x.example',
  '2023-05-02T08:00:00Z', 'header', NULL, 'out', 'person', 'Anna', 'anna@x.example', 'Order 4711, "please" approve',
  'workflow', 0.9, 1, NULL, 1, 'Please approve order 4711.'),
 (12884901889, 3, 1, 20, 79, 0, 100, 's1', 'm1', 'f1', 'boss', 'Sent', '', 'one@x.example', '2023-05-01T08:00:00Z',
  'header', NULL, 'out', 'person', 'Boss', 'boss@x.example', 'Offer', 'document', 0.81, 1, 8589934593, 1, 'The offer is attached.'),
 (12884901890, 3, 2, 120, 79, 100, 100, 's5', 'm5', 'f5', 'boss', 'INBOX', '', 'five@x.example', '2023-05-03T08:00:00Z',
  'header', NULL, 'in', 'person', 'Chair', 'chair@x.example', 'Secret merger', 'correspondence', 0.7, NULL, NULL, 1,
  'Do not tell anybody of the merger.'),
 (12884901891, 3, 3, 0, 10, 0, 10, 's6', 'm6', 'f6', 'boss', 'INBOX', '', NULL, NULL, 'none', NULL, 'unknown', 'person',
  '', '', 'Gone', 'unsure', 0.4, NULL, NULL, 0, ''),
 (17179869185, 4, 1, 0, 100, 0, 100, 's7', 'm7', 'f7', 'boss', 'INBOX', '\Seen', 'seven@x.example', '2023-05-04T08:00:00Z',
  'header', NULL, 'internal', 'person', 'Boss', 'boss@x.example', 'Salary of Anna', 'task', 0.55, NULL, NULL, 1,
  'Raise the salary by Friday.');

INSERT INTO message_folder VALUES (8589934593, 'INBOX'), (8589934593, 'Starred');
INSERT INTO recipient VALUES (8589934593, 1, 'to', 'Anna', 'anna@x.example'), (8589934593, 2, 'to', '', '+49 30 1234'),
  (8589934593, 3, 'cc', 'Chair', 'chair@x.example');
INSERT INTO message_use VALUES (8589934593, 'document', 0.81, 0.81), (8589934595, 'workflow', 0.9, 0.9),
  (8589934595, 'task', 0.6, 0.6), (12884901889, 'document', 0.81, 0.81), (17179869185, 'task', 0.55, 0.55);
INSERT INTO message_signal VALUES (8589934595, 'approval'), (8589934595, 'request');
INSERT INTO evidence VALUES (8589934595, 1, 'class:workflow', 'approval_asked', 'message', 1.5, 'Please approve', 'text:0-14'),
  (8589934595, 2, 'use:task', 'request_please', 'message', 2.5, 'Please', 'text:0-6'),
  (8589934595, 3, 'class:bulk', 'greeting', 'message', -0.5, 'Hello', 'text:0-5');
INSERT INTO attachment (message_id, part, file_name, media_type, size_bytes, sha256, inline) VALUES
 (8589934593, '2', 'offer.pdf', 'application/pdf', 1000, 'd1', 0),
 (12884901889, '2', 'offer for anna, cheap.pdf', 'application/pdf', 1000, 'd1', 0),
 (12884901890, '2', 'merger.docx', 'application/msword', 2000, 'd2', 0);
INSERT INTO document (document_id, sha256, size_bytes, media_type, carrier, copies, name, kind) VALUES
 (1, 'd1', 1000, 'application/pdf', 'attachment', 2, 'offer.pdf', 'quote'),
 (2, 'd2', 2000, 'application/msword', 'attachment', 1, 'merger.docx', 'unknown');
UPDATE attachment SET document_id = 1 WHERE sha256 = 'd1';
UPDATE attachment SET document_id = 2 WHERE sha256 = 'd2';
INSERT INTO problem (file_id, message_id, offset_bytes, length_bytes, level, kind, detail) VALUES
 (2, NULL, 0, 10, 'error', 'gap', 'before the first message'),
 (5, NULL, NULL, NULL, 'error', 'unsupported_store', 'Outlook store (PST)'),
 (2, 8589934594, NULL, NULL, 'note', 'date_implausible', 'year 101'),
 (2, 8589934594, 80, 20, 'warning', 'doubtful_boundary', ''),
 (6, NULL, NULL, NULL, 'note', 'empty_store', '');
INSERT INTO task (task_id, message_id, quote, owner, owner_address, due_text, due_on, status, score) VALUES
 (1, 17179869185, 'Raise the salary by Friday', 'recipient', NULL, 'by Friday', '2023-05-05', 'open', 0.7),
 (2, 8589934595, '-approve order 4711', 'recipient', 'boss@x.example', NULL, NULL, 'open', 0.8);
INSERT INTO task_message VALUES (1, 17179869185, 'q1', 'text:0-25'), (2, 8589934595, 'q2', 'text:0-19');
INSERT INTO workflow (workflow_id, name, kind, cases, messages, people, first_at, last_at, median_hours, cadence,
  recommended_target, score, retired_into) VALUES (1, 'Order approval', 'approval', 1, 2, 2, '2023-05-01T08:00:00Z', '2023-05-02T08:00:00Z', 24,
  NULL, 'approval system', 0.8, NULL);
INSERT INTO workflow_case (case_id, workflow_id, case_key, status) VALUES (1, 1, '4711', 'open');
INSERT INTO workflow_step (case_id, ordinal, message_id, activity, actor, at) VALUES (1, 1, 8589934595, 'request', 'anna@x.example', '2023-05-02T08:00:00Z'),
  (1, 2, 12884901890, 'escalate', 'chair@x.example', '2023-05-03T08:00:00Z');
INSERT INTO mailbox (mailbox_id, name, kind, messages, bytes) VALUES (1, 'anna', 'person', 3, 147);
INSERT INTO decision (subject_kind, subject_id, decision, target, owner, note, decided_by, decided_at) VALUES
 ('mailbox', 1, 'move', 'new server', 'anna', NULL, 'kim', '2023-10-02T00:00:00Z');
