//! What stands beside the verdicts, for all pages alike: the entries behind the hits, quarters, replies, two teams side by side.

use crate::disclosure::{
    Disclosed, Rate, Ratio, Shown, ShownBetween, ShownEntries, ShownEntry, ShownGendered, ShownQuarters, ShownReplies, Why,
};
use crate::lexicon::CUES;
use crate::report::text::{authors, capitalised, list, listed, name, number, printable, thousands};
use crate::report::view::{Pair, View};
use crate::report::words::{category, cell, hidden, interval, short_category, speaker};
use crate::stats::Speaker;
use crate::stats::interval::Interval;
use crate::stats::quarters::Quarter;
use crate::stats::replies::Tone;

/// Quarters in a row, the last ones.
const MAX_QUARTERS: usize = 3;

/// How to read the quarters.
pub(super) const QUARTERS_NOTE: &str = "Hits per 1,000 own words; a quarter that the period cuts is not a whole one. Change: the last quarter against the one before, \
                within the authors who wrote in both. Behind each change stands its 95 % interval: where it \
                holds 1 no change is told, and of those that leave it out about 1 in 20 is chance.";

/// A head, a table whose first row is its head, and a sentence on how to read it.
pub(super) struct Section {
    /// Head.
    pub(super) head: String,
    /// Rows of equal length.
    pub(super) rows: Vec<Vec<String>>,
    /// The first column of figures.
    pub(super) first_figure: usize,
    /// How to read it.
    pub(super) note: String,
}

/// All sections that have a row.
pub(super) fn sections(shown: &Disclosed, view: &View<'_>) -> Vec<Section> {
    let pairs = || view.pairs.iter().copied();
    [entries(shown), quarters(shown), gendered(shown)]
        .into_iter()
        .chain(pairs().map(|pair| replies(shown, pair)))
        .chain(pairs().map(|pair| between(shown, pair)))
        .flatten()
        .collect()
}

/// Which entries make the company's hits about the groups that are compared.
pub(super) fn entries(shown: &Disclosed) -> Option<Section> {
    let rows: Vec<Vec<String>> = shown.entries.iter().filter(|made| !made.entries.is_empty()).flat_map(entry_rows).collect();
    (!rows.is_empty()).then(|| Section {
        head: "Which entries of the lexicons carry it, in the whole company".to_owned(),
        rows: [vec![ENTRY_HEAD.map(str::to_owned).to_vec()], rows].concat(),
        first_figure: 4,
        note: entries_note(shown),
    })
}

const ENTRY_HEAD: [&str; 4] = ["Wording", "Hits", "Entry", "Sense"];

/// How to read the list of entries, and of what wording none is listed.
pub(super) fn entries_note(shown: &Disclosed) -> String {
    let rule = format!(
        "Listed are entries that {} or more used, none of which one author used most of the time; a hit may have several. All others are \
         added up.",
        authors(shown.min_authors)
    );
    let unlisted: Vec<String> = shown.entries.iter().filter(|made| made.entries.is_empty()).map(wording_about).collect();
    if unlisted.is_empty() { rule } else { format!("{rule} Of {} no entry may be listed.", listed(&unlisted)) }
}

/// `heroic wording about Sales`.
pub(super) fn wording_about(made: &ShownEntries) -> String {
    format!("{} about {}", category(made.category), name(&made.target))
}

/// A row for the wording, one an entry, the most frequent first, and one for all others.
fn entry_rows(made: &ShownEntries) -> Vec<Vec<String>> {
    let share = |share: f64| format!("{} %", number(100.0 * share));
    let row = |hits: String, entry: String, sense: String| vec![String::new(), hits, entry, sense];
    let wording = vec![capitalised(&wording_about(made)), String::new(), String::new(), String::new()];
    let entries = made.entries.iter().map(|entry| row(share(entry.share), entry_name(entry), entry.sense.clone().unwrap_or_default()));
    let others = made.others.map(|rest| row(share(rest), OTHERS.to_owned(), String::new()));
    std::iter::once(wording).chain(entries).chain(others).collect()
}

/// An entry as a list names it.
pub(super) fn entry_name(entry: &ShownEntry) -> String {
    let name = if *entry.name == *CUES { "weighted cues".to_owned() } else { printable(&entry.name) };
    if entry.enters_gaps { name } else { format!("{name} (not compared)") }
}

/// The entries that are not listed.
pub(super) const OTHERS: &str = "all others";

