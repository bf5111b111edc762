//! The report for a wiki or a pull request: the answers first, then the same content and order as on the terminal, as tables, the long ones
//! folded.

use std::io::{self, Write};

use crate::decision::Sheet;
use crate::disclosure::{Disclosed, Shown};
use crate::lexicon::Category;
use crate::report::answers::{Answer, answers};
use crate::report::notices::notices;
use crate::report::view::{MATRICES, Pair, View};
use crate::report::{beside, gaps, method, sheet, since, text, words};
use crate::stats::{GapKind, Speaker};

/// Rows from which on a table is folded.
const LONG: usize = 12;
/// What a folded table is called under its head.
const THE_TABLE: &str = "Show the table";
/// Kinds of wording whose tables are not folded.
const OPEN_MATRICES: usize = 2;

/// Writes the report.
pub(super) fn write(shown: &Disclosed, sheet: &Sheet, out: &mut dyn Write) -> io::Result<()> {
    let view = View::new(shown);
    writeln!(out, "# {}", escaped(&words::title(shown)))?;
    if let Some(stamp) = words::not_for_circulation(shown) {
        writeln!(out, "\n**{}**", escaped(&stamp))?;
    }
    match words::volume(shown) {
        Some(volume) => {
            writeln!(out, "\n{}.\n", escaped(&volume))?;
            for Answer { question, text } in answers(shown, &view, sheet) {
                writeln!(out, "- **{}** {}", escaped(question), escaped(&text))?;
            }
            answer(&view, shown, out)?;
            evidence(&view, shown, out)?;
        }
        None => writeln!(out, "\n{}", escaped(&words::nobody(shown)))?,
    }
    intake(shown, out)?;
    head(out, 2, sheet::HEAD)?;
    let answers = sheet::lines(sheet, shown.min_authors).into_iter();
    items(out, answers.map(|(question, answer)| format!("{question}{} {answer}", if question.ends_with('?') { "" } else { ":" })))?;
    writeln!(out, "\n{}", escaped(sheet::NOTE))?;
    head(out, 2, words::NOTICES_HEAD)?;
    items(out, notices(shown))?;
    head(out, 2, words::METHOD_HEAD)?;
    items(out, method::method(shown).into_iter().map(|(head, text)| format!("{head}: {text}")))?;
    head(out, 2, words::FINGERPRINTS_HEAD)?;
    items(out, method::fingerprints(shown).into_iter().map(|(what, value)| format!("{what}: {value}")))
}

fn answer(view: &View<'_>, shown: &Disclosed, out: &mut dyn Write) -> io::Result<()> {
    for &pair in &view.pairs {
        head(out, 2, &words::pair_head(pair.first, pair.second))?;
        let company: Vec<_> = GapKind::ALL.into_iter().filter_map(|kind| view.gap(&Speaker::Company, kind, pair)).collect();
        items(
            out,
            company
                .iter()
                .map(|gap| [vec![gaps::sentence(gap, shown.min_authors)], gaps::reasons(gap, shown.valid_score())].concat().join(" ")),
        )?;
    }
    head(out, 2, if view.has_teams() { words::MATRIX_HEAD } else { words::MATRIX_HEAD_WITHOUT_TEAMS })?;
    if view.targets.is_empty() {
        return writeln!(out, "\n{}", escaped(&words::no_targets(shown.min_authors)));
    }
    for (index, category) in MATRICES.into_iter().enumerate() {
        let title = text::capitalised(words::category(category));
        if index < OPEN_MATRICES {
            head(out, 3, &title)?;
        }
        let mut rows = vec![vec!["Who speaks".to_owned()]];
        rows[0].extend(view.targets.iter().map(|target| format!("about {}", text::name(target))));
        for count in &view.speakers {
            let mut row = vec![words::speaker(&count.speaker)];
            row.extend(view.targets.iter().map(|target| {
                let rate = view.rate(&count.speaker, category, Some(target));
                match rate {
                    Shown::Value(_) => with_interval(words::level(rate, shown.min_authors)),
                    Shown::Few | Shown::Hidden(_) | Shown::NoData => words::cell(rate),
                }
            }));
            rows.push(row);
        }
        if index < OPEN_MATRICES { table(out, 1, &rows)? } else { folded(out, &title, 1, &rows)? }
    }
    writeln!(out, "\n{}. In brackets: 95 % interval.", escaped(&words::legend(shown.min_authors, &view.whys())))?;
    if !view.targets_not_shown.is_empty() {
        writeln!(out, "\n{}", escaped(&words::not_shown(&view.targets_not_shown, shown.min_authors)))?;
    }
    Ok(())
}

