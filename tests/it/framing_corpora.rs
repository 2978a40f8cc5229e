//! Real mailboxes with a known answer, where they are present.
