//! Text for a terminal: widths, tables, paragraphs, bold and colour, ASCII where nothing else can be shown.

use std::io::{self, Write};

use anstyle::AnsiColor;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::report::Style;

/// Narrowest page: with less, figures would have to be cut.
const MIN_WIDTH: usize = 60;

/// Blanks between columns.
const GAP: usize = 2;

/// How a piece of text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// As it is.
    Plain,
    /// A head.
    Bold,
    /// The verdict on a gap that is real.
    Told,
}

/// A cell of a table.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    text: String,
    look: Look,
}

impl Cell {
    /// A cell that looks like that.
    pub(super) fn new(text: impl Into<String>, look: Look) -> Self {
        Self { text: text.into(), look }
    }

    /// A plain cell.
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self::new(text, Look::Plain)
    }

    /// A bold cell.
    pub(super) fn bold(text: impl Into<String>) -> Self {
        Self::new(text, Look::Bold)
    }
}

/// How a column is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// Left, cut where the line is too narrow.
    Name,
    /// Left, never cut.
    Text,
    /// Right, never cut.
    Figure,
}

/// A page that is being written.
pub(super) struct Page<'a> {
    out: &'a mut dyn Write,
    style: &'a Style,
}

impl<'a> Page<'a> {
    /// An empty page.
    pub(super) fn new(out: &'a mut dyn Write, style: &'a Style) -> Self {
        Self { out, style }
    }

    /// Columns of the page.
    pub(super) fn width(&self) -> usize {
        self.style.width.max(MIN_WIDTH)
    }

    /// The text as this terminal can show it.
    pub(super) fn shown(&self, text: &str) -> String {
        if self.style.ascii { ascii(text) } else { text.to_owned() }
    }

    /// The text, cut at its end to a width.
    pub(super) fn cut(&self, text: &str, limit: usize) -> String {
        let text = self.shown(text);
        if width(&text) <= limit { text } else { front(&text, limit.saturating_sub(1)) + &self.shown("…") }
    }

    /// A name, cut in its middle to a width, for names that begin alike often end differently.
    pub(super) fn cut_name(&self, name: &str, limit: usize) -> String {
        self.shown(&cut_in_middle(&self.shown(name), limit))
    }

    /// One line, as it is.
    pub(super) fn line(&mut self, text: &str, look: Look) -> io::Result<()> {
        let text = self.painted(&self.shown(text), look);
        writeln!(self.out, "{text}")
    }

    /// An empty line.
    pub(super) fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// A head over what follows.
    pub(super) fn head(&mut self, text: &str) -> io::Result<()> {
        self.wrapped("", "", text, Look::Bold)
    }

    /// A paragraph; lines after the first begin with as many blanks as `first` has columns.
    pub(super) fn paragraph(&mut self, first: &str, text: &str) -> io::Result<()> {
        let indent = " ".repeat(width(first));
        self.wrapped(first, &indent, text, Look::Plain)
    }

    fn wrapped(&mut self, first: &str, indent: &str, text: &str, look: Look) -> io::Result<()> {
        let text = self.shown(text);
        let room = self.width() - width(indent);
        let mut line = String::new();
        let mut before = first;
        for word in text.split(' ').flat_map(|word| pieces(word, room)) {
            if !line.is_empty() && width(&line) + 1 + width(&word) > room {
                writeln!(self.out, "{before}{}", self.painted(&line, look))?;
                line.clear();
                before = indent;
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&word);
        }
        writeln!(self.out, "{before}{}", self.painted(&line, look))
    }

    /// Rows set in columns, indented by two.
    pub(super) fn table(&mut self, columns: &[Column], rows: &[Vec<Cell>]) -> io::Result<()> {
        let shown: Vec<Vec<Cell>> =
            rows.iter().map(|row| row.iter().map(|cell| Cell::new(self.shown(&cell.text), cell.look)).collect()).collect();
        let end = |row: &[Cell]| row.iter().rposition(|cell| !cell.text.is_empty()).map_or(0, |last| last + 1);
        // The last text of a row may run on over columns that are empty in this row.
        let runs_on =
            |row: &[Cell], column: usize| column + 1 == end(row) && column + 1 < columns.len() && columns[column] != Column::Figure;
        let widest = |column: usize| {
            let cells = shown.iter().filter(|row| !runs_on(row, column)).filter_map(|row| row.get(column));
            cells.map(|cell| width(&cell.text)).max().unwrap_or(0)
        };
        let mut widths: Vec<usize> = (0..columns.len()).map(widest).collect();
        let room = self.width().saturating_sub(GAP * columns.len());
        while widths.iter().sum::<usize>() > room {
            let names = (0..columns.len()).filter(|&column| columns[column] == Column::Name && widths[column] > 4);
            let Some(widest) = names.max_by_key(|&column| widths[column]) else { break };
            widths[widest] -= 1;
        }
        for row in &shown {
            let last = end(row);
            let mut used = 0;
            for (index, cell) in row.iter().take(last).enumerate() {
                used += GAP;
                let text = self.cut(&cell.text, if runs_on(row, index) { self.width() - used } else { widths[index] });
                let blanks = " ".repeat(widths[index].saturating_sub(width(&text)));
                used += widths[index];
                let painted = self.painted(&text, cell.look);
                let gap = " ".repeat(GAP);
                match columns[index] {
                    Column::Figure => write!(self.out, "{gap}{blanks}{painted}")?,
                    Column::Name | Column::Text if index + 1 == last => write!(self.out, "{gap}{painted}")?,
                    Column::Name | Column::Text => write!(self.out, "{gap}{painted}{blanks}")?,
                }
            }
            writeln!(self.out)?;
        }
        Ok(())
    }

