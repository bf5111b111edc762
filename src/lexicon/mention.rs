//! Names of groups in a segment, from the strings that were found in it.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::groups::Group;
use super::payload::Payload;
use super::{Match, Mention};
use crate::word::{MIN_SEGMENT_TOKENS, Token, Vocabulary, Word};

/// Words by which names are told from ordinary words.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Grammar {
    /// "in", "from".
    places: Vec<Word>,
    /// "the", "our".
    articles: Vec<Word>,
    /// What may stand before the subject of a clause: "and", "because", "what".
    openers: Vec<Word>,
    /// "did", "will": before the subject of a question.
    auxiliaries: Vec<Word>,
    /// What only people do, in the forms that follow their subject: "says", "wants".
    deeds: Vec<Word>,
    /// What people do, and adverbs, behind the subject of a question: "did legal even read it".
    asked: Vec<Word>,
    /// "ask", "hey": before whoever is spoken to or asked.
    calls: Vec<Word>,
    /// How a sentence goes on that began with whom it speaks to: "legal, can you …".
    requests: Vec<Word>,
}

impl Grammar {
    pub(super) fn intern(vocabulary: &mut Vocabulary) -> Self {
        let mut intern = |words: &str| words.split_whitespace().map(|word| vocabulary.intern(word)).collect();
        Self {
            places: intern("in from of at over on"),
            articles: intern("the our their your"),
            openers: intern(
                "and but so or because since if when while that why what how where whether then until unless once after before as",
            ),
            auxiliaries: intern("did do does will would can could has have had should is are was were"),
            deeds: intern(DEEDS),
            asked: intern(
                "ever even really actually just still know think want learn understand believe realise live see hear care talk speak ask say listen read do \
                 remember forget plan intend honestly seriously not",
            ),
            calls: intern(
                "ask asked asking tell told telling hey hi dear blame blames blamed ping pinged email emailed thank thanked invite invited dragged",
            ),
            requests: intern(
                "you your have can could would will please pls plz did do are what why how who when where thanks thank come remember stop",
            ),
        }
    }
}

/// Finite verbs whose subject is somebody: in text about things "design says", "pricing wants" do not occur.
const DEEDS: &str = "say says said think thinks thought know knows knew want wants wanted ask asks asked tell tells told promise promises promised insist \
    insists insisted decide decides decided reckon reckons reckoned believe believes believed swear swears swore write writes wrote send sends sent \
    lives sits sat spent spends lend lends lent forget forgets forgot remember remembers remembered refuse refuses refused love loves \
    loved hate hates hated laugh laughs laughed complain complains complained moan moans moaned dream dreams argue argues argued feels felt heard \
    listens listened understand understands understood learned learnt visited speak speaks spoke talk talks talked phoned emailed pinged saved \
    rescued dropped missed botched bungled blew deserve deserves deserved owe owes invited joined offered agreed stepped jumped helped knocked gave \
    brought borrowed thanked apologised admitted announced explained who";

/// Names of groups in a segment: the longest at each place, none inside a stop phrase, none in a segment that is too short to name one.
pub(super) fn find_mentions(text: &str, segment: &[Token], matches: &[Match], grammar: &Grammar, mentions: &mut Vec<Mention>) {
    mentions.clear();
    if segment.len() < MIN_SEGMENT_TOKENS {
        return;
    }
    for found in matches {
        let (group, tokens) = match found.payload {
            Payload::Alias(group) => (group, found.tokens.clone()),
            Payload::Field(group) => match with_people(segment, matches, &found.tokens, grammar) {
                Some(tokens) => (group, tokens),
                None => continue,
            },
            Payload::Weak(group) => {
                let is_team = || {
                    is_subject(segment, &found.tokens, grammar)
                        || is_called(text, segment, &found.tokens, grammar)
                        || is_proper(text, segment, &found.tokens)
                };
                match with_people(segment, matches, &found.tokens, grammar) {
                    Some(tokens) => (group, tokens),
                    None if is_team() => (group, found.tokens.clone()),
                    None => continue,
                }
            }
            Payload::Entry(_)
            | Payload::Unless(_)
            | Payload::Topic(_)
            | Payload::TopicUnless(_)
            | Payload::Work(_)
            | Payload::People
            | Payload::Stop
            | Payload::Class(_) => continue,
        };
        // "Sales leads" are no people of Sales, whatever stands beside the field.
        if is_stopped(&tokens, matches) {
            continue;
        }
        match mentions.last_mut() {
            Some(last) if last.tokens.end > tokens.start => {
                if tokens.len() > last.tokens.len() {
                    *last = Mention { group, tokens, field: found.tokens.clone() };
                } else if matches!(found.payload, Payload::Alias(_)) && tokens == last.tokens {
                    // A name that is listed ("field crews") goes before one that is put together of a field and a noun for people.
                    last.group = group;
                }
            }
            Some(_) | None => mentions.push(Mention { group, tokens, field: found.tokens.clone() }),
        }
    }
}

