//! Writes the sample company: `cargo run --example make_samples -- DIR`.
//!
//! Everything is drawn from `stock.txt` with one fixed seed, so that the same bytes come out every time. What each
//! person says about which team is planned first (`plan`), then spread over chat posts and mails, then dressed the way
//! real exports are dressed: threads, quotes, signatures, encodings, robots. The planned counts are printed at the end.

#[path = "generate/mail.rs"]
mod mail;
#[path = "generate/slack.rs"]
mod slack;
#[path = "generate/stock.rs"]
mod stock;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use jiff::{Timestamp, tz::Offset};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use self::stock::{Stock, one_in};

type Result<T> = std::result::Result<T, Box<dyn Error>>;
type Rng = ChaCha8Rng;

const SEED: u64 = 2026;
const DOMAIN: &str = "harrowpell.example";
const START: i64 = 1_767_225_600; // 2026-01-01T00:00:00Z, a Thursday
const DAYS: i64 = 181;
const SUMMER_TIME: i64 = 1_774_746_000; // 2026-03-29T01:00:00Z
const N_MESSAGES: usize = 5950;

/// People by team, in the order of the names in the stock; the last of Support moves to Sales on 1 April.
const TEAMS: [(&str, usize); 8] = [
    ("sales", 17),
    ("marketing", 14),
    ("engineering", 16),
    ("support", 10),
    ("finance", 8),
    ("operations", 7),
    ("hr", 3),
    ("executive", 3),
];
const MOVER: usize = 17 + 14 + 16 + 10 - 1;
const MOVE_DAYS: std::ops::Range<i64> = 88..90; // 30 and 31 March, on which the mover writes nothing

/// How many plain sentences a person says about each group: between the two numbers.
const MENTIONS: [(&str, usize, usize); 7] = [
    ("sales", 7, 21),
    ("marketing", 7, 21),
    ("engineering", 2, 7),
    ("support", 1, 7),
    ("finance", 1, 7),
    ("operations", 0, 2),
    ("hr", 0, 1),
];

/// Sentences of each kind about each group, over all people. The first two rows hold the planted gaps.
const TARGETS: [&str; 5] = ["sales", "marketing", "engineering", "support", "finance"];
const PLANTED: [(&str, [usize; 5]); 6] = [
    ("heroic", [60, 12, 5, 4, 4]),
    ("ivory_tower", [12, 70, 5, 4, 4]),
    ("past_failure", [4, 4, 2, 2, 2]),
    ("collaboration", [42, 42, 5, 4, 4]),
    ("gendered", [6, 6, 2, 2, 2]),
    ("lookalike", [14, 14, 3, 3, 3]),
];

// ---- people

struct Person {
    id: String,
    name: String,
    handle: String,
    email: String,
    team: &'static str,
    title: String,
}

impl Person {
    fn first_name(&self) -> &str {
        self.name.split(' ').next().unwrap_or(&self.name)
    }
}

fn people(stock: &Stock) -> Vec<Person> {
    let teams = TEAMS.iter().flat_map(|&(team, size)| std::iter::repeat_n(team, size));
    let names = stock.lines("people").iter().zip(teams.chain(["sales", "engineering"]));
    let titles = |team: &str| -> Vec<&str> {
        stock.lines("title").iter().filter_map(|line| line.split_once(" | ")).filter(|title| title.0 == team).map(|title| title.1).collect()
    };
    names
        .enumerate()
        .map(|(i, (name, team))| {
            let plain: String = name
                .to_lowercase()
                .chars()
                .map(|c| match c {
                    'é' => 'e',
                    'í' => 'i',
                    'ü' => 'u',
                    ' ' => '.',
                    other => other,
                })
                .collect();
            let of_team = titles(team);
            Person {
                id: format!("U0HP{:05X}", 0x1_0000 + i * 0x2f7),
                name: name.clone(),
                email: format!("{plain}@{DOMAIN}"),
                handle: plain,
                team,
                title: (*of_team.get(i % of_team.len().max(1)).unwrap_or(&"Assistant")).to_owned(),
            }
        })
        .collect()
}

// ---- what is said

/// One sentence and the groups it names; `planted` is its kind, one of `PLANTED`.
struct Say {
    text: String,
    groups: Vec<&'static str>,
    planted: Option<&'static str>,
}

