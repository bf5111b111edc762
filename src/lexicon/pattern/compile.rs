//! A pattern's elements → a program of states, with the part that it hangs on.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::parse::{Item, Pattern, is_function_word, parse};
use super::{Class, inflect};
use crate::fault;
use crate::word::{Stem, Vocabulary, Word};

/// Most states of a program, so that a set of them is one machine word.
pub(super) const MAX_STATES: usize = 64;

/// Classes by name.
pub(in crate::lexicon) type ClassNames = FxHashMap<String, Class>;

/// What a pattern's words and classes are looked up in.
pub(in crate::lexicon) struct Names<'a> {
    /// Classes by name, those of the file first, then those of every file.
    pub(in crate::lexicon) classes: [Option<&'a ClassNames>; 2],
    /// For every class, whether one of its members is a function word, so that nothing can hang on it.
    pub(in crate::lexicon) is_common: &'a [bool],
    /// Words and stems.
    pub(in crate::lexicon) vocabulary: &'a mut Vocabulary,
}

/// What a state waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Label {
    /// One of some words, sorted.
    Words(Vec<Word>),
    /// A word that begins so.
    Stem(Stem),
    /// A member of a class.
    Class(Class),
    /// A name of a group.
    Team,
    /// Any word.
    Any,
}

/// A step from one state to another over some tokens.
#[derive(Debug, Clone)]
pub(super) struct Edge {
    pub(super) label: Label,
    pub(super) to: u8,
    /// Whether a comma may stand before it, as inside and behind a gap.
    pub(super) is_loose: bool,
    /// Whether its tokens belong to the core.
    pub(super) is_core: bool,
}

/// A compiled pattern.
#[derive(Debug)]
pub(in crate::lexicon) struct Program {
    pub(super) edges: Vec<Vec<Edge>>,
    /// For every state, itself and all that are reached without a token.
    pub(super) closures: Vec<u64>,
    pub(super) accept: u8,
    pub(super) at_start: bool,
    pub(super) at_end: bool,
    /// What a segment must hold, one part of each list, for anything to match; the shortest list first.
    pub(super) needs: Vec<Vec<Part>>,
}

/// What an edge can be taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) enum Part {
    /// A word.
    Word(Word),
    /// A word that begins so.
    Stem(Stem),
    /// A member of a class.
    Class(Class),
    /// A name of a group.
    Team,
}

/// Words, stems, classes and names of groups as a set of bits, each by a hash: what is held is in the set, and little else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Held(u128);

impl Held {
    fn of(kind: u32, id: u32) -> Self {
        Self(1 << (id.wrapping_mul(4).wrapping_add(kind).wrapping_mul(0x9e37_79b1) >> 25))
    }

    pub(super) fn word(word: Word) -> Self {
        Self::of(0, word.0)
    }

    pub(super) fn stem(stem: Stem) -> Self {
        Self::of(1, stem.0)
    }

    pub(super) fn class(class: Class) -> Self {
        Self::of(2, class.0.into())
    }

    pub(super) fn team() -> Self {
        Self::of(3, 0)
    }

    /// Whatever there is.
    pub(super) const fn all() -> Self {
        Self(u128::MAX)
    }

