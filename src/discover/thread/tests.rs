//! The traps: what must not be joined, and what must.

use super::letter::Letters;
use super::{Joined, group};
use crate::store::thread::ThreadMail;

const DAY: i64 = 86_400;

/// One message; ids come in the order of calls.
struct Post(Vec<ThreadMail>);

impl Post {
    fn new() -> Post {
        Post(Vec::new())
    }

    fn mail(&mut self, day: i64, from: &str, to: &str, subject: &str) -> &mut ThreadMail {
        let id = self.0.len() as i64 + 1;
        self.0.push(ThreadMail {
            message_id: id,
            first_copy_id: id,
            at: Some(1_000_000_000 + day * DAY + id),
            mailbox: "m".into(),
            from_address: format!("{from}@x"),
            subject: subject.into(),
            rfc_message_id: Some(format!("{id}@x")),
            recipients: to.split_whitespace().map(|one| format!("{one}@x")).collect(),
            ..ThreadMail::default()
        });
        self.0.last_mut().expect("just pushed")
    }

    fn answer(&mut self, day: i64, from: &str, to: &str, subject: &str, references: &str) {
        self.mail(day, from, to, subject).references = references.into();
    }

    /// The group of each message in the order of ids.
    fn groups(&self) -> Vec<u32> {
        self.found().0
    }

    fn found(&self) -> (Vec<u32>, Vec<&'static str>, Vec<u32>) {
        let mut letters = Letters::default();
        self.0.iter().for_each(|mail| letters.add(mail));
        let groups = group(&mut letters);
        let of = |letter: u32| groups.of_letter[letter as usize];
        let why = |letter: u32| groups.joined[letter as usize].as_str();
        (
            letters.messages.iter().map(|one| of(one.letter)).collect(),
            letters.messages.iter().map(|one| why(one.letter)).collect(),
            groups.ghosts,
        )
    }
}

#[test]
fn references_join_whatever_the_subject_and_the_order() {
    let mut post = Post::new();
    // The answers come first by id; the subject is edited; the chain is cut to its last id.
    post.answer(2, "a", "b", "Something else entirely", "2@x");
    post.answer(1, "b", "a", "Re: Crane", "3@x");
    post.mail(0, "a", "b", "Crane");
    post.mail(3, "a", "b", "Crane");
    let (groups, why, ghosts) = post.found();
    assert_eq!(groups, [0, 0, 0, 1]);
    assert_eq!(why, ["references", "references", "start", "alone"]);
    assert_eq!(ghosts, [0, 0]);
}

#[test]
fn a_message_that_is_not_here_joins_its_answers() {
    let mut post = Post::new();
    post.answer(1, "b", "c", "Re: One", "ghost@x");
    post.answer(2, "d", "e", "Re: Two", "older@x ghost@x");
    let (groups, _, ghosts) = post.found();
    assert_eq!((groups, ghosts), (vec![0, 0], vec![2]));
}

#[test]
fn a_collection_of_references_is_no_conversation() {
    let mut post = Post::new();
    for number in 0..6 {
        post.mail(number, "a", "b", &format!("Fault {number}"));
    }
    post.answer(7, "c", "b", "Faults of this week", "1@x 2@x 3@x 4@x 5@x 6@x");
    post.answer(8, "b", "c", "Re: Faults of this week", "1@x 2@x 3@x 4@x 5@x 6@x 7@x");
    assert_eq!(post.groups(), [0, 1, 2, 3, 4, 5, 5, 5]);
}

#[test]
fn loops_and_self_references_end() {
    let mut post = Post::new();
    post.answer(0, "a", "b", "One", "1@x 2@x");
    post.answer(1, "b", "a", "Two", "1@x 3@x");
    post.answer(2, "b", "a", "Three", "2@x 3@x");
    assert_eq!(post.groups(), [0, 0, 0]);
}

