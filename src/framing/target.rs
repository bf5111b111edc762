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

/// Extra distance of a weak name: a name near by goes first.
const WEAK_EXTRA: usize = 3;

/// A weak name that heads the sentence or is spoken to at its end counts wherever the wording stands, behind what is nearer.
const APART_COST: usize = 10;

/// Wording about a past this much nearer to "our own" than to any other group's name is about the writer's team.
const OWN_MARGIN: usize = 6;

/// Gendered wording that counts only of a group ("the girls in Finance") is about one that costs no more than this.
const GENDERED_COST: usize = 12;

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
    /// The speaker's group, if a segment beside this one names some group.
    pub(super) own_beside: Option<Group>,
    /// The group whose work is spoken of in this segment, else in one beside it.
    pub(super) work: Option<Group>,
    pub(super) roles: &'a Roles,
}

/// Whether a match without a target may still be a hit: collaboration between two groups on equal terms is nobody's in particular.
pub(super) fn may_stand_alone(category: Category, around: &Around<'_>) -> bool {
    let is_equal = |name: &Mention, weak: &Mention| {
        let are_joined = |left: &Mention, right: &Mention| joined(&left.tokens, &right.tokens, around) == Some(true);
        name.group != weak.group && (are_joined(name, weak) || are_joined(weak, name))
    };
    category == Category::Collaboration
        && around.mentions.iter().any(|name| name.group != around.mentions[0].group || around.weak.iter().any(|weak| is_equal(name, weak)))
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
            let other = nearest(tokens, around, false);
            if let Some(own) = own(tokens, around)
                && other.is_none_or(|other| other.cost > own + OWN_MARGIN)
            {
                return around.speaker.into_iter().collect();
            }
            let others = with_equals(other, around);
            let others = if others.is_empty() { with_equals(nearest(tokens, around, true), around) } else { others };
            or_owner(others, about, around)
        }
        Category::Heroic => {
            let targets = with_equals(nearest(tokens, around, true), around);
            // Who praises without a subject praises the own team ("crushed it, as ever"), if the wording needs no other to be told.
            if targets.is_empty() && about != About::Group { around.speaker.into_iter().collect() } else { targets }
        }
        Category::IvoryTower | Category::AntiSales => or_owner(with_equals(nearest(tokens, around, true), around), about, around),
    }
}

/// Where wording that needs no group names none: whose work it speaks of ("another rebrand"), else the own team where the sentence beside names it.
fn or_owner(targets: Vec<Group>, about: About, around: &Around<'_>) -> Vec<Group> {
    if !targets.is_empty() || about == About::Group {
        return targets;
    }
    let has_they = || around.segment.iter().any(|token| around.roles.is(token.word, Role::They));
    around.work.or_else(|| around.own_beside.filter(|_| !has_they())).into_iter().collect()
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
        let candidate = |cost| Candidate { cost, group: mention.group, mention: None };
        if stands_apart(&mention.tokens, around) {
            return Some(candidate(APART_COST));
        }
        let cost = cost(tokens, &mention.tokens, around)?;
        let is_subject = mention.tokens.start <= tokens.start && cost <= WEAK_COST;
        is_subject.then(|| candidate(cost + WEAK_EXTRA))
    });
    let nearest = mentions.chain(weak).chain(pronouns).min_by_key(|candidate| (candidate.cost, candidate.mention.is_none()));
    let beside = || around.named_beside.filter(|_| around.mentions.is_empty());
    nearest.or_else(|| beside().map(|group| Candidate { cost: REACH, group, mention: None }))
}

/// The cost of "our own", "ours" before a match in its clause.
fn own(tokens: &Range<usize>, around: &Around<'_>) -> Option<usize> {
    let is = |at: usize, role| around.segment.get(at).is_some_and(|token| around.roles.is(token.word, role));
    let is_own = |at: &usize| is(*at, Role::Ours) || is(*at, Role::Our) && is(*at + 1, Role::Own);
    (0..=tokens.start).rev().find(is_own).and_then(|at| cost(tokens, &(at..at + 1), around))
}

/// Whether a weak name is what a sentence is headed with ("legal: …") or speaks to at its end ("…, product").
fn stands_apart(name: &Range<usize>, around: &Around<'_>) -> bool {
    match around.segment.get(name.end) {
        Some(next) => name.start == 0 && next.before.is_strong_break(),
        None => around.segment[name.start].before.is_clause_break(),
    }
}

