//! Attacks on 1,000 random companies: nothing that is hidden can be had from what is published, and no check hangs on it.
//!
//! What may be shown is worked out here a second time, from the tally's rows and from the authors themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use evenhand::annotate;
use evenhand::check::{self, Policy};
use evenhand::config::{self, Situation};
use evenhand::decision;
use evenhand::disclosure::{self, Disclosed};
use evenhand::lexicon::Category;
use evenhand::report::{self, Format, Style};
use evenhand::stats::{self, Plan};
use evenhand::tally::{Cell, CellKey, HitKey, InTopicThread, Month, Origin, Pseudonym, Replies, Tally, ThreadPseudonym};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::Value;

const N_COMPANIES: u64 = 1000;
const N_LIMITS: usize = 50;
const FLOOR: usize = 5;
const TEAMS: [&str; 5] = ["finance", "hr", "legal", "marketing", "sales"];
const GROUPS: [&str; 6] = ["customers", "finance", "hr", "legal", "marketing", "sales"];
const TOPICS: [&str; 2] = ["content", "events"];

/// A small company: teams from nobody to a dozen, authors who write little, some who write most.
fn company(seed: u64) -> Tally {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let text = String::new;
    let mut tally = Tally::new(Origin { lexicons: text(), cleaning: text(), key: "k3yf1ngerpr1nt".into(), timezone: "UTC".into() });
    tally.rosters.insert("r".into());
    // Two quarters in one company of four, for the draws of their changes take long.
    let second_month = if seed.is_multiple_of(4) { 5 } else { 3 };
    let n_teams = rng.random_range(1..=TEAMS.len());
    let teams = TEAMS[TEAMS.len() - n_teams..].iter().map(|&team| Some(Arc::from(team))).chain([None]);
    for team in teams {
        let n_authors = if team.is_none() { rng.random_range(0..=3) } else { rng.random_range(0..=12) };
        for _ in 0..n_authors {
            let author = Pseudonym(rng.random());
            // One in ten changes teams on the way.
            let second: Option<Arc<str>> =
                if rng.random_bool(0.1) { Some(TEAMS[rng.random_range(0..TEAMS.len())].into()) } else { team.clone() };
            for (month, team) in [(2, team.clone()), (second_month, second)] {
                let key = CellKey { author, team, month: Some(Month { year: 2026, month }) };
                tally.cells.insert(key, cell(&mut rng));
            }
        }
    }
    let kept = tally.cells.values().map(|cell| cell.messages).sum();
    (tally.intake.read, tally.intake.kept) = (kept, kept);
    tally
}

fn cell(rng: &mut ChaCha8Rng) -> Cell {
    let words = rng.random_range(50..1000) * if rng.random_bool(0.05) { 30 } else { 1 };
    let mut cell = Cell { messages: rng.random_range(1..40), words, segments: words / 10, ..Cell::default() };
    for group in GROUPS {
        if rng.random_bool(0.4) {
            let segments = rng.random_range(1..12) * if rng.random_bool(0.05) { 30 } else { 1 };
            cell.names.insert(group.into(), segments);
            for category in Category::ALL {
                // One kind of hit is frequent, and of two entries only, so that some entries may be listed.
                let (share, n_entries) = if (group, category) == ("sales", Category::Heroic) { (0.6, 2) } else { (0.08, 3) };
                if rng.random_bool(share) {
                    let entries = vec![["one", "two", "three"][rng.random_range(0..n_entries)].into()];
                    cell.hits.insert(HitKey { target: Some(group.into()), named: true, category, entries }, rng.random_range(1..=segments));
                }
            }
        }
        if rng.random_bool(0.25) {
            let hits = if rng.random_bool(0.3) { BTreeMap::from([(Category::Heroic, 1)]) } else { BTreeMap::new() };
            cell.replies.insert(group.into(), Replies { segments: rng.random_range(1..9), hits });
        }
    }
    if rng.random_bool(0.2) {
        let topics = BTreeSet::from([Arc::from(TOPICS[rng.random_range(0..2)])]);
        cell.threads.insert(ThreadPseudonym(rng.random_range(0..9)), InTopicThread { topics, messages: 1 });
    }
    cell
}

/// The pair that is compared: two teams in one company of four, for the draws of two teams side by side take long.
fn pair(seed: u64) -> [&'static str; 2] {
    if seed.is_multiple_of(4) { ["sales", "marketing"] } else { ["sales", "customers"] }
}

