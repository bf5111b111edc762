//! Tally rows ↔ Arrow batches and files.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use evenhand::fault::Fault;
use evenhand::source;
use evenhand::tally::rows::{COLUMNS, Gathering, Kind, Row};

use crate::columns::Columns;
use crate::failure::Failure;

/// Rows of a batch.
pub(crate) const ROWS: usize = 1 << 16;

/// Rows as a batch.
pub(crate) fn batch(rows: &[Row]) -> Result<RecordBatch, Failure> {
    fn texts<'a>(rows: &'a [Row], get: impl Fn(&'a Row) -> Option<&'a str>) -> ArrayRef {
        Arc::new(rows.iter().map(get).collect::<StringArray>())
    }
    let counts = |get: fn(&Row) -> Option<u64>| -> ArrayRef {
        Arc::new(rows.iter().map(|row| get(row).map(|n| i64::try_from(n).unwrap_or(i64::MAX))).collect::<Int64Array>())
    };
    let arrays = vec![
        texts(rows, |row| Some(&row.tally_part)),
        texts(rows, |row| Some(row.row.name())),
        texts(rows, |row| row.author.as_deref()),
        texts(rows, |row| row.team.as_deref()),
        texts(rows, |row| row.month.as_deref()),
        texts(rows, |row| row.name.as_deref()),
        Arc::new(rows.iter().map(|row| row.named).collect::<BooleanArray>()),
        texts(rows, |row| row.category.as_deref()),
        texts(rows, |row| row.entries.as_deref()),
        counts(|row| row.segments),
        counts(|row| row.words),
        counts(|row| row.messages),
    ];
    let field = |(name, array): (&str, &ArrayRef)| Field::new(name, array.data_type().clone(), true);
    let fields: Vec<Field> = COLUMNS.into_iter().zip(&arrays).map(field).collect();
    debug_assert_eq!(fields[9].data_type(), &DataType::Int64);
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?)
}

/// Adds the rows of a batch.
pub(crate) fn gather(batch: &RecordBatch, gathering: &mut Gathering) -> Result<(), Failure> {
    if batch.num_rows() == 0 {
        return Ok(());
    }
    let columns = Columns { place: "rows", batch };
    let text = |at: usize| columns.needed_text(COLUMNS[at]);
    let number = |at: usize| columns.number(COLUMNS[at])?.ok_or_else(|| columns.missing(COLUMNS[at]));
    let (part, kind, author, team, month, name) = (text(0)?, text(1)?, text(2)?, text(3)?, text(4)?, text(5)?);
    let named = columns.truth(COLUMNS[6])?.ok_or_else(|| columns.missing(COLUMNS[6]))?;
    let (category, entries) = (text(7)?, text(8)?);
    let (segments, words, messages) = (number(9)?, number(10)?, number(11)?);
    for at in 0..batch.num_rows() {
        let fault = |why: String| Failure::Value(format!("rows: row {}: {why}", at + 1));
        let kind = kind.get(at).unwrap_or_default();
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let count = |column: &Int64Array| column.is_valid(at).then(|| column.value(at)).and_then(|n| u64::try_from(n).ok());
        let row = Row {
            tally_part: part.get(at).ok_or_else(|| fault("found no part".to_owned()))?.to_owned(),
            row: Kind::from_name(kind)
                .ok_or_else(|| fault(format!("row: found \"{kind}\", expected one of {}", Kind::ALL.map(Kind::name).join(", "))))?,
            author: owned(author.get(at)),
            team: team.get(at).map(Arc::from),
            month: owned(month.get(at)),
            name: owned(name.get(at)),
            named: named.is_valid(at).then(|| named.value(at)),
            category: owned(category.get(at)),
            entries: owned(entries.get(at)),
            segments: count(&segments),
            words: count(&words),
            messages: count(&messages),
        };
        gathering.add(row).map_err(fault)?;
    }
    Ok(())
}

/// Adds the rows of a file of JSON Lines or CSV.
pub(crate) fn read_file(path: &Path, gathering: &mut Gathering) -> Result<(), Failure> {
    let label = path.to_string_lossy();
    let file = File::open(path).map_err(|error| Failure::System(Fault::file(&*label, source::cause_at(path, &error)).to_string()))?;
    Ok(gathering.read(&label, BufReader::new(file))?)
}
