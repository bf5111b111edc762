//! A pattern's text → its elements.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::lexicon::phrase::sequences;

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    /// One word.
    Word(String),
    /// Every word that begins so.
    Stem(String),
    /// One word in any inflection.
    Inflected(String),
    /// A word or phrase of a class.
    Class(String),
    /// A name of a group.
    Team,
    /// Any words, at least and at most so many.
    Gap(u8, u8),
    /// One of several sequences.
    Choice(Vec<Vec<Item>>),
    /// The item or nothing.
    Optional(Box<Item>),
    /// Begin of what a hit spans.
    CoreStart,
    /// End of what a hit spans.
    CoreEnd,
}

/// A parsed pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    /// Whether it begins with the segment.
    pub(super) at_start: bool,
    /// Whether it ends with the segment.
    pub(super) at_end: bool,
    /// Its elements.
    pub(super) items: Vec<Item>,
}

/// Longest gap, in words.
const MAX_GAP: u8 = 6;

/// Function words, which alone say nothing. A `?` may stand behind them without parentheses; a pattern needs something rarer.
const FUNCTION_WORDS: &str = "a an the this that these those some any every each all both no not never i me my we us our you your he him his she her it its \
    they them their who whom whose which what there here be am is are was were been being have has had having do does did done doing will would shall \
    should can could may might must to of in on at by for with from into onto over under up down out off about as than like so too very just only \
    even still again ever and or but nor if then else when while because since until where how why one ones more most much many few own same \
    get gets got go goes went come came say says said make makes made know knows knew see saw take takes took want wants need needs let lets \
    don't doesn't didn't isn't aren't wasn't weren't won't wouldn't can't cannot couldn't haven't hasn't hadn't s";

/// Whether a word is one of those that stand in nearly every sentence.
#[must_use]
pub fn is_function_word(word: &str) -> bool {
    static KNOWN: LazyLock<FxHashSet<&str>> = LazyLock::new(|| FUNCTION_WORDS.split_ascii_whitespace().collect());
    KNOWN.contains(word)
}

/// Whether a string uses the notation at all; else it is a plain phrase.
pub(in crate::lexicon) fn is_pattern(string: &str) -> bool {
    string.contains(['(', ')', '|', '?', '@', '{', '}', '<', '>', '~', '^', '$'])
}

/// Parses a pattern.
///
/// # Errors
/// What was found and what was expected.
pub(super) fn parse(text: &str) -> Result<Pattern, String> {
    let tokens = lex(text)?;
    let mut tokens = tokens.as_slice();
    let at_start = tokens.first() == Some(&Lexeme::Sign('^'));
    if at_start {
        tokens = &tokens[1..];
    }
    let at_end = tokens.last() == Some(&Lexeme::Sign('$'));
    if at_end {
        tokens = &tokens[..tokens.len() - 1];
    }
    let mut parser = Parser { tokens, depth: 0 };
    let items = parser.sequence()?;
    match parser.tokens.first() {
        None => {}
        Some(Lexeme::Sign('|')) => return Err("found | outside parentheses".to_owned()),
        Some(other) => return Err(format!("found {other}, expected an element")),
    }
    check_shape(&items)?;
    Ok(Pattern { at_start, at_end, items })
}

fn check_shape(items: &[Item]) -> Result<(), String> {
    if matches!(items.first(), Some(Item::Gap(..))) || matches!(items.last(), Some(Item::Gap(..))) {
        return Err("a gap stands at the beginning or end".to_owned());
    }
    let marks: Vec<usize> = (0..items.len()).filter(|&at| matches!(items[at], Item::CoreStart | Item::CoreEnd)).collect();
    match marks[..] {
        [] => Ok(()),
        [start, end] if items[start] == Item::CoreStart && items[end] == Item::CoreEnd => {
            let has_required = items[start + 1..end].iter().any(|item| !matches!(item, Item::Optional(_) | Item::Gap(..)));
            if has_required { Ok(()) } else { Err("the core < > holds nothing that is required".to_owned()) }
        }
        _ => Err("expected one core < >, outside parentheses".to_owned()),
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Lexeme {
    Word(String),
    Class(String),
    Gap(u8, u8),
    Sign(char),
}

impl std::fmt::Display for Lexeme {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Word(word) => write!(f, "\"{word}\""),
            Self::Class(name) => write!(f, "@{name}"),
            Self::Gap(least, most) => write!(f, "{{{least},{most}}}"),
            Self::Sign(sign) => write!(f, "{sign}"),
        }
    }
}

