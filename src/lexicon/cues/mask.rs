//! What of a segment cues may see: words, but no name of a team or a person, no number and no address. So no cue can know who is meant.

use std::ops::Range;

use crate::frozen::fixed_as;
use crate::lexicon::Mention;
use crate::word::{self, Token};

/// Stands for the name of any team in a cue.
pub const TEAM: &str = "@team";

/// Stands for the word between in a cue of two words with one between.
pub const BETWEEN: &str = "_";

/// Code of a word that no cue holds or that is masked.
pub(super) const UNKNOWN: u32 = 0;

/// Bits of a word's code in a key.
const BITS: u32 = 20;

/// Code of a team's name.
const TEAM_CODE: u32 = (1 << BITS) - 1;

/// A word of a segment as cues see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    /// 0 where nothing may be seen, else the word's code or that of a team's name.
    pub code: u32,
    /// The segment's tokens: several for a name of a team.
    pub tokens: Range<usize>,
    /// Whether clause punctuation stands before it, over which no cue runs.
    pub is_break: bool,
}

impl Masked {
    /// Whether it is a team's name.
    #[must_use]
    pub const fn is_team(&self) -> bool {
        self.code == TEAM_CODE
    }
}

/// The codes of a cue's words in one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(u64);

fixed_as!(Key, u64);

impl Key {
    const GAP: u64 = 1 << 62;

    fn new(words: &[u32], has_gap: bool) -> Self {
        let packed = words.iter().fold(0, |packed, &word| packed << BITS | u64::from(word));
        Self(if has_gap { packed | Self::GAP } else { packed })
    }

    /// Whether it is a pair with one word between.
    #[must_use]
    pub const fn has_gap(self) -> bool {
        self.0 & Self::GAP != 0
    }

    /// A hash whose high bits depend on all of it.
    pub(super) const fn hash(self) -> u64 {
        (self.0 ^ self.0 >> 32).wrapping_mul(0xf135_7aea_2e62_a9c5)
    }

    /// The codes of its words, last first.
    pub(super) fn words(self) -> impl Iterator<Item = u32> {
        let mask = u64::from(TEAM_CODE);
        let codes = (0..3).map(move |at| u32::try_from(self.0 >> (BITS * at) & mask).unwrap_or(UNKNOWN));
        codes.filter(|&code| code != UNKNOWN && code != TEAM_CODE)
    }
}

/// A segment as cues see it, in place of what `words` held. `code` gives a word's code.
pub fn mask(text: &str, segment: &[Token], mentions: &[Mention], code: &impl Fn(&Token) -> u32, words: &mut Vec<Masked>) {
    words.clear();
    let is_capital = |at: usize| {
        let mut letters = segment[at].span().of(text).chars();
        letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
    };
    // Headings capitalise every word, which says nothing. Most segments hold no name at all, so this is asked late.
    let is_heading = || (0..segment.len()).filter(|&at| is_capital(at)).count() * 2 > segment.len();
    let mut mentions = mentions;
    let mut at = 0;
    while at < segment.len() {
        while let [mention, rest @ ..] = mentions
            && mention.tokens.start < at
        {
            mentions = rest;
        }
        let is_break = segment[at].before.is_clause_break();
        if let [mention, rest @ ..] = mentions
            && mention.tokens.start == at
        {
            mentions = rest;
            words.push(Masked { code: TEAM_CODE, tokens: mention.tokens.clone(), is_break });
            at = mention.tokens.end;
            continue;
        }
        let seen = code(&segment[at]);
        let is_masked = seen == UNKNOWN
            || seen >= TEAM_CODE
            || segment[at].span().of(text).bytes().any(|byte| byte.is_ascii_digit())
            || at > 0 && is_capital(at) && !is_heading();
        words.push(Masked { code: if is_masked { UNKNOWN } else { seen }, tokens: at..at + 1, is_break });
        at += 1;
    }
}

/// Calls `found(key, first, last)` for every cue that could stand in a segment: words, runs of two and three, pairs with one between; the name
/// of a team alone is none. `first` and `last` are places in `words`.
pub fn each_cue(words: &[Masked], found: &mut impl FnMut(Key, usize, usize)) {
    for (first, word) in words.iter().enumerate() {
        if word.code == UNKNOWN {
            continue;
        }
        if !word.is_team() {
            found(Key::new(&[word.code], false), first, first);
        }
        let Some(second) = words.get(first + 1).filter(|second| !second.is_break) else { continue };
        if second.code != UNKNOWN {
            found(Key::new(&[word.code, second.code], false), first, first + 1);
        }
        let Some(third) = words.get(first + 2).filter(|third| !third.is_break && third.code != UNKNOWN) else { continue };
        found(Key::new(&[word.code, third.code], true), first, first + 2);
        if second.code != UNKNOWN {
            found(Key::new(&[word.code, second.code, third.code], false), first, first + 2);
        }
    }
}

/// The key of a cue as it stands in a file; `code` gives a word's code.
///
/// # Errors
/// If it is no word, run of two or three, or pair with one between.
pub(super) fn key_of(cue: &str, code: &mut dyn FnMut(&str) -> u32) -> Result<Key, String> {
    let none = || format!("\"{cue}\" is no cue: expected a word, two or three, or two with \"{BETWEEN}\" between, \"{TEAM}\" for a team");
    let parts: Vec<&str> = cue.split(' ').collect();
    let (words, has_gap) = match parts[..] {
        [first, BETWEEN, last] => (vec![first, last], true),
        [_] | [_, _] | [_, _, _] => (parts.clone(), false),
        _ => return Err(none()),
    };
    if cue == TEAM || words.contains(&BETWEEN) {
        return Err(none());
    }
    let mut codes = Vec::with_capacity(words.len());
    for word in words {
        let is_word = || !word.is_empty() && !word.contains(|c: char| c.is_whitespace() || c.is_ascii_digit() || c == '@' || c == '*');
        match word {
            TEAM => codes.push(TEAM_CODE),
            _ if is_word() => codes.push(code(word)),
            _ => return Err(none()),
        }
    }
    if codes.iter().any(|&code| code > TEAM_CODE) {
        return Err(format!("\"{cue}\": more words than cues can hold"));
    }
    Ok(Key::new(&codes, has_gap))
}

/// A token's word as a cue spells it: folded, a contraction's second word in full.
#[must_use]
pub fn spelled(text: &str, token: &Token) -> String {
    let raw = token.span().of(text);
    if raw.starts_with(['\'', '’'])
        && let Some((_, full)) = word::split_clitic(&format!("he{raw}"))
    {
        return full.to_owned();
    }
    word::fold(raw)
}
