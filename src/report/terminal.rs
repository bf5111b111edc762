//! The report for a terminal: the answer on the first screen, then the evidence, then the method.

use std::io::{self, Write};
use std::sync::Arc;

use crate::decision::Sheet;
use crate::disclosure::{Disclosed, Rate, Shown};
use crate::lexicon::Category;
use crate::report::Style;
use crate::report::beside::{self, Section};
use crate::report::layout::{Cell, Column, Look, Page, width};
use crate::report::notices::notices;
use crate::report::view::{MATRICES, Pair, View};
use crate::report::{gaps, method, sheet, since, text, words};
use crate::stats::{GapKind, Speaker};

/// Widest name of a speaker in a row.
const SPEAKER_WIDTH: usize = 20;
/// Widest name of a group over a column: "Engineering".
const TARGET_WIDTH: usize = 11;
/// Narrowest column of figures.
const FIGURE_WIDTH: usize = 5;
/// Most columns of a matrix in 80 columns of text.
const MAX_TARGETS: usize = 7;
/// Most tables that the groups are spread over.
const MAX_BLOCKS: usize = 2;
/// Most groups on the first screen, for each of its two categories.
const MAX_OVERVIEW_TARGETS: usize = 3;
/// The categories of the first screen.
const OVERVIEW: [Category; 2] = [Category::Heroic, Category::IvoryTower];
/// Width of an interval bar.
const BAR_WIDTH: usize = 20;
/// Widest name of a group in an answer.
const NAME_IN_ANSWER: usize = 14;
/// Widest figure of a gap: a name of 14, a ratio and an interval of two small numbers. What is missing may be longer and is cut.
const FIGURE_OF_GAP: usize = 37;

/// Writes the report.
pub(super) fn write(shown: &Disclosed, sheet: &Sheet, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let view = View::new(shown);
    let mut page = Page::new(out, style);
    page.head(&words::title(shown))?;
    if let Some(stamp) = words::not_for_circulation(shown) {
        page.head(&stamp)?;
    }
    match words::volume(shown) {
        Some(volume) => {
            page.paragraph("", &volume)?;
            answer(&mut page, &view, shown)?;
            evidence(&mut page, &view, shown)?;
        }
        None => page.paragraph("", &words::nobody(shown))?,
    }
    intake(&mut page, shown)?;
    section(&mut page, sheet::HEAD)?;
    for (question, answer) in sheet::lines(sheet, shown.min_authors) {
        page.paragraph("  ", &format!("{question}{} {answer}", if question.ends_with('?') { "" } else { ":" }))?;
    }
    page.paragraph("  ", sheet::NOTE)?;
    section(&mut page, words::NOTICES_HEAD)?;
    for notice in notices(shown) {
        page.paragraph("  - ", &notice)?;
    }
    section(&mut page, words::METHOD_HEAD)?;
    for (head, text) in method::method(shown) {
        page.paragraph("  ", &format!("{head}: {text}"))?;
    }
    let fingerprints: Vec<String> = method::fingerprints(shown).into_iter().map(|(what, value)| format!("{what} {value}")).collect();
    page.paragraph("  ", &format!("{}: {}", words::FINGERPRINTS_HEAD, fingerprints.join(", ")))?;
    if let Some(stamp) = words::not_for_circulation(shown) {
        page.head(&stamp)?;
    }
    Ok(())
}

fn section(page: &mut Page<'_>, head: &str) -> io::Result<()> {
    page.blank()?;
    page.head(head)
}

fn answer(page: &mut Page<'_>, view: &View<'_>, shown: &Disclosed) -> io::Result<()> {
    let (first, others) = view.pairs.split_at(view.pairs.len().min(1));
    for &pair in first {
        company_gaps(page, view, pair, shown)?;
    }
    section(page, if view.has_teams() { words::MATRIX_HEAD } else { words::MATRIX_HEAD_WITHOUT_TEAMS })?;
    if view.targets.is_empty() {
        page.paragraph("  ", &words::no_targets(shown.min_authors))?;
    } else {
        overview(page, view)?;
        page.paragraph("  ", &words::legend(shown.min_authors, &view.whys()))?;
    }
    for &pair in others {
        company_gaps(page, view, pair, shown)?;
    }
    Ok(())
}