fn evidence(view: &View<'_>, shown: &Disclosed, out: &mut dyn Write) -> io::Result<()> {
    head(out, 2, if view.has_teams() { words::LEVELS_HEAD } else { words::LEVELS_HEAD_WITHOUT_TEAMS })?;
    let mut rows = vec![vec!["Who speaks".to_owned(), "Authors".to_owned()]];
    rows[0].extend(Category::ALL.map(|category| text::capitalised(&words::short_category(category))));
    for count in &view.speakers {
        let mut row = vec![words::speaker(&count.speaker), text::thousands(count.n_authors as u64)];
        row.extend(Category::ALL.map(|category| with_interval(words::level(view.rate(&count.speaker, category, None), shown.min_authors))));
        rows.push(row);
    }
    table(out, 1, &rows)?;
    if view.has_teams() {
        for &pair in &view.pairs {
            team_gaps(view, pair, shown, out)?;
        }
    }
    for section in since::sections(shown).into_iter().chain(beside::sections(shown, view)) {
        head(out, 2, &section.head)?;
        if section.rows.len() > LONG {
            folded(out, THE_TABLE, section.first_figure, &section.rows)?;
        } else {
            table(out, section.first_figure, &section.rows)?;
        }
        writeln!(out, "\n{}", escaped(&section.note))?;
    }
    Ok(())
}

fn with_interval((figure, interval): (String, String)) -> String {
    if interval.is_empty() { figure } else { format!("{figure} ({interval})") }
}

