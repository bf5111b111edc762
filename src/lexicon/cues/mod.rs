//! Weighted cues: words, runs of two or three words, and two words with one between, each with a weight. The weights of the cues of a segment
//! are added up; a sum at the threshold or above is read as wording of the category. They read improvised wording that no entry lists.

mod file;
mod list;
mod mask;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use file::{CueFile, Header, Struck, Threshold, Weight, parse, parse_struck, write};
pub use list::CueId;
pub use mask::{BETWEEN, Key, Masked, TEAM, each_cue, mask, spelled};

use super::marks::Marks;
use super::{Category, Mention};
use crate::fault::{Fault, Place, Position};
use crate::word::{Token, Vocabulary};
use list::List;

/// How many cues a hit shows.
const N_SHOWN: usize = 3;

/// Fewest cues that speak for a category in a stretch: a single one is too easily an accident.
pub const MIN_CUES: usize = 2;

/// The cues of all categories that have some.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Cues {
    list: List,
    thresholds: [Option<Thresholds>; Category::ALL.len()],
}

/// From which sum on a segment counts: one that names or means a group, and any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Thresholds {
    meant: Weight,
    aside: Option<Weight>,
}

/// A stretch of a segment whose cues speak for a category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CueMatch {
    /// The category.
    pub category: Category,
    /// The segment's tokens of the stretch with the largest sum.
    pub tokens: Range<usize>,
    /// The strongest cues of the stretch.
    pub cues: Vec<CueId>,
}

/// Space that scoring uses again from segment to segment.
#[derive(Debug, Default)]
pub struct CueSpace {
    words: Vec<Masked>,
    found: Vec<Occurrence>,
    seen: Marks,
}

#[derive(Debug, Clone, Copy)]
struct Occurrence {
    cue: CueId,
    /// First and last of the segment's masked words.
    first: usize,
    last: usize,
    /// Whether the cue stands in the segment for the first time: it counts once.
    is_first: bool,
}

impl Cues {
    /// The cues of some files.
    ///
    /// # Errors
    /// If a category has two files, a cue is none or stands twice.
    pub(super) fn compile(files: &[CueFile], vocabulary: &mut Vocabulary) -> Result<Self, Vec<Fault>> {
        let mut building = list::Builder::default();
        let mut thresholds = [None; Category::ALL.len()];
        let mut faults = Vec::new();
        for file in files {
            let category = file.header.category;
            let of_file = Thresholds { meant: file.header.meant.sum, aside: file.header.aside.as_ref().map(|aside| aside.sum) };
            if thresholds[category as usize].replace(of_file).is_some() {
                let at = Place { path: file.path.clone(), member: None, position: Position::Line(1) };
                faults.push(Fault::new(at, format!("{category} has cues already")));
                continue;
            }
            building.add(file, vocabulary, &mut faults);
        }
        if faults.is_empty() { Ok(Self { list: building.finish(), thresholds }) } else { Err(faults) }
    }