fn company_gaps(page: &mut Page<'_>, view: &View<'_>, pair: Pair<'_>, shown: &Disclosed) -> io::Result<()> {
    section(page, &words::pair_head(pair.first, pair.second))?;
    let gaps = GapKind::ALL.into_iter().filter_map(|kind| view.gap(&Speaker::Company, kind, pair));
    let rows: Vec<Vec<Cell>> = gaps
        .map(|gap| {
            let reading = gaps::gap(gap, shown.min_authors, NAME_IN_ANSWER);
            [vec![Cell::plain(words::gap_kind(gap.kind))], reading_cells(page, &reading)].concat()
        })
        .collect();
    page.table(&[Column::Name, Column::Text, Column::Text], &rows)
}

fn reading_cells(page: &Page<'_>, reading: &gaps::GapReading) -> Vec<Cell> {
    let look = if reading.is_told { Look::Told } else { Look::Plain };
    vec![Cell::new(reading.verdict, look), Cell::plain(page.cut(&reading.figure, FIGURE_OF_GAP))]
}

/// What stands behind the verdicts on the company's gaps; its teams' stand in the table of teams.
fn reasons(page: &mut Page<'_>, shown: &Disclosed, view: &View<'_>) -> io::Result<()> {
    let gaps = view.pairs.iter().flat_map(|&pair| GapKind::ALL.into_iter().filter_map(move |kind| view.gap(&Speaker::Company, kind, pair)));
    let told = |gap| {
        let reasons = gaps::reasons(gap, shown.valid_score());
        (!reasons.is_empty()).then(|| format!("{}: {}", words::gap_kind(gap.kind), reasons.join(" ")))
    };
    let paragraphs: Vec<String> = gaps.filter_map(told).collect();
    if paragraphs.is_empty() {
        return Ok(());
    }
    section(page, words::REASONS_HEAD)?;
    paragraphs.iter().try_for_each(|paragraph| page.paragraph("  ", paragraph))
}

/// Two categories beside each other, so that a dozen teams fit on the first screen; the matrices below have every group.
fn overview(page: &mut Page<'_>, view: &View<'_>) -> io::Result<()> {
    let speakers: Vec<&Speaker> = view.speakers.iter().map(|count| &count.speaker).filter(|speaker| is_row(view, speaker)).collect();
    let names: Vec<String> = speakers.iter().map(|speaker| page.cut_name(&words::speaker(speaker), SPEAKER_WIDTH)).collect();
    let name_width = names.iter().map(|name| width(name)).max().unwrap_or(0);
    // Each block of columns stands behind an empty column, and two blanks stand before each column.
    let room = page.width().saturating_sub(2 + name_width) / OVERVIEW.len() - 2;
    let widest = OVERVIEW.map(|category| width(&words::short_category(category))).into_iter().max().unwrap_or(0);
    let targets = fitting(page, &view.targets, room, MAX_OVERVIEW_TARGETS);
    let block: usize = targets.iter().map(|(_, head)| 2 + width(head)).sum();
    let missing = (widest + 2).saturating_sub(block);
    let pad = |text: &str, first: bool| if first { format!("{}{text}", " ".repeat(missing)) } else { text.to_owned() };
    let block = block + missing;

    let mut over = " ".repeat(2 + name_width);
    let mut heads = vec![Cell::plain("")];
    for category in OVERVIEW {
        let title = words::short_category(category);
        over = format!("{over}    {title}{}", " ".repeat(block - 2 - width(&title)));
        heads.push(Cell::plain(""));
        heads.extend(targets.iter().enumerate().map(|(index, (_, head))| Cell::bold(pad(head, index == 0))));
    }
    page.line(over.trim_end(), Look::Bold)?;
    let mut rows = vec![heads];
    for (speaker, name) in speakers.iter().zip(names) {
        let mut row = vec![Cell::plain(name)];
        for category in OVERVIEW {
            row.push(Cell::plain(""));
            row.extend(targets.iter().map(|(target, _)| Cell::plain(words::cell(view.rate(speaker, category, Some(target))))));
        }
        rows.push(row);
    }
    page.table(&[&[Column::Name][..], &vec![Column::Figure; OVERVIEW.len() * (targets.len() + 1)]].concat(), &rows)
}

/// On the first screen the company's row would only repeat what the comparison above it says.
fn is_row(view: &View<'_>, speaker: &Speaker) -> bool {
    !view.has_teams() || *speaker != Speaker::Company
}