    pub(super) const fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    pub(super) const fn shares(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// The rarest part without which a pattern cannot match: one of these must stand in the segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::lexicon) enum Anchor {
    /// One of some words.
    Words(Vec<Word>),
    /// A word with this beginning.
    Stem(Stem),
    /// A member of a class.
    Class(Class),
}

/// Compiles a pattern.
///
/// # Errors
/// If it cannot be parsed, names an unknown class, is too large, or needs nothing but function words.
pub(in crate::lexicon) fn compile(text: &str, names: &mut Names<'_>) -> Result<(Program, Vec<Anchor>), String> {
    let pattern = parse(text)?;
    let anchors = anchors(&pattern.items, names)?
        .filter(|anchors| !anchors.is_empty())
        .ok_or("needs nothing but function words, gaps and teams; expected one telling word or class that is not optional")?;
    let needs = needs(&pattern.items, names)?;
    Ok((Program { needs, ..program(&pattern, names)? }, anchors))
}

/// What every match must hold: for each element that is not optional what may stand for it.
fn needs(items: &[Item], names: &mut Names<'_>) -> Result<Vec<Vec<Part>>, String> {
    let mut all = Vec::new();
    for item in items {
        let mut parts = match item {
            Item::Word(_) | Item::Inflected(_) => words_of(item, names.vocabulary).into_iter().map(Part::Word).collect(),
            Item::Stem(stem) => vec![Part::Stem(names.vocabulary.intern_stem(stem)?)],
            Item::Class(name) => vec![Part::Class(class(name, names)?)],
            Item::Team => vec![Part::Team],
            Item::Choice(choices) => {
                let of_choices = choices.iter().map(|choice| needs(choice, names)).collect::<Result<Vec<_>, _>>()?;
                if of_choices.iter().any(Vec::is_empty) {
                    continue;
                }
                // Of a choice of several words the shortest list tells most.
                of_choices.into_iter().filter_map(|of_choice| of_choice.into_iter().next()).flatten().collect()
            }
            Item::Optional(_) | Item::Gap(..) | Item::CoreStart | Item::CoreEnd => continue,
        };
        parts.sort_unstable();
        parts.dedup();
        all.push(parts);
    }
    all.sort_by_key(Vec::len);
    Ok(all)
}

fn program(pattern: &Pattern, names: &mut Names<'_>) -> Result<Program, String> {
    let has_core = pattern.items.contains(&Item::CoreStart);
    let mut building = Building { edges: vec![Vec::new()], silent: vec![Vec::new()], in_core: !has_core, is_loose: false, names };
    let accept = building.sequence(&pattern.items, 0)?;
    let n = building.edges.len();
    let mut closures: Vec<u64> = (0..n).map(|state| 1 << state).collect();
    // Every round adds at least one state to some closure or is the last, so that this ends.
    loop {
        let mut changed = false;
        for state in 0..n {
            let more = building.silent[state].iter().fold(closures[state], |set, &next| set | closures[next as usize]);
            changed |= more != closures[state];
            closures[state] = more;
        }
        if !changed {
            break;
        }
    }
    Ok(Program { edges: building.edges, closures, accept, at_start: pattern.at_start, at_end: pattern.at_end, needs: Vec::new() })
}

struct Building<'a, 'b> {
    edges: Vec<Vec<Edge>>,
    silent: Vec<Vec<u8>>,
    in_core: bool,
    is_loose: bool,
    names: &'a mut Names<'b>,
}

impl Building<'_, '_> {
    fn state(&mut self) -> Result<u8, String> {
        if self.edges.len() == MAX_STATES {
            return Err(format!("more than {MAX_STATES} states; cut it into several patterns or put choices into a class"));
        }
        self.edges.push(Vec::new());
        self.silent.push(Vec::new());
        u8::try_from(self.edges.len() - 1).map_err(|error| error.to_string())
    }

    fn step(&mut self, from: u8, label: Label) -> Result<u8, String> {
        let to = self.state()?;
        self.edges[from as usize].push(Edge { label, to, is_loose: self.is_loose, is_core: self.in_core });
        Ok(to)
    }

    fn sequence(&mut self, items: &[Item], mut from: u8) -> Result<u8, String> {
        for item in items {
            from = self.item(item, from)?;
            self.is_loose = match item {
                Item::Gap(..) => true,
                // Whether the gap's last word was taken or not, what follows an optional element behind a gap is loose too.
                Item::Optional(_) | Item::CoreStart | Item::CoreEnd => self.is_loose,
                Item::Word(_) | Item::Stem(_) | Item::Inflected(_) | Item::Class(_) | Item::Team | Item::Choice(_) => false,
            };
        }
        Ok(from)
    }

    fn item(&mut self, item: &Item, from: u8) -> Result<u8, String> {
        match item {
            Item::Word(_) | Item::Inflected(_) => {
                let words = words_of(item, self.names.vocabulary);
                self.step(from, Label::Words(words))
            }
            Item::Stem(stem) => {
                let stem = self.names.vocabulary.intern_stem(stem)?;
                self.step(from, Label::Stem(stem))
            }
            Item::Class(name) => {
                let class = class(name, self.names)?;
                self.step(from, Label::Class(class))
            }
            Item::Team => self.step(from, Label::Team),
            Item::Choice(choices) => self.choice(choices, from),
            Item::Optional(inner) => {
                let to = self.item(inner, from)?;
                self.silent[from as usize].push(to);
                Ok(to)
            }
            &Item::Gap(least, most) => {
                self.is_loose = true;
                let mut ends = vec![];
                let mut at = from;
                for n in 0..most {
                    if n >= least {
                        ends.push(at);
                    }
                    at = self.step(at, Label::Any)?;
                }
                for end in ends {
                    self.silent[end as usize].push(at);
                }
                Ok(at)
            }
            Item::CoreStart => {
                self.in_core = true;
                Ok(from)
            }
            Item::CoreEnd => {
                self.in_core = false;
                Ok(from)
            }
        }
    }

