//! What goes wrong, as Python's own exceptions, beginning with the place.

use std::ffi::CString;

use arrow_schema::ArrowError;
use evenhand::fault::Fault;
use evenhand::run::files::Faults;
use pyo3::PyErr;
use pyo3::exceptions::{PyOSError, PyUserWarning, PyValueError};
use pyo3::prelude::*;

/// So many faults are told one by one.
const MOST_TOLD: usize = 10;

/// Why a call fails.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A value is not what it should be.
    Value(String),
    /// A file cannot be read.
    System(String),
}

impl From<Faults> for Failure {
    fn from(Faults(faults): Faults) -> Self {
        let is_of_system = |fault: &Fault| {
            ["no such file", "permission denied", "is a directory", "not a directory"].iter().any(|cause| fault.why.starts_with(cause))
        };
        let told: Vec<String> = faults.iter().map(Fault::to_string).collect();
        if faults.iter().any(is_of_system) { Self::System(told.join("\n")) } else { Self::Value(told.join("\n")) }
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Faults::from(fault).into()
    }
}

impl From<ArrowError> for Failure {
    fn from(error: ArrowError) -> Self {
        Self::Value(format!("batches: {error}"))
    }
}

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Value(why) => PyValueError::new_err(why),
            Failure::System(why) => PyOSError::new_err(why),
        }
    }
}

/// Tells what could not be read and is counted, as one warning.
pub(crate) fn warn(py: Python<'_>, faults: &[Fault]) -> PyResult<()> {
    if faults.is_empty() {
        return Ok(());
    }
    let mut lines: Vec<String> = faults.iter().take(MOST_TOLD).map(Fault::to_string).collect();
    if faults.len() > MOST_TOLD {
        lines.push(format!("and {} more", faults.len() - MOST_TOLD));
    }
    let text = CString::new(lines.join("\n").replace('\0', "")).unwrap_or_default();
    PyErr::warn(py, &py.get_type::<PyUserWarning>(), &text, 1)
}
