//! The own words of a mail: the order of the steps.

use super::cutter::Cutter;
use super::lines::Lines;
use super::trailing::{self, Known};
use super::writer::Writer;
use super::{attribution, banner, closing, code, footer, passage, quoted, session, signature, talk};

/// Cuts a mail's text.
///
/// Quotes come first, for everything else is looked for only in what is left. Footers and disclaimers stand below signatures, and
/// signatures below closings, so they go in that order: "six short lines to the end" then means the end of what a person typed.
pub(super) fn cut(text: &str, writer: Writer<'_>, known: Option<&mut Known<'_>>, cutter: &mut Cutter<'_>) {
    let mut lines = Lines::of(text, writer);
    quoted::mark_quoted_lines(&mut lines);
    quoted::mark_below_markers(&mut lines);
    quoted::mark_set_off_passages(&mut lines);
    quoted::mark_announced(&mut lines);
    quoted::mark_letters(&mut lines);
    talk::mark_talk(&mut lines);
    quoted::mark_news(&mut lines);
    attribution::mark(&mut lines);
    code::mark_blocks(&mut lines);
    session::mark(&mut lines);
    passage::mark(&mut lines);
    talk::mark_invitations(&mut lines);
    banner::mark(&mut lines);
    footer::mark_list_footers(&mut lines);
    footer::mark_disclaimers(&mut lines);
    signature::mark(&mut lines);
    closing::mark_closings(&mut lines);
    if known.is_some_and(|known| trailing::cut(&mut lines, known)) {
        // A closing may have stood above what went.
        closing::mark_closings(&mut lines);
    }
    closing::mark_greeting(&mut lines);
    if code::mark_lines(&mut lines) {
        // A name may have stood above what went.
        closing::mark_closings(&mut lines);
    }
    closing::keep_lone_thanks(&mut lines);
    lines.emit(cutter);
}
