//! What may be shown + limits → breaches. A limit on a figure that may not be shown cannot be judged: that it fired would give it away.

use crate::config::{Check, Limit, OnInsufficient};
use crate::disclosure::{Disclosed, Rate, Shown, ShownGap, Why};
use crate::fault::{self, Fault, Place, Position};
use crate::lexicon::Category;
use crate::span::line_of;
use crate::stats::verdict::Verdict;
use crate::stats::{GapKind, Speaker};

/// A limit that is sound, with its place in the configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct SoundLimit {
    /// Where it stands.
    pub at: Place,
    /// Who speaks.
    pub speaker: Speaker,
    /// Of what category.
    pub category: Category,
    /// About whom.
    pub target: Option<String>,
    /// Most hits per 1,000.
    pub max_per_1000: f64,
    /// What the 1,000 are.
    pub unit: Unit,
}

/// What a rate is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Own words.
    Words,
    /// Segments that name the target.
    NamingSegments,
}

impl Unit {
    /// The unit in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::NamingSegments => "naming segments",
        }
    }
}

/// A verdict that gaps may not have, with its place in the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictLimit {
    /// Where it stands.
    pub at: Place,
    /// Whose gaps; everybody's if it is not set (`fail_on`).
    pub speaker: Option<Speaker>,
    /// Which gaps; all if it is not set.
    pub kind: Option<GapKind>,
    /// The verdict.
    pub verdict: Verdict,
}

/// All that is checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Policy {
    /// Limits, in the order of the configuration.
    pub limits: Vec<SoundLimit>,
    /// Verdicts that count as crossed: those of limits, then those of `fail_on`.
    pub verdicts: Vec<VerdictLimit>,
    /// What a limit that cannot be judged does.
    pub on_insufficient: OnInsufficient,
}

impl Policy {
    /// Reads `[check]`; `path` and `text` are the configuration's, for places.
    ///
    /// # Errors
    /// Every limit that names no team or no category, an unknown category, no maximum or two, or a maximum that is no rate; every limit by
    /// verdict that names no team or no gap, or a category or maximum beside it; every verdict that is none.
    pub fn new(check: &Check, path: &str, text: &str) -> Result<Self, Vec<Fault>> {
        let at = |span: std::ops::Range<usize>| Place::file(path).at(Position::Line(line_of(text, span.start)));
        let mut faults = Vec::new();
        let mut policy = Self { on_insufficient: check.on_insufficient, ..Self::default() };
        for limit in &check.limit {
            let at = at(limit.span());
            let limit = limit.get_ref();
            let added = match &limit.verdict {
                None => sound(limit, at.clone()).map(|sound| policy.limits.push(sound)),
                Some(verdict) => sound_verdict(limit, verdict, at.clone()).map(|sound| policy.verdicts.push(sound)),
            };
            if let Err(why) = added {
                faults.push(Fault::new(at, format!("check.limit: {why}")));
            }
        }
        for name in &check.fail_on {
            match verdict_named(name.get_ref()) {
                Ok(verdict) => policy.verdicts.push(VerdictLimit { at: at(name.span()), speaker: None, kind: None, verdict }),
                Err(why) => faults.push(Fault::new(at(name.span()), format!("fail_on: {why}"))),
            }
        }
        if faults.is_empty() { Ok(policy) } else { Err(faults) }
    }
}

fn sound(limit: &Limit, at: Place) -> Result<SoundLimit, String> {
    if limit.team.is_empty() {
        return Err("no team; expected a team's name or \"company\"".to_owned());
    }
    let known = Category::ALL.map(Category::name);
    let category = Category::from_name(&limit.category).ok_or_else(|| {
        let nearest = fault::nearest(&limit.category, known);
        format!("unknown category \"{}\", expected one of {}{nearest}", limit.category, known.join(", "))
    })?;
    let (max_per_1000, unit) = match (limit.max_per_1000_words, limit.max_per_1000_naming_segments) {
        (Some(max), None) => (max, Unit::Words),
        (None, Some(max)) => (max, Unit::NamingSegments),
        (None, None) => return Err("no maximum; expected max_per_1000_words, max_per_1000_naming_segments or verdict".to_owned()),
        (Some(_), Some(_)) => return Err("two maxima; expected one".to_owned()),
    };
    match (unit, &limit.target) {
        (Unit::NamingSegments, None) => return Err("max_per_1000_naming_segments needs a target".to_owned()),
        (Unit::Words, Some(_)) => return Err("with a target the maximum is max_per_1000_naming_segments".to_owned()),
        (Unit::NamingSegments, Some(_)) | (Unit::Words, None) => {}
    }
    if !max_per_1000.is_finite() || max_per_1000 < 0.0 {
        return Err(format!("found a maximum of {max_per_1000}, expected a number from 0 up"));
    }
    let speaker = speaker_named(&limit.team);
    Ok(SoundLimit { at, speaker, category, target: limit.target.as_deref().map(str::to_lowercase), max_per_1000, unit })
}

