//! Changes to a text that mean nothing must change nothing: capitals, line ends, quotes, spelling, a greeting around it; and exchanging the names of two
//! groups must exchange the answers. Every figure is over the labelled files that are developed on and over the unread ones (figures only).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use evenhand::clean;
use evenhand::framing::{Framing, Scratch};
use evenhand::lexicon::{Found, PatternSpace, builtin};
use evenhand::message::Markup;
use evenhand::token::Tokens;
use regex::Regex;

use crate::labelled::{FRAMING, framing, guesses, rows};
use crate::score::{CATEGORIES, Row, Score};

/// Files that may be read and developed on.
const DEVELOP: [&str; 12] = ["dev", "dev_b", "dev_e", "dev_f", "dev_g", "dev_h", "dev_l", "dev_m", "dev_o", "dev_q", "dev_r", "extra"];

/// Files that nobody reads.
const UNREAD: [&str; 6] = ["dev_c", "dev_d", "dev_i", "dev_j", "dev_n", "dev_p"];

const GROUPS: [(&str, &str); 4] =
    [("sales", "marketing"), ("salespeople", "marketers"), ("sellers", "brand people"), ("sales team", "marketing team")];

const GENDERS: [(&str, &str); 8] = [
    ("he", "she"),
    ("his", "her"),
    ("himself", "herself"),
    ("man", "woman"),
    ("men", "women"),
    ("boy", "girl"),
    ("boys", "girls"),
    ("gentlemen", "ladies"),
];

const SPELLINGS: [(&str, &str); 16] = [
    ("colour", "color"),
    ("saviour", "savior"),
    ("saviours", "saviors"),
    ("theorise", "theorize"),
    ("organisation", "organization"),
    ("recognise", "recognize"),
    ("programme", "program"),
    ("centre", "center"),
    ("favour", "favor"),
    ("defence", "defense"),
    ("apologise", "apologize"),
    ("colouring", "coloring"),
    ("honour", "honor"),
    ("behaviour", "behavior"),
    ("theatre", "theater"),
    ("armour", "armor"),
];

/// Exchanges words that stand alone, in the case of what they replace.
struct Exchange {
    words: Regex,
    other: BTreeMap<&'static str, &'static str>,
}

impl Exchange {
    fn new(pairs: &[(&'static str, &'static str)]) -> Self {
        let other: BTreeMap<_, _> = pairs.iter().flat_map(|&(one, two)| [(one, two), (two, one)]).collect();
        let mut longest_first: Vec<&str> = other.keys().copied().collect();
        longest_first.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Self { words: Regex::new(&format!(r"(?i)\b(?:{})\b", longest_first.join("|"))).unwrap(), other }
    }

    fn apply(&self, text: &str) -> String {
        let exchanged = self.words.replace_all(text, |found: &regex::Captures<'_>| {
            let word = &found[0];
            let other = self.other[word.to_lowercase().as_str()];
            if !word.contains(char::is_lowercase) {
                other.to_uppercase()
            } else if word.starts_with(char::is_uppercase) {
                other[..1].to_uppercase() + &other[1..]
            } else {
                other.to_owned()
            }
        });
        exchanged.into_owned()
    }

    /// Whether every name of Sales and Marketing in a text is one that is exchanged.
    fn covers_names(&self, text: &str) -> bool {
        let lexicons = &FRAMING.lexicons;
        let mut tokens = Tokens::default();
        tokens.read(text, &clean::own_words(text, Markup::Plain), Markup::Plain, &lexicons.vocabulary);
        let (mut space, mut found) = (PatternSpace::default(), Found::default());
        tokens.segments().all(|segment| {
            lexicons.find(text, segment, &mut space, &mut found);
            found.mentions.iter().chain(&found.weak).all(|mention| {
                let name = &text[segment[mention.tokens.start].span().start..segment[mention.tokens.end - 1].span().end];
                !matches!(&**lexicons.groups.name(mention.group), "sales" | "marketing") || self.words.is_match(name)
            })
        })
    }
}

/// Breaks lines at the first blank behind more than 40 characters.
fn wrapped(text: &str) -> String {
    let mut length = 0;
    text.chars()
        .map(|c| {
            length += 1;
            if c == ' ' && length > 41 {
                length = 0;
                '\n'
            } else {
                c
            }
        })
        .collect()
}

fn curly(text: &str) -> String {
    static INSIDE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(\w)'(\w)").unwrap());
    static AROUND: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"'([^']*)'").unwrap());
    // Twice, since a letter between two apostrophes is consumed by the first.
    let inside = INSIDE.replace_all(text, "$1’$2");
    let inside = INSIDE.replace_all(&inside, "$1’$2");
    AROUND.replace_all(&inside, "‘$1’").into_owned()
}

