//! Processes of a generated company: found, put into runs and read step by step, against the truth.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use crate::estate_world::truth::Truth;
use crate::estate_world::{Options, generate};
use crate::harness::{dump, program, rows, run, scan};
use crate::threads::pairs;

/// A company of little ordinary mail, so that a test takes seconds.
fn options(seed: u64) -> Options {
    Options { scale: 0.1, months: Some(16), ..Options::with_processes(seed) }
}

/// What was measured.
#[derive(Debug, Default)]
struct Measured {
    /// Name of each process of the truth and the process found for it.
    found: BTreeMap<&'static str, i64>,
    missing: Vec<&'static str>,
    case_f1: f64,
    activity: f64,
    /// Processes found that are none and come from no machine.
    wrong: Vec<String>,
}

/// The activity of the inventory for one of the generator's, which names some after the business.
fn same_activity(process: &str, truth: &str, found: &str) -> bool {
    match truth {
        "order" if process == "order_queue" => found == "request",
        "order" | "book" => found == "confirm",
        "ask_back" | "ask back" => found == "ask back",
        "answer" => found == "deliver",
        "object" => ["refuse", "ask back"].contains(&found),
        "receive" => ["deliver", "request"].contains(&found),
        "hand_over" => found == "request",
        "ship" => ["confirm", "deliver", "notify"].contains(&found),
        other => other == found,
    }
}

/// A step as found: process, run, activity.
type Step = (i64, String, String);

fn steps(inventory: &Path) -> HashMap<String, Step> {
    rows(
        inventory,
        "SELECT m.rfc_message_id, c.workflow_id, c.case_id, s.activity
         FROM workflow_step s JOIN workflow_case c USING (case_id) JOIN message m USING (message_id)
         WHERE m.rfc_message_id IS NOT NULL",
    )
    .into_iter()
    .filter_map(|row| {
        let [activity, case, workflow, id] = row.rsplitn(4, '|').collect::<Vec<_>>().try_into().ok()?;
        Some((id.to_owned(), (workflow.parse().ok()?, case.to_owned(), activity.to_owned())))
    })
    .collect()
}

fn measure(truth: &Truth, inventory: &Path) -> Measured {
    let found = steps(inventory);
    let mut sizes: HashMap<i64, usize> = HashMap::new();
    found.values().for_each(|(workflow, ..)| *sizes.entry(*workflow).or_default() += 1);
    let mut measured = Measured::default();
    let mut both: Vec<(String, String)> = Vec::new();
    let (mut right, mut read) = (0, 0);
    for process in &truth.workflows {
        let mut shared: BTreeMap<i64, usize> = BTreeMap::new();
        let mut all = 0;
        for (number, case) in process.cases.iter().enumerate() {
            for step in case.steps.iter().filter(|step| step.copies > 0) {
                all += 1;
                let own = found.get(&step.message_id);
                both.push((
                    format!("{} {number}", process.name),
                    own.map_or(format!("none {}", step.message_id), |(_, case, _)| case.clone()),
                ));
                if let Some((workflow, _, activity)) = own {
                    *shared.entry(*workflow).or_default() += 1;
                    read += 1;
                    right += usize::from(same_activity(process.name, step.activity, activity));
                }
            }
        }
        let best = shared.iter().max_by_key(|(_, n)| **n);
        match best.filter(|(workflow, n)| **n * 2 >= all && **n * 2 >= sizes[*workflow]) {
            Some((workflow, _)) => _ = measured.found.insert(process.name, *workflow),
            None => measured.missing.push(process.name),
        }
    }
    let (shared, first, second) = pairs(both.iter().map(|(one, other)| (one.as_str(), other.as_str())));
    measured.case_f1 = 2.0 * shared / (first + second).max(1.0);
    measured.activity = right as f64 / read.max(1) as f64;
    measured.wrong = wrong(truth, inventory, &measured);
    measured
}