/// The first groups whose columns fit into `room`, at least one, with their heads padded to the columns' widths.
fn fitting(page: &Page<'_>, targets: &[Arc<str>], room: usize, most: usize) -> Vec<(Arc<str>, String)> {
    let mut fitting: Vec<(Arc<str>, String)> = Vec::new();
    let mut used = 0;
    for target in targets.iter().take(most) {
        let head = page.cut_name(&text::name(target), TARGET_WIDTH);
        let head = format!("{}{head}", " ".repeat(FIGURE_WIDTH.saturating_sub(width(&head))));
        used += 2 + width(&head);
        if used > room && !fitting.is_empty() {
            break;
        }
        fitting.push((Arc::clone(target), head));
    }
    fitting
}

fn evidence(page: &mut Page<'_>, view: &View<'_>, shown: &Disclosed) -> io::Result<()> {
    if !view.targets.is_empty() {
        matrices(page, view, shown)?;
    }
    section(page, if view.has_teams() { words::LEVELS_HEAD } else { words::LEVELS_HEAD_WITHOUT_TEAMS })?;
    let rows: Vec<Vec<Cell>> = Category::ALL.into_iter().flat_map(|category| level_rows(page, view, category, shown.min_authors)).collect();
    page.table(&[Column::Name, Column::Figure, Column::Text, Column::Text], &rows)?;
    reasons(page, shown, view)?;
    if view.has_teams() {
        for &pair in &view.pairs {
            team_gaps(page, view, pair, shown)?;
        }
    }
    since::sections(shown).into_iter().chain(beside::sections(shown, view)).try_for_each(|section| beside_verdicts(page, section))
}

fn beside_verdicts(page: &mut Page<'_>, beside: Section) -> io::Result<()> {
    section(page, &beside.head)?;
    let n_columns = beside.rows[0].len();
    let row = |(index, row): (usize, Vec<String>)| -> Vec<Cell> {
        row.into_iter().map(|text| if index == 0 { Cell::bold(text) } else { Cell::plain(text) }).collect()
    };
    let rows: Vec<Vec<Cell>> = beside.rows.into_iter().enumerate().map(row).collect();
    page.table(&vec![Column::Name; n_columns], &rows)?;
    page.paragraph("  ", &beside.note)
}

fn matrices(page: &mut Page<'_>, view: &View<'_>, shown: &Disclosed) -> io::Result<()> {
    let most = MAX_TARGETS * page.width() / 80;
    let mut no_room = &view.targets[..];
    section(page, words::MATRICES_HEAD)?;
    for block in 0..MAX_BLOCKS {
        let targets = fitting(page, no_room, page.width().saturating_sub(2 + SPEAKER_WIDTH), most.max(1));
        if targets.is_empty() {
            break;
        }
        if block > 0 {
            page.blank()?;
        }
        no_room = &no_room[targets.len()..];
        page.table(&[&[Column::Name][..], &vec![Column::Figure; targets.len()]].concat(), &matrix_rows(page, view, &targets))?;
    }
    page.paragraph("  ", &words::legend(shown.min_authors, &view.whys()))?;
    if !no_room.is_empty() {
        page.paragraph("  ", &words::no_room(no_room))?;
    }
    if !view.targets_not_shown.is_empty() {
        page.paragraph("  ", &words::not_shown(&view.targets_not_shown, shown.min_authors))?;
    }
    Ok(())
}

fn matrix_rows(page: &Page<'_>, view: &View<'_>, targets: &[(Arc<str>, String)]) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for category in MATRICES {
        let mut head = vec![Cell::bold(words::short_category(category))];
        head.extend(targets.iter().map(|(_, head)| Cell::bold(head)));
        rows.push(head);
        for count in &view.speakers {
            let mut row = vec![Cell::plain(page.cut_name(&words::speaker(&count.speaker), SPEAKER_WIDTH))];
            row.extend(targets.iter().map(|(target, _)| Cell::plain(words::cell(view.rate(&count.speaker, category, Some(target))))));
            rows.push(row);
        }
    }
    rows
}

