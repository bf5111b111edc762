//! What undoes a match that its own entry does not undo: negation, quotation, reported speech, proper names.

use std::ops::Range;

use super::roles::{Role, Roles};
use crate::token::Token;

/// How far before a match "not" still undoes it, in tokens.
const NOT_REACH: usize = 3;

/// How far before a match "nobody" and "none" still undo it: a subject stands further off.
const NOBODY_REACH: usize = 8;

/// How far before a match a verb of saying still makes it somebody else's, in tokens.
const REPORT_REACH: usize = 12;

/// Whether a negator stands within reach before a token, in the same clause; "not only", "not just" and "not merely" do not negate.
pub(super) fn is_negated(segment: &[Token], start: usize, roles: &Roles) -> bool {
    for at in (start.saturating_sub(NOBODY_REACH)..start).rev() {
        if segment[at + 1].before.is_clause_break() || roles.is(segment[at].word, Role::But) {
            return false;
        }
        if roles.is(segment[at].word, Role::Nobody) || start - at <= NOT_REACH && roles.is(segment[at].word, Role::Negator) {
            return !roles.is(segment[at + 1].word, Role::OnlyJust);
        }
    }
    false
}

/// Whether a match stands between quotation marks: somebody else's words, or words held at arm's length.
pub(super) fn is_quoted(segment: &[Token], tokens: &Range<usize>) -> bool {
    let (mut in_double, mut in_single) = (false, false);
    let mut is_quoted = false;
    for (at, token) in segment.iter().enumerate().take(tokens.end) {
        in_double ^= token.before.has_quote();
        in_single = (in_single && !token.before.closes_quote()) || token.before.opens_quote();
        if at >= tokens.start {
            is_quoted |= in_double || in_single;
        }
    }
    is_quoted
}

/// Whether a match is told as what somebody else says: a verb of saying before it, in the same segment, whose subject is not the writer, with no
/// clause of the writer's between ("Legal says Monday, I'll believe it when I see it").
pub(super) fn is_reported(segment: &[Token], start: usize, roles: &Roles) -> bool {
    (start.saturating_sub(REPORT_REACH)..start).any(|verb| {
        let word = segment[verb].word;
        if roles.is(word, Role::Supposedly) {
            return start - verb <= NOT_REACH + 1;
        }
        // An imperative or a verb without a subject in sight says nothing about whose words follow.
        let is_taken_up = (verb + 1..start).any(|at| roles.is(segment[at].word, Role::I) && segment[at].before.is_clause_break());
        roles.is(word, Role::Says)
            && verb > 0
            && !is_taken_up
            && !segment[verb.saturating_sub(2)..verb].iter().any(|token| roles.is(token.word, Role::Writer))
    })
}

/// Whether a match is part of a name or title: capitalised, with a capitalised word beside it that is no team, not at the segment's start.
pub(super) fn is_name(text: &str, segment: &[Token], tokens: &Range<usize>, is_mention: impl Fn(usize) -> bool) -> bool {
    let is_capital = |at: usize| {
        let mut letters = segment[at].span().of(text).chars();
        letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
    };
    if !tokens.clone().all(|at| at > 0 && is_capital(at)) {
        return false;
    }
    // Headings capitalise every word, which says nothing.
    let n_capital = (0..segment.len()).filter(|&at| is_capital(at)).count();
    if n_capital * 2 > segment.len() {
        return false;
    }
    let joins = |left: usize, right: usize| !segment[right].before.is_clause_break() && is_capital(left) && is_capital(right);
    let before = tokens.start > 1 && joins(tokens.start - 1, tokens.start) && !is_mention(tokens.start - 1);
    let after = tokens.end < segment.len() && joins(tokens.end - 1, tokens.end) && !is_mention(tokens.end);
    before || after
}

#[cfg(test)]
mod tests {
    use crate::framing::Framing;
    use crate::lexicon::groups::Groups;
    use crate::lexicon::{Lexicons, parse};

    /// One entry, one group for each of two teams.
    fn framing() -> Framing {
        let entry = "name = \"heroic\"\ntitle = \"\"\nversion = \"1\"\nlanguage = \"en\"\ndescription = \"\"\nreads_as = \"\"\n[[entry]]\n\
                     match = [\"hero\", \"heroes\", \"iron will\"]\nsense = \"\"\nabout = \"group\"\nswap = true\nsource = \"own\"\nyes = [\"x\"]\nno = [\"x\"]\n";
        let groups = "version = \"1\"\npeople = [\"lads\", \"girls\"]\n[[group]]\nname = \"sales\"\naliases = [\"sales\"]\nfields = [\"tender\"]\nstop = [\"tender girls\"]\n\
                      [[group]]\nname = \"marketing\"\naliases = [\"marketing\"]\n";
        let classes = parse::parse_classes("classes.toml", "[classes]\n").unwrap();
        let file = parse::parse("heroic.toml", entry).unwrap();
        Framing::new(Lexicons::compile(&[file], &classes, Groups::parse("groups.toml", groups).unwrap()).unwrap())
    }

    #[test]
    fn a_match_counts_unless_it_is_undone() {
        let framing = framing();
        for (text, counts) in [
            ("Sales are our heroes.", true),
            ("Sales are not heroes.", false),
            ("Nobody in the Sales team is a hero.", false),
            ("Sales are not only heroes, they sell.", true),
            ("No surprise, but Sales are heroes.", true),
            ("So \"heroes\" is what Sales wants to hear.", false),
            ("Our 'heroes' in Sales slept.", false),
            ("The reps' heroes are in Sales.", true),
            ("They say Sales are heroes.", false),
            ("I say Sales are heroes.", true),
            ("Ask Sales for the Hero Server manual please.", false),
            ("Sales, the supposedly great heroes.", false),
            ("We ask the Big Hero of Sales about the thing.", false),
            ("The Big Hero and Sales go home", true),
            ("OUR HEROES IN SALES", true),
            ("The tender lads are heroes.", true),
            ("The girls in our tender are heroes.", true),
            ("The tender is for heroes.", false),
            ("The tender girls are heroes.", false),
            ("The tender, lads, needs heroes.", false),
        ] {
            assert_eq!(!framing.hits_of(text).is_empty(), counts, "{text}");
        }
    }

    #[test]
    fn swapping_the_names_of_two_groups_swaps_the_targets() {
        let framing = framing();
        for text in [
            "Sales are heroes, Marketing sleeps.",
            "Marketing thanks the heroes in Sales.",
            "Sales and Marketing are heroes.",
            "Sales are bigger heroes than Marketing.",
            "Marketing waited for the heroes from Sales, who came late.",
        ] {
            let swapped = text.replace("Sales", "#").replace("Marketing", "Sales").replace('#', "Marketing");
            let targets = |text: &str| -> Vec<_> {
                framing.hits_of(text).iter().map(|hit| hit.target.map(|target| framing.lexicons.groups.name(target).to_string())).collect()
            };
            let mirrored: Vec<_> = targets(&swapped)
                .into_iter()
                .map(|target| target.map(|name| if name == "sales" { "marketing".to_owned() } else { "sales".to_owned() }))
                .collect();
            let (mut ours, mut theirs) = (targets(text), mirrored);
            ours.sort();
            theirs.sort();
            assert_eq!(ours, theirs, "{text}");
        }
    }
}