fn disclosed(tally: &Tally, pairs: &[[&str; 2]]) -> Disclosed {
    let pairs = pairs.iter().map(|[first, second]| ((*first).to_owned(), (*second).to_owned())).collect();
    let plan = Plan::new(&config::Contrast { pairs, ..config::Contrast::default() }, FLOOR);
    disclosure::disclose(stats::analyse(tally, &plan), tally, FLOOR)
}

fn written(shown: &Disclosed, format: Format) -> String {
    let mut out = Vec::new();
    let style = Style { color: false, ascii: false, width: 80 };
    report::write(shown, &decision::sheet(shown, &Situation::default()), format, &style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Who speaks, and with what rows; worked out from the law: teams under the floor together, or in no figure.
struct Speakers<'a> {
    rows: BTreeMap<String, Vec<(&'a CellKey, &'a Cell)>>,
    left_out: Vec<CellKey>,
}

impl<'a> Speakers<'a> {
    fn of(tally: &'a Tally) -> Self {
        let mut by_team: BTreeMap<Option<Arc<str>>, Vec<(&CellKey, &Cell)>> = BTreeMap::new();
        for row in &tally.cells {
            by_team.entry(row.0.team.clone()).or_default().push(row);
        }
        let n_authors = |rows: &[(&CellKey, &Cell)]| rows.iter().map(|(key, _)| key.author).collect::<BTreeSet<_>>().len();
        let (large, small): (Vec<_>, Vec<_>) = by_team.into_iter().partition(|(_, rows)| n_authors(rows) >= FLOOR);
        let mut rows: BTreeMap<String, Vec<_>> =
            large.into_iter().map(|(team, rows)| (team.map_or("not in roster".to_owned(), |team| team.to_string()), rows)).collect();
        let pool: Vec<_> = small.into_iter().flat_map(|(_, rows)| rows).collect();
        if n_authors(&pool) >= FLOOR {
            rows.insert("other teams".to_owned(), pool);
            Self { rows, left_out: Vec::new() }
        } else {
            Self { rows, left_out: pool.into_iter().map(|(key, _)| key.clone()).collect() }
        }
    }

    /// Every author's hits and text, over these speakers.
    fn authors(&self, speakers: &BTreeSet<&str>, count: impl Fn(&CellKey, &Cell) -> (u64, u64)) -> Vec<(u64, u64)> {
        let mut authors: BTreeMap<Pseudonym, (u64, u64)> = BTreeMap::new();
        for (key, cell) in speakers.iter().filter_map(|&speaker| self.rows.get(speaker)).flatten() {
            let (hits, text) = count(key, cell);
            let author = authors.entry(key.author).or_default();
            *author = (author.0 + hits, author.1 + text);
        }
        authors.into_values().filter(|author| *author != (0, 0)).collect()
    }

    fn names(&self) -> BTreeSet<&str> {
        self.rows.keys().map(String::as_str).collect()
    }
}

/// Whether a figure of these authors' hits and text may be shown.
fn may_be_shown(authors: &[(u64, u64)]) -> bool {
    let mut texts: Vec<u64> = authors.iter().map(|author| author.1).collect();
    texts.sort_unstable_by(|a, b| b.cmp(a));
    let whole: u64 = texts.iter().sum();
    let n_with_hit = authors.iter().filter(|author| author.0 > 0).count();
    authors.len() >= FLOOR
        && (n_with_hit == 0 || n_with_hit >= 3)
        && 100 * texts[0] <= 50 * whole
        && 100 * (texts[0] + texts[1]) <= 67 * whole
}

/// Of one sum: every published figure may be shown, and so may what is left of the company's when the published parts are taken away.
fn assert_sum_is_safe(what: &str, speakers: &Speakers<'_>, is_shown: impl Fn(&str) -> bool, count: impl Fn(&CellKey, &Cell) -> (u64, u64)) {
    let all = speakers.names();
    let (shown, hidden): (BTreeSet<&str>, BTreeSet<&str>) = all.iter().partition(|&&speaker| is_shown(speaker));
    for &speaker in &shown {
        assert!(may_be_shown(&speakers.authors(&BTreeSet::from([speaker]), &count)), "{what}: {speaker}");
    }
    if is_shown("company") {
        assert!(may_be_shown(&speakers.authors(&all, &count)), "{what}: company");
        let rest = speakers.authors(&hidden, &count);
        assert!(rest.is_empty() || may_be_shown(&rest), "{what}: the company's figure gives {hidden:?} away: {rest:?}");
    }
}

fn rows<'a>(report: &'a Value, list: &str) -> &'a Vec<Value> {
    report[list].as_array().unwrap()
}

