//! The group that a match is about. The rules know no group by name, so that swapping two groups' names in a text swaps the answer.

use std::ops::Range;

use super::roles::{Role, Roles};
use crate::lexicon::groups::Group;
use crate::lexicon::{About, Category, Mention};
use crate::token::Token;

/// How far a name may stand from a match, in tokens: nearer ones go first by cost, so that reach only decides whether a far one beats none.
const REACH: usize = 25;

/// Extra distance for every clause border between a name and a match.
const CLAUSE_COST: usize = 6;

/// Distance of a name inside the match, but not at its start.
const INSIDE_COST: usize = 4;

/// Extra distance for a name after the match: what is said of a group mostly follows its name.
const AFTER_COST: usize = 3;

/// Extra distance for a name after "to", "for", "with": it is given something rather than described.
const TOWARDS_COST: usize = 4;

/// Extra distance for the standard of a comparison.
const STANDARD_COST: usize = 12;

/// A weak name ("legal", "product") is the subject of wording only this close before it.
const WEAK_COST: usize = 3;

/// Gendered wording that counts only of a group ("the girls in Finance") is about one that costs no more than this.
const GENDERED_COST: usize = 8;

/// Gendered nouns count anywhere; they are about a group only if it is plainly meant ("foremen in Operations").
const GENDERED_NOUN_COST: usize = 6;

/// A name this close behind a preposition of place tells where the people before it work ("the girls in Finance").
const PLACE_REACH: usize = 3;

/// A segment and what framing knows around it.
pub(super) struct Around<'a> {
    pub(super) text: &'a str,
    pub(super) segment: &'a [Token],
    pub(super) mentions: &'a [Mention],
    /// Words that name a group only directly before the wording about it.
    pub(super) weak: &'a [Mention],
    /// The author's team.
    pub(super) speaker: Option<Group>,
    /// The group, other than the speaker's, that a segment of the message before this one named last.
    pub(super) named_before: Option<Group>,
    /// The group, other than the speaker's, that the segment before this one names, else the one after it.
    pub(super) named_beside: Option<Group>,
    pub(super) roles: &'a Roles,
}

/// Whether a match without a target may still be a hit: collaboration between two groups on equal terms is nobody's in particular.
pub(super) fn may_stand_alone(category: Category, around: &Around<'_>) -> bool {
    category == Category::Collaboration && around.mentions.iter().any(|mention| mention.group != around.mentions[0].group)
}

/// Whether any group may be meant in a segment: named, or by a pronoun that stands for one.
pub(super) fn may_be_meant(around: &Around<'_>) -> bool {
    !around.mentions.is_empty() || (0..around.segment.len()).any(|at| pronoun(at, true, around).is_some())
}

/// The groups a match is about: one, or two that are named on equal terms; none where no group is meant.
pub(super) fn targets(category: Category, about: About, tokens: &Range<usize>, around: &Around<'_>) -> Vec<Group> {
    match category {
        Category::Collaboration => partner(tokens, around),
        Category::Gendered => nearest(tokens, around, false)
            .filter(|candidate| candidate.cost <= if about == About::Group { GENDERED_COST } else { GENDERED_NOUN_COST })
            .map(|candidate| vec![candidate.group])
            .unwrap_or_default(),
        // Who talks down a past mostly means another team, even where "we" stands nearer; the own one only if no other is in sight.
        Category::PastFailure => {
            let others = with_equals(nearest(tokens, around, false), around);
            if others.is_empty() { with_equals(nearest(tokens, around, true), around) } else { others }
        }
        Category::Heroic => {
            let targets = with_equals(nearest(tokens, around, true), around);
            // Who praises without a subject praises the own team ("crushed it, as ever"), if the wording needs no other to be told.
            if targets.is_empty() && about != About::Group { around.speaker.into_iter().collect() } else { targets }
        }
        Category::IvoryTower | Category::AntiSales => with_equals(nearest(tokens, around, true), around),
    }
}

/// A group that may be meant, and how far it is.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    cost: usize,
    group: Group,
    /// Index of the mention, if it is one.
    mention: Option<usize>,
}

/// The cheapest candidate: names, "we", "they".
fn nearest(tokens: &Range<usize>, around: &Around<'_>, with_we: bool) -> Option<Candidate> {
    let mentions = around.mentions.iter().enumerate().filter_map(|(at, mention)| {
        let cost = cost(tokens, &mention.tokens, around)?;
        Some(Candidate { cost, group: mention.group, mention: Some(at) })
    });
    let pronouns = (0..around.segment.len()).filter_map(|at| {
        let group = pronoun(at, with_we, around)?;
        // A pronoun counts as the subject of the match, before it or at its start, not as something in or behind it.
        let is_subject = at <= tokens.start || around.roles.is(around.segment[at].word, Role::They) && at >= tokens.end;
        let cost = cost(tokens, &(at..at + 1), around)?;
        is_subject.then_some(Candidate { cost, group, mention: None })
    });
    let weak = around.weak.iter().filter_map(|mention| {
        let cost = cost(tokens, &mention.tokens, around)?;
        (mention.tokens.start <= tokens.start && cost <= WEAK_COST).then_some(Candidate { cost, group: mention.group, mention: None })
    });
    let nearest = mentions.chain(weak).chain(pronouns).min_by_key(|candidate| (candidate.cost, candidate.mention.is_none()));
    let beside = || around.named_beside.filter(|_| around.mentions.is_empty());
    nearest.or_else(|| beside().map(|group| Candidate { cost: REACH, group, mention: None }))
}

