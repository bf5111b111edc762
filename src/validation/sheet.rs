//! The sheet that people fill in: CSV, one row a hit or a sentence, written without answers and read with them.
//!
//! Every row carries the size of its stratum and the fingerprint of the lexicons, so that sorting and filtering do no harm.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use super::Stratum;
use crate::fault::{Fault, Place, Position, nearest};
use crate::lexicon::{Category, Lexicons};

/// The columns, those that people read and fill in first.
const COLUMNS: [&str; 19] = [
    "id",
    "category",
    "text",
    "before",
    "after",
    "target",
    "right",
    "target_right",
    "missed_category",
    "missed_target",
    "coder",
    "writer",
    "hits_in_sentence",
    "names_team",
    "stratum_size",
    "stratum_drawn",
    "sheet_rows",
    "lexicons",
    "seed",
];

/// Stands in `target` where a hit is about no group.
const NOBODY: &str = "nobody in particular";

/// Stands before the fingerprint, which a spreadsheet might take for a number.
const LEXICONS: &str = "lexicons ";

/// A sheet without answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Fingerprint of the lexicons that found the hits.
    pub lexicons: String,
    /// Seed of the draw.
    pub seed: u64,
    /// Hits, then sentences.
    pub rows: Vec<Row>,
}

/// A hit, or a sentence without one, that people are asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Names the row.
    pub id: String,
    /// The hit's category; `None` for a sentence without a hit.
    pub category: Option<Category>,
    /// The sentence, names masked, the hit's stretches in double square brackets.
    pub text: String,
    /// The sentence before it, where the target is not named in the sentence itself.
    pub before: String,
    /// The sentence after it, likewise.
    pub after: String,
    /// The group that the hit is about.
    pub target: Option<Arc<str>>,
    /// Tells the writers of a sheet from each other, and nothing else.
    pub writer: String,
    /// Hits in the same sentence, this one included.
    pub hits_in_sentence: u64,
    /// Whether the sentence names a group.
    pub names_group: bool,
    /// Units of its stratum in the data.
    pub population: u64,
    /// Units of its stratum in the sheet.
    pub drawn: u64,
}

/// What a coder says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// It is so.
    Yes,
    /// It is not.
    No,
    /// Nobody can tell: a missing value.
    CannotTell,
}

/// A row with its answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coded {
    /// What was asked.
    pub row: Row,
    /// Its line in the file.
    pub line: u64,
    /// Whether the hit is wording of its category; `None` for a sentence without a hit.
    pub right: Option<Answer>,
    /// Whether the hit's target is right; asked of right hits only.
    pub target_right: Option<Answer>,
    /// Categories of wording that was missed in the sentence; `None` where nobody can tell.
    pub missed: Option<BTreeSet<Category>>,
    /// The group that the missed wording is about, where the coder says it.
    pub missed_target: Option<String>,
}

/// A sentence with what a coder says it holds, for [weights of words](crate::lexicon) to be fitted to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// The sentence, names masked, without marks.
    pub text: String,
    /// Tells the writers of a sheet from each other.
    pub writer: String,
    /// Categories that the sentence holds, with the group they are about where that is known.
    pub holds: Vec<(Category, Option<Arc<str>>)>,
    /// Categories that it does not hold. Of a category in neither list nothing is known.
    pub lacks: Vec<Category>,
}

/// Writes a sheet without answers.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_sheet(sheet: &Sheet, out: &mut dyn io::Write) -> io::Result<()> {
    // A byte order mark, without which spreadsheets take UTF-8 for something else.
    out.write_all("\u{feff}".as_bytes())?;
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(COLUMNS)?;
    let n_rows = sheet.rows.len() as u64;
    for row in &sheet.rows {
        let numbers = [row.hits_in_sentence, row.population, row.drawn, n_rows, sheet.seed].map(|number| number.to_string());
        let [hits_in_sentence, population, drawn, n_rows, seed] = numbers;
        let target = match (&row.target, row.category) {
            (Some(target), _) => target,
            (None, Some(_)) => NOBODY,
            (None, None) => "",
        };
        csv.write_record([
            row.id.as_str(),
            row.category.map_or("", Category::name),
            &no_formula(&row.text),
            &no_formula(&row.before),
            &no_formula(&row.after),
            target,
            "",
            "",
            "",
            "",
            "",
            &row.writer,
            &hits_in_sentence,
            if row.names_group { "yes" } else { "no" },
            &population,
            &drawn,
            &n_rows,
            &format!("{LEXICONS}{}", sheet.lexicons),
            &seed,
        ])?;
    }
    csv.flush()
}

