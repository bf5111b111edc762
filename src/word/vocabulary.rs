//! The words and stems that matching knows, under their folded forms.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::forms::Forms;
use super::key::Key;
use super::{Stem, Word};

/// Longest word that is looked up, in bytes; no entry is longer.
const MAX_WORD_BYTES: usize = 40;

/// The words and stems that entries, aliases and rules are made of.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Vocabulary {
    words: Forms,
    n_words: u32,
    stems: Vec<StemForm>,
    #[serde(skip)]
    stems_by_head: FxHashMap<[u8; STEM_HEAD_BYTES], Vec<Stem>>,
    /// One bit for each hash of a stem's head.
    #[serde(skip)]
    heads: Heads,
    /// Whether [`Vocabulary::finish`] has something to do.
    #[serde(skip)]
    has_new_stems: bool,
}

/// A stem is found by its first bytes; shorter ones would be tried at nearly every word.
const STEM_HEAD_BYTES: usize = 4;

/// The hashes of some heads: most words begin like no stem, which is told here.
#[derive(Debug)]
struct Heads(Box<[u64; Self::N_BITS / 64]>);

impl Default for Heads {
    fn default() -> Self {
        Self(Box::new([0; Self::N_BITS / 64]))
    }
}

impl Heads {
    const N_BITS: usize = 1 << 15;

    const fn place(head: u32) -> (usize, u32) {
        let hash = head.wrapping_mul(0x9e37_79b1) >> (u32::BITS - Self::N_BITS.trailing_zeros());
        (hash as usize / 64, hash % 64)
    }

    fn add(&mut self, head: [u8; STEM_HEAD_BYTES]) {
        let (at, bit) = Self::place(u32::from_le_bytes(head));
        self.0[at] |= 1 << bit;
    }