/// The group that a pronoun stands for.
fn pronoun(at: usize, with_we: bool, around: &Around<'_>) -> Option<Group> {
    let word = around.segment[at].word;
    let next_is = |role| around.segment.get(at + 1).is_some_and(|next| around.roles.is(next.word, role));
    if with_we && around.roles.is(word, Role::We) && !next_is(Role::Both) {
        return around.speaker;
    }
    if with_we && around.roles.is(word, Role::Our) && (next_is(Role::TeamNoun) || next_is(Role::Own)) {
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

/// A group and those named beside it on equal terms ("Sales and Marketing", "HR, Legal and the devs").
fn with_equals(candidate: Option<Candidate>, around: &Around<'_>) -> Vec<Group> {
    let Some(candidate) = candidate else { return Vec::new() };
    let names: Vec<&Mention> = around.mentions.iter().collect();
    equals(candidate, candidate.mention, &names, around)
}

/// The group of a candidate and those of the names in one enumeration with it; `at` is its place among the names.
fn equals(candidate: Candidate, at: Option<usize>, names: &[&Mention], around: &Around<'_>) -> Vec<Group> {
    let mut groups = vec![candidate.group];
    if let Some(at) = at {
        let join = |left: usize| joined(&names[left].tokens, &names[left + 1].tokens, around);
        let first = (0..at).rev().take_while(|&left| join(left).is_some()).last().unwrap_or(at);
        let last = (at..names.len() - 1).take_while(|&left| join(left).is_some()).last().map_or(at, |left| left + 1);
        // Without "and" a comma sets off whom the sentence speaks to as well as it enumerates.
        if (first..last).any(|left| join(left) == Some(true)) {
            groups.extend(names[first..=last].iter().map(|name| name.group));
        }
    }
    groups.sort_unstable();
    groups.dedup();
    groups
}

/// Whether two names stand in one enumeration, and if so whether "and" joins them.
fn joined(left: &Range<usize>, right: &Range<usize>, around: &Around<'_>) -> Option<bool> {
    let between = around.segment.get(left.end..right.start)?;
    let has_and = between.first().is_some_and(|token| around.roles.is(token.word, Role::And));
    let has_comma = around.segment[left.end].before.is_clause_break();
    let articles = &between[usize::from(has_and)..];
    let is_bare = articles.len() <= 1 && articles.iter().all(|token| around.roles.is(token.word, Role::Article));
    (is_bare && (has_and || has_comma)).then_some(has_and)
}

/// The partner of a collaboration: the nearest group that is not the speaker's; none where two others are named on equal terms.
fn partner(tokens: &Range<usize>, around: &Around<'_>) -> Vec<Group> {
    let is_other = |mention: &&Mention| Some(mention.group) != around.speaker;
    let is_weak = |name: &Mention| around.weak.contains(name);
    let mut names: Vec<&Mention> = around.mentions.iter().chain(around.weak).collect();
    names.sort_by_key(|name| name.tokens.start);
    let candidates = names.iter().enumerate().filter(|(_, name)| is_other(name)).filter_map(|(at, name)| {
        let is_with = name.tokens.start > tokens.start
            && name.tokens.start <= tokens.end + 1
            && around.roles.is(around.segment[name.tokens.start - 1].word, Role::With);
        let cost = if is_with { 0 } else { cost(tokens, &name.tokens, around)? };
        (cost <= 2 * WEAK_COST || !is_weak(name)).then_some((at, Candidate { cost, group: name.group, mention: None }))
    });
    match candidates.min_by_key(|(_, candidate)| candidate.cost) {
        Some((at, candidate)) => {
            let mut others = equals(candidate, Some(at), &names, around);
            others.retain(|&group| Some(group) != around.speaker);
            if others.len() == 1 { others } else { Vec::new() }
        }
        None => (0..around.segment.len())
            .filter_map(|at| Some((cost(tokens, &(at..at + 1), around)?, pronoun(at, false, around)?)))
            .min()
            .map(|(_, group)| vec![group])
            .unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use crate::framing::Framing;
    use crate::lexicon::groups::Groups;
    use crate::lexicon::{Lexicons, parse};

    /// One entry that needs a group and one that needs none, and two groups with weak names and works.
    fn framing() -> Framing {
        let entry = |matches: &str, about: &str| {
            format!(
                "[[entry]]\nmatch = [\"{matches}\"]\nsense = \"\"\nabout = \"{about}\"\nswap = true\nsource = \"own\"\nyes = [\"x\"]\nno = [\"x\"]\n"
            )
        };
        let header = "name = \"ivory_tower\"\ntitle = \"\"\nversion = \"1\"\nlanguage = \"en\"\ndescription = \"\"\nreads_as = \"\"\n";
        let file = format!("{header}{}{}", entry("has no idea", "group"), entry("ivory tower", "none"));
        let groups = "version = \"1\"\n[[group]]\nname = \"sales\"\naliases = [\"sales\"]\nworks = [\"pitch deck\"]\n\
                      [[group]]\nname = \"product\"\naliases = [\"product managers\"]\nweak = [\"product\", \"design\"]\nworks = [\"roadmap\"]\n\
                      [[group]]\nname = \"legal\"\naliases = [\"lawyers\"]\nweak = [\"legal\"]\n";
        let classes = parse::parse_classes("classes.toml", "[classes]\n").unwrap();
        let file = parse::parse("ivory.toml", &file).unwrap();
        Framing::new(Lexicons::compile(&[file], &classes, Groups::parse("groups.toml", groups).unwrap()).unwrap())
    }

    #[test]
    fn wording_is_about_whoever_it_is_said_of() {
        let framing = framing();
        for (text, target) in [
            ("Sales has no idea.", Some("sales")),
            ("The design of the lid has no idea behind it.", None),
            ("We hear that design wants a lid and has no idea what it costs.", Some("product")),
            ("legal: has no idea of a deadline", Some("legal")),
            ("whoever drew this has no idea what a lid is, product", Some("product")),
            ("I asked for Legal and whoever came has no idea.", Some("legal")),
            ("Another roadmap from the ivory tower.", Some("product")),
            ("They sent a pitch deck. Straight from the ivory tower.", Some("sales")),
            ("The roadmap has no idea of us.", None),
            ("Sales left, they has no idea what product managers want.", Some("sales")),
            ("The product managers here rather than sales has no idea.", Some("product")),
        ] {
            let hits = framing.hits_of(text);
            let found = hits.first().and_then(|hit| hit.target).map(|target| &**framing.lexicons.groups.name(target));
            assert_eq!(found, target, "{text}");
        }
    }
}
