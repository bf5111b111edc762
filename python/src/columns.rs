//! Columns of Arrow batches by name, with the types that engines give them.

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, BinaryArray, BooleanArray, Int64Array, LargeStringArray, RecordBatch, StringArray, StringViewArray};
use arrow_cast::{CastOptions, cast_with_options};
use arrow_schema::{DataType, TimeUnit};
use evenhand::fault;

use crate::failure::Failure;

/// A column of texts, whatever its layout.
#[derive(Debug, Clone)]
pub(crate) enum Text {
    Small(StringArray),
    Large(LargeStringArray),
    View(StringViewArray),
}

impl Text {
    pub(crate) fn get(&self, row: usize) -> Option<&str> {
        match self {
            Self::Small(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Large(array) => array.is_valid(row).then(|| array.value(row)),
            Self::View(array) => array.is_valid(row).then(|| array.value(row)),
        }
    }
}

/// The columns of a batch.
pub(crate) struct Columns<'a> {
    /// What the batch is, for errors.
    pub(crate) place: &'static str,
    pub(crate) batch: &'a RecordBatch,
}

impl Columns<'_> {
    fn find(&self, name: &str) -> Option<&ArrayRef> {
        self.batch.column_by_name(name)
    }

    /// The error of a column that is not there.
    pub(crate) fn missing(&self, name: &str) -> Failure {
        let schema = self.batch.schema();
        let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        let nearest = fault::nearest(name, names.iter().copied());
        let found = if names.is_empty() { "no columns".to_owned() } else { names.join(", ") };
        Failure::Value(format!("{}: no column \"{name}\", found {found}{nearest}", self.place))
    }

    fn wrong_type(&self, name: &str, found: &DataType, expected: &str) -> Failure {
        Failure::Value(format!("{}: column \"{name}\": found {found}, expected {expected}", self.place))
    }

    fn cast(&self, name: &str, array: &ArrayRef, to: &DataType, expected: &str) -> Result<ArrayRef, Failure> {
        let options = CastOptions { safe: false, ..CastOptions::default() };
        cast_with_options(array, to, &options).map_err(|_| self.wrong_type(name, array.data_type(), expected))
    }

    /// A column of texts; numbers are taken as they are written.
    pub(crate) fn text(&self, name: &str) -> Result<Option<Text>, Failure> {
        let Some(array) = self.find(name) else { return Ok(None) };
        Ok(Some(match array.data_type() {
            DataType::Utf8 => Text::Small(array.as_string::<i32>().clone()),
            DataType::LargeUtf8 => Text::Large(array.as_string::<i64>().clone()),
            DataType::Utf8View => Text::View(array.as_string_view().clone()),
            found if found.is_integer() || matches!(found, DataType::Dictionary(..) | DataType::Null) => {
                Text::Small(self.cast(name, array, &DataType::Utf8, "text")?.as_string::<i32>().clone())
            }
            found => return Err(self.wrong_type(name, found, "text")),
        }))
    }

    /// A column of texts that must be there.
    pub(crate) fn needed_text(&self, name: &str) -> Result<Text, Failure> {
        self.text(name)?.ok_or_else(|| self.missing(name))
    }

    /// A column of whole numbers.
    pub(crate) fn number(&self, name: &str) -> Result<Option<Int64Array>, Failure> {
        let Some(array) = self.find(name) else { return Ok(None) };
        match array.data_type() {
            DataType::Int64 => Ok(Some(array.as_primitive::<Int64Type>().clone())),
            found if found.is_numeric() || *found == DataType::Null => {
                Ok(Some(self.cast(name, array, &DataType::Int64, "whole numbers")?.as_primitive::<Int64Type>().clone()))
            }
            found => Err(self.wrong_type(name, found, "whole numbers")),
        }
    }

    /// A column of truth values.
    pub(crate) fn truth(&self, name: &str) -> Result<Option<BooleanArray>, Failure> {
        let Some(array) = self.find(name) else { return Ok(None) };
        match array.data_type() {
            DataType::Boolean => Ok(Some(array.as_boolean().clone())),
            DataType::Null => Ok(Some(self.cast(name, array, &DataType::Boolean, "true or false")?.as_boolean().clone())),
            found => Err(self.wrong_type(name, found, "true or false")),
        }
    }

    /// A column of bytes that must be there.
    pub(crate) fn needed_binary(&self, name: &str) -> Result<ArrayRef, Failure> {
        let array = self.find(name).ok_or_else(|| self.missing(name))?;
        match array.data_type() {
            DataType::Binary | DataType::LargeBinary | DataType::BinaryView => Ok(array.clone()),
            found => Err(self.wrong_type(name, found, "bytes (binary)")),
        }
    }

    /// A column of times: microseconds since 1970, or texts and numbers that are times as tables write them.
    pub(crate) fn time(&self, name: &str) -> Result<Option<Time>, Failure> {
        let Some(array) = self.find(name) else { return Ok(None) };
        let expected = "a timestamp, text or number";
        let to = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        Ok(Some(match array.data_type() {
            DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 | DataType::Null => {
                let array = self.cast(name, array, &to, expected)?;
                Time::Micros(array.as_primitive::<TimestampMicrosecondType>().reinterpret_cast())
            }
            found if found.is_numeric() => {
                Time::Written(Text::Small(self.cast(name, array, &DataType::Utf8, expected)?.as_string::<i32>().clone()))
            }
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Dictionary(..) => {
                self.text(name)?.map_or_else(|| Err(self.missing(name)), |text| Ok(Time::Written(text)))?
            }
            found => return Err(self.wrong_type(name, found, expected)),
        }))
    }
}

/// A column of times.
pub(crate) enum Time {
    Micros(Int64Array),
    Written(Text),
}

/// The bytes of a row of a column of bytes.
pub(crate) fn bytes(array: &ArrayRef, row: usize) -> Option<&[u8]> {
    if array.is_null(row) {
        return None;
    }
    Some(match array.data_type() {
        DataType::LargeBinary => array.as_binary::<i64>().value(row),
        DataType::BinaryView => array.as_binary_view().value(row),
        _ => array.as_any().downcast_ref::<BinaryArray>()?.value(row),
    })
}