    fn may_hold(&self, head: u32) -> bool {
        let (at, bit) = Self::place(head);
        self.0[at] >> bit & 1 == 1
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct StemForm {
    text: Box<str>,
    shorter: Stem,
}

impl Vocabulary {
    /// The id of a word (raw or folded), made if it is new.
    pub fn intern(&mut self, word: &str) -> Word {
        let folded = fold(word);
        if let Some((known, _)) = self.words.get(folded.as_bytes()) {
            return known;
        }
        self.n_words += 1;
        let id = Word(self.n_words);
        for form in spelling_variants(&folded).iter().chain([&folded]) {
            self.words.add(form, id, self.stem_of(form.as_bytes()));
        }
        id
    }

    /// The id of a stem, made if it is new. `finish` must follow before texts are read.
    ///
    /// # Errors
    /// If the stem is shorter than four bytes.
    pub fn intern_stem(&mut self, stem: &str) -> Result<Stem, String> {
        let folded = fold(stem);
        let Some(&head) = folded.as_bytes().first_chunk::<STEM_HEAD_BYTES>() else {
            return Err(format!("stem \"{stem}*\" is shorter than {STEM_HEAD_BYTES} letters"));
        };
        let same_head = self.stems_by_head.entry(head).or_default();
        if let Some(&known) = same_head.iter().find(|&&known| *self.stems[known.0 as usize - 1].text == *folded) {
            return Ok(known);
        }
        self.stems.push(StemForm { text: folded.into(), shorter: Stem::NONE });
        let id = Stem(u32::try_from(self.stems.len()).unwrap_or(u32::MAX));
        same_head.push(id);
        self.heads.add(head);
        self.has_new_stems = true;
        Ok(id)
    }

    /// Puts the longest stems first and links each to the next shorter one that it begins with.
    pub fn finish(&mut self) {
        if !std::mem::take(&mut self.has_new_stems) {
            return;
        }
        self.sort_stems();
        let stems = &mut self.stems;
        let heads: Vec<_> = self.stems_by_head.values().collect();
        for same_head in heads {
            for (i, &stem) in same_head.iter().enumerate() {
                let text = stems[stem.0 as usize - 1].text.clone();
                let shorter = same_head[i + 1..].iter().find(|other| text.starts_with(&*stems[other.0 as usize - 1].text));
                stems[stem.0 as usize - 1].shorter = shorter.copied().unwrap_or(Stem::NONE);
            }
        }
        let mut words = std::mem::take(&mut self.words);
        words.set_stems(|word| self.stem_of(word));
        self.words = words;
    }

    fn sort_stems(&mut self) {
        let mut heads: Vec<_> = self.stems_by_head.values_mut().collect();
        for same_head in &mut heads {
            same_head.sort_by_key(|stem| std::cmp::Reverse(self.stems[stem.0 as usize - 1].text.len()));
        }
    }

    /// Makes a vocabulary that was written down ready to be looked up in and added to.
    pub(crate) fn thaw(&mut self) {
        self.words.thaw();
        for (id, stem) in (1..).map(Stem).zip(&self.stems) {
            if let Some(head) = stem.text.as_bytes().first_chunk() {
                self.stems_by_head.entry(*head).or_default().push(id);
                self.heads.add(*head);
            }
        }
        self.sort_stems();
    }

    /// The longest stem's shorter ones: every stem that a word with this longest stem begins with.
    pub fn stems_of(&self, longest: Stem) -> impl Iterator<Item = Stem> + '_ {
        let mut next = longest;
        std::iter::from_fn(move || {
            let stem = next;
            (stem != Stem::NONE).then(|| {
                next = self.stems[stem.0 as usize - 1].shorter;
                stem
            })
        })
    }

    /// One more than the largest word id.
    #[must_use]
    pub const fn n_word_ids(&self) -> usize {
        self.n_words as usize + 1
    }

    /// One more than the largest stem id.
    #[must_use]
    pub const fn n_stem_ids(&self) -> usize {
        self.stems.len() + 1
    }

    /// The ids of a word as it stands in a text.
    #[must_use]
    pub fn look_up(&self, raw: &str) -> (Word, Stem) {
        let word = match raw.as_bytes() {
            [head @ .., b'\'', b's' | b'S'] if !head.is_empty() => head,
            whole => whole,
        };
        let key = Key::of(word);
        if key.is_ascii() { self.look_up_ascii(key, || raw) } else { self.look_up_slowly(raw) }
    }

    /// The same for a word of ASCII letters and digits with its key; its letters are looked at where the key does not do.
    #[inline]
    pub(crate) fn look_up_ascii<'t>(&self, key: Key, raw: impl FnOnce() -> &'t str) -> (Word, Stem) {
        if !key.is_whole() {
            return self.look_up_slowly(raw());
        }
        let key = key.lower();
        if let Some(known) = self.words.get_whole(key) {
            return known;
        }
        if key.may_repeat() || self.heads.may_hold(key.first_four()) { self.look_up_slowly(raw()) } else { (Word::UNKNOWN, Stem::NONE) }
    }

    fn look_up_slowly(&self, raw: &str) -> (Word, Stem) {
        if raw.is_ascii() {
            let mut buffer = [0_u8; MAX_WORD_BYTES];
            let Some(buffer) = buffer.get_mut(..raw.len()) else { return (Word::UNKNOWN, Stem::NONE) };
            buffer.copy_from_slice(raw.as_bytes());
            buffer.make_ascii_lowercase();
            self.look_up_folded(buffer.strip_suffix(b"'s").filter(|rest| !rest.is_empty()).unwrap_or(buffer))
        } else {
            self.look_up_folded(fold(raw).as_bytes())
        }
    }

    fn look_up_folded(&self, folded: &[u8]) -> (Word, Stem) {
        if let Some(known) = self.words.get(folded) {
            return known;
        }
        let stem = self.stem_of(folded);
        if stem == Stem::NONE
            && has_elongation(folded)
            && let Ok(folded) = std::str::from_utf8(folded)
        {
            for keep in [2, 1] {
                let squeezed = squeeze(folded, keep);
                if let Some((word, _)) = self.words.get(squeezed.as_bytes()) {
                    return (word, Stem::NONE);
                }
            }
        }
        (Word::UNKNOWN, stem)
    }

    /// The longest stem that a folded word begins with.
    fn stem_of(&self, folded: &[u8]) -> Stem {
        let stems = folded.first_chunk().and_then(|head| self.stems_by_head.get(head));
        let begins_with = |stem: &&Stem| folded.starts_with(self.stems[stem.0 as usize - 1].text.as_bytes());
        stems.and_then(|stems| stems.iter().find(begins_with)).copied().unwrap_or(Stem::NONE)
    }
}