/// Whether the report has a figure for a speaker, among rows that `is_meant` picks.
fn has_figure<'a>(rows: &'a [Value], figure: &'a str, is_meant: impl Fn(&Value) -> bool + 'a) -> impl Fn(&str) -> bool + 'a {
    move |speaker| rows.iter().any(|row| row["speaker"] == speaker && is_meant(row) && !row[figure].is_null())
}

fn attack_sums(seed: u64, tally: &Tally, report: &Value) {
    let speakers = Speakers::of(tally);
    let hits_of = |cell: &Cell, category: Category, target: Option<&str>| -> u64 {
        let is_meant = |hit: &HitKey| hit.category == category && target.is_none_or(|target| hit.target.as_deref() == Some(target));
        cell.hits.iter().filter(|(hit, _)| is_meant(hit)).map(|(_, n)| n).sum()
    };
    let what = |what: &str| format!("company {seed}, {what}");
    let levels = rows(report, "levels");
    for category in Category::ALL {
        let of = |target: Option<&'static str>| {
            has_figure(levels, "rate", move |row| row["category"] == category.name() && row["target"].as_str() == target)
        };
        let name = what(category.name());
        assert_sum_is_safe(&name, &speakers, of(None), |_, cell| (hits_of(cell, category, None), cell.words));
        for target in GROUPS {
            let count = |_: &CellKey, cell: &Cell| (hits_of(cell, category, Some(target)), cell.names.get(target).copied().unwrap_or(0));
            assert_sum_is_safe(&format!("{name} about {target}"), &speakers, of(Some(target)), count);
        }
        for (month, quarter) in [(2, "2026-Q1"), (5, "2026-Q2")] {
            let quarters = rows(report, "quarters");
            let is_shown = has_figure(quarters, "rate", move |row| row["category"] == category.name() && row["quarter"] == quarter);
            let count = |key: &CellKey, cell: &Cell| {
                if key.month.is_some_and(|one| one.month == month) { (hits_of(cell, category, None), cell.words) } else { (0, 0) }
            };
            assert_sum_is_safe(&format!("{name} in {quarter}"), &speakers, is_shown, count);
        }
    }
    for volume in ["words", "messages"] {
        let is_shown = has_figure(rows(report, "speakers"), volume, |_| true);
        assert_sum_is_safe(&what(volume), &speakers, is_shown, |_, cell| (0, cell.words));
    }
    assert!(speakers.left_out.is_empty() || rows(report, "speakers").iter().all(|row| row["messages"].is_null()));
    for to_team in TEAMS {
        let replies = rows(report, "replies");
        let count = |_: &CellKey, cell: &Cell| cell.replies.get(to_team).map_or(0, |of| of.segments);
        let n = |hidden: &BTreeSet<&str>| speakers.authors(hidden, |key, cell| (0, count(key, cell))).len();
        assert_authors_are_safe(&what(to_team), &speakers, has_figure(replies, "replying", |row| row["to_team"] == to_team), n);
    }
    for kind in ["praise", "scorn", "credit"] {
        let is_shown = has_figure(rows(report, "gaps"), "authors", |row| row["gap"] == kind);
        assert_authors_are_safe(&what(kind), &speakers, is_shown, |hidden| {
            let named = |group: &str| {
                let mut authors: BTreeMap<(&str, Pseudonym), u64> = BTreeMap::new();
                for &speaker in hidden {
                    for (key, cell) in &speakers.rows[speaker] {
                        *authors.entry((speaker, key.author)).or_default() += cell.names.get(group).copied().unwrap_or(0);
                    }
                }
                authors.into_iter().filter(|(_, n)| *n > 0).map(|(who, _)| who).collect::<BTreeSet<_>>()
            };
            named(pair(seed)[0]).intersection(&named(pair(seed)[1])).map(|(_, author)| author).collect::<BTreeSet<_>>().len()
        });
    }
    for row in rows(report, "gendered").iter().filter(|row| !row["scorn"]["rate"].is_null()) {
        let is_shown = |category: &str| {
            let is_meant =
                |level: &&Value| level["speaker"] == row["speaker"] && level["target"] == row["target"] && level["category"] == category;
            levels.iter().find(is_meant).is_some_and(|level| level["status"] == "value")
        };
        assert!(is_shown("ivory_tower") && is_shown("past_failure"), "{}: {row}", what("scorn is the sum of a hidden part"));
    }
}

