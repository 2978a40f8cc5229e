//! A synthetic company's mail estate with known truth, from a seed.
//!
//! **The world.** A German manufacturer of about 26 people, partly writing English, is about to move its mail. Thirty
//! mailboxes were exported over 18 to 24 months: 25 people and five shared ones, as mbox (rd, o, cl2), Thunderbird
//! profiles, Maildir++ and directories of `.eml`. People write to each other and to forty partners in office hours of
//! central European time; thirteen jobs of machines send by the clock or when something happens; newsletters, a
//! mailing list and spam come in; a shared address takes orders and is worked by moving mail between folders;
//! purchases, leave and invoices are decided by mail. Two people left, one is on parental leave, one married, several
//! have aliases, two share a first name and two a last name.
//!
//! **What is wrong with it.** Three holes: months cut out of a busy mailbox, a Sent folder that was not exported, ten
//! weeks of mail from two colleagues that a third one's mailbox lacks. On the roster alone one sees a mailbox that was
//! not delivered and one that is short. All else that looks like a hole is none (`Truth::not_holes`), and people
//! delete 2 to 6 % of their mail here and there.
//!
//! **How it is used.** [`generate`] makes an [`Estate`]; [`Estate::write`] puts `export/` (the mailboxes),
//! `roster.csv` and `truth.json` into a folder. Same options, same bytes. Nothing here uses the program under test.
//! On the command line: `cargo run --example estate -- DIR --seed 7 --mailboxes 30 --scale 1.0`.

pub mod approvals;
pub mod bulk;
pub mod cast;
pub mod clock;
pub mod deliver;
pub mod flow_texts;
pub mod flows;
pub mod lives;
pub mod machine_runs;
pub mod machines;
pub mod names;
pub mod outside;
pub mod post;
pub mod process;
pub mod queue;
pub mod render;
pub mod rng;
pub mod roster;
pub mod stores;
pub mod studio;
pub mod talk;
pub mod tally;
pub mod texts;
pub mod truth;

use std::io;
use std::path::Path;

use cast::Cast;
use clock::{Day, day_of, iso_day, month_after};
use deliver::{Copy, Directory};
use machines::Machine;
use outside::Partner;
use post::{Post, domain};
use rng::Rng;
use studio::Studio;
use truth::{Truth, Workflow};

/// What may be chosen.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub seed: u64,
    /// Delivered mailboxes, 30 or more.
    pub mailboxes: usize,
    /// Volume of correspondence and of irregular machines; regular machines run once a day at any scale.
    pub scale: f64,
    /// Length of the time covered; 18 to 24 by the seed if `None`.
    pub months: Option<i64>,
    /// More processes of known truth, see `flows`.
    pub processes: bool,
    /// Part of the steps of processes whose References are lost, and part whose subject somebody edits.
    pub blurred: f64,
}

impl Options {
    /// The estate of issue D: about 20,000 copies.
    pub fn full(seed: u64) -> Options {
        Options { seed, mailboxes: 30, scale: 1.0, months: None, processes: false, blurred: 0.0 }
    }

    /// Issue F: the eight processes with about forty runs each and the rarer ones, little ordinary mail.
    pub fn with_processes(seed: u64) -> Options {
        Options { scale: 0.35, months: Some(18), processes: true, ..Options::full(seed) }
    }

    /// The same story in eleven months and about 5,000 copies, for a test that takes seconds.
    pub fn quick(seed: u64) -> Options {
        Options { scale: 0.3, months: Some(11), ..Options::full(seed) }
    }
}

