use super::super::{kind, name};
use super::*;

const DAY: i64 = 86_400;

/// A document of that name; thread, sender and day as numbers.
fn candidate(id: i64, file_name: &str, thread: u64, sender: u64, day: i64) -> Candidate {
    let name = name::read(file_name);
    let type_group = kind::type_group(&name.extension, &["application/octet-stream", ""]);
    let type_group = if ["png", "jpg", "gif"].contains(&name.extension.as_str()) { "image" } else { type_group };
    Candidate {
        document_id: id,
        type_group,
        name,
        size_bytes: 40_000 + id as u64 * 100,
        first_at: Some(day * DAY),
        threads: vec![thread],
        senders: vec![sender],
        people: vec![sender],
        copies: 1,
        first_message: id,
    }
}

fn groups(candidates: &[Candidate]) -> Vec<Vec<i64>> {
    families(candidates)
        .iter()
        .map(|family| family.members.iter().map(|member| candidates[member.at].document_id).collect())
        .collect()
}

#[test]
fn versions_are_joined_and_ordered() {
    let all = [
        candidate(1, "Master Agreement v2.doc", 1, 1, 5),
        candidate(2, "Master Agreement.doc", 1, 1, 1),
        candidate(3, "Copy of master_agreement_FINAL.doc", 2, 1, 9),
    ];
    assert_eq!(groups(&all), [vec![2, 1, 3]]);
    let family = &families(&all)[0];
    assert_eq!((family.relation, all[family.current].document_id), ("versions", 3));
    assert_eq!(family.current_why, "the newest, and marked as final");
}

#[test]
fn never_joined_only_because_of_such_a_name() {
    for file_name in
        ["image001.png", "invoice.pdf", "scan0001.pdf", "ATT00001.htm", "Book1.xls", "Rechnung.pdf", "logo.gif"]
    {
        let all: Vec<Candidate> = (1..20).map(|n| candidate(n, file_name, n as u64, 1, n)).collect();
        assert_eq!(groups(&all).len(), 19, "{file_name}: same sender, different threads");
    }
    for picture in ["image001.png", "logo.gif", "IMG_0001.jpg"] {
        let all: Vec<Candidate> = (1..5).map(|n| candidate(n, picture, 1, 1, n)).collect();
        assert_eq!(groups(&all).len(), 4, "{picture}: even in one thread");
    }
    let one_thread: Vec<Candidate> = (1..4).map(|n| candidate(n, "invoice.pdf", 7, n as u64, n)).collect();
    assert_eq!(groups(&one_thread).len(), 1, "invoice.pdf corrected within one thread");
}

#[test]
fn two_files_of_one_message_are_two_things() {
    let in_one = |id, name| Candidate { first_message: 7, ..candidate(id, name, 1, 1, 1) };
    let all = [in_one(1, "Wendholt.xls"), in_one(2, "Wendholt (1).xls"), in_one(3, "Wendholt (2).xls")];
    assert_eq!(groups(&all).len(), 3);
    let bridged = [all[0].clone(), all[1].clone(), candidate(4, "Wendholt.xls", 1, 1, 2)];
    assert!(groups(&bridged).iter().all(|group| !(group.contains(&1) && group.contains(&2))));
    let marked = [in_one(1, "Wendholt contract clean.doc"), in_one(2, "Wendholt contract redline.doc")];
    assert_eq!(groups(&marked).len(), 1, "what sets them apart is said");
}

#[test]
fn different_people_types_sizes_and_times_stay_apart() {
    let base = candidate(1, "Gas contract Wendholt.doc", 1, 1, 1);
    let other_people = candidate(2, "Gas contract Wendholt.doc", 2, 2, 2);
    assert_eq!(groups(&[base.clone(), other_people]).len(), 2);
    assert_eq!(groups(&[base.clone(), candidate(2, "Gas contract Wendholt.xls", 1, 1, 2)]).len(), 2);
    let large = Candidate { size_bytes: 5_000_000, ..candidate(2, "Gas contract Wendholt.doc", 1, 1, 2) };
    assert_eq!(groups(&[base.clone(), large]).len(), 2);
    assert_eq!(groups(&[base.clone(), candidate(2, "Gas contract Wendholt.doc", 2, 1, 900)]).len(), 2, "years later");
    assert_eq!(groups(&[base, candidate(2, "Gas contract Brunner.doc", 1, 1, 1)]).len(), 2);
}

#[test]
fn issues_of_a_report_are_a_series() {
    let all = [
        candidate(1, "Gas position 5-14-01.xls", 1, 1, 1),
        candidate(2, "Gas position 5-21-01.xls", 2, 1, 8),
        candidate(3, "Gas position 5-07-01.xls", 3, 1, 9),
    ];
    let family = &families(&all)[0];
    assert_eq!((family.members.len(), family.relation, all[family.current].document_id), (3, "series", 2));
}

#[test]
fn branches_are_shown() {
    let all = [
        candidate(1, "Offer Wendholt v2.doc", 1, 1, 1),
        candidate(2, "Offer Wendholt v2_MK.doc", 1, 2, 2),
        candidate(3, "Offer Wendholt v2.doc", 1, 3, 3),
    ];
    let family = &families(&all)[0];
    assert_eq!(family.branches, "MK; second version 2");
}

#[test]
fn the_order_of_candidates_does_not_matter() {
    let mut all: Vec<Candidate> = (1..40)
        .map(|n| candidate(n, &format!("Deal {} draft {n}.doc", n % 3), (n % 4) as u64, (n % 5) as u64, n))
        .collect();
    let first = groups(&all);
    all.reverse();
    assert_eq!(groups(&all), first);
}

#[test]
fn ids_survive() {
    let old = [(1, 10), (2, 10), (3, 11), (4, 12), (5, 12)];
    let (ids, retired) = reconcile(&[vec![1, 2, 9], vec![3], vec![4, 5], vec![8]], &old, 12);
    assert_eq!((ids, retired), (vec![10, 11, 12, 13], vec![]));
    let (ids, retired) = reconcile(&[vec![1, 2, 3], vec![4], vec![5]], &old, 12);
    assert_eq!((ids, retired), (vec![10, 12, 13], vec![(11, 10)]));
}
