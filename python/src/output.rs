//! Matches as a table, one a row, without any text.

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, BooleanArray, Int64Array, RecordBatch};
use arrow_schema::{Field, Schema};
use evenhand::fault::Position;
use evenhand::lexicon::Lexicons;
use evenhand::scan::concordance::Row;

use crate::failure::Failure;

/// Names of the columns of texts, in order.
const TEXTS: [&str; 6] = ["source", "id", "category", "subcategory", "entry", "target"];

/// The table while it grows.
#[derive(Default)]
pub(crate) struct Hits {
    texts: [StringBuilder; TEXTS.len()],
    position: Vec<Option<i64>>,
    start: Vec<i64>,
    end: Vec<i64>,
    named: Vec<bool>,
}

fn signed(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

impl Hits {
    /// Adds the matches of a message.
    pub(crate) fn add(&mut self, row: &Row, lexicons: &Lexicons) {
        for hit in &row.hits {
            let entry = lexicons.entry(hit.entry);
            let target = hit.target.map(|target| &**lexicons.groups.name(target));
            let texts = [
                Some(&*row.place.path),
                Some(&*row.id),
                Some(hit.category.name()),
                entry.subcategory.as_deref(),
                Some(&*entry.name),
                target,
            ];
            for (builder, text) in self.texts.iter_mut().zip(texts) {
                builder.append_option(text);
            }
            self.position.push(match row.place.position {
                Position::Record(record) => i64::try_from(record).ok().map(|record| record - 1),
                Position::Whole | Position::Line(_) | Position::Byte(_) => None,
            });
            self.start.push(signed(hit.span.start));
            self.end.push(signed(hit.span.end));
            self.named.push(hit.named);
        }
    }

    /// The table.
    pub(crate) fn batch(self) -> Result<RecordBatch, Failure> {
        let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
        for (name, mut builder) in TEXTS.into_iter().zip(self.texts) {
            columns.push((name, Arc::new(builder.finish())));
        }
        columns.insert(1, ("position", Arc::new(Int64Array::from(self.position))));
        columns.push(("named", Arc::new(BooleanArray::from(self.named))));
        columns.push(("start", Arc::new(Int64Array::from(self.start))));
        columns.push(("end", Arc::new(Int64Array::from(self.end))));
        let fields: Vec<Field> = columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
        Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), columns.into_iter().map(|(_, array)| array).collect())?)
    }
}