/// Processes whose messages are neither a machine's nor for the most part of a process of the truth.
fn wrong(truth: &Truth, inventory: &Path, measured: &Measured) -> Vec<String> {
    let machines: HashSet<&str> = truth.machines.iter().map(|machine| machine.address.as_str()).collect();
    let true_steps: HashSet<&str> = truth
        .workflows
        .iter()
        .flat_map(|process| {
            process.cases.iter().flat_map(|case| case.steps.iter().map(|step| step.message_id.as_str()))
        })
        .collect();
    let mut of: BTreeMap<i64, (usize, usize, String)> = BTreeMap::new();
    for row in rows(
        inventory,
        "SELECT c.workflow_id, m.from_address, coalesce(m.rfc_message_id, ''), w.name
         FROM workflow_step s JOIN workflow_case c USING (case_id) JOIN workflow w USING (workflow_id)
           JOIN message m USING (message_id)",
    ) {
        let cells: Vec<&str> = row.splitn(4, '|').collect();
        let entry = of.entry(cells[0].parse().expect("an id")).or_default();
        entry.0 += 1;
        entry.1 += usize::from(machines.contains(cells[1]) || true_steps.contains(cells[2]));
        entry.2 = cells[3].to_owned();
    }
    of.into_iter()
        .filter(|(id, (all, known, _))| known * 2 < *all && !measured.found.values().any(|found| found == id))
        .map(|(id, (all, _, name))| format!("W{id} {name} ({all})"))
        .collect()
}

/// What a dossier has of the truth.
#[derive(Clone, Copy, Debug, Default)]
struct Items {
    right: usize,
    too_much: usize,
    missing: usize,
}

impl Items {
    fn f1(self) -> f64 {
        2.0 * self.right as f64 / (2 * self.right + self.too_much + self.missing).max(1) as f64
    }

