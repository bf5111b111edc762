//! What the command and the wheel have in common: the files that set a run up, and the way from a tally to its report.

pub mod files;

use crate::config::Config;
use crate::disclosure::{self, Disclosed};
use crate::stats::{self, Plan};
use crate::tally::Tally;

/// What may be shown of a tally under a configuration: contrasts and the floor of authors are the configuration's.
#[must_use]
pub fn shown(tally: &Tally, config: &Config) -> Disclosed {
    let min_authors = config.privacy.min_authors;
    disclosure::disclose(stats::analyse(tally, &Plan::new(&config.contrast, min_authors)), tally, min_authors)
}
