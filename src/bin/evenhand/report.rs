//! `evenhand report`: exports and tallies → a report per team.

use std::io::IsTerminal;

use evenhand::report::{self, Style};
use evenhand::stats::{self, Plan};
use evenhand::{decision, disclosure};

use crate::args::{Color, ReportArgs};
use crate::compare::Compared;
use crate::output::{self, Failure, Outcome};
use crate::{load, preview, scan};

/// Columns of a report on a terminal.
const WIDTH: usize = 80;

pub(crate) fn run(args: &ReportArgs) -> Result<Outcome, Failure> {
    let mut loaded = load::load(&args.input, args.min_authors)?;
    if args.input.is_preview() {
        return preview::run(&args.input, loaded);
    }
    let validation = loaded.validation(args.validation.as_deref())?;
    let compared = args.compare.as_deref().map(Compared::read).transpose()?;
    if let Some(compared) = &compared {
        compared.leave_out_of(&mut loaded.setup.period);
    }
    let mut tally = scan::tally_of(&args.input, &mut loaded)?;
    if let Some(compared) = &compared {
        compared.check(&mut tally)?;
    }
    let min_authors = loaded.config.privacy.min_authors;
    let plan = Plan::new(&loaded.config.contrast, min_authors);
    let mut shown = disclosure::disclose(stats::analyse(&tally, &plan), &tally, min_authors);
    shown.validation = validation;
    if let Some(compared) = compared {
        shown.comparison = Some(compared.with(&shown, &tally, &plan)?);
    }
    let sheet = decision::sheet(&shown, &loaded.config.situation);
    output::print(|out| report::write(&shown, &sheet, args.format, &style(args.color), out))?;
    scan::tell(&args.input, &loaded.faults)
}

fn style(color: Color) -> Style {
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    };
    Style { color, ascii: is_ascii_locale(), width: WIDTH }
}

/// Whether the locale says that the terminal shows ASCII only; an unset locale says nothing.
fn is_ascii_locale() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    locale.is_some_and(|locale| !locale.to_lowercase().replace('-', "").contains("utf8"))
}
