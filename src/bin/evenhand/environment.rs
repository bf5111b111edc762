//! What is given beside the configuration: typed, else set in the environment.

use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use evenhand::config::Config;

use crate::args::SetupArgs;
use crate::output::Failure;

/// A value and where it comes from, as people say it.
pub(crate) struct Set<T> {
    pub(crate) value: T,
    pub(crate) from: &'static str,
}

/// What goes before the configuration.
pub(crate) struct Given {
    pub(crate) config: Option<Set<PathBuf>>,
    pub(crate) roster: Option<Set<PathBuf>>,
    pub(crate) timezone: Option<Set<String>>,
    pub(crate) min_authors: Option<Set<NonZeroU16>>,
}

impl Given {
    pub(crate) fn of(args: &SetupArgs, min_authors: Option<u16>) -> Result<Self, Failure> {
        Ok(Self {
            config: typed_or_set(args.config.as_ref(), "EVENHAND_CONFIG")?,
            roster: typed_or_set(args.roster.as_ref(), "EVENHAND_ROSTER")?,
            timezone: typed_or_set(args.timezone.as_ref(), "EVENHAND_TIMEZONE")?,
            min_authors: typed_or_set(min_authors.and_then(NonZeroU16::new).as_ref(), "EVENHAND_MIN_AUTHORS")?,
        })
    }

    /// The roster in force; that of the configuration lies relative to it.
    pub(crate) fn roster_path(&self, config: &Config, base: &Path) -> Option<PathBuf> {
        let given = self.roster.as_ref().map(|set| set.value.clone());
        given.or_else(|| config.teams.roster.as_ref().map(|path| base.join(path)))
    }
}

/// What was typed, else what the variable holds; an empty variable is as none.
pub(crate) fn typed_or_set<T: Clone + FromStr>(typed: Option<&T>, variable: &'static str) -> Result<Option<Set<T>>, Failure> {
    if let Some(value) = typed {
        return Ok(Some(Set { value: value.clone(), from: "command line" }));
    }
    let Some(text) = std::env::var_os(variable).filter(|text| !text.is_empty()) else { return Ok(None) };
    let text = text.to_string_lossy();
    match text.parse() {
        Ok(value) => Ok(Some(Set { value, from: variable })),
        Err(_) => Err(Failure::Other(format!("{variable}: found \"{text}\", expected a number from 1 up"))),
    }
}