/// A field of work as a name: with the noun for people behind it ("payroll lads"), or behind a noun for people and a preposition of place ("the
/// girls in payroll").
fn with_people(segment: &[Token], matches: &[Match], field: &Range<usize>, grammar: &Grammar) -> Option<Range<usize>> {
    let is_people = |found: &&Match| found.payload == Payload::People;
    if segment.get(field.end).is_some_and(|next| !next.before.is_clause_break()) {
        let people =
            matches.iter().filter(is_people).filter(|people| people.tokens.start == field.end).map(|people| people.tokens.end).max();
        if let Some(end) = people {
            return Some(field.start..end);
        }
    }
    let mut at = field.start.checked_sub(1)?;
    if grammar.articles.contains(&segment[at].word) {
        at = at.checked_sub(1)?;
    }
    let is_behind = grammar.places.contains(&segment[at].word) && matches.iter().filter(is_people).any(|people| people.tokens.end == at);
    is_behind.then(|| field.clone())
}

/// Whether a stretch lies inside a phrase in which a name names none.
fn is_stopped(tokens: &Range<usize>, matches: &[Match]) -> bool {
    matches.iter().any(|stop| stop.payload == Payload::Stop && stop.tokens.start <= tokens.start && tokens.end <= stop.tokens.end)
}

/// Ordinary words that name a group only as the subject of wording, outside longer names ("field marketing"), compounds ("product strategy") and stop
/// phrases ("credit to them").
pub(super) fn find_weak(segment: &[Token], matches: &[Match], mentions: &[Mention], weak: &mut Vec<Mention>) {
    weak.clear();
    for found in matches {
        let Payload::Weak(group) = found.payload else { continue };
        let tokens = &found.tokens;
        let is_apart = segment[tokens.start].before.is_clause_break();
        let is_behind = |name: &Mention| tokens.start == name.tokens.end && !is_apart;
        let is_within = |name: &Mention| name.tokens.start < tokens.end && tokens.start < name.tokens.end;
        if !mentions.iter().any(|name| is_behind(name) || is_within(name)) && !is_stopped(tokens, matches) {
            weak.push(Mention { group, tokens: tokens.clone(), field: tokens.clone() });
        }
    }
}

/// Groups that a segment brings up without naming them, last first to be asked: what a sentence of one or two words names ("IT?"), and ordinary
/// words that open a sentence or stand apart at its end.
pub(super) fn find_hinted(segment: &[Token], matches: &[Match], mentions: &[Mention], hinted: &mut Vec<Group>) {
    hinted.clear();
    let is_short = segment.len() < MIN_SEGMENT_TOKENS;
    for found in matches {
        let is_apart = found.tokens.end == segment.len() && segment[found.tokens.start].before.is_clause_break();
        let group = match found.payload {
            Payload::Alias(group) if is_short => group,
            Payload::Weak(group) if found.tokens.start == 0 || is_apart => group,
            _ => continue,
        };
        let is_taken = mentions.iter().any(|name| name.tokens.start < found.tokens.end && found.tokens.start <= name.tokens.end);
        if !is_taken && !is_stopped(&found.tokens, matches) {
            hinted.push(group);
        }
    }
}

/// Whether an ordinary word does what only people do: "design says", "because planning forgot", "did legal even read it", "contracts, who".
fn is_subject(segment: &[Token], name: &Range<usize>, grammar: &Grammar) -> bool {
    let Some(next) = segment.get(name.end) else { return false };
    let opens = |at: usize| at == 0 || segment[at].before.is_clause_break() || grammar.openers.contains(&segment[at - 1].word);
    let is_parted = next.before.is_clause_break();
    if opens(name.start) {
        return !is_parted && grammar.deeds.contains(&next.word);
    }
    let is_asked = grammar.auxiliaries.contains(&segment[name.start - 1].word) && opens(name.start - 1);
    is_asked && !is_parted && grammar.asked.contains(&next.word)
}

/// Whether an ordinary word is whom the sentence speaks to or whom somebody asks: "@brand", "legal, can you", "how did that go, product?",
/// "ask pricing".
fn is_called(text: &str, segment: &[Token], name: &Range<usize>, grammar: &Grammar) -> bool {
    let first = &segment[name.start];
    if text[..first.span().start].ends_with('@') {
        return true;
    }
    let next = segment.get(name.end);
    let is_last = next.is_none_or(|next| next.before.is_clause_break());
    if name.start == 0 {
        return next.is_some_and(|next| next.before.is_clause_break() && grammar.requests.contains(&next.word));
    }
    if !is_last {
        return false;
    }
    if first.before.is_clause_break() {
        let asks = |token: &Token| grammar.requests.contains(&token.word);
        return next.is_none() && segment[..name.start].iter().take(2).any(asks);
    }
    grammar.calls.contains(&segment[name.start - 1].word)
}

/// Whether an ordinary word is written as a name: with a capital within a sentence that has few, and none beside it.
fn is_proper(text: &str, segment: &[Token], name: &Range<usize>) -> bool {
    let is_capital = |at: usize| {
        let mut letters = segment[at].span().of(text).chars();
        letters.next().is_some_and(char::is_uppercase) && letters.next().is_none_or(char::is_lowercase)
    };
    if name.start == 0 || !name.clone().all(is_capital) {
        return false;
    }
    let is_joined = |left: usize, right: usize| !segment[right].before.is_clause_break() && is_capital(left);
    let is_part = is_joined(name.start - 1, name.start) && name.start > 1
        || segment.get(name.end).is_some_and(|next| !next.before.is_clause_break() && is_capital(name.end));
    // Headings and lists of names capitalise what else is written small.
    !is_part && (1..segment.len()).filter(|&at| is_capital(at)).count() * 3 <= segment.len()
}