/// The company's quarters; the teams' are in the files for machines.
fn quarters(shown: &Disclosed) -> Option<Section> {
    let of_company = || shown.quarters.iter().filter(|one| one.speaker == Speaker::Company);
    let rates = |one: &ShownQuarters| one.rates.clone().value();
    // Whose words are counted does not depend on the category, so all that are shown have the same quarters.
    let quarters: Vec<Quarter> = of_company().find_map(rates)?.into_iter().map(|(quarter, _)| quarter).collect();
    let last = &quarters[quarters.len().saturating_sub(MAX_QUARTERS)..];
    let mut head = vec!["Wording".to_owned()];
    head.extend(last.iter().map(ToString::to_string));
    head.push("Change, same authors".to_owned());
    let row = |one: &ShownQuarters| {
        let rate = |quarter: &Quarter| one.rates.clone().map(|rates| rates.into_iter().find(|(other, _)| other == quarter));
        let figure = |shown: Shown<Option<(Quarter, Rate)>>| match shown {
            Shown::Value(Some((_, rate))) => cell(Shown::Value(rate)),
            Shown::Value(None) | Shown::NoData => cell(Shown::NoData),
            Shown::Few => cell(Shown::Few),
            Shown::Hidden(why) => cell(Shown::Hidden(why)),
        };
        let mut row = vec![short_category(one.category)];
        row.extend(last.iter().map(|quarter| figure(rate(quarter))));
        row.push(change(one.change, shown.min_authors));
        row
    };
    let rows = std::iter::once(head).chain(of_company().map(row)).collect();
    Some(Section { head: "Quarter by quarter, the whole company".to_owned(), rows, first_figure: 1, note: QUARTERS_NOTE.to_owned() })
}

/// A change in words.
pub(super) fn change(change: Shown<Ratio>, min_authors: usize) -> String {
    match change {
        Shown::Value(ratio) if ratio.excludes_one() && ratio.ratio.is_infinite() => {
            format!("only in the last ({})", interval(ratio.interval))
        }
        Shown::Value(ratio) if ratio.excludes_one() => format!("{} × ({})", number(ratio.ratio), interval(ratio.interval)),
        Shown::Value(ratio) if ratio.interval == Interval::UNBOUNDED => "too few to tell".to_owned(),
        Shown::Value(ratio) => format!("no clear change ({} ×)", interval(ratio.interval)),
        Shown::Few | Shown::NoData => "too few to tell".to_owned(),
        Shown::Hidden(why) => hidden(why, min_authors),
    }
}

/// The company's gendered wording about the groups that are compared; the teams' is in the files for machines.
pub(super) fn gendered(shown: &Disclosed) -> Option<Section> {
    let of_company = shown.gendered.iter().filter(|one| one.speaker == Speaker::Company);
    let row = |one: &ShownGendered| {
        let [masculine, feminine] = one.coded;
        [vec![name(&one.target)], [one.gendered, masculine, feminine, one.scorn].map(cell).to_vec()].concat()
    };
    let rows: Vec<Vec<String>> = of_company.map(row).collect();
    let head = ["About", "Gendered", "Coded masculine", "Coded feminine", "Scornful"].map(str::to_owned).to_vec();
    (!rows.is_empty()).then(|| Section {
        head: "Gendered wording about a team, beside the scorn about it (hits per 1,000 sentences)".to_owned(),
        rows: [vec![head], rows].concat(),
        first_figure: 1,
        note: "Side by side, which does not say that one brings the other about. Scornful: ivory-tower and past-failure wording. Coded: adjectives of Gaucher, Friesen & Kay 2011 said of people; the \
               two kinds hardly go together and are counted apart."
            .to_owned(),
    })
}

/// How the two teams of a pair answer each other, and how the whole company answers them.
pub(super) fn replies(shown: &Disclosed, pair: Pair<'_>) -> Option<Section> {
    let is_meant = |one: &&ShownReplies| {
        let to = &*one.to_team;
        match &one.speaker {
            Speaker::Company => to == pair.first || to == pair.second,
            Speaker::Team(team) => (&**team == pair.first && to == pair.second) || (&**team == pair.second && to == pair.first),
            Speaker::OtherTeams | Speaker::NotInRoster => false,
        }
    };
    let tone = |rate: Shown<Rate>| cell(rate);
    let row = |one: &ShownReplies| {
        let n_replying = match one.n_replying {
            Shown::Value(n) => format!("{} of {}", thousands(n as u64), thousands(one.n_authors as u64)),
            Shown::NoData => "nobody".to_owned(),
            Shown::Few | Shown::Hidden(Why::TooFewAuthors) => format!("under {}", authors(shown.min_authors)),
            Shown::Hidden(why) => cell(Shown::Hidden(why)),
        };
        let mut row = vec![speaker(&one.speaker), format!("to {}", name(&one.to_team)), n_replying];
        row.extend(Tone::ALL.map(|wanted| tone(one.tone(wanted))));
        row
    };
    let rows: Vec<Vec<String>> = shown.replies.iter().filter(is_meant).map(row).collect();
    let head = ["Who answers", "Whom", "Authors", "Heroic", "Scornful", "Collaborative"].map(str::to_owned).to_vec();
    (!rows.is_empty()).then(|| Section {
        head: format!("Replies between {}", list(&[pair.first, pair.second])),
        rows: [vec![head], rows].concat(),
        first_figure: 2,
        note: "Authors who have answered a message of the other team, and hits about that team per 1,000 sentences of these replies. \
               Scornful: ivory-tower and past-failure wording. An answer to what was scanned apart from it is not seen."
            .to_owned(),
    })
}

