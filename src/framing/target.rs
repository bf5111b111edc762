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

/// Gendered nouns count anywhere; they are about a group that is named behind them only if it is plainly meant ("foremen in Operations").
const GENDERED_NOUN_COST: usize = 6;

/// How far before gendered wording "our" and "new" still belong to it, in tokens.
const OWN_REACH: usize = 3;

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

/// Whether any group may be meant in a segment: named, there or in the segment beside, or by a pronoun that stands for one.
pub(super) fn may_be_meant(around: &Around<'_>) -> bool {
    !around.mentions.is_empty() || around.named_beside.is_some() || (0..around.segment.len()).any(|at| pronoun(at, true, around).is_some())
}

/// The groups a match is about: one, or two that are named on equal terms; none where no group is meant.
pub(super) fn targets(category: Category, about: About, tokens: &Range<usize>, around: &Around<'_>) -> Vec<Group> {
    match category {
        Category::Collaboration => partner(tokens, about, around),
        Category::Gendered => whose_people(tokens, about, around).into_iter().collect(),
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

/// Whose people gendered wording is about: those of a group that is named close by; without one the writer's own, where the wording
/// says "our", or where somebody is wanted, new or sent somewhere.
fn whose_people(tokens: &Range<usize>, about: About, around: &Around<'_>) -> Option<Group> {
    let is = |at: usize, role| around.roles.is(around.segment[at].word, role);
    let named = nearest(tokens, around, false);
    let is_before = |name: &Candidate| name.mention.is_some_and(|at| around.mentions[at].tokens.start < tokens.start);
    let most = if about == About::Group { GENDERED_COST } else { GENDERED_NOUN_COST };
    if let Some(close) = named.filter(|name| name.cost <= most || is_before(name) && name.cost <= GENDERED_COST) {
        return Some(close.group);
    }
    let clause = (0..=tokens.start).rev().find(|&at| at == 0 || around.segment[at].before.is_clause_break()).unwrap_or(0);
    let before = tokens.start.saturating_sub(OWN_REACH).max(clause)..tokens.start + 1;
    if before.clone().any(|at| is(at, Role::Our)) {
        return around.speaker;
    }
    let is_pronoun = tokens.len() == 1 && is(tokens.start, Role::HeOrShe);
    // "Want a man", unlike "want to start a family", is within the wording at times.
    let asks = |at: usize, role| is(at, role) && (at < tokens.start || tokens.len() > 1 && !is(at + 1, Role::Towards));
    let is_new = || before.clone().any(|at| is(at, Role::New));
    let is_wanted = || (0..=tokens.start).any(|at| asks(at, Role::Wanted));
    let is_sent = || (0..=tokens.start).any(|at| asks(at, Role::Send));
    if about == About::Group || is_pronoun || !(is_wanted() || is_new() || is_sent()) {
        return None;
    }
    named.filter(is_before).map(|far| far.group).or(around.work).or(around.speaker)
}

/// Where wording that needs no group names none: whose work it speaks of ("another rebrand"), else whom an earlier sentence named, else the own team
/// where a sentence beside names a team and "they" is not said.
fn or_owner(targets: Vec<Group>, about: About, around: &Around<'_>) -> Vec<Group> {
    if !targets.is_empty() || about == About::Group {
        return targets;
    }
    let has_they = || around.segment.iter().any(|token| around.roles.is(token.word, Role::They));
    around.work.or(around.named_before).or_else(|| around.own_beside.filter(|_| !has_they())).into_iter().collect()
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
        // "We" counts as the subject of the match, before it or at its start, not as something in or behind it.
        let is_subject = at <= tokens.start || around.roles.is(around.segment[at].word, Role::They);
        let cost = cost(tokens, &(at..at + 1), around)?;
        is_subject.then_some(Candidate { cost, group, mention: None })
    });
    let weak = around.weak.iter().filter_map(|mention| {
        let candidate = |cost| Candidate { cost, group: mention.group, mention: None };
        if stands_apart(&mention.tokens, around) {
            return Some(candidate(APART_COST));
        }
        let cost = cost(tokens, &mention.tokens, around)?;
        let is_before = mention.tokens.start <= tokens.start;
        let is_subject = is_before && (cost <= WEAK_COST || cost <= APART_COST && heads(&mention.tokens, around));
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

/// Whether a weak name is the bare subject of a sentence ("content is over there").
fn heads(name: &Range<usize>, around: &Around<'_>) -> bool {
    name.start == 0
        && around.segment.get(name.end).is_some_and(|next| !next.before.is_clause_break() && around.roles.is(next.word, Role::Finite))
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
fn partner(tokens: &Range<usize>, about: About, around: &Around<'_>) -> Vec<Group> {
    let is_other = |mention: &&Mention| Some(mention.group) != around.speaker;
    let is_weak = |name: &Mention| around.weak.contains(name);
    let mut names: Vec<&Mention> = around.mentions.iter().chain(around.weak).collect();
    names.sort_by_key(|name| name.tokens.start);
    let candidates = names.iter().enumerate().filter(|(_, name)| is_other(name)).filter_map(|(at, name)| {
        let is_with = name.tokens.start > tokens.start
            && name.tokens.start <= tokens.end + 1
            && around.roles.is(around.segment[name.tokens.start - 1].word, Role::With);
        let cost = if is_with { 0 } else { cost(tokens, &name.tokens, around)? };
        let extra = if is_weak(name) { WEAK_EXTRA } else { 0 };
        (cost <= 2 * WEAK_COST || !is_weak(name)).then_some((at, Candidate { cost: cost + extra, group: name.group, mention: None }))
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
            .map(|(_, group)| group)
            .or_else(|| beside(about, around))
            .into_iter()
            .collect(),
    }
}

/// The partner of work in common that needs none and names none: whom the sentence beside names, whose work is spoken of, or who was named before.
fn beside(about: About, around: &Around<'_>) -> Option<Group> {
    let other = around.named_beside.or(around.work).filter(|&group| Some(group) != around.speaker).or(around.named_before);
    other.filter(|_| about != About::Group && around.mentions.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::clean;
    use crate::framing::{Framing, Scratch};
    use crate::lexicon::groups::Groups;
    use crate::lexicon::{Lexicons, parse};
    use crate::message::Markup;
    use crate::token::Tokens;

    /// Entries as (category, match, about).
    fn framing(entries: &[(&str, &str, &str)]) -> Framing {
        let files: Vec<_> = entries
            .iter()
            .map(|(category, matches, about)| {
                let file = format!(
                    "name = \"{category}\"\ntitle = \"\"\nversion = \"1\"\nlanguage = \"en\"\ndescription = \"\"\nreads_as = \"\"\n[[entry]]\n\
                     match = [\"{matches}\"]\nsense = \"\"\nabout = \"{about}\"\nswap = true\nsource = \"own\"\nyes = [\"x\"]\nno = [\"x\"]\n"
                );
                parse::parse("file.toml", &file).unwrap()
            })
            .collect();
        let groups = "version = \"1\"\npeople = [\"people\"]\n[[group]]\nname = \"sales\"\naliases = [\"sales\"]\nworks = [\"pitch deck\"]\n\
                      [[group]]\nname = \"product\"\naliases = [\"product managers\"]\nweak = [\"product\", \"design\"]\nworks = [\"roadmap\"]\n\
                      [[group]]\nname = \"legal\"\naliases = [\"lawyers\"]\nweak = [\"legal\"]\nstop = [\"perfectly legal\"]\n\
                      [[group]]\nname = \"it\"\naliases = [\"IT\"]\n";
        let classes = parse::parse_classes("classes.toml", "[classes]\n").unwrap();
        Framing::new(Lexicons::compile(&files, &classes, Groups::parse("groups.toml", groups).unwrap()).unwrap())
    }

    /// The target of a text's first hit; "-" if there is no hit.
    fn target<'a>(framing: &'a Framing, text: &str, speaker: Option<&str>) -> Option<&'a str> {
        let groups = &framing.lexicons.groups;
        let mut tokens = Tokens::default();
        tokens.read(text, &clean::own_words(text, Markup::Plain), Markup::Plain, &framing.lexicons.vocabulary);
        let mut first = None;
        framing.read_message(text, &tokens, speaker.and_then(|name| groups.find(name)), &mut Scratch::default(), &mut |_, reading| {
            first = first.or_else(|| reading.hits.first().map(|hit| hit.target));
        });
        first.map_or(Some("-"), |target| target.map(|target| &**groups.name(target)))
    }

    #[test]
    fn wording_is_about_whoever_it_is_said_of() {
        let framing = framing(&[("ivory_tower", "has no idea", "group"), ("ivory_tower", "ivory tower", "none")]);
        for (text, expected) in [
            ("Sales has no idea.", Some("sales")),
            ("The design of the lid has no idea behind it.", Some("-")),
            ("We hear that design wants a lid and has no idea what it costs.", Some("product")),
            ("legal: has no idea of a deadline", Some("legal")),
            ("whoever drew this has no idea what a lid is, product", Some("product")),
            ("I asked for Legal and whoever came has no idea.", Some("legal")),
            ("Another roadmap from the ivory tower.", Some("product")),
            ("They sent a pitch deck. Straight from the ivory tower.", Some("sales")),
            ("The roadmap has no idea of us.", Some("-")),
            ("Sales left, they has no idea what product managers want.", Some("sales")),
            ("The product managers here rather than sales has no idea.", Some("product")),
            ("design is so far up there in its own ivory tower", Some("product")),
            ("What is perfectly legal has no idea.", Some("-")),
            ("IT? They has no idea.", Some("it")),
            ("IT? THEY HAS NO IDEA.", Some("-")),
            ("Sales was late. It rained all day. This is the ivory tower.", Some("sales")),
        ] {
            assert_eq!(target(&framing, text, None), expected, "{text}");
        }
    }

    #[test]
    fn gendered_wording_is_about_whose_people_are_meant() {
        let framing = framing(&[
            ("gendered", "lad", "none"),
            ("gendered", "cameraman", "none"),
            ("gendered", "he", "none"),
            ("gendered", "girl", "group"),
        ]);
        for (text, expected) in [
            ("our new cameraman comes on Monday", Some("legal")),
            ("we need a strong lad on Saturday", Some("legal")),
            ("sales need a strong lad on Saturday", Some("sales")),
            ("the new lad starts on Monday", Some("legal")),
            ("please send the lad to the meeting", Some("legal")),
            ("a cameraman came by at nine", None),
            ("Whoever we need, he has to be quick.", None),
            ("When sales asks for a discount he is told no.", Some("sales")),
            ("my girl will do the tickets", Some("legal")),
            ("we need a girl for the tickets", Some("-")),
        ] {
            assert_eq!(target(&framing, text, Some("legal")), expected, "{text}");
        }
    }

    #[test]
    fn the_partner_may_be_named_in_the_sentence_beside() {
        let framing = framing(&[("collaboration", "wrote it with us", "none"), ("collaboration", "joined us", "group")]);
        for (text, expected) in [
            ("The sales people wrote it with us.", Some("sales")),
            ("Thanks to the sales people. Ann wrote it with us.", Some("sales")),
            ("Ann from the crew wrote it with us.", None),
            ("Ann wrote it with us for the roadmap.", Some("product")),
            ("Thanks to the sales people. The lawyers wrote it with us.", None),
            ("Thanks to the sales people. Ann joined us.", Some("-")),
        ] {
            assert_eq!(target(&framing, text, Some("legal")), expected, "{text}");
        }
    }
}
