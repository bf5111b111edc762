//! What may be shown + limits → breaches. A limit on a figure that may not be shown cannot be judged: that it fired would give it away.
//!
//! `baseline` is the file that later months are held against, `ratchet` how.

pub mod baseline;
pub mod ratchet;

use baseline::Baseline;
use ratchet::Held;

use crate::config::{self, Check, Limit, OnInsufficient};
use crate::disclosure::{Disclosed, Rate, Ratio, Shown, ShownGap, Why, two_figures};
use crate::fault::{self, Fault, Place, Position};
use crate::lexicon::Category;
use crate::span::line_of;
use crate::stats::interval::Interval;
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

/// The largest ratio that a gap may have, with its place in the configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct RatioLimit {
    /// Where it stands.
    pub at: Place,
    /// Whose gap.
    pub speaker: Speaker,
    /// Which one.
    pub kind: GapKind,
    /// Group on top, then group below.
    pub direction: [String; 2],
    /// Largest ratio.
    pub max_ratio: f64,
}

/// The baseline that later months are held against, with its place in the configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct BaselineLimit {
    /// Where it stands.
    pub at: Place,
    /// By so large a share a figure may rise.
    pub tolerance: f64,
}

/// All that is checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Policy {
    /// Limits on rates, in the order of the configuration.
    pub limits: Vec<SoundLimit>,
    /// Limits on ratios.
    pub ratios: Vec<RatioLimit>,
    /// Verdicts that count as crossed: those of limits, then those of `fail_on`.
    pub verdicts: Vec<VerdictLimit>,
    /// The baseline, if there is one.
    pub baseline: Option<BaselineLimit>,
    /// What a limit that cannot be judged does.
    pub on_insufficient: OnInsufficient,
}

impl Policy {
    /// Whether nothing is checked.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.limits.is_empty() && self.ratios.is_empty() && self.verdicts.is_empty() && self.baseline.is_none()
    }

    /// Reads `[check]`; `path` and `text` are the configuration's, for places.
    ///
    /// # Errors
    /// Every limit that names no team or no category, an unknown category, no maximum or two, or a maximum that is no rate; every limit by
    /// verdict that names no team or no gap, or a category or maximum beside it; every verdict that is none.
    pub fn new(check: &Check, path: &str, text: &str) -> Result<Self, Vec<Fault>> {
        let file = Place::file(path);
        let at = |span: std::ops::Range<usize>| file.at(Position::Line(line_of(text, span.start)));
        let mut faults = Vec::new();
        let mut policy = Self { on_insufficient: check.on_insufficient, ..Self::default() };
        for (number, spanned) in check.limit.iter().enumerate() {
            let at = at(spanned.span());
            let limit = spanned.get_ref();
            let added = match (&limit.verdict, limit.max_ratio) {
                (None, None) => sound(limit, at).map(|sound| policy.limits.push(sound)),
                (None, Some(max)) => sound_ratio(limit, max, at).map(|sound| policy.ratios.push(sound)),
                (Some(_), Some(_)) => Err(mistake("verdict", "two limits, max_ratio and verdict; expected one")),
                (Some(verdict), None) => sound_verdict(limit, verdict, at).map(|sound| policy.verdicts.push(sound)),
            };
            if let Err((key, why)) = added {
                let span = config::span_in_limit(text, number, key).unwrap_or_else(|| spanned.span());
                faults.push(Fault::in_text(&file, text, span, format!("check.limit: {why}")));
            }
        }
        for name in &check.fail_on {
            match verdict_named(name.get_ref()) {
                Ok(verdict) => policy.verdicts.push(VerdictLimit { at: at(name.span()), speaker: None, kind: None, verdict }),
                Err((_, why)) => faults.push(Fault::in_text(&file, text, name.span(), format!("fail_on: {why}"))),
            }
        }
        policy.baseline = check.baseline.as_ref().map(|path| BaselineLimit { at: at(path.span()), tolerance: check.tolerance });
        if faults.is_empty() { Ok(policy) } else { Err(faults) }
    }
}

