//! A pattern's elements → a program of states, with the part that it hangs on.

use rustc_hash::FxHashMap;

use super::parse::{Item, Pattern, is_function_word, parse};
use super::{Class, frequency, inflect};
use crate::fault;
use crate::frozen::{Fixed, fixed_as};
use crate::word::{Stem, Vocabulary, Word};

/// Most states of a program, so that a set of them is one machine word.
pub(super) const MAX_STATES: usize = 64;

/// Classes by name.
pub(in crate::lexicon) type ClassNames = FxHashMap<String, Class>;

/// What is known of a class's members.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::lexicon) struct Members {
    /// How often one of them stands in 100,000 words, roughly.
    pub(in crate::lexicon) rate: u32,
    /// Whether one of them is a function word, so that nothing can hang on the class.
    pub(in crate::lexicon) is_common: bool,
}

/// What a pattern's words and classes are looked up in.
pub(in crate::lexicon) struct Names<'a> {
    /// Classes by name, those of the file first, then those of every file.
    pub(in crate::lexicon) classes: [Option<&'a ClassNames>; 2],
    /// What is known of every class.
    pub(in crate::lexicon) members: &'a [Members],
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
    /// What it hangs on: the rarest parts of which it needs one.
    pub(super) anchor: Vec<Part>,
    /// What a segment must hold beside one of these for anything to match, one part of each list; the rarest first.
    pub(super) needs: Vec<Vec<Part>>,
}

/// What an edge can be taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

impl Fixed for Part {
    const N_BYTES: usize = <(u8, u32)>::N_BYTES;

    fn put(self, bytes: &mut Vec<u8>) {
        let (kind, id): (u8, u32) = match self {
            Self::Word(Word(id)) => (0, id),
            Self::Stem(Stem(id)) => (1, id),
            Self::Class(Class(id)) => (2, id.into()),
            Self::Team => (3, 0),
        };
        (kind, id).put(bytes);
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "an id that was written as wide as it is")]
    fn take(bytes: &[u8]) -> Self {
        let (kind, id) = <(u8, u32)>::take(bytes);
        match kind {
            0 => Self::Word(Word(id)),
            1 => Self::Stem(Stem(id)),
            2 => Self::Class(Class(id as u16)),
            _ => Self::Team,
        }
    }
}

/// Words, stems, classes and names of groups as a set of bits, each by a hash: what is held is in the set, and little else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Held(u128);

fixed_as!(Held, u128);

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

impl From<Part> for Held {
    fn from(part: Part) -> Self {
        match part {
            Part::Word(word) => Self::word(word),
            Part::Stem(stem) => Self::stem(stem),
            Part::Class(class) => Self::class(class),
            Part::Team => Self::team(),
        }
    }
}

impl FromIterator<Self> for Held {
    fn from_iter<I: IntoIterator<Item = Self>>(parts: I) -> Self {
        parts.into_iter().fold(Self::default(), |held, part| Self(held.0 | part.0))
    }
}

/// What every match must hold one part of.
#[derive(Debug, Clone)]
struct Need {
    parts: Vec<Part>,
    /// How often one of them stands in 100,000 words, roughly.
    rate: u32,
    /// Whether a pattern may hang on them: no function word and no name of a group is among them.
    is_telling: bool,
}

/// Compiles a pattern.
///
/// # Errors
/// If it cannot be parsed, names an unknown class, is too large, or needs nothing but function words.
pub(in crate::lexicon) fn compile(text: &str, names: &mut Names<'_>) -> Result<Program, String> {
    let pattern = parse(text)?;
    let mut needs = needs(&pattern.items, names)?;
    let anchor = needs
        .iter()
        .position(|need| need.is_telling)
        .ok_or("needs nothing but function words, gaps and teams; expected one telling word or class that is not optional")?;
    let anchor = needs.remove(anchor).parts;
    Ok(Program { anchor, needs: needs.into_iter().map(|need| need.parts).collect(), ..program(&pattern, names)? })
}

/// What every match must hold: for each element that is not optional what may stand for it; the rarest first.
fn needs(items: &[Item], names: &mut Names<'_>) -> Result<Vec<Need>, String> {
    let mut all = Vec::new();
    for item in items {
        let mut need = match item {
            Item::Word(_) | Item::Inflected(_) => {
                let forms = forms_of(item);
                Need {
                    parts: words_of(item, names.vocabulary).into_iter().map(Part::Word).collect(),
                    rate: forms.iter().map(|form| frequency::of_word(form)).sum(),
                    is_telling: !forms.iter().any(|form| is_function_word(form)),
                }
            }
            Item::Stem(stem) => {
                Need { parts: vec![Part::Stem(names.vocabulary.intern_stem(stem)?)], rate: frequency::STEM, is_telling: true }
            }
            Item::Class(name) => {
                let class = class(name, names)?;
                let &Members { rate, is_common } = &names.members[class.0 as usize];
                Need { parts: vec![Part::Class(class)], rate, is_telling: !is_common }
            }
            Item::Team => Need { parts: vec![Part::Team], rate: frequency::TEAM, is_telling: false },
            Item::Choice(choices) => {
                let of_choices = choices.iter().map(|choice| needs(choice, names)).collect::<Result<Vec<_>, _>>()?;
                // Of a choice of several words the rarest on which something may hang tell most.
                let tells = |of_choice: Vec<Need>| {
                    let at = of_choice.iter().position(|need| need.is_telling).unwrap_or(0);
                    of_choice.into_iter().nth(at)
                };
                let Some(of_choices) = of_choices.into_iter().map(tells).collect::<Option<Vec<_>>>() else { continue };
                Need {
                    rate: of_choices.iter().map(|need| need.rate).sum(),
                    is_telling: of_choices.iter().all(|need| need.is_telling),
                    parts: of_choices.into_iter().flat_map(|need| need.parts).collect(),
                }
            }
            Item::Optional(_) | Item::Gap(..) | Item::CoreStart | Item::CoreEnd => continue,
        };
        need.parts.sort_unstable();
        need.parts.dedup();
        all.push(need);
    }
    all.sort_by_key(|need| need.rate);
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
    Ok(Program {
        edges: building.edges,
        closures,
        accept,
        at_start: pattern.at_start,
        at_end: pattern.at_end,
        anchor: Vec::new(),
        needs: Vec::new(),
    })
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

/// The words that an element stands for.
fn forms_of(item: &Item) -> Vec<String> {
    match item {
        Item::Word(word) => vec![word.clone()],
        Item::Inflected(word) => inflect(word),
        Item::Stem(_)
        | Item::Class(_)
        | Item::Team
        | Item::Gap(..)
        | Item::Choice(_)
        | Item::Optional(_)
        | Item::CoreStart
        | Item::CoreEnd => Vec::new(),
    }
}

fn words_of(item: &Item, vocabulary: &mut Vocabulary) -> Vec<Word> {
    let mut words: Vec<Word> = forms_of(item).iter().map(|form| vocabulary.intern(form)).collect();
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