fn level_rows(page: &Page<'_>, view: &View<'_>, category: Category, min_authors: usize) -> Vec<Vec<Cell>> {
    let rates: Vec<Shown<Rate>> = view.speakers.iter().map(|count| view.rate(&count.speaker, category, None)).collect();
    let end = axis_end(&rates);
    let axis = if end > 0.0 {
        let end = text::number(end);
        format!("0{}{end}", " ".repeat(BAR_WIDTH - 1 - end.len()))
    } else {
        String::new()
    };
    let head = words::short_category(category);
    let mut rows = vec![vec![Cell::bold(head), Cell::plain(""), Cell::plain(axis), Cell::plain("95 % interval")]];
    for (count, rate) in view.speakers.iter().zip(rates) {
        let name = page.cut_name(&words::speaker(&count.speaker), SPEAKER_WIDTH);
        let (figure, why) = words::level(rate, min_authors);
        rows.push(vec![Cell::plain(name), Cell::plain(figure), Cell::plain(bar(rate, end)), Cell::plain(why)]);
    }
    rows
}

/// Where a category's common axis ends: at the highest interval, but at most four times the highest rate, lest one wide interval press
/// all others to the left.
fn axis_end(rates: &[Shown<Rate>]) -> f64 {
    let values = || {
        rates.iter().filter_map(|rate| match rate {
            Shown::Value(rate) => Some(rate),
            Shown::Few | Shown::Hidden(_) | Shown::NoData => None,
        })
    };
    let highest_rate = values().map(|rate| rate.per_1000).fold(0.0, f64::max);
    let highest_end = values().filter_map(|rate| rate.interval?.high).fold(highest_rate, f64::max);
    highest_end.min(4.0 * highest_rate)
}

/// A rate as a dot on its interval.
fn bar(rate: Shown<Rate>, end: f64) -> String {
    let Shown::Value(rate) = rate else { return String::new() };
    if end <= 0.0 {
        return String::new();
    }
    let last = BAR_WIDTH - 1;
    // A share of at most 1 of 19 columns.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let place = |value: f64| ((value / end).min(1.0) * last as f64).round() as usize;
    let mut bar = [' '; BAR_WIDTH];
    if let Some(interval) = rate.interval {
        let (low, high) = interval.ends();
        bar[place(low)..=place(high)].fill('─');
        bar[place(low)] = '├';
        bar[place(high)] = if high > end { '→' } else { '┤' };
    }
    bar[place(rate.per_1000)] = '●';
    bar.iter().collect::<String>().trim_end().to_owned()
}

fn team_gaps(page: &mut Page<'_>, view: &View<'_>, pair: Pair<'_>, shown: &Disclosed) -> io::Result<()> {
    section(page, &words::team_pair_head(pair.first, pair.second))?;
    let mut rows = Vec::new();
    for kind in GapKind::ALL {
        rows.push(vec![Cell::bold(words::gap_kind(kind)), Cell::plain(if rows.is_empty() { "authors" } else { "" })]);
        for count in view.speakers.iter().filter(|count| is_row(view, &count.speaker)) {
            let Some(gap) = view.gap(&count.speaker, kind, pair) else { continue };
            let reading = gaps::gap(gap, shown.min_authors, NAME_IN_ANSWER);
            let authors = reading.n_authors.map_or_else(String::new, |n| text::thousands(n as u64));
            let name = page.cut_name(&words::speaker(&count.speaker), SPEAKER_WIDTH);
            rows.push([vec![Cell::plain(name), Cell::plain(authors)], reading_cells(page, &reading)].concat());
        }
    }
    page.table(&[Column::Name, Column::Figure, Column::Text, Column::Text], &rows)
}

