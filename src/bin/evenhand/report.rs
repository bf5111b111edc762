//! `evenhand report`: exports and tallies → a report per team.

use std::io::IsTerminal;
use std::path::Path;

use evenhand::decision::Sheet;
use evenhand::disclosure::Disclosed;
use evenhand::report::{self, Format, Style};
use evenhand::stats::Plan;
use evenhand::{decision, run};

use crate::args::{Color, ReportArgs};
use crate::compare::Compared;
use crate::output::{self, Failure, Outcome};
use crate::{load, preview, scan};

/// Columns of a report on a terminal.
const WIDTH: usize = 80;

pub(crate) fn run(args: &ReportArgs) -> Result<Outcome, Failure> {
    let formats = &args.format.0;
    if formats.len() > 1 && args.output.is_none() {
        return Err(Failure::Other(format!("--format: found {} formats, expected one, or --output FOLDER", formats.len())));
    }
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
    let mut shown = run::shown(&tally, &loaded.config);
    shown.validation = validation;
    if let Some(compared) = compared {
        let plan = Plan::new(&loaded.config.contrast, loaded.config.privacy.min_authors);
        shown.comparison = Some(compared.with(&shown, &tally, &plan)?);
    }
    shown.tell_senses(&loaded.setup.framing.lexicons);
    let sheet = decision::sheet(&shown, &loaded.config.situation);
    match &args.output {
        Some(folder) => write_files(folder, formats, args.color, &shown, &sheet)?,
        None => output::print(|out| formats.iter().try_for_each(|&format| report::write(&shown, &sheet, format, &style(args.color), out)))?,
    }
    scan::tell(&args.input, &loaded.faults)
}

/// One file a format; what is not for circulation only its owner can read.
fn write_files(folder: &Path, formats: &[Format], color: Color, shown: &Disclosed, sheet: &Sheet) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| Failure::Write { path: folder.to_owned(), error })?;
    // A file is no terminal: no colour unless it was asked for, and UTF-8 whatever the locale.
    let style = Style { color: color == Color::Always, ascii: false, width: WIDTH };
    for &format in formats {
        let path = folder.join(format!("evenhand-report.{}", format.extension()));
        output::write_file(&path, shown.is_not_for_circulation(), |mut out| report::write(shown, sheet, format, &style, &mut out))?;
    }
    Ok(())
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