/// What each person says. Every sentence occurs once in the whole company.
fn plan(rng: &mut Rng, stock: &Stock, people: &[Person]) -> Result<Vec<Vec<Say>>> {
    let mut seen = BTreeSet::new();
    let mut fresh = |rng: &mut Rng, section: &str, group: &str| -> Result<String> {
        for _ in 0..500 {
            let text = stock.sentence(rng, section, group)?;
            if seen.insert(text.clone()) {
                return Ok(text);
            }
        }
        Err(format!("stock.txt: {section:?} has too few sentences for {group:?}").into())
    };
    let mut says: Vec<Vec<Say>> = Vec::new();
    for _ in people {
        let mut own = Vec::new();
        for (group, low, high) in MENTIONS {
            for _ in 0..rng.random_range(low..=high) {
                own.push(Say { text: fresh(rng, "neutral", group)?, groups: vec![group], planted: None });
            }
        }
        for _ in 0..rng.random_range(0..=3) {
            own.push(Say { text: fresh(rng, "both", "")?, groups: vec!["sales", "marketing"], planted: None });
        }
        says.push(own);
    }
    for (kind, quotas) in PLANTED {
        // Squared uniform weights: most people seldom, a few often, about as uneven as a gamma with CV 0.9.
        let leaning: Vec<u64> = people.iter().map(|_| rng.random_range(5..=100_u64).pow(2)).collect();
        for (group, quota) in TARGETS.into_iter().zip(quotas) {
            let mut taken = vec![0; people.len()];
            for _ in 0..quota {
                let weights: Vec<u64> = (0..people.len())
                    .map(|a| {
                        let plain = says[a].iter().filter(|say| say.planted.is_none() && say.groups == [group]).count();
                        let of_own_team = people[a].team == group || (a == MOVER && group == "sales");
                        let barred = (of_own_team && kind != "heroic") || taken[a] >= (quota * 12 / 100).max(1) || plain < 2;
                        if barred { 0 } else { leaning[a] * plain as u64 }
                    })
                    .collect();
                let author = weighted(rng, &weights);
                let replaced =
                    says[author].iter().position(|say| say.planted.is_none() && say.groups == [group]).ok_or("nobody left to say it")?;
                says[author][replaced] = Say { text: fresh(rng, kind, group)?, groups: vec![group], planted: Some(kind) };
                taken[author] += 1;
            }
        }
    }
    for author in [3, 20, 33, 50, 60] {
        says[author].push(Say { text: fresh(rng, "salesman", "")?, groups: vec![], planted: Some("gendered") });
    }
    Ok(says)
}

fn weighted(rng: &mut Rng, weights: &[u64]) -> usize {
    let mut point = rng.random_range(0..weights.iter().sum::<u64>().max(1));
    weights
        .iter()
        .position(|&weight| {
            if point < weight {
                true
            } else {
                point -= weight;
                false
            }
        })
        .unwrap_or(0)
}

// ---- when and where it is said

struct Draft {
    author: usize,
    second: i64,
    channel: Option<usize>, // None is mail
    sentences: Vec<String>,
    n_framing: usize, // look-alikes apart
}

fn drafts(rng: &mut Rng, stock: &Stock, says: Vec<Vec<Say>>, n_channels: usize) -> Result<Vec<Draft>> {
    let weekdays: Vec<i64> = (0..DAYS).filter(|day| !matches!((day + 4) % 7, 0 | 6)).collect();
    // A channel is busy on some days and silent on the others.
    let busy: Vec<Vec<i64>> =
        (0..n_channels).map(|_| weekdays.iter().copied().filter(|_| rng.random_range(0..100) < 27).collect()).collect();
    let activity: Vec<usize> = says.iter().map(|_| 70 + rng.random_range(0..=100_usize).pow(2) / 70).collect();
    let mut drafts = Vec::new();
    for (author, own) in says.into_iter().enumerate() {
        let n = N_MESSAGES * activity[author] / activity.iter().sum::<usize>();
        let mut messages: Vec<Vec<Say>> = (0..n).map(|_| Vec::new()).collect();
        for say in own {
            let mut at = rng.random_range(0..n);
            while messages[at].len() > 1 {
                at = (at + 1) % n;
            }
            messages[at].push(say);
        }
        for said in messages {
            let channel = (rng.random_range(0..100) < 57).then(|| rng.random_range(0..n_channels));
            let days = channel.map_or(&weekdays, |c| &busy[c]);
            let mut day = *days.choose(rng).ok_or("a channel without a day")?;
            if author == MOVER && MOVE_DAYS.contains(&day) {
                day = weekdays[3];
            }
            let second = START + day * 86_400 + rng.random_range(27_000..61_000);
            let n_framing = said.iter().filter(|say| say.planted.is_some_and(|kind| kind != "lookalike")).count();
            let mut sentences: Vec<String> = said.into_iter().map(|say| say.text).collect();
            let fillers = if channel.is_some() { usize::from(sentences.is_empty() || one_in(rng, 5)) } else { rng.random_range(1..=3) };
            for _ in 0..fillers {
                let filler = stock.sentence(rng, "filler", "")?;
                let at = rng.random_range(0..=sentences.len());
                sentences.insert(at, if one_in(rng, 30) { typo(rng, &filler) } else { filler });
            }
            drafts.push(Draft { author, second, channel, sentences, n_framing });
        }
    }
    drafts.sort_by_key(|draft| (draft.second, draft.author));
    Ok(drafts)
}