fn sound_verdict(limit: &Limit, verdict: &str, at: Place) -> Result<VerdictLimit, String> {
    if limit.team.is_empty() {
        return Err("no team; expected a team's name or \"company\"".to_owned());
    }
    let others = [
        ("category", !limit.category.is_empty()),
        ("target", limit.target.is_some()),
        ("max_per_1000_words", limit.max_per_1000_words.is_some()),
        ("max_per_1000_naming_segments", limit.max_per_1000_naming_segments.is_some()),
    ];
    if let Some((key, _)) = others.into_iter().find(|&(_, is_set)| is_set) {
        return Err(format!("found {key} beside verdict, expected team and gap alone"));
    }
    let known = GapKind::ALL.map(GapKind::name);
    let gap = limit.gap.as_deref().ok_or_else(|| format!("no gap; expected one of {}", known.join(", ")))?;
    let kind = GapKind::ALL.into_iter().find(|kind| kind.name() == gap).ok_or_else(|| {
        let nearest = fault::nearest(gap, known);
        format!("unknown gap \"{gap}\", expected one of {}{nearest}", known.join(", "))
    })?;
    Ok(VerdictLimit { at, speaker: Some(speaker_named(&limit.team)), kind: Some(kind), verdict: verdict_named(verdict)? })
}

fn verdict_named(name: &str) -> Result<Verdict, String> {
    let known = Verdict::ALL.into_iter().filter(|verdict| *verdict != Verdict::Suppressed);
    match Verdict::from_name(name) {
        Some(Verdict::Suppressed) => Err("found \"suppressed\", but a gap that is hidden is not judged".to_owned()),
        Some(verdict) => Ok(verdict),
        None => {
            let known: Vec<&str> = known.map(Verdict::name).collect();
            let nearest = fault::nearest(name, known.iter().copied());
            Err(format!("unknown verdict \"{name}\", expected one of {}{nearest}", known.join(", ")))
        }
    }
}

fn speaker_named(team: &str) -> Speaker {
    match team.to_lowercase().as_str() {
        "company" => Speaker::Company,
        "other teams" => Speaker::OtherTeams,
        "not in roster" => Speaker::NotInRoster,
        team => Speaker::Team(team.into()),
    }
}

/// How a limit was met.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Judgement {
    /// The rate is above the maximum.
    Crossed(Rate),
    /// It is not.
    Kept(Rate),
    /// It cannot be told, and why.
    NotJudged(&'static str),
}

/// How a limit by verdict was met.
#[derive(Debug, Clone, PartialEq)]
pub enum VerdictJudgement {
    /// These gaps have the verdict.
    Crossed(Vec<ShownGap>),
    /// No gap has it.
    Kept,
    /// It cannot be told, and why.
    NotJudged(&'static str),
}

/// One limit, and how it was met.
#[derive(Debug, Clone, PartialEq)]
pub enum Judged {
    /// A limit on a rate.
    Limit(SoundLimit, Judgement),
    /// A limit by verdict.
    Verdict(VerdictLimit, VerdictJudgement),
}

impl Judged {
    /// Whether the limit is crossed.
    #[must_use]
    pub const fn is_crossed(&self) -> bool {
        matches!(self, Self::Limit(_, Judgement::Crossed(_)) | Self::Verdict(_, VerdictJudgement::Crossed(_)))
    }

    /// Whether it could not be judged.
    #[must_use]
    pub const fn is_not_judged(&self) -> bool {
        matches!(self, Self::Limit(_, Judgement::NotJudged(_)) | Self::Verdict(_, VerdictJudgement::NotJudged(_)))
    }
}

/// Judges every limit.
#[must_use]
pub fn check(shown: &Disclosed, policy: &Policy) -> Vec<Judged> {
    let limits = policy.limits.iter().map(|limit| Judged::Limit(limit.clone(), judge(shown, limit)));
    let verdicts = policy.verdicts.iter().map(|limit| Judged::Verdict(limit.clone(), judge_verdict(shown, limit)));
    limits.chain(verdicts).collect()
}

fn judge(shown: &Disclosed, limit: &SoundLimit) -> Judgement {
    let Some(level) = shown.level(&limit.speaker, limit.category, limit.target.as_deref()) else {
        return Judgement::NotJudged("no such team or target in the data, or too few authors to stand alone");
    };
    match level.rate {
        Shown::Value(rate) if rate.per_1000 > limit.max_per_1000 => Judgement::Crossed(rate),
        Shown::Value(rate) => Judgement::Kept(rate),
        Shown::Few => Judgement::NotJudged("fewer than 3 authors have a hit"),
        Shown::Hidden(why) => Judgement::NotJudged(in_words(why)),
        Shown::NoData if limit.target.is_some() => Judgement::NotJudged("nobody names the target"),
        Shown::NoData => Judgement::NotJudged("the team wrote no words"),
    }
}

const fn in_words(why: Why) -> &'static str {
    match why {
        Why::TooFewAuthors => "too few authors",
        Why::OneAuthor => "one author wrote most of it",
        Why::TwoAuthors => "two authors wrote most of it",
        Why::Cover => "hidden, for with it another hidden figure could be worked out",
        Why::FewCameOrWent => "too few came or went",
    }
}