fn intake(page: &mut Page<'_>, shown: &Disclosed) -> io::Result<()> {
    section(page, words::INTAKE_HEAD)?;
    page.paragraph("  ", &words::own_text(&shown.intake))?;
    page.paragraph("  ", &words::messages_read(&shown.intake))?;
    words::repeated(&shown.intake).map_or(Ok(()), |text| page.paragraph("  ", &text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::{Ratio, Why};
    use crate::report::Format;
    use crate::report::sample::{STYLE, empty, gap_of, ratio, sample, wide, without_roster, written, written_as};
    use crate::stats::interval::Interval;

    #[test]
    fn the_first_screen_says_how_each_team_talks_about_the_others() {
        let text = written(&sample(), Format::Terminal);
        let screen: Vec<&str> = text.lines().take(24).collect();
        assert_eq!(screen[0], "evenhand: wording about teams, 2026-01 to 2026-06");
        for expected in [
            "  heroic                     material gap  Sales 5.9 × (3.8 to 9.6)",
            "  collaborative              no large gap  Sales 0.6 to 1.7 ×",
            "  Finance           32        5.2      5.2      5.2         24      5.2",
        ] {
            assert!(screen.contains(&expected), "{expected}\n{text}");
        }
    }

    #[test]
    fn twelve_teams_fit_on_the_first_screen() {
        let text = written(&wide(), Format::Terminal);
        let legend = text.lines().position(|line| line.contains("few: under 3 authors"));
        assert!(legend.is_some_and(|line| line <= 24), "{text}");
    }

    #[test]
    fn twelve_teams_with_long_names_fit_80_columns() {
        for style in [STYLE, Style { ascii: true, ..STYLE }] {
            let text = written_as(&wide(), Format::Terminal, style);
            for line in text.lines() {
                assert!(width(line) <= 80 && line.trim_end() == line, "{line}");
            }
            assert!(text.contains("Left out for width: "));
        }
    }

    #[test]
    fn ascii_keeps_to_ascii_even_with_other_names() {
        let mut shown = sample();
        shown.speakers[1].speaker = Speaker::Team("büro 営業".into());
        assert!(written_as(&shown, Format::Terminal, Style { ascii: true, ..STYLE }).is_ascii());
        assert!(!written(&shown, Format::Terminal).is_ascii());
    }

    #[test]
    fn a_name_cannot_move_the_cursor_or_paint() {
        let mut shown = sample();
        shown.speakers[1].speaker = Speaker::Team("evil\u{1b}[2J\r\n\u{202e}team".into());
        shown.pooled = vec!["a\nb\u{7}".into()];
        let text = written(&shown, Format::Terminal);
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()) && !text.contains('\u{202e}'));
        assert!(text.contains("Evil[2J  team") && text.contains("A b"));
    }

    #[test]
    fn colour_is_for_heads_and_real_gaps_only() {
        let text = written_as(&sample(), Format::Terminal, Style { color: true, ..STYLE });
        assert!(text.contains("\u{1b}[36mmaterial gap\u{1b}[0m"));
        assert!(!text.contains("\u{1b}[36mno large"));
        assert!(!written(&sample(), Format::Terminal).contains('\u{1b}'));
    }

    #[test]
    fn without_a_roster_there_is_the_company_alone() {
        let text = written(&without_roster(), Format::Terminal);
        assert!(text.contains("Whole company") && text.contains("name one with"));
        assert!(!text.contains("Not in the roster") && !text.contains("Team by team"));
    }

    #[test]
    fn with_nobody_left_the_report_says_so_and_shows_no_figure() {
        let text = written(&empty(), Format::Terminal);
        assert!(text.contains("Fewer than 5 authors are left") && text.contains("6,410 messages read"));
        assert!(!text.contains("How each team") && !text.contains("own words)"));
    }

    #[test]
    fn a_lower_floor_is_stamped_at_both_ends() {
        let mut shown = sample();
        shown.min_authors = 2;
        let text = written(&shown, Format::Terminal);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[1].starts_with("NOT FOR CIRCULATION") && lines.last().unwrap().starts_with("NOT FOR CIRCULATION"));
    }

    #[test]
    fn bars_share_an_axis_and_long_intervals_point_beyond_it() {
        let rate = |per_1000, high| Shown::Value(Rate { per_1000, interval: Some(Interval { low: Some(per_1000 / 2.0), high }) });
        let rates = [rate(1.0, Some(2.0)), rate(2.0, Some(900.0)), Shown::Hidden(Why::TooFewAuthors)];
        assert!((axis_end(&rates) - 8.0).abs() < 1e-9);
        assert_eq!(bar(rates[0], 8.0), " ├●──┤");
        assert_eq!(bar(rates[1], 8.0), "  ├──●─────────────→");
        assert_eq!(bar(rates[2], 8.0), "");
        assert_eq!(bar(Shown::Value(Rate { per_1000: 0.0, interval: None }), 8.0), "●");
    }

    #[test]
    fn a_second_pair_stands_behind_the_matrix() {
        let mut shown = sample();
        let ratio: Shown<Ratio> = ratio(3.0, Some(2.0), Some(4.0));
        let second = crate::disclosure::ShownGap { numerator: "product".into(), ..gap_of(GapKind::Praise, ratio) };
        shown.gaps.push(second);
        let text = written(&shown, Format::Terminal);
        assert!(text.find("about Product and about Marketing") > text.find(words::MATRIX_HEAD));
    }
}
