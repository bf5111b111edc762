//! Arrow batches as Python hands them over: one object with the Arrow C interface, or any iterable of such.

use arrow_array::RecordBatch;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyIterator;
use pyo3_arrow::input::AnyRecordBatch;

/// Batches that come one by one.
pub(crate) struct Batches {
    /// What gives the next object; none if there was one only.
    objects: Option<Py<PyIterator>>,
    n_objects: usize,
    /// Batches of the object before.
    open: Option<Box<dyn Iterator<Item = Result<RecordBatch, arrow_schema::ArrowError>> + Send>>,
}

impl Batches {
    pub(crate) fn of(batches: &Bound<'_, PyAny>) -> PyResult<Self> {
        if is_arrow(batches)? {
            return Ok(Self { objects: None, n_objects: 1, open: Some(Box::new(reader(batches, 1)?)) });
        }
        let objects = batches.try_iter().map_err(|_| expected(batches, "batches"))?;
        Ok(Self { objects: Some(objects.unbind()), n_objects: 0, open: None })
    }

    pub(crate) fn next(&mut self, py: Python<'_>) -> PyResult<Option<RecordBatch>> {
        loop {
            if let Some(open) = &mut self.open {
                // A reader may be Python's own and need the interpreter on another thread.
                if let Some(batch) = open.next() {
                    return batch.map(Some).map_err(|error| PyValueError::new_err(format!("batches: item {}: {error}", self.n_objects)));
                }
                self.open = None;
            }
            let Some(objects) = &self.objects else { return Ok(None) };
            let Some(object) = objects.bind(py).clone().next() else { return Ok(None) };
            self.n_objects += 1;
            self.open = Some(Box::new(reader(&object?, self.n_objects)?));
        }
    }

    pub(crate) fn collect(mut self, py: Python<'_>) -> PyResult<Vec<RecordBatch>> {
        let mut all = Vec::new();
        while let Some(batch) = self.next(py)? {
            all.push(batch);
        }
        Ok(all)
    }
}

fn is_arrow(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(object.hasattr("__arrow_c_stream__")? || object.hasattr("__arrow_c_array__")?)
}

fn expected(object: &Bound<'_, PyAny>, place: &str) -> PyErr {
    let found = object.get_type().name().map_or_else(|_| "something else".to_owned(), |name| name.to_string());
    PyValueError::new_err(format!(
        "{place}: found {found}, expected Arrow batches (a table, a frame, a reader, or an iterable of record batches)"
    ))
}

fn reader(
    object: &Bound<'_, PyAny>,
    number: usize,
) -> PyResult<impl Iterator<Item = Result<RecordBatch, arrow_schema::ArrowError>> + Send + use<>> {
    let place = format!("batches: item {number}");
    if !is_arrow(object)? {
        return Err(expected(object, &place));
    }
    let batch: AnyRecordBatch = object.extract().map_err(|error: PyErr| PyValueError::new_err(format!("{place}: {error}")))?;
    batch.into_reader()
}