    fn painted(&self, text: &str, look: Look) -> String {
        let style = match look {
            Look::Plain => return text.to_owned(),
            Look::Bold => anstyle::Style::new().bold(),
            Look::Told => AnsiColor::Cyan.on_default(),
        };
        if self.style.color && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// A name cut in its middle to a width.
pub(super) fn cut_in_middle(name: &str, limit: usize) -> String {
    if width(name) <= limit {
        return name.to_owned();
    }
    let mut back: Vec<&str> = Vec::new();
    for grapheme in name.graphemes(true).rev() {
        if back.iter().map(|grapheme| width(grapheme)).sum::<usize>() + width(grapheme) > limit / 3 {
            break;
        }
        back.push(grapheme);
    }
    let back: String = back.into_iter().rev().collect();
    front(name, limit.saturating_sub(1 + width(&back))) + "…" + &back
}

/// The first graphemes that fit.
fn front(text: &str, limit: usize) -> String {
    let mut front = String::new();
    for grapheme in text.graphemes(true) {
        if width(&front) + width(grapheme) > limit {
            break;
        }
        front.push_str(grapheme);
    }
    front
}

/// A word in pieces that fit.
fn pieces(word: &str, room: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for grapheme in word.graphemes(true) {
        match pieces.last_mut() {
            Some(last) if width(last) + width(grapheme) <= room => last.push_str(grapheme),
            Some(_) | None => pieces.push(grapheme.to_owned()),
        }
    }
    pieces
}

/// Columns that a text takes: two for a grapheme of East Asian wide characters or emoji (Unicode Standard Annex #11), else one.
pub(super) fn width(text: &str) -> usize {
    text.graphemes(true).map(|grapheme| if grapheme.chars().any(is_wide) { 2 } else { 1 }).sum()
}

fn is_wide(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x115f | 0x2e80..=0x303e | 0x3041..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe0f | 0xfe30..=0xfe6f
        | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x20000..=0x3fffd)
}

/// The signs of the report in ASCII, accents taken off, anything else `?`.
fn ascii(text: &str) -> String {
    let mut plain = String::new();
    for c in text.chars() {
        match c {
            '×' => plain.push('x'),
            '–' | '─' => plain.push('-'),
            '·' | '…' => plain.push('.'),
            '├' | '┤' => plain.push('|'),
            '●' => plain.push('o'),
            '→' => plain.push('>'),
            _ if c.is_ascii() => plain.push(c),
            _ => {
                let base: String = c.nfkd().filter(char::is_ascii).collect();
                plain.push_str(if base.is_empty() { "?" } else { &base });
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(style: Style, write: impl FnOnce(&mut Page<'_>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut Page::new(&mut out, &style)).unwrap();
        String::from_utf8(out).unwrap()
    }

    const PLAIN: Style = Style { color: false, ascii: false, width: 60 };

    #[test]
    fn names_are_cut_until_the_row_fits_and_figures_never() {
        let row = vec![Cell::plain("n".repeat(80)), Cell::plain("1,234,567")];
        let text = page(PLAIN, |page| page.table(&[Column::Name, Column::Figure], &[row]));
        assert_eq!(width(text.trim_end()), 60);
        assert!(text.trim_end().ends_with("…  1,234,567"));
    }

    #[test]
    fn the_last_text_of_a_row_runs_on_over_empty_columns() {
        let rows = [vec![Cell::plain("a"), Cell::plain("b")], vec![Cell::plain("hidden: too few"), Cell::plain("")]];
        assert_eq!(page(PLAIN, |page| page.table(&[Column::Name, Column::Text], &rows)), "  a  b\n  hidden: too few\n");
    }

    #[test]
    fn names_are_cut_in_the_middle_and_sentences_at_the_end() {
        let mut out = Vec::new();
        let page = Page::new(&mut out, &PLAIN);
        assert_eq!(page.cut_name("regional team 12", 10), "region… 12");
        assert_eq!(page.cut("regional team 12", 10), "regional …");
        assert_eq!(page.cut_name("sales", 10), "sales");
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!([width("営業"), width("e\u{301}"), width("🚀"), width("Sales")], [4, 1, 2, 5]);
    }

    #[test]
    fn paragraphs_hang_and_break_even_endless_words() {
        let text = page(PLAIN, |page| page.paragraph("- ", &format!("a {}", "w".repeat(70))));
        assert_eq!(text, format!("- a\n  {}\n  {}\n", "w".repeat(58), "w".repeat(12)));
    }

    #[test]
    fn colour_comes_through_the_style_only() {
        let told = |color| page(Style { color, ..PLAIN }, |page| page.table(&[Column::Text], &[vec![Cell::new("5.9", Look::Told)]]));
        assert_eq!(told(false), "  5.9\n");
        assert_eq!(told(true), "  \u{1b}[36m5.9\u{1b}[0m\n");
    }

    #[test]
    fn ascii_takes_accents_off() {
        assert_eq!(ascii("Köln × 3 … 営"), "Koln x 3 . ?");
    }
}