/// Text that a spreadsheet does not take for a formula.
fn no_formula(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text.to_owned() }
}

/// What the columns mean and how to fill them in, for those who code; it names no person and holds no text of the data.
#[must_use]
pub fn how_to_code(lexicons: &Lexicons) -> String {
    let mut text = HOW_TO.to_owned();
    for lexicon in &lexicons.lexicons {
        let line = format!("* `{}` ({}): {}\n", lexicon.category, lexicon.reads_as, lexicon.description.trim());
        // Files that add to a category bring no description of their own to this list.
        if !text.contains(&format!("* `{}` ", lexicon.category)) {
            text.push_str(&line);
        }
    }
    text
}

const HOW_TO: &str = "\
# How to fill in the sheet

Read each `text` and judge what its writer says there. Names, addresses and long numbers are replaced by words in single brackets. Do not
look up who wrote it. The sheet holds what colleagues wrote: keep it to those who code, and delete it when the score is made.

Rows with a `category` (ids with h) are hits. The stretch that was found stands in [[double brackets]].

* `right`: y if the stretch is wording of that category here, n if not, ? if nobody can tell.
* `target_right`: where `right` is y, whether it is about the `target`: y, n or ?. Where the target is not named in the sentence, `before` and
  `after` hold the sentences around it.
* `missed_category`: other wording of these categories in the same sentence that has no brackets; most rows stay empty.

Rows without a `category` (ids with s) are sentences that name a team and in which nothing was found.

* `missed_category`: the category of what should have been found, several with a semicolon between them; none if there is nothing; ? if
  nobody can tell. Every such row needs an answer.
* `missed_target`: the team that it is about, if you like.

`coder`: a letter or number for yourself, not your name. Leave the other columns, and all rows, as they are. Save as CSV (UTF-8).
Two people should code the sheet apart from each other, each a copy of it.

The categories:

";

/// Reads a coded sheet. Of a `second` coder's sheet rows may be left out.
///
/// # Errors
/// Every cell that is not as it must be, with its line: columns and answers that are missing, words that are no answer, rows that are gone.
pub fn read_sheet(path: &str, text: &str, second: bool) -> Result<(Sheet, Vec<Coded>), Vec<Fault>> {
    let place = Place::file(path);
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let head = text.lines().next().unwrap_or("");
    // Spreadsheets write what their country parts lists with.
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|&sign| memchr::memchr_iter(sign, head.as_bytes()).count()).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let first = place.at(Position::Line(1));
    let header = reader.headers().map_err(|error| vec![Fault::new(first.clone(), error.to_string())])?.clone();
    let columns = columns(&header).map_err(|why| vec![Fault::new(first.clone(), why)])?;
    let (mut drawn, mut coded, mut faults) = (None::<Draw>, Vec::<Coded>::new(), Vec::new());
    let mut lines_of_ids = BTreeMap::new();
    for record in reader.records() {
        let Ok(record) = record else { continue };
        let line = record.position().map_or(0, csv::Position::line);
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let cells = Cells { record: &record, columns, at: place.at(Position::Line(line)) };
        let (row, draw) = match cells.row() {
            Ok(row) => row,
            Err(fault) => {
                faults.push(fault);
                continue;
            }
        };
        if let Some(earlier) = lines_of_ids.insert(row.id.clone(), line) {
            faults.push(cells.fault(format!("found id \"{}\" again, which line {earlier} has", row.id)));
        }
        if *drawn.get_or_insert_with(|| draw.clone()) != draw {
            faults.push(cells.fault("found another draw (`sheet_rows`, `lexicons`, `seed`) than in the rows above".to_owned()));
        }
        match cells.coded(row, line) {
            Ok(row) => coded.push(row),
            Err(more) => faults.extend(more),
        }
    }
    if faults.is_empty() {
        faults.extend(strata_faults(&coded, second, &place));
    }
    match drawn {
        None if faults.is_empty() => Err(vec![Fault::new(first, "found no row, expected a sheet made by evenhand validate draw")]),
        Some(draw) if faults.is_empty() && !second && (coded.len() as u64) < draw.n_rows => {
            let why = format!("found {} of the {} rows that were drawn; no row may be left out", coded.len(), draw.n_rows);
            Err(vec![Fault::new(place, why)])
        }
        Some(Draw { lexicons, seed, .. }) if faults.is_empty() => {
            Ok((Sheet { lexicons, seed, rows: coded.iter().map(|coded| coded.row.clone()).collect() }, coded))
        }
        Some(_) | None => Err(faults),
    }
}