    /// Whether no category has cues.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.len() == 0
    }

    /// Whether some category is read in segments in which no group is named or meant.
    #[must_use]
    pub fn counts_aside(&self) -> bool {
        self.thresholds.iter().flatten().any(|thresholds| thresholds.aside.is_some())
    }

    /// A cue as it stands in its file.
    #[must_use]
    pub fn text(&self, cue: CueId) -> &str {
        self.list.text(cue)
    }

    /// A cue's weight for a category.
    #[must_use]
    pub fn weight(&self, cue: CueId, category: Category) -> Weight {
        self.list.weights(cue)[category as usize]
    }

    /// Number of cues of a category.
    #[must_use]
    pub fn count(&self, category: Category) -> usize {
        self.list.each().filter(|&cue| self.weight(cue, category) != Weight(0)).count()
    }

    /// Finds the stretches of a segment that cues speak for, one a category at most.
    pub fn score(
        &self,
        text: &str,
        segment: &[Token],
        mentions: &[Mention],
        means_a_group: bool,
        space: &mut CueSpace,
        matches: &mut Vec<CueMatch>,
    ) {
        matches.clear();
        self.find(text, segment, mentions, space);
        let mut sums = [0; Category::ALL.len()];
        for found in space.found.iter().filter(|found| found.is_first) {
            for (sum, weight) in sums.iter_mut().zip(self.list.weights(found.cue)) {
                *sum += weight.0;
            }
        }
        for category in Category::ALL {
            let threshold = self.thresholds[category as usize].and_then(|of| if means_a_group { Some(of.meant) } else { of.aside });
            if threshold.is_none_or(|threshold| sums[category as usize] < threshold.0) {
                continue;
            }
            let weight = |occurrence: &Occurrence| self.weight(occurrence.cue, category);
            let stretch = stretch(space.words.len(), &space.found, &weight);
            let mut cues: Vec<CueId> = space
                .found
                .iter()
                .filter(|found| found.is_first && weight(found).0 > 0 && stretch.start <= found.first && found.last < stretch.end)
                .map(|found| found.cue)
                .collect();
            cues.sort_by_key(|&cue| (-self.weight(cue, category).0, cue));
            if cues.len() < MIN_CUES {
                continue;
            }
            cues.truncate(N_SHOWN);
            let tokens = space.words[stretch.start].tokens.start..space.words[stretch.end - 1].tokens.end;
            matches.push(CueMatch { category, tokens, cues });
        }
    }

    fn find(&self, text: &str, segment: &[Token], mentions: &[Mention], space: &mut CueSpace) {
        let CueSpace { words, found, seen } = space;
        let code = |token: &Token| if self.list.holds(token.word.0) { token.word.0 } else { mask::UNKNOWN };
        mask(text, segment, mentions, &code, words);
        found.clear();
        seen.start(self.list.len());
        each_cue(words, &mut |key, first, last| {
            if let Some(cue) = self.list.get(key) {
                found.push(Occurrence { cue, first, last, is_first: seen.mark(cue.0 as usize) });
            }
        });
    }
}