fn lex(text: &str) -> Result<Vec<Lexeme>, String> {
    let mut lexemes = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' | ')' | '|' | '?' | '~' | '<' | '>' | '^' | '$' => {
                lexemes.push(Lexeme::Sign(first));
                1
            }
            '{' => {
                let (gap, length) = gap(rest)?;
                lexemes.push(gap);
                length
            }
            '@' => {
                let length = 1 + rest[1..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len() - 1);
                lexemes.push(Lexeme::Class(rest[1..length].to_owned()));
                length
            }
            '\\' | '[' | ']' | '+' | '}' => return Err(format!("found {first}, which is no operator here")),
            _ => {
                let length = rest.find(|c: char| c.is_whitespace() || "()|?~<>^$@{}".contains(c)).unwrap_or(rest.len());
                lexemes.push(Lexeme::Word(rest[..length].to_owned()));
                length
            }
        };
        rest = rest[length..].trim_start();
    }
    Ok(lexemes)
}

fn gap(rest: &str) -> Result<(Lexeme, usize), String> {
    let wrong =
        || format!("found a gap {}, expected {{LEAST,MOST}} with at most {MAX_GAP} words", rest.chars().take(6).collect::<String>());
    let end = rest.find('}').ok_or_else(wrong)?;
    let (least, most) = rest[1..end].split_once(',').ok_or_else(wrong)?;
    let (least, most) = (least.trim().parse().map_err(|_| wrong())?, most.trim().parse().map_err(|_| wrong())?);
    if least > most || most == 0 || most > MAX_GAP { Err(wrong()) } else { Ok((Lexeme::Gap(least, most), end + 1)) }
}

/// Parentheses inside parentheses.
const MAX_DEPTH: usize = 6;

struct Parser<'a> {
    tokens: &'a [Lexeme],
    depth: usize,
}

impl Parser<'_> {
    fn sequence(&mut self) -> Result<Vec<Item>, String> {
        let mut items = Vec::new();
        while let Some(lexeme) = self.tokens.first() {
            if matches!(lexeme, Lexeme::Sign('|' | ')')) {
                break;
            }
            self.element(&mut items)?;
        }
        if items.is_empty() { Err("found nothing, expected an element".to_owned()) } else { Ok(items) }
    }

    fn element(&mut self, items: &mut Vec<Item>) -> Result<(), String> {
        let Some((lexeme, rest)) = self.tokens.split_first() else { return Err("found the end, expected an element".to_owned()) };
        self.tokens = rest;
        let mut may_be_optional = true;
        let item = match lexeme {
            Lexeme::Word(word) => {
                let is_inflected = self.take('~');
                may_be_optional = is_function_word(word);
                words(word, is_inflected)?
            }
            Lexeme::Class(name) if name == "team" => Item::Team,
            Lexeme::Class(name) => Item::Class(name.clone()),
            &Lexeme::Gap(least, most) => Item::Gap(least, most),
            Lexeme::Sign('(') => self.choice()?,
            Lexeme::Sign('<') if self.depth == 0 => Item::CoreStart,
            Lexeme::Sign('>') if self.depth == 0 => Item::CoreEnd,
            Lexeme::Sign('<' | '>') => return Err("the core < > stands inside parentheses".to_owned()),
            Lexeme::Sign('~') => return Err("found ~, which stands only behind a word".to_owned()),
            Lexeme::Sign('?') => return Err("found ?, which stands only behind parentheses, a class or a function word".to_owned()),
            Lexeme::Sign(sign) => return Err(format!("found {sign} inside the pattern")),
        };
        if self.take('?') {
            if !may_be_optional || matches!(item, Item::Gap(..) | Item::CoreStart | Item::CoreEnd) {
                return Err(format!("found {lexeme}?; to make it optional write ({lexeme})?"));
            }
            items.push(Item::Optional(Box::new(item)));
        } else {
            items.push(item);
        }
        if self.tokens.first() == Some(&Lexeme::Sign('~')) {
            return Err("found ~, which stands only behind a word".to_owned());
        }
        Ok(())
    }

    fn choice(&mut self) -> Result<Item, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("more than {MAX_DEPTH} parentheses inside each other"));
        }
        let mut choices = vec![self.sequence()?];
        while self.take('|') {
            choices.push(self.sequence()?);
        }
        if !self.take(')') {
            return Err("found no ) for a (".to_owned());
        }
        self.depth -= 1;
        Ok(Item::Choice(choices))
    }

    fn take(&mut self, sign: char) -> bool {
        let is_there = self.tokens.first() == Some(&Lexeme::Sign(sign));
        if is_there {
            self.tokens = &self.tokens[1..];
        }
        is_there
    }
}