fn padded(text: &str) -> String {
    format!("Hi all,\n\n{text}\n\nKind regards\nAlex Muster\n+49 30 000000")
}

/// What a row answers: every hit as category and target, sorted.
type Answer = Vec<(&'static str, Option<String>)>;

fn answer(framing: &Framing, text: &str, speaker: Option<&str>, scratch: &mut Scratch) -> Answer {
    let judged = guesses(framing, text, speaker, scratch).into_iter().filter(|guess| CATEGORIES.contains(&guess.category));
    let mut answer: Vec<_> = judged.map(|guess| (guess.category, guess.target)).collect();
    answer.sort();
    answer
}

fn mirrored(team: Option<&str>) -> Option<&str> {
    match team {
        Some("sales") => Some("marketing"),
        Some("marketing") => Some("sales"),
        other => other,
    }
}

/// The same, with Sales and Marketing exchanged.
fn mirrored_answer(framing: &Framing, text: &str, speaker: Option<&str>, scratch: &mut Scratch) -> Answer {
    let mut answer = answer(framing, text, mirrored(speaker), scratch);
    for (_, target) in &mut answer {
        *target = mirrored(target.as_deref()).map(str::to_owned);
    }
    answer.sort();
    answer
}

/// The rows of a set of files, each with its answer.
type Answered = (&'static str, Vec<(Row, Answer)>);

/// Every row with its answer, by file set.
static BEFORE: LazyLock<[Answered; 2]> = LazyLock::new(|| {
    let mut scratch = Scratch::default();
    [("develop", &DEVELOP[..]), ("unread", &UNREAD[..])].map(|(which, files)| {
        let answered = files.iter().flat_map(|file| rows(file)).map(|row| {
            let before = answer(&FRAMING, &row.text, row.speaker_team.as_deref(), &mut scratch);
            (row, before)
        });
        (which, answered.collect())
    })
});

/// Rows that agree, and all rows of which `agrees` says anything; with `EVENHAND_SHOW` those that differ are shown, of the files that may be read.
fn agreeing(which: &str, rows: &[(Row, Answer)], agrees: &mut dyn FnMut(&Row, &Answer) -> Option<bool>) -> [usize; 2] {
    let is_shown = std::env::var_os("EVENHAND_SHOW").is_some() && which == "develop";
    let [mut n_same, mut n] = [0, 0];
    for (row, before) in rows {
        let Some(is_same) = agrees(row, before) else { continue };
        n += 1;
        n_same += usize::from(is_same);
        if is_shown && !is_same {
            eprintln!("    {:?} by {:?}", row.text, row.speaker_team);
        }
    }
    [n_same, n]
}

/// Tells a figure on standard error and, where it is below its floor (percent), to the caller.
fn tell(what: &str, [n_same, n]: [usize; 2], least: usize) -> Option<String> {
    let told = format!("{what}: {n_same}/{n} = {:.1} %", 100.0 * n_same as f64 / n as f64);
    eprintln!("{told}");
    (n_same * 100 < n * least).then(|| format!("{told}, at least {least} % wanted"))
}

/// A change's name, the least share of rows that it must leave as they are (percent), and what it makes of a text.
type Change<'a> = (&'static str, usize, &'a dyn Fn(&str) -> String);

#[test]
fn changes_that_mean_nothing_change_nothing() {
    let spellings = Exchange::new(&SPELLINGS);
    let genders = Exchange::new(&GENDERS);
    // Capitals are how "IT" is told from "it", so a change of case takes that team's name away; gendered wording changes with the gender.
    let changes: [Change<'_>; 9] = [
        ("upper", 97, &|text| text.to_uppercase()),
        ("lower", 97, &|text| text.to_lowercase()),
        ("wrap", 99, &wrapped),
        ("crlf", 99, &|text| text.replace('\n', "\r\n") + "\r\n"),
        ("curly", 99, &curly),
        ("nbsp", 99, &|text| text.replace(" the ", "\u{a0}the ").replace(" a ", "\u{a0}a ")),
        ("pad", 99, &padded),
        ("spelling", 99, &|text| spellings.apply(text)),
        ("gender", 97, &|text| genders.apply(text)),
    ];
    let mut below = Vec::new();
    let mut scratch = Scratch::default();
    for (name, least, change) in changes {
        for (which, rows) in &*BEFORE {
            let same = agreeing(which, rows, &mut |row, before| {
                let speaker = row.speaker_team.as_deref();
                let after = change(&row.text);
                Some(after == row.text || *before == answer(&FRAMING, &after, speaker, &mut scratch))
            });
            below.extend(tell(&format!("{name}, {which}"), same, least));
        }
    }
    assert!(below.is_empty(), "{}", below.join("\n"));
}

/// Where nothing is about IT, whose name is told by its capitals alone, case matters little.
#[test]
fn case_matters_little() {
    let mut below = Vec::new();
    let mut scratch = Scratch::default();
    for (which, rows) in &*BEFORE {
        for (name, change) in [("upper", str::to_uppercase as fn(&str) -> String), ("lower", str::to_lowercase)] {
            let same = agreeing(which, rows, &mut |row, before| {
                let speaker = row.speaker_team.as_deref();
                let names_it = before.iter().any(|(_, target)| target.as_deref() == Some("it"));
                (!names_it).then(|| *before == answer(&FRAMING, &change(&row.text), speaker, &mut scratch))
            });
            below.extend(tell(&format!("{name} where nothing is about IT, {which}"), same, 98));
        }
    }
    assert!(below.is_empty(), "{}", below.join("\n"));
}

/// By the letter this asks too much: a role noun ("the reps") stays as it is, and with it its team, where a mirrored answer is asked for. So it is asked
/// of the rows whose names of the two teams are all exchanged, and told of all rows.
#[test]
fn exchanging_the_names_of_two_groups_exchanges_the_answers() {
    let groups = Exchange::new(&GROUPS);
    let mut scratch = Scratch::default();
    let mut below = Vec::new();
    for (which, rows) in &*BEFORE {
        for (which_rows, only_exchanged, least) in [("all rows", false, 93), ("rows whose names are all exchanged", true, 97)] {
            let same = agreeing(which, rows, &mut |row, before| {
                if only_exchanged && !groups.covers_names(&row.text) {
                    return None;
                }
                let speaker = row.speaker_team.as_deref();
                Some(*before == mirrored_answer(&FRAMING, &groups.apply(&row.text), speaker, &mut scratch))
            });
            below.extend(tell(&format!("swap, {which}, {which_rows}"), same, least));
        }
    }
    assert!(below.is_empty(), "{}", below.join("\n"));
}

/// The rules know no group by name: where every name of Sales means Marketing and the other way round, every answer is mirrored.
#[test]
fn exchanging_what_the_names_mean_exchanges_the_answers() {
    let names = builtin::GROUPS.1.replace("name = \"sales\"", "name = \"#\"").replace("name = \"marketing\"", "name = \"sales\"");
    let exchanged = framing(&names.replace("name = \"#\"", "name = \"marketing\""));
    let mut scratch = Scratch::default();
    for (which, rows) in &*BEFORE {
        let [n_same, n] = agreeing(which, rows, &mut |row, before| {
            let speaker = row.speaker_team.as_deref();
            Some(*before == mirrored_answer(&exchanged, &row.text, speaker, &mut scratch))
        });
        eprintln!("meaning, {which}: {n_same}/{n} mirrored");
        assert_eq!(n_same, n, "{which}");
    }
}

/// What is said of Sales is found as often as what is said of Marketing, as far as so many rows can tell.
#[test]
fn wording_about_sales_and_about_marketing_is_found_alike() {
    let mut scratch = Scratch::default();
    for (which, rows) in &*BEFORE {
        let mut score = Score::default();
        for (row, _) in rows {
            score.add(row, &guesses(&FRAMING, &row.text, row.speaker_team.as_deref(), &mut scratch));
        }
        let (sales, marketing) = (wilson(score.about_sales), wilson(score.about_marketing));
        eprintln!(
            "recall, {which}: about Sales {sales:?} of {:?}, about Marketing {marketing:?} of {:?}",
            score.about_sales, score.about_marketing
        );
        assert!(sales[0] <= marketing[1] && marketing[0] <= sales[1], "{which}: {sales:?} {marketing:?}");
    }
}

/// A share's 95 % interval (Wilson 1927).
fn wilson([k, n]: [usize; 2]) -> [f64; 2] {
    let (n, p, z) = (n as f64, k as f64 / n as f64, 1.96_f64);
    let scale = 1.0 + z * z / n;
    let centre = (p + z * z / 2.0 / n) / scale;
    let width = z * (p * (1.0 - p) / n + z * z / 4.0 / n / n).sqrt() / scale;
    [centre - width, centre + width]
}