/// The group that a pronoun stands for.
fn pronoun(at: usize, with_we: bool, around: &Around<'_>) -> Option<Group> {
    let word = around.segment[at].word;
    let next_is = |role| around.segment.get(at + 1).is_some_and(|next| around.roles.is(next.word, role));
    if with_we && around.roles.is(word, Role::We) && !next_is(Role::Both) {
        return around.speaker;
    }
    if with_we && around.roles.is(word, Role::Our) && next_is(Role::TeamNoun) {
        return around.speaker;
    }
    if around.roles.is(word, Role::They) {
        let earlier = around.mentions.iter().rev().find(|mention| mention.tokens.end <= at && Some(mention.group) != around.speaker);
        return earlier.map(|mention| mention.group).or(around.named_before);
    }
    None
}

/// Distance between a match and a name in tokens, dearer over clause borders and for names that stand apart by syntax; `None` out of reach.
fn cost(tokens: &Range<usize>, name: &Range<usize>, around: &Around<'_>) -> Option<usize> {
    if name.start < tokens.end && tokens.start < name.end {
        // A name that opens the match is its subject; one inside it may be its object ("Sales fished Marketing out of the water").
        return Some(if name.start <= tokens.start { 0 } else { INSIDE_COST });
    }
    let is_before = name.end <= tokens.start;
    let between = if is_before { name.end..tokens.start } else { tokens.end..name.start };
    let distance = between.len() + 1;
    if distance > REACH {
        return None;
    }
    let clauses = around.segment[between.start..=between.end].iter().filter(|token| token.before.is_clause_break()).count();
    let opens = |role| name.start.checked_sub(1).is_some_and(|at| around.roles.is(around.segment[at].word, role));
    let mut cost = distance + CLAUSE_COST * clauses;
    if opens(Role::Than) {
        cost += STANDARD_COST;
    }
    let is_place = distance <= PLACE_REACH && opens(Role::Place);
    if !is_before && !is_place {
        cost += AFTER_COST;
        if opens(Role::Towards) {
            cost += TOWARDS_COST;
        }
    }
    Some(cost)
}

/// A group and those named beside it on equal terms ("Sales and Marketing").
fn with_equals(candidate: Option<Candidate>, around: &Around<'_>) -> Vec<Group> {
    let Some(candidate) = candidate else { return Vec::new() };
    let mut groups = vec![candidate.group];
    if let Some(at) = candidate.mention {
        let are_joined = |left: usize, right: usize| {
            let (left, right) = (&around.mentions[left].tokens, &around.mentions[right].tokens);
            right.start == left.end + 1 && around.roles.is(around.segment[left.end].word, Role::And)
        };
        if at > 0 && are_joined(at - 1, at) {
            groups.push(around.mentions[at - 1].group);
        }
        if at + 1 < around.mentions.len() && are_joined(at, at + 1) {
            groups.push(around.mentions[at + 1].group);
        }
    }
    groups.sort_unstable();
    groups.dedup();
    groups
}

/// The partner of a collaboration: the nearest group that is not the speaker's; none where two others are named on equal terms.
fn partner(tokens: &Range<usize>, around: &Around<'_>) -> Vec<Group> {
    let others = around.mentions.iter().enumerate().filter(|(_, mention)| Some(mention.group) != around.speaker);
    let weak = around.weak.iter().filter(|mention| Some(mention.group) != around.speaker);
    let weak = weak
        .filter_map(|mention| Some(Candidate { cost: cost(tokens, &mention.tokens, around)?, group: mention.group, mention: None }))
        .filter(|candidate| candidate.cost <= 2 * WEAK_COST);
    let nearest_name = others
        .filter_map(|(at, mention)| {
            Some(Candidate { cost: cost(tokens, &mention.tokens, around)?, group: mention.group, mention: Some(at) })
        })
        .chain(weak)
        .min_by_key(|candidate| candidate.cost);
    match nearest_name {
        Some(candidate) => {
            let equals: Vec<Group> =
                with_equals(Some(candidate), around).into_iter().filter(|&group| Some(group) != around.speaker).collect();
            if equals.len() == 1 { equals } else { Vec::new() }
        }
        None => (0..around.segment.len())
            .filter_map(|at| Some((cost(tokens, &(at..at + 1), around)?, pronoun(at, false, around)?)))
            .min()
            .map(|(_, group)| vec![group])
            .unwrap_or_default(),
    }
}