/// A written word: with a hyphen both the split and the joined form; several tokens ("r&d", "they're") in a row.
fn words(word: &str, is_inflected: bool) -> Result<Item, String> {
    let sequences = sequences(word)?;
    let mut choices: Vec<Vec<Item>> = Vec::with_capacity(sequences.len());
    for sequence in sequences {
        let last = sequence.len() - 1;
        choices.push(
            sequence
                .into_iter()
                .enumerate()
                .map(|(at, part)| match part.strip_suffix('*') {
                    Some(stem) => Item::Stem(stem.to_owned()),
                    None if is_inflected && at == last => Item::Inflected(part),
                    None => Item::Word(part),
                })
                .collect(),
        );
    }
    match choices.pop() {
        Some(mut only) if choices.is_empty() && only.len() == 1 => Ok(only.remove(0)),
        Some(last) => {
            choices.push(last);
            Ok(Item::Choice(choices))
        }
        None => Err(format!("\"{word}\" holds no word")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_of_the_notation_are_told() {
        for (pattern, why) in [
            ("heads?", "found \"heads\"?; to make it optional write (\"heads\")?"),
            ("(a|b)~ x", "found ~, which stands only behind a word"),
            ("a b|c d", "found | outside parentheses"),
            ("x {0,9} y", "found a gap {0,9} , expected {LEAST,MOST} with at most 6 words"),
            ("{0,2} x", "a gap stands at the beginning or end"),
            ("(a|b) c\\b", "\"c\\b\": found an operator in \"c\\b\", expected words and stems (\"word*\") only"),
            ("(a|b) \\d", "found \\, which is no operator here"),
            ("(a|b) .* c", "\".*\": found an operator in \".*\", expected words and stems (\"word*\") only"),
            ("(a|b) [cd]", "found [, which is no operator here"),
            ("(a|b)+ c", "found +, which is no operator here"),
            ("saga ?", "found \"saga\"?; to make it optional write (\"saga\")?"),
            ("? saga", "found ?, which stands only behind parentheses, a class or a function word"),
            ("@place~ saga", "found ~, which stands only behind a word"),
            ("saga ~ ~", "found ~, which stands only behind a word"),
            ("(a|b c", "found no ) for a ("),
            ("<(a)?> b", "the core < > holds nothing that is required"),
            ("x > y", "expected one core < >, outside parentheses"),
        ] {
            let found = parse(pattern).map_or_else(|why| why, |pattern| format!("{pattern:?}"));
            assert_eq!(found, why, "{pattern}");
        }
    }

    #[test]
    fn elements_nest() {
        let pattern = parse("^(they|we) be~ <in (their)? own-goal @place> $").unwrap();
        assert!(pattern.at_start && pattern.at_end);
        assert_eq!(pattern.items.len(), 8);
        assert_eq!(pattern.items[1], Item::Inflected("be".to_owned()));
    }
}