/// A company, its mail, and who has which copy of it.
pub struct Estate {
    pub options: Options,
    pub cast: Cast,
    pub partners: Vec<Partner>,
    pub machines: Vec<Machine>,
    pub posts: Vec<Post>,
    pub copies: Vec<Copy>,
    pub directory: Directory,
    pub workflows: Vec<Workflow>,
    pub queue_folders: Vec<(String, &'static str)>,
    /// Outside address of the person whose mail is forwarded.
    pub private_address: String,
    pub span: (Day, Day),
    pub truth: Truth,
}

/// Makes an estate.
pub fn generate(options: Options) -> Estate {
    let root = Rng::new(options.seed);
    let mut rng = root.fork("span");
    let starts = month_after(day_of(2022, 1, 1), rng.between(0, 16));
    let months = options.months.unwrap_or(rng.between(18, 24));
    let span = (starts, month_after(starts, months));
    let cast = cast::cast(options.mailboxes, span, &mut root.fork("cast"));
    let partners = outside::partners(&cast, &mut root.fork("partners"));
    let (posts, workflows) = (Vec::new(), Vec::new());
    let (scale, blurred) = (options.scale, options.blurred);
    let more = options.processes;
    let mut studio = Studio { rng: root.clone(), cast, partners, span, scale, blurred, more, posts, workflows };
    let machines = write_all(&mut studio, &root, options.processes);
    let mut services: Vec<String> = machines.iter().map(|machine| machine.from.address.clone()).collect();
    services.retain(|address| domain(address) == studio.cast.domain);
    services.sort_unstable();
    services.dedup();
    studio.rng = root.fork("habits");
    deliver::habits(&mut studio);
    let directory = deliver::directory(&studio, &services);
    let regular: Vec<bool> = machines.iter().map(|machine| machine.cadence.minute.is_some()).collect();
    let mut copies = deliver::copies(&studio, &directory, &regular);
    let main = studio.cast.domain.clone();
    let size = |copy: &Copy| stores::copy_text(&studio.posts[copy.post], copy, &main).replace('\n', "\r\n").len();
    let losses = deliver::lose(&studio, &mut copies, size);
    let queue_folders = queue::folders(&studio).to_vec();
    let private_address = bulk::private_address(&studio);
    let Studio { cast, partners, posts, workflows, .. } = studio;
    let mut estate = Estate {
        options,
        cast,
        partners,
        machines,
        posts,
        copies,
        directory,
        workflows,
        queue_folders,
        private_address,
        span,
        truth: Truth::default(),
    };
    estate.truth = roster::truth(&estate, losses);
    estate
}

/// All mail, each subject with a stream of chance of its own.
fn write_all(studio: &mut Studio, root: &Rng, processes: bool) -> Vec<Machine> {
    let mut part = |name: &str, write: &mut dyn FnMut(&mut Studio)| {
        studio.rng = root.fork(name);
        write(studio);
    };
    let mut machines = Vec::new();
    part("talk", &mut talk::write);
    part("machines", &mut |studio| machines = machine_runs::write(studio));
    part("queue", &mut queue::write);
    part("approvals", &mut approvals::write);
    if processes {
        part("flows", &mut flows::write);
    }
    part("bulk", &mut bulk::write);
    part("react", &mut bulk::react);
    machines
}

impl Estate {
    /// The client's own domains.
    pub fn domains(&self) -> Vec<String> {
        vec![self.cast.domain.clone(), self.cast.second_domain.clone()]
    }

    /// Writes `export/`, `roster.csv` and `truth.json` into `folder`, which must not hold an `export` yet.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let export = folder.join("export");
        std::fs::create_dir_all(folder)?;
        std::fs::create_dir(&export)?;
        for (number, mailbox) in self.cast.mailboxes.iter().enumerate() {
            let mine: Vec<&Copy> = self.copies.iter().filter(|copy| copy.mailbox == number).collect();
            stores::write(&export, mailbox, &mine, &self.posts, &self.cast.domain)?;
        }
        std::fs::write(folder.join("roster.csv"), roster::csv(&self.truth.roster))?;
        std::fs::write(folder.join("truth.json"), serde_json::to_string_pretty(&self.truth)?)
    }
}

/// First and last day of the time covered.
fn days(span: (Day, Day)) -> (String, String) {
    (iso_day(span.0), iso_day(span.1 - 1))
}
