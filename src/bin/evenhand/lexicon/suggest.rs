//! `evenhand lexicon suggest`: words that stand beside known matches → the draft of a lexicon. Shows text, so its file is readable by its owner only.

use std::io::{self, Write};

use evenhand::lexicon::Category;
use evenhand::scan::near::{self, Near, Run};
use evenhand::stats::keyness::keyness;

use crate::args::SuggestArgs;
use crate::output::{self, Failure, Outcome};
use crate::{load, preview, scan};

/// Least log-likelihood ratio of a proposal: chance alone gives more in less than 1 % of words.
const LEAST_KEYNESS: f64 = 6.63;

/// Fewest times that a proposal stands beside a match.
const LEAST_NEAR: u64 = 3;

pub(super) fn run(args: &SuggestArgs) -> Result<Outcome, Failure> {
    let mut loaded = load::load(&args.input, None)?;
    if args.input.is_preview() {
        return preview::run(&args.input, loaded);
    }
    let sources = scan::sources_of(&args.input, &loaded.setup, &mut loaded.faults)?;
    let min_authors = loaded.config.privacy.min_authors;
    let (near, faults) = scan::pool(&args.input)?.install(|| near::near(sources, &loaded.setup, args.category, min_authors));
    loaded.faults.extend(faults);
    let proposals = proposals(&near, args.most);
    output::write_private(&args.output, |out| write(&proposals, &near, args.category, min_authors, out))?;
    let words = output::counted(proposals.len() as u64, "proposal", "proposals");
    output::print(|out| writeln!(out, "{words}, each used by at least {min_authors} authors, of {} words beside a match", near.n_near))?;
    scan::tell(&args.input, &loaded.faults)
}

/// The runs of words that are most typical of what stands beside a match; of one that is part of a longer and no more frequent one only the longer.
fn proposals(near: &Near, most: usize) -> Vec<(&str, &Run, f64)> {
    let scored = near.runs.iter().filter(|(_, run)| run.near >= LEAST_NEAR);
    let scored = scored.map(|(words, run)| (words.as_str(), run, keyness(run.near, near.n_near, run.other, near.n_other)));
    let typical: Vec<_> = scored.filter(|&(_, _, keyness)| keyness >= LEAST_KEYNESS).collect();
    let is_part = |words: &str, run: &Run| {
        let padded = format!(" {words} ");
        typical.iter().any(|(other, longer, _)| *other != words && format!(" {other} ").contains(&padded) && longer.near == run.near)
    };
    let mut proposals: Vec<_> = typical.iter().copied().filter(|(words, run, _)| !is_part(words, run)).collect();
    proposals.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(b.0)));
    proposals.truncate(most);
    proposals
}

fn write(proposals: &[(&str, &Run, f64)], near: &Near, category: Category, min_authors: usize, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "# Draft: words that stand beside {category} matches more often than in other sentences that name a team. Most are no such wording: keep the few"
    )?;
    writeln!(out, "# that are, say in `sense` what they claim, and write examples. Each was used by at least {min_authors} authors.")?;
    writeln!(out, "name = \"{category}\"\ntitle = \"Proposed from own text\"\nversion = \"0\"\nlanguage = \"en\"")?;
    writeln!(
        out,
        "description = \"Words beside {category} matches, unread.\"\nreads_as = \"{category} wording\"\nimported = \"own text\""
    )?;
    for (words, run, keyness) in proposals {
        writeln!(
            out,
            "\n# {} of {} words beside a match, {} of {} elsewhere; keyness {keyness:.1}",
            run.near, near.n_near, run.other, near.n_other
        )?;
        writeln!(out, "[[entry]]\nmatch = [\"{words}\"]\nsense = \"\"\nabout = \"group\"\nswap = false\nsource = \"own text\"")?;
    }
    Ok(())
}