/// Swaps two neighbouring letters of a longer word.
fn typo(rng: &mut Rng, text: &str) -> String {
    let mut words: Vec<Vec<char>> = text.split(' ').map(|word| word.chars().collect()).collect();
    if let Some(word) = words.iter_mut().filter(|word| word.len() > 5 && word.iter().all(char::is_ascii_lowercase)).last() {
        let at = rng.random_range(1..word.len() - 2);
        word.swap(at, at + 1);
    }
    words.into_iter().map(String::from_iter).collect::<Vec<_>>().join(" ")
}

fn local(second: i64, format: &str) -> Result<String> {
    let offset = Offset::constant(i8::from(second >= SUMMER_TIME));
    Ok(offset.to_datetime(Timestamp::from_second(second)?).strftime(format).to_string())
}

// ---- roster, figures, main

fn roster(people: &[Person]) -> String {
    let mut rows = "email,user,name,team,from,to\n".to_owned();
    for (n, person) in people.iter().take(TEAMS.iter().map(|team| team.1).sum()).enumerate() {
        let key = format!("{},{},{}", person.email, person.id, person.name);
        let row =
            if n == MOVER { format!("{key},support,,2026-03-31\n{key},sales,2026-04-01,\n") } else { format!("{key},{},,\n", person.team) };
        rows.push_str(&row);
    }
    rows
}

#[derive(Default)]
pub(crate) struct Counts(BTreeMap<&'static str, usize>);

impl Counts {
    fn add(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }
}

/// Rows: kinds; columns: groups; the last line counts all sentences that name the group.
fn planned_table(says: &[Vec<Say>]) -> String {
    let all: Vec<&Say> = says.iter().flatten().collect();
    let row = |kind: &str, counted: &dyn Fn(&Say) -> bool| -> String {
        let cells = TARGETS.map(|group| all.iter().filter(|say| say.groups.contains(&group) && counted(say)).count().to_string());
        format!("| {kind} | {} |\n", cells.join(" | "))
    };
    let mut table = format!("| planned | {} |\n|---|---|---|---|---|---|\n", TARGETS.join(" | "));
    for (kind, _) in PLANTED {
        table += &row(kind, &|say| say.planted == Some(kind));
    }
    table + &row("all sentences that name the group", &|_| true)
}

/// Writes the whole sample tree into a folder: what was written, and the table of what was planted.
pub(crate) fn write_all(dir: &Path) -> Result<(Counts, String)> {
    let chat = dir.join("slack");
    if chat.exists() {
        return Err(format!("{}: is there already; remove it first", chat.display()).into());
    }
    let rng = &mut Rng::seed_from_u64(SEED);
    let stock = Stock::parse(include_str!("stock.txt"));
    let people = people(&stock);
    let says = plan(rng, &stock, &people)?;
    let table = planned_table(&says);
    let drafts = drafts(rng, &stock, says, stock.lines("channel").len())?;
    let mut counts = Counts::default();
    slack::write(&chat, rng, &stock, &people, &drafts, &mut counts)?;
    mail::write(&dir.join("mail.mbox"), rng, &stock, &people, &drafts, &mut counts)?;
    fs::write(dir.join("roster.csv"), roster(&people))?;
    // Kept by hand; copied so that the folder is whole.
    fs::write(dir.join("evenhand.toml"), include_str!("evenhand.toml"))?;
    fs::write(dir.join("README.md"), include_str!("README.md"))?;
    Ok((counts, table))
}

fn main() -> Result<()> {
    let dir = std::env::args().nth(1).ok_or("usage: make_samples DIR")?;
    let (counts, table) = write_all(Path::new(&dir))?;
    let mut out = io::stdout().lock();
    for (what, n) in &counts.0 {
        writeln!(out, "{n:6} {what}")?;
    }
    Ok(write!(out, "\n{table}")?)
}
