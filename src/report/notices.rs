//! What a reader must know beside the figures, one sentence or two each, plain text.

use crate::disclosure::{Disclosed, Shown};
use crate::report::text::{authors, count, list};
use crate::report::words::{nobody, not_for_circulation, validation};
use crate::stats::Speaker;

/// All notices that apply, the gravest first.
pub(super) fn notices(shown: &Disclosed) -> Vec<String> {
    let floor = authors(shown.min_authors);
    let candidates = [
        not_for_circulation(shown),
        shown.speakers.is_empty().then(|| nobody(shown)),
        without_teams(shown, &floor),
        pooled(shown, &floor),
        left_out(shown, &floor),
        not_in_roster(shown, &floor),
        shown.leaves_somebody_out().then(|| {
            "Messages are not counted by speaker: with the messages kept, those of the authors who are left out could be worked out."
                .to_owned()
        }),
        shared_authors(shown.shared_authors),
        faults(shown.intake.faults),
        read_once(shown.intake.sources_read_once),
        rosters_differ(shown.rosters.len()),
        cues(shown.share_of_cues),
    ];
    candidates.into_iter().flatten().chain(validation(shown)).collect()
}

fn without_teams(shown: &Disclosed, floor: &str) -> Option<String> {
    let has_teams = shown.speakers.iter().any(|count| matches!(count.speaker, Speaker::Team(_) | Speaker::OtherTeams));
    if has_teams {
        None
    } else if shown.rosters.is_empty() && shown.left_out.is_empty() {
        Some("No roster was given, so nothing is shown by team; name one with --roster FILE.".to_owned())
    } else {
        Some(format!("No team has {floor} or more, so nothing is shown by team."))
    }
}

fn pooled(shown: &Disclosed, floor: &str) -> Option<String> {
    let names = list(&shown.pooled);
    match shown.pooled.len() {
        0 => None,
        1 => Some(format!("One team has fewer than {floor} and stands under \"Other teams\": {names}.")),
        n => Some(format!("{n} teams have fewer than {floor} each and are added up as \"Other teams\": {names}.")),
    }
}

fn left_out(shown: &Disclosed, floor: &str) -> Option<String> {
    let names = list(&shown.left_out);
    match shown.left_out.len() {
        0 => None,
        1 => Some(format!("One team has fewer than {floor} and is left out, of the totals too: {names}.")),
        n => Some(format!("{n} teams have fewer than {floor} even together and are left out, of the totals too: {names}.")),
    }
}

/// Without a roster nobody is in it, which goes without saying.
fn not_in_roster(shown: &Disclosed, floor: &str) -> Option<String> {
    let of = |speaker: &Speaker| shown.speakers.iter().find(|count| count.speaker == *speaker);
    let has_roster = !shown.rosters.is_empty() || shown.speakers.iter().any(|count| matches!(count.speaker, Speaker::Team(_)));
    if !has_roster {
        return None;
    }
    if let Some(unknown) = of(&Speaker::NotInRoster) {
        let verb = if unknown.n_authors == 1 { "is" } else { "are" };
        return Some(format!("{} {verb} not in the roster.", authors(unknown.n_authors)));
    }
    let fate = if of(&Speaker::OtherTeams).is_some() { "stand under \"Other teams\"" } else { "are left out, of the totals too" };
    shown.few_not_in_roster.then(|| format!("Authors who are not in the roster are fewer than {floor}; they {fate}."))
}

fn shared_authors(n: u64) -> Option<String> {
    let occur = if n == 1 { "occurs" } else { "occur" };
    let authors = count(n, "author", "authors");
    (n > 0).then(|| format!("{authors} {occur} in more than one of the tallies; text repeated across them was not looked for."))
}

fn faults(n: u64) -> Option<String> {
    let are = if n == 1 { "could not be read and is" } else { "could not be read and are" };
    (n > 0).then(|| format!("{} {are} missing here; standard error names each place.", count(n, "record", "records")))
}

fn read_once(n: u64) -> Option<String> {
    let what = if n == 1 { "One source could be read only once".to_owned() } else { format!("{n} sources could be read only once") };
    (n > 0).then(|| {
        format!(
            "{what}: what shows only over several messages (signatures without a mark, shared footers, robots, other languages) was not \
             looked for there."
        )
    })
}

