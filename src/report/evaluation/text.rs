//! An evaluation on one screen, and in one sentence for the client.

use std::fmt::Write;

use super::{Estimate, Evaluation, RESAMPLES, Score};
use crate::model::reading::{Class, Flag, Use};
use crate::report::number::{counted, thousands};
use crate::report::words;

/// The tables.
pub fn tables(found: &Evaluation) -> String {
    let mut screen = String::new();
    basis(&mut screen, found);
    scores(&mut screen, found);
    marks(&mut screen, found);
    confusion(&mut screen, found);
    calibration(&mut screen, found);
    screen
}

/// The one sentence for the client.
pub fn sentence(found: &Evaluation) -> String {
    let n = found.compared as u64;
    let labelled = counted(n, "message", "messages");
    let range = |estimate: &Estimate| {
        estimate.interval.map_or(String::new(), |interval| {
            format!("{:.0} to {:.0} % with 95 % confidence", interval.low * 100.0, interval.high * 100.0)
        })
    };
    let accepted = found.accepted_count as u64;
    let alternatives = if accepted > found.correct as u64 {
        format!(" Counting readings that you would not call wrong, {} of {} agree.", thousands(accepted), thousands(n))
    } else {
        String::new()
    };
    let right = thousands(found.correct as u64);
    match found.stands_for {
        Some(messages) => format!(
            "On {labelled} that you labelled, {right} readings agree; for the {} different messages from which they were drawn, that means {:.0} % ({}).{alternatives}",
            thousands(messages),
            found.accuracy.value.unwrap_or(0.0) * 100.0,
            range(&found.accuracy)
        ),
        None => format!(
            "On {labelled} that you labelled, {right} of {} readings agree ({}).{alternatives}",
            thousands(n),
            range(&found.accuracy)
        ),
    }
}

fn basis(screen: &mut String, found: &Evaluation) {
    // A `String` takes everything: the results of `write!` say nothing.
    match found.stands_for {
        Some(messages) => {
            let _ = writeln!(
                screen,
                "Weighted by stratum: the labels stand for {} different messages. Counts are labels.",
                thousands(messages)
            );
        }
        None => screen.push_str("Every label counts the same.\n"),
    }
    let by = match found.senders {
        Some(senders) => format!("by sender ({})", thousands(senders as u64)),
        None => "by message within its stratum".to_owned(),
    };
    let _ = writeln!(
        screen,
        "In brackets 95 % confidence: of shares by Wilson, of F1 and calibration by\n{} resamples {by}. Unsure counts as wrong.",
        thousands(RESAMPLES as u64)
    );
}

fn cell(estimate: &Estimate) -> String {
    match (estimate.value, estimate.interval) {
        (Some(value), Some(interval)) => format!("{value:.2} ({:.2}-{:.2})", interval.low, interval.high),
        (Some(value), None) => format!("{value:.2}"),
        (None, _) => "-".to_owned(),
    }
}

fn short(class: Class) -> &'static str {
    if class == Class::Bulk { "announcements" } else { words::class(class) }
}

fn row(screen: &mut String, name: &str, score: &Score) {
    let line = format!(
        "{name:<19}{:>6}  {:<18}{:<18}{}",
        score.support,
        cell(&score.precision),
        cell(&score.recall),
        cell(&score.f1)
    );
    let _ = writeln!(screen, "{}", line.trim_end());
}

fn scores(screen: &mut String, found: &Evaluation) {
    let _ = writeln!(screen, "\n{:<19}{:>6}  {:<18}{:<18}F1", "read as", "labels", "precision", "recall");
    for (class, score) in Class::ALL.into_iter().zip(&found.classes) {
        row(screen, short(class), score);
    }
    let few = if found.classes_in_mean < 5 { " of those that occur" } else { "" };
    let _ = writeln!(screen, "mean F1 of {} classes{few}: {}", found.classes_in_mean, cell(&found.macro_f1));
    let _ =
        writeln!(screen, "class as labelled: {}; or its alternative: {}", cell(&found.accuracy), cell(&found.accepted));
    if found.uses.iter().any(|score| score.scored > 0) {
        for (one, score) in Use::ALL.into_iter().zip(&found.uses) {
            row(screen, &format!("use {}", words::usage(one)), score);
        }
    }
}

fn marks(screen: &mut String, found: &Evaluation) {
    let marks = Flag::ALL.into_iter().zip(&found.flags);
    let mut known = marks.filter(|(_, score)| score.support > 0 || score.precision.value.is_some()).peekable();
    if known.peek().is_none() {
        return;
    }
    let _ = writeln!(screen, "\n{:<18}{:>6}  {:<18}{:<18}agree", "mark", "labels", "precision/recall", "F1");
    for (flag, score) in known {
        let plain = |estimate: &Estimate| estimate.value.map_or("-".to_owned(), |value| format!("{value:.2}"));
        let _ = writeln!(
            screen,
            "{:<18}{:>6}  {:<18}{:<18}{}",
            words::signal_words(flag.as_str()),
            score.support,
            format!("{} / {}", plain(&score.precision), plain(&score.recall)),
            cell(&score.f1),
            cell(&score.accuracy)
        );
    }
}

fn confusion(screen: &mut String, found: &Evaluation) {
    let _ = write!(screen, "\n{:<16}", "labelled | read");
    for class in Class::ALL {
        let name = match class {
            Class::Correspondence => "corresp.",
            Class::Bulk => "announc.",
            other => short(other),
        };
        let _ = write!(screen, "{name:>10}");
    }
    screen.push('\n');
    for (class, row) in Class::ALL.into_iter().zip(&found.confusion) {
        let _ = write!(screen, "{:<16}", short(class));
        for n in row {
            let _ = write!(screen, "{n:>10}");
        }
        screen.push('\n');
    }
}

fn calibration(screen: &mut String, found: &Evaluation) {
    let _ = writeln!(screen, "\n{:<16}{:>8}{:>12}{:>12}", "score", "labels", "mean score", "were right");
    for bin in &found.bins {
        let _ = writeln!(
            screen,
            "{:<16}{:>8}{:>12.2}{:>12.2}",
            format!("{:.2} to {:.2}", bin.range.0, bin.range.1),
            bin.cases,
            bin.score,
            bin.right
        );
    }
    let _ = writeln!(screen, "expected calibration error of the class score: {}", cell(&found.calibration_error));
}