/// The key whose value is not sound, or none where the limit as a whole is not, and why.
type Mistake = (&'static str, String);

fn mistake(key: &'static str, why: impl Into<String>) -> Mistake {
    (key, why.into())
}

fn sound(limit: &Limit, at: Place) -> Result<SoundLimit, Mistake> {
    let speaker = sound_team(limit)?;
    if let Some((key, _)) = [("gap", limit.gap.is_some()), ("direction", limit.direction.is_some())].into_iter().find(|&(_, is_set)| is_set)
    {
        return Err(mistake(key, format!("found {key} without max_ratio or verdict")));
    }
    let known = Category::ALL.map(Category::name);
    let category = Category::from_name(&limit.category).ok_or_else(|| {
        let nearest = fault::nearest(&limit.category, known);
        mistake("category", format!("unknown category \"{}\", expected one of {}{nearest}", limit.category, known.join(", ")))
    })?;
    let (key, max_per_1000, unit) = match (limit.max_per_1000_words, limit.max_per_1000_naming_segments) {
        (Some(max), None) => ("max_per_1000_words", max, Unit::Words),
        (None, Some(max)) => ("max_per_1000_naming_segments", max, Unit::NamingSegments),
        (None, None) => {
            let why = "no maximum; expected max_per_1000_words, max_per_1000_naming_segments, max_ratio or verdict";
            return Err(mistake("", why));
        }
        (Some(_), Some(_)) => return Err(mistake("max_per_1000_naming_segments", "two maxima; expected one")),
    };
    match (unit, &limit.target) {
        (Unit::NamingSegments, None) => return Err(mistake(key, "max_per_1000_naming_segments needs a target")),
        (Unit::Words, Some(_)) => return Err(mistake(key, "with a target the maximum is max_per_1000_naming_segments")),
        (Unit::NamingSegments, Some(_)) | (Unit::Words, None) => {}
    }
    if !max_per_1000.is_finite() || max_per_1000 < 0.0 {
        return Err(mistake(key, format!("found a maximum of {max_per_1000}, expected a number from 0 up")));
    }
    Ok(SoundLimit { at, speaker, category, target: limit.target.as_deref().map(str::to_lowercase), max_per_1000, unit })
}

fn sound_team(limit: &Limit) -> Result<Speaker, Mistake> {
    if limit.team.is_empty() {
        Err(mistake("team", "no team; expected a team's name or \"company\""))
    } else {
        Ok(speaker_named(&limit.team))
    }
}

fn sound_ratio(limit: &Limit, max_ratio: f64, at: Place) -> Result<RatioLimit, Mistake> {
    let (speaker, kind) = sound_gap(limit, "max_ratio")?;
    let missing = || mistake("", "no direction; expected one such as \"marketing/sales\"");
    let direction = limit.direction.as_deref().ok_or_else(missing)?;
    let sides = direction.split_once('/').map(|(top, bottom)| [top, bottom].map(|side| side.trim().to_lowercase()));
    let direction = sides.filter(|[top, bottom]| !top.is_empty() && !bottom.is_empty() && top != bottom).ok_or_else(|| {
        mistake("direction", format!("direction: found \"{direction}\", expected two groups such as \"marketing/sales\""))
    })?;
    if !max_ratio.is_finite() || max_ratio < 1.0 {
        return Err(mistake("max_ratio", format!("max_ratio: found {max_ratio}, expected a number from 1 up")));
    }
    Ok(RatioLimit { at, speaker, kind, direction, max_ratio })
}

fn sound_verdict(limit: &Limit, verdict: &str, at: Place) -> Result<VerdictLimit, Mistake> {
    let (speaker, kind) = sound_gap(limit, "verdict")?;
    if limit.direction.is_some() {
        return Err(mistake("direction", "found direction beside verdict, expected team and gap alone"));
    }
    Ok(VerdictLimit { at, speaker: Some(speaker), kind: Some(kind), verdict: verdict_named(verdict)? })
}

/// Whose gap is limited, and which, by a key that has no category beside it.
fn sound_gap(limit: &Limit, by: &str) -> Result<(Speaker, GapKind), Mistake> {
    let speaker = sound_team(limit)?;
    let others = [
        ("category", !limit.category.is_empty()),
        ("target", limit.target.is_some()),
        ("max_per_1000_words", limit.max_per_1000_words.is_some()),
        ("max_per_1000_naming_segments", limit.max_per_1000_naming_segments.is_some()),
    ];
    if let Some((key, _)) = others.into_iter().find(|&(_, is_set)| is_set) {
        let wanted = if by == "verdict" { "team and gap" } else { "team, gap and direction" };
        return Err(mistake(key, format!("found {key} beside {by}, expected {wanted} alone")));
    }
    let known = GapKind::ALL.map(GapKind::name);
    let gap = limit.gap.as_deref().ok_or_else(|| mistake("", format!("no gap; expected one of {}", known.join(", "))))?;
    let kind = GapKind::ALL.into_iter().find(|kind| kind.name() == gap).ok_or_else(|| {
        let nearest = fault::nearest(gap, known);
        mistake("gap", format!("unknown gap \"{gap}\", expected one of {}{nearest}", known.join(", ")))
    })?;
    Ok((speaker, kind))
}

fn verdict_named(name: &str) -> Result<Verdict, Mistake> {
    let known = Verdict::ALL.into_iter().filter(|verdict| *verdict != Verdict::Suppressed);
    match Verdict::from_name(name) {
        Some(Verdict::Suppressed) => Err(mistake("verdict", "found \"suppressed\", but a gap that is hidden is not judged")),
        Some(verdict) => Ok(verdict),
        None => {
            let known: Vec<&str> = known.map(Verdict::name).collect();
            let nearest = fault::nearest(name, known.iter().copied());
            Err(mistake("verdict", format!("unknown verdict \"{name}\", expected one of {}{nearest}", known.join(", "))))
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

/// How a limit on a ratio was met; ratios are the way round that the limit is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RatioJudgement {
    /// The ratio is above the maximum, and its interval above 1.
    Crossed(Ratio),
    /// The ratio is above the maximum, but its interval holds 1, so that there may be no gap at all.
    WithinNoise(Ratio),
    /// It is not above it.
    Kept(Ratio),
    /// It cannot be told, and why.
    NotJudged(&'static str),
}

/// How later months stand against the baseline.
#[derive(Debug, Clone, PartialEq)]
pub enum BaselineJudgement {
    /// At least one figure was compared; the limit is crossed if one rose.
    Held(Held),
    /// It cannot be told, and why.
    NotJudged(String),
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
    /// A limit on a ratio.
    Ratio(RatioLimit, RatioJudgement),
    /// A limit by verdict.
    Verdict(VerdictLimit, VerdictJudgement),
    /// The baseline.
    Baseline(BaselineLimit, BaselineJudgement),
}

impl Judged {
    /// Where the limit stands in the configuration.
    #[must_use]
    pub const fn at(&self) -> &Place {
        match self {
            Self::Limit(limit, _) => &limit.at,
            Self::Ratio(limit, _) => &limit.at,
            Self::Verdict(limit, _) => &limit.at,
            Self::Baseline(limit, _) => &limit.at,
        }
    }

    /// Whether the limit is crossed.
    #[must_use]
    pub const fn is_crossed(&self) -> bool {
        match self {
            Self::Limit(_, judgement) => matches!(judgement, Judgement::Crossed(_)),
            Self::Ratio(_, judgement) => matches!(judgement, RatioJudgement::Crossed(_)),
            Self::Verdict(_, judgement) => matches!(judgement, VerdictJudgement::Crossed(_)),
            Self::Baseline(_, BaselineJudgement::Held(held)) => !held.rises.is_empty(),
            Self::Baseline(_, BaselineJudgement::NotJudged(_)) => false,
        }
    }

    /// Whether it could not be judged.
    #[must_use]
    pub const fn is_not_judged(&self) -> bool {
        matches!(
            self,
            Self::Limit(_, Judgement::NotJudged(_))
                | Self::Ratio(_, RatioJudgement::NotJudged(_))
                | Self::Verdict(_, VerdictJudgement::NotJudged(_))
                | Self::Baseline(_, BaselineJudgement::NotJudged(_))
        )
    }
}

/// Judges every limit but the baseline.
#[must_use]
pub fn check(shown: &Disclosed, policy: &Policy) -> Vec<Judged> {
    let limits = policy.limits.iter().map(|limit| Judged::Limit(limit.clone(), judge(shown, limit)));
    let ratios = policy.ratios.iter().map(|limit| Judged::Ratio(limit.clone(), judge_ratio(shown, limit)));
    let verdicts = policy.verdicts.iter().map(|limit| Judged::Verdict(limit.clone(), judge_verdict(shown, limit)));
    limits.chain(ratios).chain(verdicts).collect()
}

/// Holds what may be shown of the months after a baseline against it; none where there is no such month.
#[must_use]
pub fn check_baseline(limit: &BaselineLimit, baseline: &Baseline, later: Option<&Disclosed>) -> Judged {
    let held = later.and_then(|shown| ratchet::hold(baseline, shown, limit.tolerance));
    let judgement = match held {
        None => BaselineJudgement::NotJudged(format!("no month after {}, its last, is over", baseline.to)),
        Some(held) if held.n_compared == 0 => {
            let (from, to) = held.months;
            BaselineJudgement::NotJudged(format!("none of its figures has an interval in {from} to {to} too"))
        }
        Some(held) => BaselineJudgement::Held(held),
    };
    Judged::Baseline(limit.clone(), judgement)
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

fn judge_ratio(shown: &Disclosed, limit: &RatioLimit) -> RatioJudgement {
    let [top, bottom] = limit.direction.each_ref().map(String::as_str);
    let of_speaker = |gap: &&ShownGap| gap.speaker == limit.speaker && gap.kind == limit.kind;
    let is_way_round = |gap: &ShownGap| match (&*gap.numerator, &*gap.denominator) {
        (numerator, denominator) if (numerator, denominator) == (top, bottom) => Some(true),
        (numerator, denominator) if (denominator, numerator) == (top, bottom) => Some(false),
        _ => None,
    };
    let found = shown.gaps.iter().filter(of_speaker).find_map(|gap| is_way_round(gap).map(|is_same| (gap, is_same)));
    let Some((gap, is_same)) = found else {
        return RatioJudgement::NotJudged("no such team or pair in the data, or too few authors to stand alone");
    };
    match gap.ratio {
        Shown::Value(ratio) => {
            let turned = || Ratio { ratio: two_figures(ratio.ratio.recip()), interval: rounded(ratio.interval.inverted()), ..ratio };
            let ratio = if is_same { ratio } else { turned() };
            match (ratio.ratio > limit.max_ratio, ratio.interval.low.is_some_and(|low| low > 1.0)) {
                (true, true) => RatioJudgement::Crossed(ratio),
                (true, false) => RatioJudgement::WithinNoise(ratio),
                (false, _) => RatioJudgement::Kept(ratio),
            }
        }
        Shown::Few => RatioJudgement::NotJudged("fewer than 3 authors have a hit"),
        Shown::Hidden(why) => RatioJudgement::NotJudged(in_words(why)),
        Shown::NoData => RatioJudgement::NotJudged("nobody who names both groups has a hit"),
    }
}

fn rounded(interval: Interval) -> Interval {
    Interval { low: interval.low.map(two_figures), high: interval.high.map(two_figures) }
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
                "evenhand.toml:5: check.limit: unknown category \"heroik\", expected one of heroic, ivory_tower, gendered, past_failure, \
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
            ["evenhand.toml:4: check.limit: unknown gap \"scorm\", expected one of praise, scorn, credit; did you mean \"scorn\"?"]
        );
        assert_eq!(
            by_verdict("team = \"sales\"\ngap = \"scorn\"\nmax_per_1000_words = 1\n"),
            ["evenhand.toml:5: check.limit: found max_per_1000_words beside verdict, expected team and gap alone"]
        );
        assert_eq!(
            told("[[check.limit]]\nteam = \"sales\"\ncategory = \"heroic\"\ntarget = \"hr\"\nmax_per_1000_words = 1.0\n"),
            ["evenhand.toml:5: check.limit: with a target the maximum is max_per_1000_naming_segments"]
        );
    }
}