fn rosters_differ(n: usize) -> Option<String> {
    (n > 1).then(|| format!("The tallies were made with {n} different rosters."))
}

fn cues(share: Shown<f64>) -> Option<String> {
    let made = match share {
        Shown::Value(share) => {
            let percent = 100.0 * share;
            format!("Of the hits {:.0} % come from entries and {percent:.0} % from weighted cues", 100.0 - percent.round())
        }
        Shown::Few => "A few hits come from weighted cues, all others from entries".to_owned(),
        Shown::Hidden(_) | Shown::NoData => return None,
    };
    Some(format!("{made}; cues are wrong more often, and --no-cues leaves them out."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{empty, sample, without_roster};

    fn has(shown: &Disclosed, part: &str) -> bool {
        notices(shown).iter().any(|notice| notice.contains(part))
    }

    #[test]
    fn one_team_and_several_are_told_apart() {
        let mut shown = sample();
        shown.pooled = vec!["legal".into()];
        assert!(has(&shown, "One team has fewer than 5 authors and stands under \"Other teams\": Legal."));
        shown.pooled = vec!["legal".into(), "hr".into()];
        assert!(has(&shown, "2 teams have fewer than 5 authors each and are added up as \"Other teams\": Legal and HR."));
        shown.pooled.clear();
        assert!(!has(&shown, "added up"));
    }

    #[test]
    fn who_is_left_out_takes_the_message_counts_along() {
        let mut shown = sample();
        assert!(!has(&shown, "left out"));
        shown.left_out = vec!["legal".into()];
        assert!(has(&shown, "One team has fewer than 5 authors and is left out, of the totals too: Legal."));
        assert!(has(&shown, "Messages are not counted by speaker"));
    }

    #[test]
    fn authors_not_in_the_roster_are_pooled_left_out_or_counted() {
        let mut shown = sample();
        shown.few_not_in_roster = true;
        assert!(has(&shown, "not in the roster are fewer than 5 authors; they stand under"));
        shown.speakers.retain(|count| count.speaker != Speaker::OtherTeams);
        assert!(has(&shown, "they are left out, of the totals too"));
        shown.speakers[1].speaker = Speaker::NotInRoster;
        assert!(has(&shown, "18 authors are not in the roster."));
    }

    #[test]
    fn without_a_roster_the_report_says_how_to_give_one() {
        assert!(has(&without_roster(), "--roster FILE"));
        assert!(!has(&without_roster(), "not in the roster"));
        assert!(has(&empty(), "Fewer than 5 authors are left"));
    }

    #[test]
    fn faults_and_shared_authors_are_counted_in_singular_and_plural() {
        let mut shown = sample();
        (shown.intake.faults, shown.shared_authors) = (1, 1);
        assert!(has(&shown, "1 record could not be read and is missing") && has(&shown, "1 author occurs in"));
        (shown.intake.faults, shown.shared_authors) = (1200, 2);
        assert!(has(&shown, "1,200 records could not be read and are missing") && has(&shown, "2 authors occur in"));
        (shown.intake.faults, shown.shared_authors) = (0, 0);
        assert!(!has(&shown, "record") && !has(&shown, "tallies"));
    }

    #[test]
    fn sources_that_cannot_be_read_twice_are_told() {
        let mut shown = sample();
        assert!(!has(&shown, "only once"));
        shown.intake.sources_read_once = 1;
        assert!(has(&shown, "One source could be read only once: what shows only over several messages"));
        shown.intake.sources_read_once = 2;
        assert!(has(&shown, "2 sources could be read only once"));
    }

    #[test]
    fn what_cues_made_is_told_as_a_share() {
        let mut shown = sample();
        assert!(!has(&shown, "cues"));
        shown.share_of_cues = Shown::Value(0.071);
        assert!(has(&shown, "Of the hits 93 % come from entries and 7 % from weighted cues"));
        shown.share_of_cues = Shown::Few;
        assert!(has(&shown, "A few hits come from weighted cues"));
    }

    #[test]
    fn a_lower_floor_is_stamped_first() {
        let mut shown = sample();
        assert!(!has(&shown, "CIRCULATION"));
        shown.min_authors = 3;
        assert!(notices(&shown)[0].starts_with("NOT FOR CIRCULATION"));
    }
}