/// Every listed entry is used by the floor of authors, none of whom used it most of the time, and so is what is left over.
fn attack_entries(seed: u64, tally: &Tally, report: &Value) -> usize {
    let speakers = Speakers::of(tally);
    let rows = rows(report, "entries");
    let mut n_listed = 0;
    for (category, target) in rows.iter().map(|row| (&row["category"], row["target"].as_str().unwrap())).collect::<Vec<_>>() {
        let listed: Vec<&str> = rows
            .iter()
            .filter(|row| row["category"] == *category && row["target"] == target)
            .filter_map(|row| row["entry"].as_str())
            .collect();
        n_listed += listed.len();
        let hits = |is_meant: &dyn Fn(&HitKey) -> bool| {
            let is_of_cell =
                |hit: &HitKey| hit.named && hit.category.name() == category.as_str().unwrap() && hit.target.as_deref() == Some(target);
            let authors = speakers.authors(&speakers.names(), |_, cell| {
                let n = cell.hits.iter().filter(|(hit, _)| is_of_cell(hit) && is_meant(hit)).map(|(_, n)| n).sum();
                (n, n)
            });
            authors.into_iter().filter(|author| author.0 > 0).collect::<Vec<_>>()
        };
        for entry in &listed {
            let authors = hits(&|hit| hit.entries.iter().any(|made| **made == **entry));
            assert!(may_be_shown(&authors), "company {seed}: {entry} is listed, {authors:?}");
        }
        let rest = hits(&|hit| hit.entries.iter().all(|made| !listed.contains(&&**made)));
        assert!(listed.is_empty() || rest.is_empty() || may_be_shown(&rest), "company {seed}: what is not listed can be had, {rest:?}");
    }
    n_listed
}

/// Of numbers of authors: what is left of the company's is nobody, or as many as the floor.
fn assert_authors_are_safe(what: &str, speakers: &Speakers<'_>, is_shown: impl Fn(&str) -> bool, n: impl Fn(&BTreeSet<&str>) -> usize) {
    if is_shown("company") {
        let hidden: BTreeSet<&str> = speakers.names().into_iter().filter(|speaker| !is_shown(speaker)).collect();
        let rest = n(&hidden);
        assert!(rest == 0 || rest >= FLOOR, "{what}: {rest} authors of {hidden:?} can be had");
    }
}

/// A tally whose left-out authors said and wrote something else.
fn with_other_left_out(tally: &Tally) -> Tally {
    let mut other = tally.clone();
    for key in Speakers::of(tally).left_out {
        let cell = other.cells.get_mut(&key).unwrap();
        (cell.words, cell.segments) = (7 * cell.words, cell.segments + 1);
        cell.hits.values_mut().for_each(|n| *n *= 3);
        cell.names.values_mut().for_each(|n| *n *= 5);
        cell.replies.clear();
        cell.threads.clear();
    }
    other
}

/// Fifty limits, on teams and categories and groups that may or may not be there.
fn limits(rng: &mut ChaCha8Rng) -> Vec<(String, String, Option<&'static str>, String)> {
    let speakers = ["company", "other teams", "not in roster"].into_iter().chain(TEAMS).collect::<Vec<_>>();
    let limit = |_| {
        let speaker = speakers[rng.random_range(0..speakers.len())].to_owned();
        let category = Category::ALL[rng.random_range(0..Category::ALL.len())].name().to_owned();
        let target = rng.random_bool(0.7).then(|| TEAMS[rng.random_range(0..TEAMS.len())]);
        let max = rng.random_range(0..60);
        let most = match target {
            Some(target) => format!("target = \"{target}\"\nmax_per_1000_naming_segments = {max}"),
            None => format!("max_per_1000_words = {max}"),
        };
        let text = format!("[[check.limit]]\nteam = \"{speaker}\"\ncategory = \"{category}\"\n{most}\n");
        (speaker, category, target, text)
    };
    (0..N_LIMITS).map(limit).collect()
}