/// What all rows of a sheet have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Draw {
    n_rows: u64,
    lexicons: String,
    seed: u64,
}

/// Rows of a stratum that disagree about its size, or that are gone.
fn strata_faults(coded: &[Coded], second: bool, place: &Place) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut strata: BTreeMap<Stratum, (u64, &Coded)> = BTreeMap::new();
    for row in coded {
        let (n, first) = strata.entry(row.stratum()).or_insert((0, row));
        *n += 1;
        if (row.row.population, row.row.drawn) != (first.row.population, first.row.drawn) {
            faults.push(Fault::new(
                place.at(Position::Line(row.line)),
                format!("`stratum_size` and `stratum_drawn` differ from those of line {}", first.line),
            ));
        }
    }
    for (stratum, (n, first)) in strata {
        let drawn = first.row.drawn;
        if n > drawn || n < drawn && !second {
            let what = match stratum {
                Stratum::Hits(category) => format!("hits of {category}"),
                Stratum::Sentences => "sentences without a hit".to_owned(),
            };
            faults.push(Fault::new(place.clone(), format!("found {n} of the {drawn} {what} that were drawn; no row may be left out")));
        }
    }
    faults
}

impl Coded {
    pub(super) fn stratum(&self) -> Stratum {
        self.row.category.map_or(Stratum::Sentences, Stratum::Hits)
    }
}

/// Where each of [`COLUMNS`] stands.
fn columns(header: &csv::StringRecord) -> Result<[usize; COLUMNS.len()], String> {
    let mut places = [0; COLUMNS.len()];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        let found = header.iter().position(|name| name.trim().eq_ignore_ascii_case(column));
        *place = found.ok_or_else(|| format!("found no column `{column}`, expected a sheet made by evenhand validate draw"))?;
    }
    Ok(places)
}

struct Cells<'a> {
    record: &'a csv::StringRecord,
    columns: [usize; COLUMNS.len()],
    at: Place,
}