/// The stretch of masked words with the largest sum of weights, a cue's weight spread over its words (Bentley 1984, "Programming pearls:
/// algorithm design techniques": Kadane's scan). Not empty; the leftmost of equal ones.
fn stretch(n_words: usize, found: &[Occurrence], weight: &dyn Fn(&Occurrence) -> Weight) -> Range<usize> {
    // Six parts of a weight divide by two and by three.
    let mut sums = vec![0; n_words];
    for occurrence in found {
        let n = i32::try_from(occurrence.last - occurrence.first + 1).unwrap_or(1);
        sums[occurrence.first..=occurrence.last].iter_mut().for_each(|sum| *sum += weight(occurrence).0 * 6 / n);
    }
    let (mut best, mut best_sum) = (0..n_words.min(1), i32::MIN);
    let (mut start, mut sum) = (0, 0);
    for (at, &here) in sums.iter().enumerate() {
        if sum <= 0 {
            (start, sum) = (at, 0);
        }
        sum += here;
        if sum > best_sum {
            (best, best_sum) = (start..at + 1, sum);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean;
    use crate::lexicon::groups::Groups;
    use crate::lexicon::topics::Topics;
    use crate::lexicon::{Found, Lexicons, PatternSpace, parse as lexicons};
    use crate::message::Markup;
    use crate::token::Tokens;

    const CUES: &str = "# category: heroic\n# language: en\n# version: 1\n# fitted from: hand\n# threshold: 2.50\n\
                        # expected false alarms: none\nlifted\t2.00\nlifted _ whole\t1.00\n@team lifted\t1.50\nwarehouse\t-3.00\n";

    fn read(text: &str) -> Vec<(String, Vec<String>)> {
        let groups =
            Groups::parse("groups.toml", "version = \"1\"\n[[group]]\nname = \"sales\"\naliases = [\"sales\", \"sales team\"]\n").unwrap();
        let classes = lexicons::parse_classes("classes.toml", "[classes]\n").unwrap();
        let cues = [parse("heroic.tsv", CUES).unwrap()];
        let lexicons = Lexicons::compile_with(&[], &classes, &cues, groups, Topics::default()).unwrap();
        let mut tokens = Tokens::default();
        tokens.read(text, &clean::own_words(text, Markup::Plain), Markup::Plain, &lexicons.vocabulary);
        let (mut found, mut matches) = (Found::default(), Vec::new());
        let segment = tokens.segment(0);
        lexicons.find(text, segment, &mut PatternSpace::default(), &mut found);
        let means_a_group = !found.mentions.is_empty();
        lexicons.cues.score(text, segment, &found.mentions, means_a_group, &mut CueSpace::default(), &mut matches);
        let stretch = |tokens: &Range<usize>| text[segment[tokens.start].span().start..segment[tokens.end - 1].span().end].to_owned();
        let names = |cues: &[CueId]| cues.iter().map(|&cue| lexicons.cues.text(cue).to_owned()).collect();
        matches.iter().map(|found| (stretch(&found.tokens), names(&found.cues))).collect()
    }

    #[test]
    fn cues_add_up_to_a_stretch_and_the_strongest_stand_first() {
        let found = read("Today the sales team lifted the whole quarter");
        assert_eq!(
            found,
            [("sales team lifted the whole".to_owned(), vec!["lifted".into(), "@team lifted".into(), "lifted _ whole".into()])]
        );
    }

    #[test]
    fn a_sum_below_the_threshold_or_a_single_cue_is_nothing() {
        assert_eq!(read("Sales lifted the whole thing from the warehouse"), []);
        assert_eq!(read("We lifted, lifted and lifted the thing for sales"), []);
    }

    #[test]
    fn names_numbers_and_clause_breaks_are_seen_by_no_cue() {
        assert_eq!(read("Yesterday Lifted for sales, Lifted 2whole").len(), 0);
        assert_eq!(read("The sales, lifted, the whole quarter").len(), 0);
    }

    #[test]
    fn mistakes_of_a_file_are_told_with_their_line() {
        let told = |from: &str, to: &str| {
            let text = CUES.replace(from, to);
            match parse("heroic.tsv", &text) {
                Err(fault) => fault.to_string(),
                Ok(file) => Cues::compile(&[file], &mut Vocabulary::default()).unwrap_err()[0].to_string(),
            }
        };
        assert_eq!(told("lifted\t2.00", "lifted 2"), "heroic.tsv:7: found \"lifted 2\", expected a cue, a tab and a weight that is not 0");
        assert_eq!(told("# threshold: 2.50", "# threshold: -1"), "heroic.tsv:5: threshold: found \"-1\", expected a number above 0");
        assert_eq!(told("# version: 1\n", ""), "heroic.tsv:1: key \"version\" is missing");
        assert_eq!(
            told("# version: 1\n", "# version: 1\n# threshold without a team: 4\n"),
            "heroic.tsv:1: key \"expected false alarms without a team\" is missing"
        );
        assert_eq!(
            told("# version", "# versoin"),
            "heroic.tsv:3: unknown key \"versoin\"; expected one of category, language, version, fitted from, threshold, expected false alarms, threshold without a team, \
             expected false alarms without a team; did you mean \"version\"?"
        );
        assert_eq!(told("warehouse", "lifted"), "heroic.tsv:10: \"lifted\" already stands in this file");
        assert!(told("warehouse", "a b c d").starts_with("heroic.tsv:10: \"a b c d\" is no cue"));
        assert!(told("warehouse", "@team").starts_with("heroic.tsv:10: \"@team\" is no cue"));
    }

    #[test]
    fn another_spelling_is_the_same_cue_whatever_other_categories_hold() {
        let file = |category: &str, cues: &str| {
            let (head, _) = CUES.split_once("lifted").unwrap();
            parse("a.tsv", &format!("{}{cues}", head.replace("heroic", category))).unwrap()
        };
        let files = [file("heroic", "don't\t1.00\n"), file("ivory_tower", "dont\t2.00\ndon't\t1.00\n")];
        let cues = Cues::compile(&files, &mut Vocabulary::default()).unwrap();
        assert_eq!((cues.list.len(), cues.weight(CueId(0), Category::IvoryTower)), (1, Weight(200)));
    }

    #[test]
    fn what_was_struck_out_holds_by_whole_words() {
        let struck = parse_struck("struck.tsv", "# why\nthe pen\ta thing\n").unwrap();
        assert!(struck.holds("with the pen") && struck.holds("the pen"));
        assert!(!struck.holds("the penalty") && !struck.holds("pen"));
        assert_eq!(
            parse_struck("struck.tsv", "pen\n").unwrap_err().to_string(),
            "struck.tsv:1: found \"pen\", expected a cue, a tab and a reason"
        );
    }
}