#[test]
fn an_id_that_many_messages_have_joins_nothing() {
    let mut post = Post::new();
    for number in 0..50 {
        post.mail(number, "machine", "b", &format!("Alarm on line {number}")).rfc_message_id = Some("1@x".into());
    }
    post.answer(60, "b", "machine", "Re: Alarm on line 7", "1@x");
    post.mail(61, "c", "d", "Offer for the bridge").rfc_message_id = Some("list@x".into());
    post.mail(62, "list", "d", "[sales] Offer for the bridge").rfc_message_id = Some("list@x".into());
    let (groups, why, _) = post.found();
    let mut alarms = groups[..50].to_vec();
    alarms.dedup();
    assert_eq!(alarms.len(), 50);
    assert_eq!((groups[50], why[50]), (groups[7], "subject"), "the answer finds its alarm by its subject");
    assert_eq!(groups[51], groups[52], "two of one subject are what a list made of one");
}

#[test]
fn words_where_an_id_should_be_join_nothing() {
    let mut post = Post::new();
    post.answer(0, "a", "b", "One", "message");
    post.answer(1, "c", "d", "Two", "message");
    post.mail(2, "e", "f", "Three").rfc_message_id = Some("message2".into());
    post.answer(3, "f", "e", "Four", "message2");
    post.mail(4, "g", "h", "Five").in_reply_to = "ada@wendholt.example's message".into();
    post.mail(5, "i", "j", "Six").in_reply_to = "ada@wendholt.example's message".into();
    post.mail(6, "k", "l", "Seven").in_reply_to = "20240503.77@wendholt.example".into();
    post.mail(7, "m", "n", "Eight").in_reply_to = "20240503.77@wendholt.example".into();
    assert_eq!(post.groups(), [0, 1, 2, 2, 3, 4, 5, 5]);
}

#[test]
fn an_old_message_used_as_an_address_book_is_no_conversation() {
    let mut post = Post::new();
    post.mail(0, "a", "b", "Summer party");
    for number in 1..30 {
        post.answer(number, "b", "a", &format!("Order {number}"), "1@x");
    }
    post.answer(31, "b", "a", "Re: Summer party", "1@x");
    let groups = post.groups();
    assert_eq!(groups[0], groups[30]);
    assert_eq!(groups.iter().max(), Some(&29), "each order is its own: {groups:?}");
}

#[test]
fn the_same_subject_by_other_people_is_another_thread() {
    for subject in ["Meeting", "hello", "FYI", "Minutes of the meeting today"] {
        let mut post = Post::new();
        post.mail(0, "a", "b", subject);
        post.mail(0, "c", "d", subject);
        post.mail(1, "d", "c", &format!("Re: {subject}"));
        post.mail(1, "b", "a", &format!("Re: {subject}"));
        post.mail(2, "e", "f", &format!("Re: {subject}"));
        let (groups, why, _) = post.found();
        assert_eq!(groups, [0, 1, 1, 0, 2], "{subject}");
        assert_eq!(why, ["start", "start", "subject", "subject", "alone"]);
    }
}

#[test]
fn a_report_of_every_month_is_no_thread() {
    let mut post = Post::new();
    for month in 0..12 {
        post.mail(month * 30, "a", "b c d", "Monthly report");
        post.mail(month * 30 + 1, "b", "a", "Re: Monthly report");
    }
    let groups = post.groups();
    assert_eq!(groups.iter().max(), Some(&11), "{groups:?}");
    assert!(groups.chunks(2).all(|pair| pair[0] == pair[1]), "each answer is with its report");
}

#[test]
fn reports_of_many_to_one_are_no_thread() {
    let mut post = Post::new();
    for week in 0..4 {
        for who in ["a", "b", "c"] {
            post.mail(week * 7, who, "boss", "Weekly report of the team");
        }
    }
    assert_eq!(post.groups().iter().max(), Some(&11));
}

#[test]
fn an_archive_without_marks_and_recipients() {
    let mut post = Post::new();
    post.mail(0, "a", "", "Segfault in the parser");
    post.mail(1, "b", "", "Segfault in the parser");
    post.mail(9, "a", "", "Segfault in the parser").quoted = vec![(1, 2)];
    post.mail(10, "d", "", "question");
    post.mail(11, "e", "", "question");
    post.mail(12, "f", "", "question").quoted = vec![(3, 4)];
    assert_eq!(post.groups(), [0, 0, 0, 1, 2, 2]);
}

