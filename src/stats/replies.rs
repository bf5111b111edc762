//! Who answers whom, and in what tone: contact between teams.

use std::sync::Arc;

use crate::lexicon::Category;
use crate::stats::level::{self, AuthorCount, Level};
use crate::stats::partition::AuthorTotal;
use crate::stats::{CONFIDENCE, Speaker};

/// A tone of replies, by the wording about the team that is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// Heroic wording.
    Praise,
    /// Ivory-tower and past-failure wording.
    Scorn,
    /// Collaborative wording.
    Collaboration,
}

impl Tone {
    /// All tones, in the order of the report.
    pub const ALL: [Self; 3] = [Self::Praise, Self::Scorn, Self::Collaboration];

    /// The name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Praise => "praise",
            Self::Scorn => "scorn",
            Self::Collaboration => "collaboration",
        }
    }

    /// Its categories.
    #[must_use]
    pub const fn categories(self) -> &'static [Category] {
        match self {
            Self::Praise => &[Category::Heroic],
            Self::Scorn => &[Category::IvoryTower, Category::PastFailure],
            Self::Collaboration => &[Category::Collaboration],
        }
    }
}

/// How one team answers another.
#[derive(Debug, Clone)]
pub struct ReplyFinding {
    /// Who answers.
    pub speaker: Speaker,
    /// Whose messages are answered.
    pub to_team: Arc<str>,
    /// Authors of the speaker.
    pub n_authors: usize,
    /// Those of them who have answered somebody of the team.
    pub n_replying: usize,
    /// Hits about the team per segment of the replies, in the order of [`Tone::ALL`].
    pub tones: [Level; 3],
}

/// Every speaker's replies to every team that can stand alone, its own too: the company's replies hold those.
pub(super) fn findings(speakers: &[(Speaker, Vec<AuthorTotal>)]) -> Vec<ReplyFinding> {
    let teams = speakers.iter().filter_map(|(speaker, _)| if let Speaker::Team(team) = speaker { Some(team) } else { None });
    let teams: Vec<&Arc<str>> = teams.collect();
    let answer =
        |(speaker, authors): &(Speaker, Vec<AuthorTotal>)| teams.iter().map(|team| finding(speaker, authors, team)).collect::<Vec<_>>();
    speakers.iter().flat_map(answer).collect()
}

/// How the authors of a speaker answer a team.
fn finding(speaker: &Speaker, authors: &[AuthorTotal], to_team: &Arc<str>) -> ReplyFinding {
    let replies = || authors.iter().filter_map(|author| author.total.replies.get(to_team));
    let level_of = |tone: Tone| {
        let hits = |of: &crate::tally::Replies| tone.categories().iter().filter_map(|category| of.hits.get(category)).sum();
        let counts: Vec<AuthorCount> = replies().map(|of| AuthorCount { hits: hits(of), exposure: of.segments }).collect();
        level::level(&counts, CONFIDENCE)
    };
    ReplyFinding {
        speaker: speaker.clone(),
        to_team: Arc::clone(to_team),
        n_authors: authors.len(),
        n_replying: replies().filter(|of| of.segments > 0).count(),
        tones: Tone::ALL.map(level_of),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::tally::{Cell, Replies};

    #[test]
    fn tones_are_hits_about_the_team_per_segment_of_replies_to_it() {
        let author = |segments: u64, hits: &[(Category, u64)]| {
            let replies = Replies { segments, hits: hits.iter().copied().collect() };
            AuthorTotal { total: Cell { replies: BTreeMap::from([("marketing".into(), replies)]), ..Cell::default() } }
        };
        let authors = [
            author(10, &[(Category::IvoryTower, 1), (Category::PastFailure, 2)]),
            author(30, &[(Category::Heroic, 4)]),
            AuthorTotal::default(),
        ];
        let found = finding(&Speaker::Team("sales".into()), &authors, &"marketing".into());
        assert_eq!((found.n_authors, found.n_replying), (3, 2));
        assert_eq!(found.tones.map(|level| level.hits), [4, 3, 0]);
        assert_eq!(found.tones.map(|level| level.exposure), [40; 3]);
        assert_eq!(finding(&Speaker::Company, &authors, &"sales".into()).n_replying, 0);
    }
}