/// The two teams of a pair as authors.
pub(super) fn between(shown: &Disclosed, pair: Pair<'_>) -> Option<Section> {
    let is_meant = |one: &&ShownBetween| &*one.first == pair.first && &*one.second == pair.second;
    let row = |one: &ShownBetween| {
        vec![short_category(one.category), format!("{} × ({})", number(one.ratio), interval(one.interval)), number(one.p)]
    };
    let rows: Vec<Vec<String>> = shown.between.iter().filter(is_meant).map(row).collect();
    let head = vec!["Wording".to_owned(), format!("{} ÷ {}", name(pair.first), name(pair.second)), "p-value".to_owned()];
    (!rows.is_empty()).then(|| Section {
        head: format!("As authors: {}, side by side (hits per own word, about anyone)", list(&[pair.first, pair.second])),
        rows: [vec![head], rows].concat(),
        first_figure: 1,
        note: "Secondary: here other people speak, about other things, and no verdict rests on it. Jackknife-t interval; studentised permutation of \
               authors."
            .to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{empty, ratio, sample, wide};

    fn of(shown: &Disclosed) -> Vec<Section> {
        sections(shown, &View::new(shown))
    }

    #[test]
    fn entries_say_their_share_and_sense_and_the_others_are_one_row() {
        let shown = sample();
        let entries = &of(&shown)[0];
        assert_eq!(entries.rows[1], ["Heroic wording about Sales", "", "", ""]);
        assert_eq!(entries.rows[2], ["", "41 %", "hero", "salesperson cast as rescuer of the company"]);
        assert_eq!(entries.rows[3][2], "sales god (not compared)");
        assert_eq!(entries.rows[4][..3], ["", "2.1 %", "weighted cues"]);
        assert_eq!(entries.rows[5][..3], ["", "30 %", "all others"]);
        assert_eq!(entries.rows.len(), 8);
        assert!(entries.note.ends_with("Of collaborative wording about Sales no entry may be listed."), "{}", entries.note);
    }

    #[test]
    fn the_company_has_its_quarters_with_an_interval_of_the_change() {
        let shown = sample();
        let quarters = &of(&shown)[1];
        assert_eq!(quarters.rows[0][..3], ["Wording", "2026-Q1", "2026-Q2"]);
        assert_eq!(quarters.rows[1], ["heroic", "0.4", "0.8", "2.0 × (1.2 to 3.4)"]);
        assert_eq!(quarters.rows[3], ["collaborative", "0.4", "0.8", "no clear change (0.8 to 1.6 ×)"]);
        assert_eq!(quarters.rows[4][3], "too few to tell");
    }

    #[test]
    fn a_change_is_said_only_where_its_interval_leaves_1_out() {
        let change = |ratio| change(ratio, 5);
        assert_eq!(change(ratio(0.5, Some(0.2), Some(0.9))), "0.5 × (0.2 to 0.9)");
        assert_eq!(change(ratio(f64::INFINITY, Some(2.0), None)), "only in the last (above 2.0)");
        assert_eq!(change(ratio(3.0, None, None)), "too few to tell");
        assert_eq!(change(Shown::Hidden(Why::TooFewAuthors)), "hidden: under 5 authors");
    }

    #[test]
    fn gendered_wording_stands_beside_scorn_with_coded_adjectives_apart() {
        let shown = sample();
        let gendered = &of(&shown)[2];
        assert_eq!(gendered.rows[1], ["Marketing", "9.0", "few", "4.0", "27"]);
        assert_eq!(gendered.rows[2], ["Sales", "6.0", "5.0", "0", "3.0"]);
    }

    #[test]
    fn replies_of_too_few_authors_are_hidden() {
        let shown = sample();
        let replies = of(&shown).into_iter().find(|section| section.head == "Replies between Sales and Marketing").unwrap();
        assert_eq!(replies.rows[1], ["Sales", "to Marketing", "14 of 18", "0", "31", "8.0"]);
        assert_eq!(replies.rows[2], ["Marketing", "to Sales", "under 5 authors", "·", "·", "·"]);
        assert_eq!(replies.rows.len(), 3, "Finance is not of the pair");
    }

    #[test]
    fn two_teams_side_by_side_are_marked_as_secondary() {
        let shown = sample();
        let between = of(&shown).pop().unwrap();
        assert_eq!(between.rows[1], ["heroic", "1.2 × (0.6 to 2.4)", "0.61"]);
        assert!(between.note.starts_with("Secondary"));
    }

    #[test]
    fn without_rows_there_is_no_section() {
        assert!(of(&empty()).is_empty());
        assert_eq!(of(&wide()).len(), 3, "entries, quarters and gendered wording alone");
    }
}