#[test]
fn a_forgotten_mark_is_forgiven_within_days_only() {
    let mut post = Post::new();
    post.mail(0, "a", "b", "Crane for site four");
    post.mail(1, "b", "a", "Crane for site four");
    post.mail(30, "b", "a", "Crane for site four");
    assert_eq!(post.groups(), [0, 0, 1]);
}

#[test]
fn quoted_words_join_an_edited_subject() {
    let mut post = Post::new();
    post.mail(0, "a", "b", "Crane").opening = Some((5, 10));
    post.mail(1, "b", "c", "Approved: lifting gear").quoted = vec![(5, 10)];
    post.mail(1, "d", "c", "Approved: lifting gear").quoted = vec![(5, 10)];
    let (groups, why, _) = post.found();
    assert_eq!(groups, [0, 0, 1], "d has never seen what a wrote");
    assert_eq!(why[1], "quote");
}

#[test]
fn conversations_of_gmail_and_outlook() {
    let mut post = Post::new();
    post.mail(0, "a", "b", "One").gmail_thread = Some("17".into());
    post.mail(9, "b", "a", "Two").gmail_thread = Some("17".into());
    post.mail(9, "b", "a", "Three").gmail_thread = Some("17".into());
    post.0[2].mailbox = "another".into();
    post.mail(0, "a", "b", "Four").outlook_index = Some("ab".into());
    post.mail(9, "b", "a", "Five").outlook_index = Some("ab".into());
    let (groups, why, _) = post.found();
    assert_eq!(groups, [0, 0, 1, 2, 2], "Gmail numbers by account");
    assert_eq!((why[1], why[4]), ("gmail", "index"));
}

#[test]
fn copies_are_one_letter() {
    let mut post = Post::new();
    post.mail(0, "a", "b", "Crane");
    let copy = post.mail(0, "a", "b", "Crane");
    (copy.rfc_message_id, copy.first_copy_id, copy.mailbox) = (None, 1, "b".into());
    let changed = post.mail(0, "a", "b", "Crane");
    (changed.rfc_message_id, changed.at) = (Some("1@x".into()), Some(1_000_000_001));
    let (groups, why, _) = post.found();
    assert_eq!((groups, why), (vec![0, 0, 0], vec!["alone"; 3]));
}

#[test]
fn a_hundred_thousand_messages_of_one_subject_take_linear_time() {
    let time = |count: i64| {
        let mut post = Post::new();
        for number in 0..count {
            let mark = if number % 3 == 0 { "" } else { "Re: " };
            post.mail(number / 50, &format!("p{}", number % 977), "everybody list", &format!("{mark}FYI"));
        }
        let started = std::time::Instant::now();
        post.groups();
        started.elapsed().as_secs_f64()
    };
    time(1_000);
    let (small, large) = (time(10_000), time(100_000));
    assert!(large < 40.0 * small.max(0.01), "10,000: {small:.3} s, 100,000: {large:.3} s");
}

#[test]
fn the_order_of_files_changes_nothing() {
    let mut post = Post::new();
    for number in 0..40i64 {
        let (from, to) = if number % 2 == 0 { ("a", "b") } else { ("b", "a") };
        let mark = if number % 4 == 0 { "" } else { "Re: " };
        post.mail(number, from, to, &format!("{mark}Offer {}", number / 7 % 3)).rfc_message_id =
            Some(format!("n{number}@x"));
        if number % 5 == 4 {
            post.0.last_mut().expect("one").references = format!("n{}@x", number - 2);
        }
    }
    let partition = |post: &Post| {
        let groups = post.groups();
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (a, one) in post.0.iter().enumerate() {
            for (b, other) in post.0.iter().enumerate() {
                if groups[a] == groups[b] {
                    pairs.push((one.rfc_message_id.clone().unwrap(), other.rfc_message_id.clone().unwrap()));
                }
            }
        }
        pairs.sort();
        pairs
    };
    let expected = partition(&post);
    let mut seed = 7u64;
    for _ in 0..20 {
        for at in (1..post.0.len()).rev() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            post.0.swap(at, (seed >> 33) as usize % (at + 1));
        }
        for (id, mail) in (1..).zip(post.0.iter_mut()) {
            (mail.message_id, mail.first_copy_id) = (id, id);
        }
        assert_eq!(partition(&post), expected);
    }
    assert_eq!(Joined::Gmail.as_str(), "gmail");
}