/// The folded form of a word: lower case, NFC, straight apostrophe, without a possessive 's.
#[must_use]
pub fn fold(word: &str) -> String {
    let mut lower = if word.is_ascii() {
        word.to_ascii_lowercase().replace('`', "'")
    } else {
        word.nfc().flat_map(char::to_lowercase).map(|c| if matches!(c, '’' | 'ʼ' | '`') { '\'' } else { c }).collect()
    };
    lower.truncate(strip_possessive(&lower).len());
    lower
}

fn strip_possessive(lower: &str) -> &str {
    lower.strip_suffix("'s").filter(|rest| !rest.is_empty()).unwrap_or(lower)
}

/// Whether a letter stands three times in a row ("sooo", "heroooes").
fn has_elongation(folded: &[u8]) -> bool {
    folded.windows(3).any(|three| three[0] == three[1] && three[1] == three[2] && three[0].is_ascii_alphabetic())
}

fn squeeze(folded: &str, keep: usize) -> String {
    let mut out = String::with_capacity(folded.len());
    let mut run = 0;
    for c in folded.chars() {
        run = if out.ends_with(c) { run + 1 } else { 1 };
        if run <= keep {
            out.push(c);
        }
    }
    out
}

/// Other spellings of a folded word that mean the same: British and American, and common chat spellings.
fn spelling_variants(folded: &str) -> Vec<String> {
    const ENDINGS: [(&str, &str); 10] = [
        ("ise", "ize"),
        ("ised", "ized"),
        ("ises", "izes"),
        ("ising", "izing"),
        ("isation", "ization"),
        ("isations", "izations"),
        ("our", "or"),
        ("ours", "ors"),
        ("oured", "ored"),
        ("ouring", "oring"),
    ];
    const WORDS: [(&str, &str); 12] = [
        ("you", "u"),
        ("your", "ur"),
        ("through", "thru"),
        ("because", "cuz"),
        ("though", "tho"),
        ("people", "ppl"),
        ("please", "pls"),
        ("defence", "defense"),
        ("armour", "armor"),
        ("mum", "mom"),
        ("centre", "center"),
        ("programme", "program"),
    ];
    let mut variants = Vec::new();
    for (british, american) in ENDINGS {
        for (from, to) in [(british, american), (american, british)] {
            // "our" itself, "four" and "or" have no twin.
            if let Some(head) = folded.strip_suffix(from).filter(|head| head.len() >= 3) {
                variants.push(format!("{head}{to}"));
            }
        }
    }
    for (long, short) in WORDS {
        if folded == long {
            variants.push(short.to_owned());
        } else if folded == short {
            variants.push(long.to_owned());
        }
    }
    if let Some(without) = folded.strip_suffix("n't") {
        variants.push(format!("{without}nt"));
    }
    variants
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_fold_case_apostrophe_possessive_spelling_and_elongation() {
        let mut vocabulary = Vocabulary::default();
        let hero = vocabulary.intern("hero");
        let organise = vocabulary.intern("organise");
        let wont = vocabulary.intern("won't");
        for (raw, word) in [("HERO", hero), ("Hero’s", hero), ("herooooo", hero), ("organize", organise), ("Won’t", wont), ("wont", wont)]
        {
            assert_eq!(vocabulary.look_up(raw).0, word, "{raw}");
        }
        assert_eq!(vocabulary.look_up("her").0, Word::UNKNOWN);
    }

    #[test]
    fn a_stem_fits_every_word_that_begins_with_it_and_knows_the_shorter_ones() {
        let mut vocabulary = Vocabulary::default();
        let short = vocabulary.intern_stem("intellect").unwrap();
        let long = vocabulary.intern_stem("intellectualis").unwrap();
        vocabulary.finish();
        assert_eq!(vocabulary.look_up("Intellectualising").1, long);
        assert_eq!(vocabulary.stems_of(long).collect::<Vec<_>>(), [long, short]);
        assert_eq!(vocabulary.look_up("intellects").1, short);
        assert!(vocabulary.intern_stem("int").is_err());
    }
}