impl Cells<'_> {
    fn cell(&self, column: &str) -> &str {
        let at = COLUMNS.iter().position(|name| *name == column).and_then(|at| self.record.get(self.columns[at]));
        at.unwrap_or("").trim()
    }

    fn fault(&self, why: String) -> Fault {
        Fault::new(self.at.clone(), why)
    }

    fn number(&self, column: &str) -> Result<u64, Fault> {
        let cell = self.cell(column);
        cell.parse().map_err(|_| self.fault(format!("`{column}`: found \"{cell}\", expected the number that was drawn")))
    }

    fn category(&self, column: &str, cell: &str) -> Result<Category, Fault> {
        let known = Category::ALL.map(Category::name);
        let name = cell.to_lowercase().replace(['-', ' '], "_");
        Category::from_name(&name).ok_or_else(|| {
            self.fault(format!("`{column}`: found \"{cell}\", expected one of {}{}", known.join(", "), nearest(cell, known)))
        })
    }

    /// What was drawn, and in which draw.
    fn row(&self) -> Result<(Row, Draw), Fault> {
        let category = Some(self.cell("category")).filter(|cell| !cell.is_empty());
        let text = |column: &str| self.cell(column).trim_start_matches('\'').to_owned();
        let (population, drawn) = (self.number("stratum_size")?, self.number("stratum_drawn")?);
        let hits_in_sentence = self.number("hits_in_sentence")?;
        if drawn == 0 || drawn > population || (category.is_some() == (hits_in_sentence == 0)) {
            return Err(self.fault("`stratum_size`, `stratum_drawn` and `hits_in_sentence` are not as they were drawn".to_owned()));
        }
        let row = Row {
            id: self.cell("id").to_owned(),
            category: category.map(|category| self.category("category", category)).transpose()?,
            text: text("text"),
            before: text("before"),
            after: text("after"),
            target: Some(self.cell("target")).filter(|target| !target.is_empty() && *target != NOBODY).map(Arc::from),
            writer: self.cell("writer").to_owned(),
            hits_in_sentence,
            names_group: self.cell("names_team").eq_ignore_ascii_case("yes"),
            population,
            drawn,
        };
        let lexicons = self.cell("lexicons").trim_start_matches(LEXICONS.trim_end()).trim().to_owned();
        Ok((row, Draw { n_rows: self.number("sheet_rows")?, lexicons, seed: self.number("seed")? }))
    }

    fn coded(&self, row: Row, line: u64) -> Result<Coded, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut take = |answer: Result<Option<Answer>, Fault>| answer.map_err(|fault| faults.push(fault)).ok().flatten();
        let is_hit = row.category.is_some();
        let right = take(self.answer("right", is_hit));
        let target_right = take(self.answer("target_right", right == Some(Answer::Yes))).filter(|_| right == Some(Answer::Yes));
        let missed = self.missed(is_hit).map_err(|fault| faults.push(fault)).ok().flatten();
        let missed_target = Some(self.cell("missed_target")).filter(|target| !target.is_empty()).map(str::to_owned);
        if faults.is_empty() { Ok(Coded { row, line, right, target_right, missed, missed_target }) } else { Err(faults) }
    }

    fn answer(&self, column: &str, is_asked: bool) -> Result<Option<Answer>, Fault> {
        let cell = self.cell(column);
        match cell.to_lowercase().as_str() {
            "y" | "yes" => Ok(Some(Answer::Yes)),
            "n" | "no" => Ok(Some(Answer::No)),
            "?" => Ok(Some(Answer::CannotTell)),
            "" if !is_asked => Ok(None),
            "" => Err(self.fault(format!("`{column}` is empty, expected y, n or ?"))),
            _ => Err(self.fault(format!("`{column}`: found \"{cell}\", expected y, n or ?"))),
        }
    }

    fn missed(&self, is_hit: bool) -> Result<Option<BTreeSet<Category>>, Fault> {
        let column = "missed_category";
        match self.cell(column) {
            "" if is_hit => Ok(Some(BTreeSet::new())),
            "" => Err(self.fault(format!("`{column}` is empty, expected a category, none or ?"))),
            "?" => Ok(None),
            cell if cell.eq_ignore_ascii_case("none") => Ok(Some(BTreeSet::new())),
            cell => {
                let names = cell.split([';', ',']).map(str::trim).filter(|name| !name.is_empty());
                names.map(|name| self.category(column, name)).collect::<Result<_, _>>().map(Some)
            }
        }
    }
}

/// Reads a coded sheet as sentences with what they hold, a row each; rows of which nobody can tell anything are left out.
///
/// # Errors
/// Those of [`read_sheet`].
pub fn labelled(path: &str, text: &str) -> Result<Vec<Labelled>, Vec<Fault>> {
    let (_, coded) = read_sheet(path, text, false)?;
    Ok(coded.into_iter().map(labelled_row).filter(|row| !(row.holds.is_empty() && row.lacks.is_empty())).collect())
}

fn labelled_row(coded: Coded) -> Labelled {
    let Coded { row, right, target_right, missed, missed_target, .. } = coded;
    let mut holds = Vec::new();
    let mut lacks = Vec::new();
    if let Some(category) = row.category {
        match right {
            Some(Answer::Yes) => holds.push((category, row.target.filter(|_| target_right == Some(Answer::Yes)))),
            Some(Answer::No) if !missed.as_ref().is_some_and(|missed| missed.contains(&category)) => lacks.push(category),
            Some(Answer::No | Answer::CannotTell) | None => {}
        }
    }
    if let Some(missed) = missed {
        // Where another hit lies in the sentence, its row says whether that is right.
        let others_are_known = row.hits_in_sentence <= 1;
        let others = Category::ALL.into_iter().filter(|&category| Some(category) != row.category && !missed.contains(&category));
        lacks.extend(others.filter(|_| others_are_known));
        let target = missed_target.map(Arc::from);
        let asked = holds.first().map(|&(category, _)| category);
        holds.extend(missed.into_iter().filter(|&category| Some(category) != asked).map(|category| (category, target.clone())));
    }
    Labelled { text: row.text.replace("[[", "").replace("]]", ""), writer: row.writer, holds, lacks }
}