fn judge_verdict(shown: &Disclosed, limit: &VerdictLimit) -> VerdictJudgement {
    let is_meant =
        |gap: &&ShownGap| limit.speaker.as_ref().is_none_or(|who| gap.speaker == *who) && limit.kind.is_none_or(|kind| gap.kind == kind);
    let meant: Vec<&ShownGap> = shown.gaps.iter().filter(is_meant).collect();
    let crossed: Vec<ShownGap> = meant.iter().filter(|gap| gap.verdict.verdict == limit.verdict).map(|&gap| gap.clone()).collect();
    if !crossed.is_empty() {
        return VerdictJudgement::Crossed(crossed);
    }
    // Where everybody's gaps are meant, those of small teams often cannot be judged; the company's decide.
    let deciding = |gap: &&&ShownGap| limit.speaker.is_some() || gap.speaker == Speaker::Company;
    let has = |verdict: Verdict| meant.iter().filter(deciding).any(|gap| gap.verdict.verdict == verdict);
    if !meant.iter().any(|gap| deciding(&gap)) {
        VerdictJudgement::NotJudged("no such team in the data, or too few authors to stand alone")
    } else if has(Verdict::Suppressed) {
        VerdictJudgement::NotJudged("too few authors")
    } else if has(Verdict::Insufficient) {
        VerdictJudgement::NotJudged("not enough data")
    } else {
        VerdictJudgement::Kept
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::config;

    fn told(text: &str) -> Vec<String> {
        let config = config::parse("evenhand.toml", text).unwrap();
        match Policy::new(&config.check, "evenhand.toml", text) {
            Ok(policy) => policy.limits.iter().map(|limit| format!("{} {:?} {}", limit.at, limit.speaker, limit.max_per_1000)).collect(),
            Err(faults) => faults.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn limits_have_places_and_mistakes_are_told() {
        assert_eq!(
            told("[[check.limit]]\nteam = \"Sales\"\ncategory = \"heroic\"\nmax_per_1000_words = 2\n"),
            ["evenhand.toml:1 Team(\"sales\") 2"]
        );
        assert_eq!(
            told("[check]\nfail_on = [\"material\"]\n[[check.limit]]\nteam = \"sales\"\ncategory = \"heroik\"\n"),
            [
                "evenhand.toml:3: check.limit: unknown category \"heroik\", expected one of heroic, ivory_tower, gendered, past_failure, \
                 collaboration, anti_sales; did you mean \"heroic\"?",
                "evenhand.toml:2: fail_on: unknown verdict \"material\", expected one of insufficient, no_large_gap, \
                 material_gap, small_or_unstable_gap, inconclusive; did you mean \"material_gap\"?",
            ]
        );
        assert_eq!(
            told("[check]\nfail_on = [\"suppressed\"]\n"),
            ["evenhand.toml:2: fail_on: found \"suppressed\", but a gap that is hidden is not judged"]
        );
        let by_verdict = |keys: &str| told(&format!("[[check.limit]]\nverdict = \"material_gap\"\n{keys}"));
        assert_eq!(by_verdict("team = \"sales\"\n"), ["evenhand.toml:1: check.limit: no gap; expected one of praise, scorn, credit"]);
        assert_eq!(
            by_verdict("team = \"sales\"\ngap = \"scorm\"\n"),
            ["evenhand.toml:1: check.limit: unknown gap \"scorm\", expected one of praise, scorn, credit; did you mean \"scorn\"?"]
        );
        assert_eq!(
            by_verdict("team = \"sales\"\ngap = \"scorn\"\nmax_per_1000_words = 1\n"),
            ["evenhand.toml:1: check.limit: found max_per_1000_words beside verdict, expected team and gap alone"]
        );
        assert_eq!(
            told("[[check.limit]]\nteam = \"sales\"\ncategory = \"heroic\"\ntarget = \"hr\"\nmax_per_1000_words = 1.0\n"),
            ["evenhand.toml:1: check.limit: with a target the maximum is max_per_1000_naming_segments"]
        );
    }
}