fn checked(shown: &Disclosed, text: &str) -> (Vec<check::Judged>, String) {
    let config = config::parse("evenhand.toml", text).unwrap();
    let policy = Policy::new(&config.check, "evenhand.toml", text).unwrap();
    let judged = check::check(shown, &policy);
    let mut out = Vec::new();
    annotate::write(&judged, true, annotate::Format::Json, &mut out).unwrap();
    (judged, String::from_utf8(out).unwrap())
}

/// Limits on figures that are not shown are neither crossed nor kept, whatever stands in them.
fn attack_checks(seed: u64, tally: &Tally, shown: &Disclosed, report: &Value) -> usize {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let limits = limits(&mut rng);
    let text = |limits: &[(String, String, Option<&str>, String)]| limits.iter().map(|limit| limit.3.as_str()).collect::<String>();
    let (judged, _) = checked(shown, &text(&limits));
    let has_rate = |(speaker, category, target, _): &(String, String, Option<&str>, String)| {
        let is_meant = |row: &Value| row["category"] == category.as_str() && row["target"].as_str() == *target;
        has_figure(rows(report, "levels"), "rate", is_meant)(speaker)
    };
    for (limit, judged) in limits.iter().zip(&judged) {
        assert_eq!(judged.is_not_judged(), !has_rate(limit), "company {seed}: {limit:?}");
    }
    // In each hidden cell of a team or pool, three times the hits by the same people.
    let hidden: Vec<_> = limits.iter().filter(|limit| !has_rate(limit)).cloned().collect();
    let (_, before) = checked(shown, &text(&hidden));
    let speakers = Speakers::of(tally);
    let mut other = tally.clone();
    for (speaker, category, target, _) in hidden.iter().filter(|limit| limit.0 != "company") {
        for (key, _) in speakers.rows.get(speaker).into_iter().flatten() {
            let hits = other.cells.get_mut(key).unwrap().hits.iter_mut();
            let is_meant = |hit: &HitKey| hit.category.name() == category && (target.is_none() || hit.target.as_deref() == *target);
            hits.filter(|(hit, _)| is_meant(hit)).for_each(|(_, n)| *n *= 3);
        }
    }
    let (_, after) = checked(&disclosed(&other, &[]), &text(&hidden));
    assert_eq!(before, after, "company {seed}: a check hangs on a hidden cell");
    hidden.len()
}

#[test]
fn nothing_hidden_can_be_had_from_what_is_published() {
    let (mut n_hidden_limits, mut n_left_out, mut n_covers, mut n_company, mut n_entries) = (0, 0, 0, 0, 0);
    for seed in 0..N_COMPANIES {
        let tally = company(seed);
        let shown = disclosed(&tally, &[pair(seed)]);
        let pages = Format::ALL.map(|format| written(&shown, format));
        for author in tally.cells.keys().map(|key| key.author) {
            let names = [format!("{:032x}", author.0), author.0.to_string()];
            assert!(pages.iter().all(|page| names.iter().all(|name| !page.contains(name))), "company {seed} names {author:?}");
        }
        assert!(pages.iter().all(|page| !page.contains(&tally.origin.key)), "company {seed} tells its key");
        let report: Value = serde_json::from_str(&written(&shown, Format::Json)).unwrap();
        attack_sums(seed, &tally, &report);
        n_entries += attack_entries(seed, &tally, &report);
        n_hidden_limits += attack_checks(seed, &tally, &shown, &report);
        n_covers += rows(&report, "levels").iter().filter(|row| row["why"] == "covers_another").count();
        n_company += usize::from(!report["words"].is_null());
        if !Speakers::of(&tally).left_out.is_empty() {
            n_left_out += 1;
            let others = disclosed(&with_other_left_out(&tally), &[pair(seed)]);
            assert!(pages == Format::ALL.map(|format| written(&others, format)), "company {seed}: who is left out is in a figure");
        }
    }
    // The attack is one only if there is something to find.
    assert!(
        n_hidden_limits > 10_000 && n_left_out > 200 && n_covers > 1000 && n_company > 500 && n_entries > 100,
        "{n_hidden_limits} {n_left_out} {n_covers} {n_company} {n_entries}"
    );
}
