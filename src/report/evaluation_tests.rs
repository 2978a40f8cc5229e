use super::*;

const WORDS: [(char, Class); 6] = [
    ('w', Class::Workflow),
    ('d', Class::Document),
    ('t', Class::Task),
    ('c', Class::Correspondence),
    ('b', Class::Bulk),
    ('u', Class::Unsure),
];

fn class(letter: char) -> Class {
    WORDS.iter().find(|(known, _)| *known == letter).unwrap().1
}

fn case(label: char, said: char) -> Compared {
    Compared {
        label: class(label),
        alternatives: Vec::new(),
        said: class(said),
        score: 0.5,
        uses: [(None, false); 3],
        flags: [(None, false); 9],
        stratum: None,
        sender: String::new(),
    }
}

const LABELS: &str = "wwwwddddttcccccbbb";
const READ: &str = "wwwduddwtctcccbbbc";

fn cases() -> Vec<Compared> {
    LABELS.chars().zip(READ.chars()).map(|(label, said)| case(label, said)).collect()
}

fn near(a: Option<f64>, b: f64) {
    assert!(a.is_some_and(|a| (a - b).abs() < 1e-9), "{a:?} is not {b}");
}

/// scikit-learn 1.9.1: precision_recall_fscore_support and f1_score(average='macro') with labels=w,d,t,c,b.
#[test]
fn as_scikit_learn_has_it() {
    let found = evaluate(&cases());
    for (at, (precision, recall, f1, support)) in
        [(0.75, 0.75, 0.75, 4), (2.0 / 3.0, 0.5, 4.0 / 7.0, 4), (0.5, 0.5, 0.5, 2), (0.6, 0.6, 0.6, 5)]
            .iter()
            .enumerate()
    {
        near(found.classes[at].precision.value, *precision);
        near(found.classes[at].recall.value, *recall);
        near(found.classes[at].f1.value, *f1);
        assert_eq!(found.classes[at].support, *support);
    }
    near(found.macro_f1.value, 0.6176190476190475);
    near(found.accuracy.value, 0.6111111111111112);
    assert_eq!((found.correct, found.compared, found.classes_in_mean), (11, 18, 5));
    assert_eq!(found.confusion[1], [1, 2, 0, 0, 0, 1], "unsure has a column of its own");
    let interval = found.macro_f1.interval.unwrap();
    assert!(interval.low < 0.55 && 0.67 < interval.high && interval.high <= 1.0, "{interval:?}");
    assert_eq!(evaluate(&cases()), found, "the same labels give the same intervals");
}

/// scikit-learn 1.9.1 with sample_weight = 2 2 2 2 1 1 1 1 .5 .5 3 3 3 3 3 1 1 1.
#[test]
fn strata_weigh_as_scikit_learn_has_it() {
    let mut cases = cases();
    // A label of a class stands for so many messages: 2, 1, 0.5, 3, 1, times 10.
    for case in &mut cases {
        let (number, messages) = match case.label {
            Class::Workflow => (5, 80),
            Class::Document => (2, 40),
            Class::Task => (3, 10),
            Class::Correspondence => (1, 150),
            _ => (4, 30),
        };
        case.stratum = Some(Stratum { number, messages });
    }
    let found = evaluate(&cases);
    near(found.accuracy.value, 0.6290322580645161);
    near(found.macro_f1.value, 0.5456209150326797);
    near(found.classes[0].f1.value, 0.8);
    near(found.classes[4].f1.value, 0.5);
    assert_eq!((found.stands_for, found.senders), (Some(310), None));
    // Kish by hand: 31² / (4·4 + 4·1 + 2·0.25 + 5·9 + 3·1) = 961 / 68.5 = 14.03 cases, so wider than for 18.
    let (weighted, plain) = (found.accuracy.interval.unwrap(), wilson(0.629_032_258, 18.0).unwrap());
    assert!(weighted.low < plain.low && plain.high < weighted.high);
    cases[0].stratum = None;
    assert_eq!(evaluate(&cases).stands_for, None, "a label without a stratum: every label counts the same");
}

#[test]
fn alternatives_disputed_uses_and_senders() {
    let mut cases = cases();
    cases[3].alternatives = vec![Class::Document];
    cases[4].alternatives = vec![Class::Task];
    cases[0].uses = [(Some(true), true), (None, true), (Some(false), false)];
    cases[1].uses = [(Some(true), false), (Some(false), true), (Some(true), true)];
    cases[0].flags[0] = (Some(true), true);
    cases[1].flags[0] = (Some(false), true);
    for case in &mut cases {
        case.sender = "one@x.example".to_owned();
    }
    let found = evaluate(&cases);
    assert_eq!((found.accepted_count, found.senders), (12, Some(1)));
    near(found.uses[0].recall.value, 0.5);
    assert_eq!((found.uses[1].scored, found.uses[1].support), (1, 0), "what is disputed is not scored");
    near(found.flags[0].precision.value, 0.5);
    near(found.flags[0].accuracy.value, 0.5);
    let interval = found.macro_f1.interval.unwrap();
    near(Some(interval.low), found.macro_f1.value.unwrap());
    assert_eq!(interval.low, interval.high, "one sender says nothing of others");
}

#[test]
fn nothing_and_little() {
    let none = evaluate(&[]);
    assert_eq!((none.accuracy.value, none.macro_f1.value, none.bins.len()), (None, None, 0));
    let one = evaluate(&[case('w', 'w')]);
    assert_eq!((one.classes_in_mean, one.macro_f1.value), (1, Some(1.0)));
    assert_eq!(one.classes[1].f1.value, None);
    let sentence = text::sentence(&one);
    assert_eq!(sentence, "On 1 message that you labelled, 1 of 1 readings agree (21 to 100 % with 95 % confidence).");
}

#[test]
fn the_screen() {
    let mut cases = cases();
    for (at, case) in cases.iter_mut().enumerate() {
        case.score = 0.4 + at as f64 / 32.0;
        case.uses = [(Some(at < 6), at < 7), (Some(at % 4 == 0), at % 4 == 0), (Some(false), false)];
        case.flags[0] = (Some(at % 2 == 0), at % 3 == 0);
        case.sender = format!("{}@x.example", at / 2);
    }
    cases[3].alternatives = vec![Class::Document];
    let found = evaluate(&cases);
    let screen = format!("{}\n{}", text::tables(&found), text::sentence(&found));
    assert!(screen.lines().all(|line| line.chars().count() < 80 || line.starts_with("On ")), "{screen}");
    assert!(screen.lines().count() <= 50, "{screen}");
    for line in [
        "process                 4  0.75 (0.30-0.95)  0.75 (0.30-0.95)  0.75 (0.00-1.00)",
        "use task                0  -                 -                 -",
        "class as labelled: 0.61 (0.39-0.80); or its alternative: 0.67 (0.44-0.84)",
        "labelled | read    process  document      task  corresp.  announc.    unsure",
        "document                 1         2         0         0         0         1",
        "0.40 to 0.43           2        0.42        1.00",
        "On 18 messages that you labelled, 11 of 18 readings agree (39 to 80 % with 95 % confidence). Counting readings \
         that you would not call wrong, 12 of 18 agree.",
    ] {
        assert!(screen.lines().any(|shown| shown == line), "no `{line}` in\n{screen}");
    }
    let all_agree = found.uses[1].f1.interval.unwrap();
    assert!(all_agree.low < 0.8 && all_agree.high == 1.0, "five of five are not certainty: {all_agree:?}");
}