    /// Single words of a choice become one step; longer alternatives get states of their own.
    fn choice(&mut self, choices: &[Vec<Item>], from: u8) -> Result<u8, String> {
        let is_single = |choice: &&Vec<Item>| matches!(choice[..], [Item::Word(_) | Item::Inflected(_)]);
        let mut words: Vec<Word> =
            choices.iter().filter(is_single).flat_map(|choice| words_of(&choice[0], self.names.vocabulary)).collect();
        words.sort_unstable();
        words.dedup();
        let was_loose = self.is_loose;
        let join = self.state()?;
        if !words.is_empty() {
            self.edges[from as usize].push(Edge { label: Label::Words(words), to: join, is_loose: was_loose, is_core: self.in_core });
        }
        for choice in choices.iter().filter(|choice| !is_single(choice)) {
            self.is_loose = was_loose;
            let end = self.sequence(choice, from)?;
            self.silent[end as usize].push(join);
        }
        self.is_loose = was_loose;
        Ok(join)
    }
}

fn words_of(item: &Item, vocabulary: &mut Vocabulary) -> Vec<Word> {
    let mut words: Vec<Word> = match item {
        Item::Word(word) => vec![vocabulary.intern(word)],
        Item::Inflected(word) => inflect(word).iter().map(|form| vocabulary.intern(form)).collect(),
        Item::Stem(_)
        | Item::Class(_)
        | Item::Team
        | Item::Gap(..)
        | Item::Choice(_)
        | Item::Optional(_)
        | Item::CoreStart
        | Item::CoreEnd => Vec::new(),
    };
    words.sort_unstable();
    words.dedup();
    words
}

fn class(name: &str, names: &Names<'_>) -> Result<Class, String> {
    let scopes = names.classes.iter().flatten();
    scopes.clone().find_map(|scope| scope.get(name).copied()).ok_or_else(|| {
        let mut known: Vec<&str> = scopes.flat_map(|scope| scope.keys()).map(String::as_str).chain(["team"]).collect();
        known.sort_unstable();
        format!("unknown class @{name}{}", fault::nearest(name, known))
    })
}

/// The rarest of the elements that every match must hold; `None` if all are common or optional.
fn anchors(items: &[Item], names: &mut Names<'_>) -> Result<Option<Vec<Anchor>>, String> {
    let mut best: Option<Vec<Anchor>> = None;
    for item in items {
        let found = match item {
            Item::Word(word) if is_function_word(word) => None,
            Item::Inflected(word) if inflect(word).iter().any(|form| is_function_word(form)) => None,
            Item::Word(_) | Item::Inflected(_) => Some(vec![Anchor::Words(words_of(item, names.vocabulary))]),
            Item::Stem(stem) => Some(vec![Anchor::Stem(names.vocabulary.intern_stem(stem)?)]),
            Item::Class(name) => {
                let class = class(name, names)?;
                (!names.is_common[class.0 as usize]).then(|| vec![Anchor::Class(class)])
            }
            Item::Choice(choices) => {
                let mut all = Some(Vec::new());
                for choice in choices {
                    all = match (all, anchors(choice, names)?) {
                        (Some(mut all), Some(more)) => {
                            all.extend(more);
                            Some(all)
                        }
                        (Some(_) | None, _) => None,
                    };
                }
                all
            }
            Item::Team | Item::Gap(..) | Item::Optional(_) | Item::CoreStart | Item::CoreEnd => None,
        };
        if let Some(found) = found
            && best.as_ref().is_none_or(|best| cost(&found) < cost(best))
        {
            best = Some(found);
        }
    }
    Ok(best)
}

/// How often an anchor will stand in a text, roughly: by the number of its words. Classes are long and their members common.
fn cost(anchors: &[Anchor]) -> usize {
    anchors
        .iter()
        .map(|anchor| match anchor {
            Anchor::Words(words) => words.len(),
            Anchor::Stem(_) => 6,
            Anchor::Class(_) => 60,
        })
        .sum()
}
