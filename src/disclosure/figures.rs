//! Findings → what may be shown of them, kind by kind: each figure by itself, then as a part of the company's sums.

use std::collections::BTreeSet;

use super::rules::{Base, MIN_AUTHORS_WITH_HIT, Rules, Why};
use super::shown::{
    Rate, Ratio, Shown, ShownBetween, ShownGap, ShownGendered, ShownLevel, ShownMeeting, ShownQuarters, ShownReplies, ShownSpeaker,
    ShownVerdict, two_figures,
};
use super::sums::{Summand, Sums};
use crate::lexicon::Category;
use crate::stats::between::{Between, BetweenFinding};
use crate::stats::family::FALSE_DISCOVERY_RATE;
use crate::stats::gap::Gap;
use crate::stats::gate::Missing;
use crate::stats::gendered::GenderedFinding;
use crate::stats::interval::Interval;
use crate::stats::level::Level;
use crate::stats::planning::{self, Row};
use crate::stats::quarters::{Quarter, QuarterFinding};
use crate::stats::rallying::MeetingFinding;
use crate::stats::replies::ReplyFinding;
use crate::stats::{GapFinding, LevelFinding, Speaker, SpeakerCount, spread, verdict};

/// Hides what would give a hidden part of a sum away; `of` says which sum, whose part, and what each figure rests on.
fn hide_covers<'a, K: Ord, T>(sums: Sums, shown: &mut [Shown<T>], of: impl Iterator<Item = (K, &'a Speaker, Vec<Base>)>) {
    let summand = |((sum, speaker, bases), shown): ((K, &'a Speaker, Vec<Base>), &Shown<T>)| {
        let standing = match shown {
            Shown::Value(_) => Shown::Value(()),
            Shown::Few => Shown::Few,
            Shown::Hidden(why) => Shown::Hidden(*why),
            Shown::NoData => Shown::NoData,
        };
        Summand { sum, speaker, bases, standing }
    };
    let summands: Vec<Summand<'_, K>> = of.zip(shown.iter()).map(summand).collect();
    for place in sums.covers(&summands) {
        shown[place] = Shown::Hidden(Why::Cover);
    }
}

/// Levels, in the order of the findings.
pub(super) fn levels(findings: Vec<LevelFinding>, sums: Sums) -> Vec<ShownLevel> {
    let mut rates: Vec<Shown<Rate>> = findings.iter().map(|finding| sums.rules.rate(&finding.level)).collect();
    let of = |finding: &LevelFinding| (finding.category, finding.target.clone());
    hide_covers(sums, &mut rates, findings.iter().map(|finding| (of(finding), &finding.speaker, vec![Base::from(&finding.level)])));
    let show = |(finding, rate): (LevelFinding, Shown<Rate>)| {
        let LevelFinding { speaker, category, target, .. } = finding;
        ShownLevel { speaker, category, target, rate }
    };
    findings.into_iter().zip(rates).map(show).collect()
}

/// Speakers with their words and messages; `levels` know whose words they are.
pub(super) fn speakers(counts: Vec<SpeakerCount>, levels: &[LevelFinding], sums: Sums, leaves_somebody_out: bool) -> Vec<ShownSpeaker> {
    let text_of = |count: &SpeakerCount| {
        let level = levels.iter().find(|finding| finding.speaker == count.speaker && finding.target.is_none());
        level.map_or(Base::default(), |finding| Base::from(&finding.level).text())
    };
    let texts: Vec<Base> = counts.iter().map(text_of).collect();
    let mut words: Vec<Shown<u64>> =
        counts.iter().zip(&texts).map(|(count, text)| sums.rules.standing(text).map(|()| count.words)).collect();
    hide_covers(sums, &mut words, counts.iter().zip(&texts).map(|(count, text)| ((), &count.speaker, vec![*text])));
    let show = |(count, words): (SpeakerCount, Shown<u64>)| {
        let messages = if leaves_somebody_out { Shown::Hidden(Why::Cover) } else { words.map(|_| count.messages) };
        ShownSpeaker { speaker: count.speaker, n_authors: count.n_authors, messages, words }
    };
    counts.into_iter().zip(words).map(show).collect()
}

/// Gaps. Ratios are no sums; the numbers of authors behind them are.
pub(super) fn gaps(findings: Vec<GapFinding>, sums: Sums, material: f64) -> Vec<ShownGap> {
    let ratios: Vec<Shown<Ratio>> = findings.iter().map(|finding| ratio(&finding.gap, sums.rules)).collect();
    let gives_away: Vec<bool> = findings
        .iter()
        .map(|one| {
            let is_of_sum =
                |other: &GapFinding| other.kind == one.kind && other.numerator == one.numerator && other.denominator == one.denominator;
            let parts = findings.iter().zip(&ratios).filter(|(other, _)| other.speaker != Speaker::Company && is_of_sum(other));
            let parts = parts.map(|(other, ratio)| (other.gap.counts.n_naming_both, ratio.is_shown()));
            one.speaker == Speaker::Company && !sums.is_safe(&[hidden_authors(parts)])
        })
        .collect();
    let show = |((finding, ratio), gives_away): ((GapFinding, Shown<Ratio>), bool)| {
        let ratio = ratio.map(|ratio| Ratio { n_authors: ratio.n_authors.filter(|_| !gives_away), ..ratio });
        let verdict = match ratio {
            Shown::Value(_) | Shown::NoData => shown_verdict(&finding, material, gives_away),
            Shown::Few | Shown::Hidden(_) => ShownVerdict::SUPPRESSED,
        };
        let GapFinding { speaker, kind, numerator, denominator, .. } = finding;
        ShownGap { speaker, kind, numerator, denominator, ratio, verdict }
    };
    findings.into_iter().zip(ratios).zip(gives_away).map(show).collect()
}

/// The authors of the parts whose number is not shown.
fn hidden_authors(parts: impl Iterator<Item = (usize, bool)>) -> Base {
    Base::of_authors(parts.filter(|&(_, is_shown)| !is_shown).map(|(n_authors, _)| n_authors).sum())
}

/// A ratio within author, where it may be shown.
pub(super) fn ratio(gap: &Gap, rules: Rules) -> Shown<Ratio> {
    let n_authors = gap.counts.n_naming_both;
    if n_authors == 0 {
        return Shown::NoData;
    }
    if n_authors < rules.min_authors {
        return Shown::Hidden(Why::TooFewAuthors);
    }
    // A gap that this hides has too few effective authors for the gate, so that it is in no family.
    if let Some(why) = rules.dominance_of_shares(gap.counts.largest_shares) {
        return Shown::Hidden(why);
    }
    match gap.ratio {
        None => Shown::NoData,
        Some(_) if gap.counts.n_contributing < MIN_AUTHORS_WITH_HIT => Shown::Few,
        Some(ratio) => Shown::Value(Ratio { ratio: two_figures(ratio), interval: rounded_ends(gap.interval), n_authors: Some(n_authors) }),
    }
}

/// An interval to two significant figures, unless rounding would move an end onto or over 1.
pub(super) fn rounded_ends(interval: Interval) -> Interval {
    let rounded = Interval { low: interval.low.map(two_figures), high: interval.high.map(two_figures) };
    if rounded.excludes(1.0) == interval.excludes(1.0) { rounded } else { interval }
}

fn shown_verdict(finding: &GapFinding, material: f64, gives_away: bool) -> ShownVerdict {
    let gap = &finding.gap;
    let real = gap.ratio.filter(|_| finding.q.is_some_and(|q| q <= FALSE_DISCOVERY_RATE));
    let nearest_end = real.and_then(|ratio| if ratio >= 1.0 { gap.interval.low } else { gap.interval.high.map(f64::recip) });
    ShownVerdict {
        verdict: finding.verdict,
        q: finding.q.map(two_figures),
        missing: finding.missing.iter().map(|&missing| rounded(missing, gives_away)).collect(),
        planning: if finding.missing.iter().all(|&missing| missing == Missing::SecondEntry) { None } else { nearest_row(finding) },
        weak_points: real
            .filter(|&ratio| verdict::size(ratio) >= material)
            .map_or_else(Vec::new, |ratio| finding.stability.weak_points(ratio, material)),
        vanishing_precision: nearest_end.map(|end| two_figures(spread::vanishing_precision(end, spread::ASSUMED_PRECISION))),
        high_author_cv: finding.author_cv.filter(|&cv| cv > spread::HIGH_AUTHOR_CV).map(two_figures),
    }
}

/// What is missing in steps too coarse to work out a few people's hits or segments from it; authors in fives, too, where their number
/// would give hidden authors away.
fn rounded(missing: Missing, gives_away: bool) -> Missing {
    match missing {
        Missing::Hits(more) => Missing::Hits(more.next_multiple_of(5)),
        Missing::NamingSegments { group, more } => Missing::NamingSegments { group, more: more.next_multiple_of(50) },
        Missing::ExpectedHits { group, more } => Missing::ExpectedHits { group, more: more.next_multiple_of(5) },
        Missing::AuthorsNamingBoth(more) if gives_away => Missing::AuthorsNamingBoth(more.next_multiple_of(5)),
        Missing::AuthorsNamingBoth(_) | Missing::AuthorsWithHit(_) | Missing::EffectiveAuthors(_) | Missing::SecondEntry => missing,
    }
}

fn nearest_row(finding: &GapFinding) -> Option<Row> {
    let counts = &finding.gap.counts;
    let naming = counts.naming[0] + counts.naming[1];
    if naming == 0 {
        return None;
    }
    let mentions = counts.naming.map(|n| n as f64 / counts.n_naming_both as f64);
    planning::nearest(counts.n_naming_both, mentions, (counts.hits[0] + counts.hits[1]) as f64 / naming as f64)
}

/// Levels by quarter, where there are two quarters or more.
pub(super) fn quarters(findings: Vec<QuarterFinding>, sums: Sums) -> Vec<ShownQuarters> {
    let all: BTreeSet<Quarter> = findings.iter().flat_map(|finding| finding.levels.iter().map(|(quarter, _)| *quarter)).collect();
    let bases = |finding: &QuarterFinding| -> Vec<Base> {
        let base = |quarter| finding.levels.iter().find(|(one, _)| one == quarter).map_or(Base::default(), |(_, level)| level.into());
        all.iter().map(base).collect()
    };
    let mut series: Vec<Shown<Vec<(Quarter, Rate)>>> = findings.iter().map(|finding| series(finding, sums.rules)).collect();
    hide_covers(sums, &mut series, findings.iter().map(|finding| (finding.category, &finding.speaker, bases(finding))));
    let changes: Vec<Shown<Ratio>> =
        findings.iter().map(|finding| finding.change.map_or(Shown::NoData, |change| ratio(&change, sums.rules))).collect();
    let n_naming_both = |finding: &QuarterFinding| finding.change.map_or(0, |change| change.counts.n_naming_both);
    let gives_away: Vec<bool> = findings
        .iter()
        .map(|one| {
            let parts = findings.iter().zip(&changes).zip(&series);
            let parts = parts.filter(|((other, _), _)| other.speaker != Speaker::Company && other.category == one.category);
            // Parts without a change are under the floor, by how much is not known.
            let is_open = parts.clone().any(|((other, _), _)| other.change.is_none() && !other.levels.is_empty());
            let parts = parts.map(|((other, change), series)| (n_naming_both(other), change.is_shown() && series.is_shown()));
            one.speaker == Speaker::Company && (is_open || !sums.is_safe(&[hidden_authors(parts)]))
        })
        .collect();
    let mut shown = Vec::new();
    for (((finding, rates), change), gives_away) in findings.into_iter().zip(series).zip(changes).zip(gives_away) {
        let change = match &rates {
            Shown::Value(_) => change.map(|change| Ratio { n_authors: change.n_authors.filter(|_| !gives_away), ..change }),
            Shown::Few => Shown::Few,
            Shown::Hidden(why) => Shown::Hidden(*why),
            Shown::NoData => Shown::NoData,
        };
        if finding.levels.len() > 1 {
            shown.push(ShownQuarters { speaker: finding.speaker, category: finding.category, rates, change });
        }
    }
    shown
}

/// All quarters of a level, or why there is none.
fn series(finding: &QuarterFinding, rules: Rules) -> Shown<Vec<(Quarter, Rate)>> {
    let mut rates = Vec::new();
    for (quarter, level) in &finding.levels {
        match rules.rate(level) {
            Shown::Value(rate) => rates.push((*quarter, rate)),
            Shown::Few => return Shown::Few,
            Shown::Hidden(why) => return Shown::Hidden(why),
            Shown::NoData => return Shown::NoData,
        }
    }
    if rates.len() > 1 { Shown::Value(rates) } else { Shown::NoData }
}

/// Two teams side by side where both levels are shown: from one of them and the ratio the other could be had.
pub(super) fn between(findings: Vec<BetweenFinding>, levels: &[ShownLevel]) -> Vec<ShownBetween> {
    let is_shown = |team: &str, category: Category| {
        let is_meant = |level: &&ShownLevel| {
            level.category == category && level.target.is_none() && matches!(&level.speaker, Speaker::Team(name) if **name == *team)
        };
        levels.iter().find(is_meant).is_some_and(|level| level.rate.is_shown())
    };
    let show = |finding: BetweenFinding| {
        let BetweenFinding { first, second, category, between } = finding;
        let Between { ratio, p } = between.filter(|_| is_shown(&first, category) && is_shown(&second, category))?;
        let interval = rounded_ends(ratio.interval);
        Some(ShownBetween { first, second, category, ratio: two_figures(ratio.ratio), interval, p: two_figures(p) })
    };
    findings.into_iter().filter_map(show).collect()
}

/// Gendered wording beside scorn. Scorn is the sum of two categories, so it is shown where both are; the two kinds of coded adjectives are
/// parts of the gendered wording, so both are shown or neither is.
pub(super) fn gendered(findings: &[GenderedFinding], levels: &[ShownLevel], sums: Sums) -> Vec<ShownGendered> {
    let level = |finding: &GenderedFinding, category: Category| {
        let is_meant = |level: &&ShownLevel| {
            level.category == category && level.speaker == finding.speaker && level.target.as_ref() == Some(&finding.target)
        };
        levels.iter().find(is_meant).map_or(Shown::NoData, |level| level.rate)
    };
    let mut coded: Vec<Shown<[Rate; 2]>> = findings.iter().map(|finding| both(&finding.coded, sums.rules)).collect();
    let bases = |finding: &GenderedFinding| finding.coded.iter().map(Base::from).collect();
    hide_covers(sums, &mut coded, findings.iter().map(|finding| (&finding.target, &finding.speaker, bases(finding))));
    let show = |(finding, coded): (&GenderedFinding, Shown<[Rate; 2]>)| {
        let is_known = [Category::IvoryTower, Category::PastFailure].into_iter().all(|category| level(finding, category).is_shown());
        let scorn = match sums.rules.rate(&finding.scorn) {
            Shown::Value(_) if !is_known => Shown::Hidden(Why::Cover),
            scorn => scorn,
        };
        ShownGendered {
            speaker: finding.speaker.clone(),
            target: finding.target.clone(),
            gendered: level(finding, Category::Gendered),
            coded: [0, 1].map(|kind| coded.map(|rates| rates[kind])),
            scorn,
        }
    };
    findings.iter().zip(coded).map(show).collect()
}

fn both(levels: &[Level; 2], rules: Rules) -> Shown<[Rate; 2]> {
    match levels.each_ref().map(|level| rules.rate(level)) {
        [Shown::Value(first), Shown::Value(second)] => Shown::Value([first, second]),
        [first, second] => (if first.is_shown() { second } else { first }).map(|rate| [rate; 2]),
    }
}

/// Threads in which two teams meet, where enough people of both do. They are parts of no sum.
pub(super) fn meetings(findings: Vec<MeetingFinding>, rules: Rules) -> Vec<ShownMeeting> {
    let show = |finding: MeetingFinding| {
        let MeetingFinding { first, second, topic, shared_threads, n_authors } = finding;
        let is_few = shared_threads > 0 && n_authors.into_iter().any(|n| n < rules.min_authors);
        let shared_threads = if is_few { Shown::Hidden(Why::TooFewAuthors) } else { Shown::Value(shared_threads) };
        ShownMeeting { first, second, topic, shared_threads }
    };
    findings.into_iter().map(show).collect()
}

/// Replies: the number of authors and the three tones each by itself.
pub(super) fn replies(findings: &[ReplyFinding], sums: Sums) -> Vec<ShownReplies> {
    let n_base = |finding: &ReplyFinding| Base::of_authors(finding.n_replying);
    let mut n_replying: Vec<Shown<usize>> =
        findings.iter().map(|finding| sums.rules.standing(&n_base(finding)).map(|()| finding.n_replying)).collect();
    hide_covers(sums, &mut n_replying, findings.iter().map(|finding| (&finding.to_team, &finding.speaker, vec![n_base(finding)])));
    let tones: [Vec<Shown<Rate>>; 3] = [0, 1, 2].map(|tone| {
        let mut rates: Vec<Shown<Rate>> = findings.iter().map(|finding| sums.rules.rate(&finding.tones[tone])).collect();
        let bases = |finding: &ReplyFinding| vec![Base::from(&finding.tones[tone])];
        hide_covers(sums, &mut rates, findings.iter().map(|finding| (&finding.to_team, &finding.speaker, bases(finding))));
        rates
    });
    let show = |((place, finding), n_replying): ((usize, &ReplyFinding), Shown<usize>)| ShownReplies {
        speaker: finding.speaker.clone(),
        to_team: finding.to_team.clone(),
        n_authors: finding.n_authors,
        n_replying,
        tones: tones.each_ref().map(|rates| rates[place]),
    };
    findings.iter().enumerate().zip(n_replying).map(show).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::level::{AuthorCount, level};

    const RULES: Rules = Rules { min_authors: 5 };

    #[test]
    fn two_teams_meet_in_so_many_threads_only_where_enough_people_of_both_do() {
        let shown = |shared_threads, n_authors| {
            let [first, second, topic] = ["sales", "marketing", "leads"].map(Into::into);
            meetings(vec![MeetingFinding { first, second, topic, shared_threads, n_authors }], RULES)[0].shared_threads
        };
        assert_eq!(shown(3, [5, 5]), Shown::Value(3));
        for few in [[4, 9], [9, 4], [0, 0]] {
            assert_eq!(shown(3, few), Shown::Hidden(Why::TooFewAuthors), "{few:?}");
        }
        assert_eq!(shown(0, [0, 0]), Shown::Value(0));
    }

    #[test]
    fn quarters_are_shown_all_or_none_and_one_is_no_series() {
        let of = |authors: &[usize]| {
            let counts: Vec<_> = authors.iter().map(|&n| level(&vec![AuthorCount { hits: 1, exposure: 1000 }; n], 0.95)).collect();
            let levels = (1..).map(|quarter| Quarter { year: 2026, quarter }).zip(counts).collect();
            series(&QuarterFinding { speaker: Speaker::Company, category: Category::Heroic, levels, change: None }, RULES)
        };
        assert!(matches!(of(&[6, 6]), Shown::Value(rates) if rates.len() == 2));
        assert_eq!(of(&[6]), Shown::NoData);
        assert_eq!(of(&[6, 4]), Shown::Hidden(Why::TooFewAuthors));
    }
}