fn team_gaps(view: &View<'_>, pair: Pair<'_>, shown: &Disclosed, out: &mut dyn Write) -> io::Result<()> {
    head(out, 2, &words::team_pair_head(pair.first, pair.second))?;
    let mut rows = vec![
        ["Who speaks", "Wording", "Verdict", "Ratio (95 % interval) or what is missing", "Authors who name both"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for count in view.speakers.iter().filter(|count| count.speaker != Speaker::Company) {
        for gap in GapKind::ALL.into_iter().filter_map(|kind| view.gap(&count.speaker, kind, pair)) {
            let reading = gaps::gap(gap, shown.min_authors, usize::MAX);
            let authors = reading.n_authors.map_or_else(String::new, |n| text::thousands(n as u64));
            let (speaker, wording) = (words::speaker(&count.speaker), words::gap_kind(gap.kind).to_owned());
            rows.push(vec![speaker, wording, reading.verdict.to_owned(), reading.figure, authors]);
        }
    }
    folded(out, THE_TABLE, 4, &rows)
}

fn intake(shown: &Disclosed, out: &mut dyn Write) -> io::Result<()> {
    let intake = &shown.intake;
    head(out, 2, words::INTAKE_HEAD)?;
    let sentences = [Some(words::own_text(intake)), Some(words::messages_read(intake)), words::repeated(intake)];
    items(out, sentences.into_iter().flatten())?;
    if intake.removed.total() + intake.removed_characters.total() == 0 {
        return Ok(());
    }
    let mut rows = vec![["Left out", "Messages", "Share of the text"].map(str::to_owned).to_vec()];
    for (reason, messages, characters) in words::left_out(intake) {
        rows.push(vec![text::capitalised(reason.title()), messages, characters]);
    }
    table(out, 1, &rows)
}

fn head(out: &mut dyn Write, depth: usize, text: &str) -> io::Result<()> {
    writeln!(out, "\n{} {}", "#".repeat(depth), escaped(text))
}

fn items(out: &mut dyn Write, texts: impl IntoIterator<Item = String>) -> io::Result<()> {
    writeln!(out)?;
    for text in texts {
        writeln!(out, "- {}", escaped(&text))?;
    }
    Ok(())
}

/// A table that is opened by who wants to see it.
fn folded(out: &mut dyn Write, title: &str, first_figure: usize, rows: &[Vec<String>]) -> io::Result<()> {
    // What stands beside a tag is HTML, where a backslash is one; `@` and `#` as in [`escaped`].
    let title = maud::html! { (text::printable(title)) }.into_string().replace('#', "&#35;").replace('@', "&#64;");
    writeln!(out, "\n<details><summary>{title}</summary>")?;
    table(out, first_figure, rows)?;
    writeln!(out, "\n</details>")
}

/// The first row is the head; columns from `first_figure` on are set right.
fn table(out: &mut dyn Write, first_figure: usize, rows: &[Vec<String>]) -> io::Result<()> {
    writeln!(out)?;
    for (index, row) in rows.iter().enumerate() {
        let cells: Vec<String> = row.iter().map(|cell| escaped(cell)).collect();
        writeln!(out, "| {} |", cells.join(" | "))?;
        if index == 0 {
            let rules: Vec<&str> = (0..row.len()).map(|column| if column < first_figure { "---" } else { "---:" }).collect();
            writeln!(out, "| {} |", rules.join(" | "))?;
        }
    }
    Ok(())
}

/// Text that no Markdown reader takes for markup, a line end or a cell's end; also where GitHub reads more than the standard (`$`, `~`).
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text::printable(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // An entity, for GitHub reads `@name` and `#1` as somebody and something behind a backslash, too.
            '@' => escaped.push_str("&#64;"),
            '#' => escaped.push_str("&#35;"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '~' | '$' => escaped.extend(['\\', c]),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Format;
    use crate::report::sample::{empty, sample, wide, without_roster, written};

    #[test]
    fn the_answer_stands_first_in_sentences() {
        let text = written(&sample(), Format::Markdown);
        assert!(text.contains(
            "## The same people, about Sales and about Marketing (95 % interval)\n\n- Heroic wording: material gap: Sales 5.9 × (3.8 to 9.6); 54 authors name both. It would be gone if"
        ));
        let order = ["The same people", words::MATRIX_HEAD, words::LEVELS_HEAD, "Team by team", words::INTAKE_HEAD, "## Method"];
        let places: Vec<Option<usize>> = order.iter().map(|head| text.find(head)).collect();
        assert!(places.is_sorted() && places.iter().all(Option::is_some), "{places:?}");
    }

    #[test]
    fn every_figure_that_is_not_shown_says_why() {
        let text = written(&sample(), Format::Markdown);
        assert!(text.contains("| Other teams | heroic | suppressed | under 5 authors name both |  |"));
        assert!(text.contains("No column for Legal: no speaker here has 5 authors or more who name it."));
        assert!(text.contains("few (under 3 authors use it)"));
    }

    #[test]
    fn every_row_of_a_table_has_as_many_cells_as_its_head() {
        for shown in [sample(), wide(), without_roster(), empty()] {
            let text = written(&shown, Format::Markdown);
            for table in text.split("\n\n").filter(|part| part.starts_with('|')) {
                let cells: Vec<usize> = table.lines().map(|line| line.matches(" |").count()).collect();
                assert!(cells.iter().all(|&n| n == cells[0]), "{table}");
            }
        }
    }

    #[test]
    fn a_name_cannot_become_markup() {
        assert_eq!(escaped("a|b`c*d_e<f&g\nh"), "a\\|b\\`c\\*d\\_e&lt;f&amp;g h");
        let mut shown = sample();
        shown.speakers[1].speaker = Speaker::Team("x|<img src=y>\n# boo".into());
        shown.pooled = vec!["[click](http://z)".into(), "@everyone".into()];
        let text = written(&shown, Format::Markdown);
        assert!(text.contains("X\\|&lt;img src=y&gt; &#35; boo") && text.contains("\\[click\\](http://z)"));
        assert!(!text.contains("<img") && !text.contains("@everyone"));
    }

    #[test]
    fn the_intake_is_a_table_too() {
        let text = written(&sample(), Format::Markdown);
        assert!(text.contains("| Quoted replies |  | 22 % |") && text.contains("| Bots and apps | 300 |  |"));
    }
}