    fn add<T: Eq + std::hash::Hash>(&mut self, truth: &HashSet<T>, found: &HashSet<T>) {
        self.right += truth.intersection(found).count();
        self.missing += truth.difference(found).count();
        self.too_much += found.difference(truth).count();
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Described {
    fields: Items,
    states: Items,
    transitions: Items,
}

/// Fields by label, or by kind where they have none; states by name; transitions by their two steps and how many runs take
/// them, those of one run in twenty or more.
fn items(truth: &Truth, inventory: &Path, measured: &Measured) -> Described {
    let mut all = Described::default();
    for process in &truth.workflows {
        let Some(workflow) = measured.found.get(process.name) else { continue };
        let of = |sql: &str| rows(inventory, &sql.replace('?', &workflow.to_string()));
        let kinds: HashSet<&str> = process.fields.iter().map(|field| field.kind).collect();
        let fields: HashSet<String> =
            process.fields.iter().map(|field| field.label.unwrap_or(field.kind).to_lowercase()).collect();
        let found: HashSet<String> =
            of("SELECT CASE WHEN source = 'form' THEN lower(label) ELSE kind END, kind, source FROM workflow_field WHERE workflow_id = ?")
                .iter()
                .map(|row| row.splitn(3, '|').collect::<Vec<_>>())
                // A field of a form may be told once more by its kind.
                .filter(|cells| cells[2] == "form" || fields.contains(cells[0]) || !kinds.contains(cells[1]))
                .map(|cells| cells[0].to_owned())
                .collect();
        all.fields.add(&fields, &found);
        let states: HashSet<String> = process.states.iter().cloned().collect();
        all.states.add(&states, &of("SELECT label FROM workflow_state WHERE workflow_id = ?").into_iter().collect());
        transitions(process, &of, &mut all.transitions);
    }
    all
}

fn transitions(process: &crate::estate_world::truth::Workflow, of: &dyn Fn(&str) -> Vec<String>, items: &mut Items) {
    let mut truth: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for case in &process.cases {
        let mut steps: Vec<_> = case.steps.iter().filter(|step| step.copies > 0).collect();
        steps.sort_by(|one, other| one.at.cmp(&other.at));
        let ways: HashSet<(&str, &str)> = steps.windows(2).map(|pair| (pair[0].activity, pair[1].activity)).collect();
        ways.into_iter().for_each(|way| *truth.entry(way).or_default() += 1);
    }
    let found: Vec<(String, String, usize)> =
        of("SELECT from_activity, to_activity, runs FROM workflow_transition WHERE workflow_id = ?")
            .iter()
            .map(|row| {
                let cells: Vec<&str> = row.split('|').collect();
                (cells[0].to_owned(), cells[1].to_owned(), cells[2].parse().expect("a number"))
            })
            .collect();
    let least = 3.max(process.cases.len() / 20);
    let like = |way: &(&str, &str), other: &(String, String, usize)| {
        same_activity(process.name, way.0, &other.0) && same_activity(process.name, way.1, &other.1)
    };
    for (way, runs) in truth.iter().filter(|(_, runs)| **runs >= least) {
        let sum: usize = found.iter().filter(|other| like(way, other)).map(|(_, _, runs)| runs).sum();
        let close = sum > 0 && sum.abs_diff(*runs) <= 2.max(*runs / 4);
        items.right += usize::from(close);
        items.missing += usize::from(!close);
    }
    let strange = found.iter().filter(|other| other.2 >= least && !truth.keys().any(|way| like(way, other)));
    items.too_much += strange.count();
}

fn estate(folder: &Path, options: Options) -> Truth {
    let estate = generate(options);
    estate.write(folder).expect("the estate is written");
    estate.truth
}

#[test]
fn processes_of_a_company_are_found_one_to_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let truth = estate(folder.path(), options(21));
    let inventory = folder.path().join("inventory.db");
    assert!(scan(&[&folder.path().join("export")], &inventory).code <= 1);
    let measured = measure(&truth, &inventory);
    eprintln!("{measured:#?}");
    let distinct: HashSet<i64> = measured.found.values().copied().collect();
    assert_eq!(distinct.len(), measured.found.len(), "two processes became one");
    assert!(measured.missing.len() <= 1, "not found: {:?}", measured.missing);
    assert!(measured.case_f1 >= 0.92, "runs: pairwise F1 {:.3}", measured.case_f1);
    assert!(measured.activity >= 0.85, "activities: {:.3}", measured.activity);
    assert!(measured.wrong.len() <= 2, "no processes: {:?}", measured.wrong);
    let standing = rows(&inventory, "SELECT name FROM workflow WHERE standing = 'candidate'");
    assert!(standing.iter().any(|name| name.contains("wartungsvertrag")), "the renewal is a candidate: {standing:?}");
    let queue = measured.found.get("order_queue").copied().unwrap_or(0);
    let kinds = rows(&inventory, &format!("SELECT kind FROM workflow WHERE workflow_id = {queue}"));
    assert_eq!(kinds, ["queue"]);
    let items = items(&truth, &inventory, &measured);
    eprintln!("{items:?}");
    assert!(items.fields.f1() >= 0.9, "fields: {:?}", items.fields);
    assert!(items.states.f1() >= 0.9, "states: {:?}", items.states);
    assert!(items.transitions.f1() >= 0.75, "transitions: {:?}", items.transitions);
    the_dossiers_say_it(&measured, &inventory, folder.path());
    open_runs_wait_for_somebody(&inventory);
}

/// What the client reads of one process.
fn the_dossiers_say_it(measured: &Measured, inventory: &Path, folder: &Path) {
    let (dossiers, xes) = (folder.join("d"), folder.join("log.xes"));
    let words = |path: &Path| path.to_string_lossy().into_owned();
    let run = run(&["export", &words(inventory), "--dossiers", &words(&dossiers), "--xes", &words(&xes)]);
    assert!(run.code <= 1, "{}", run.stderr);
    let purchase = measured.found["purchase_approval"];
    let page = std::fs::read_to_string(dossiers.join(format!("workflows/W{purchase}.md"))).expect("a dossier");
    for part in
        ["## Fields", "BANF", "amount", "## Transitions", "## Decisions", "## Three real runs", "approval system"]
    {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
    let travel = measured
        .found
        .get("travel_booking")
        .map(|id| std::fs::read_to_string(dossiers.join(format!("workflows/W{id}.md"))).expect("a dossier"));
    eprintln!("{}", travel.unwrap_or_default());
    let log = std::fs::read_to_string(&xes).expect("a log");
    let runs = rows(
        inventory,
        "SELECT count(*), (SELECT count(*) FROM workflow_step) FROM workflow_case WHERE retired_into IS NULL",
    );
    assert_eq!(runs, [format!("{}|{}", log.matches("<trace>").count(), log.matches("<event>").count())]);
}

fn open_runs_wait_for_somebody(inventory: &Path) {
    let open = rows(inventory, "SELECT waiting_on FROM workflow_case WHERE status = 'open'");
    assert!(!open.is_empty() && open.iter().filter(|who| *who == "∅").count() * 4 <= open.len(), "{open:?}");
}

#[test]
fn lost_references_and_edited_subjects_are_borne() {
    let folder = tempfile::tempdir().expect("a folder");
    let truth = estate(folder.path(), Options { blurred: 0.3, ..options(22) });
    let inventory = folder.path().join("inventory.db");
    assert!(scan(&[&folder.path().join("export")], &inventory).code <= 1);
    let measured = measure(&truth, &inventory);
    eprintln!("{measured:#?}");
    assert!(measured.case_f1 >= 0.85, "runs: pairwise F1 {:.3}", measured.case_f1);
}

#[test]
fn ids_of_processes_survive_more_mail_and_do_not_depend_on_workers() {
    let folder = tempfile::tempdir().expect("a folder");
    let export = folder.path().join("export");
    std::fs::create_dir_all(export.join("ada")).expect("a folder");
    let one = |number: u32, day: u32, step: u32| {
        let (from, to, subject, text, refs) = match step {
            0 => (
                "ben",
                "ada",
                format!("Purchase PR-{number}"),
                format!("please approve PR-{number}, EUR {}00.", number),
                String::new(),
            ),
            _ => {
                let text = if number.is_multiple_of(3) { "no, the budget is used up." } else { "approved." };
                (
                    "ada",
                    "ben",
                    format!("Re: Purchase PR-{number}"),
                    text.to_owned(),
                    format!("In-Reply-To: <{number}-0@w.example>\n"),
                )
            }
        };
        format!(
            "From {from}@w.example Mon Mar  6 09:00:00 2023\nFrom: {from}@w.example\nTo: {to}@w.example\nSubject: {subject}\nDate: \
             {} {} 2023 09:{:02}:00 +0100\nMessage-ID: <{number}-{step}@w.example>\n{refs}\n{text}\n\n",
            day % 28 + 1,
            ["Mar", "Apr", "May"][day as usize / 28 % 3],
            step * 10
        )
    };
    let mails = |numbers: std::ops::Range<u32>| -> String {
        numbers.flat_map(|number| [one(number, number % 80, 0), one(number, number % 80, 1)]).collect()
    };
    std::fs::write(export.join("ada/Inbox.mbox"), mails(101..115)).expect("a mailbox");
    let inventory = folder.path().join("a.db");
    assert!(scan(&[&export], &inventory).code <= 1);
    let of =
        "SELECT m.rfc_message_id, c.workflow_id, c.case_id FROM workflow_step s JOIN workflow_case c USING (case_id)
              JOIN message m USING (message_id) ORDER BY 1";
    let before = rows(&inventory, of);
    assert!(before.len() >= 26, "{before:?}");
    std::fs::write(export.join("ada/Earlier.mbox"), mails(80..83)).expect("a mailbox");
    assert!(scan(&[&export], &inventory).code <= 1);
    let after: HashSet<String> = rows(&inventory, of).into_iter().collect();
    let lost: Vec<&String> = before.iter().filter(|row| !after.contains(*row)).collect();
    assert_eq!(lost, Vec::<&String>::new(), "ids changed");
    let (one, four) = (folder.path().join("1.db"), folder.path().join("4.db"));
    for (jobs, path) in [("1", &one), ("4", &four)] {
        let run = program().args(["scan", "--jobs", jobs, "--to"]).arg(path).arg(&export).output().expect("it runs");
        assert!(run.status.code().is_some_and(|code| code <= 1));
    }
    for table in ["workflow", "workflow_case", "workflow_step", "workflow_fact", "trace", "conversation", "thread"] {
        assert_eq!(dump(&one)[table], dump(&four)[table], "{table}");
    }
}
