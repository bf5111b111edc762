//! What stands around the figures: contact between the teams, what was left out, what to do, notices, method, how to make it again.

use maud::{Markup, html};

use super::evidence::signs;
use super::flow::{self, Bar};
use super::isolated;
use super::parts::{beside, head, note, section, table};
use crate::decision::Sheet;
use crate::disclosure::{Disclosed, Shown};
use crate::message::ByReason;
use crate::report::notices;
use crate::report::sheet::{self, Item, Kind};
use crate::report::text::{capitalised, name, percent, thousands};
use crate::report::view::View;
use crate::report::{beside as words_beside, method as words_method, since as words_since, words};
use crate::stats::Speaker;

/// What changed since an earlier report.
pub(super) fn since(shown: &Disclosed, _: &View<'_>) -> Option<Markup> {
    let sections = words_since::sections(shown);
    let body = html! { @for section in &sections { (beside(section)) } (note(&signs(shown))) };
    (!sections.is_empty()).then(|| section("since", "What changed since the earlier report", &body))
}

/// Replies between the two teams of each pair, where they meet, and both side by side.
pub(super) fn contact(shown: &Disclosed, view: &View<'_>) -> Option<Markup> {
    let replies = view.pairs.iter().filter_map(|&pair| words_beside::replies(shown, pair));
    let between = view.pairs.iter().filter_map(|&pair| words_beside::between(shown, pair));
    let sections: Vec<_> = replies.chain(meetings(shown)).chain(between).collect();
    let body = html! { @for section in &sections { (beside(section)) } (note(&signs(shown))) };
    (!sections.is_empty()).then(|| section("contact", "Contact, tone of replies and rallying points", &body))
}

/// Topics over which two teams write in the same threads.
fn meetings(shown: &Disclosed) -> Option<words_beside::Section> {
    let threads = |shared: Shown<u64>| match shared {
        Shown::Value(n) => thousands(n),
        Shown::Few => "few".to_owned(),
        Shown::Hidden(why) => words::hidden(why, shown.min_authors),
        Shown::NoData => "no data".to_owned(),
    };
    let row = |meeting: &crate::disclosure::ShownMeeting| {
        let pair = [&meeting.first, &meeting.second].map(|team| name(team)).join(" and ");
        vec![capitalised(&name(&meeting.topic).replace('_', " ")), pair, threads(meeting.shared_threads)]
    };
    let rows: Vec<Vec<String>> = shown.meetings.iter().map(row).collect();
    let head = ["Topic", "Teams", "Threads in which both write"].map(str::to_owned).to_vec();
    (!rows.is_empty()).then(|| words_beside::Section {
        head: "Rallying points: topics over which the two teams already meet".to_owned(),
        rows: [vec![head], rows].concat(),
        first_figure: 2,
        note: "A topic is told by its words. Threads are those of what was scanned together.".to_owned(),
    })
}

/// What was read, what of it is own words, what was left out.
pub(super) fn intake(shown: &Disclosed) -> Markup {
    let intake = &shown.intake;
    let sentences = [Some(words::messages_read(intake)), Some(words::own_text(intake)), words::repeated(intake)];
    let told: Vec<String> = sentences.into_iter().flatten().collect();
    let mut rows = vec![["Left out", "Messages", "Share of the text"].map(str::to_owned).to_vec()];
    rows.extend(
        words::left_out(intake).into_iter().map(|(reason, messages, characters)| vec![capitalised(reason.title()), messages, characters]),
    );
    let body = html! {
        div class="flow-and-table" {
            figure { (flow::chart("From what was read to what is scored", &told.join(" "), &bars(shown))) }
            div {
                @for sentence in &told { p { (sentence) } }
                @if rows.len() > 1 { (table("What was left out, by reason", 1, &rows)) }
            }
        }
    };
    section("intake", words::INTAKE_HEAD, &body)
}

fn bars(shown: &Disclosed) -> Vec<Bar> {
    let intake = &shown.intake;
    let parts = |kept: u64, left_out: &ByReason| {
        let mut parts: Vec<u64> = left_out.iter().map(|(_, n)| n).collect();
        parts.sort_unstable_by_key(|&n| std::cmp::Reverse(n));
        [vec![kept], parts].concat()
    };
    let read = Bar {
        whole: format!("{} messages read", thousands(intake.read)),
        left_out: format!("{} left out", thousands(intake.removed.total())),
        parts: parts(intake.kept, &intake.removed),
    };
    let removed = intake.removed_characters.total();
    let own = Bar {
        whole: "The text of those kept".to_owned(),
        left_out: if removed == 0 { String::new() } else { format!("{} not own words", percent(removed, intake.characters)) },
        parts: parts(intake.characters.saturating_sub(removed), &intake.removed_characters),
    };
    let company = shown.speakers.iter().find(|count| count.speaker == Speaker::Company);
    let scored = company.and_then(|count| count.words.value()).map(|n| Bar {
        whole: format!("{} own words, scored", thousands(n)),
        left_out: String::new(),
        parts: vec![1],
    });
    [Some(read), Some(own), scored].into_iter().flatten().collect()
}

/// The decision sheet.
pub(super) fn decision(shown: &Disclosed, sheet: &Sheet) -> Markup {
    let items = sheet::items(sheet, shown.min_authors);
    let of = |kind: Kind| items.iter().filter(move |item| item.kind == kind);
    let body = html! {
        @for item in of(Kind::Conclusion) { (head(3, &item.question)) p class="conclusion" { (capitalised(&item.answer)) } }
        dl class="sheet" { @for item in of(Kind::Condition).chain(of(Kind::Stage)) { (line(item)) } }
        (head(3, "Remedies"))
        dl class="sheet" { @for item in of(Kind::Remedy) { (line(item)) } }
        (note(sheet::NOTE))
    };
    section("decision", sheet::HEAD, &body)
}

fn line(item: &Item) -> Markup {
    let class = match item.holds {
        Some(true) => "badge yes",
        Some(false) => "badge no",
        None => "badge",
    };
    let question = capitalised(item.question.strip_prefix("Remedy: ").unwrap_or(&item.question));
    html! {
        div {
            dt { (isolated(&question)) }
            dd { span class=(class) { (capitalised(item.answer.trim_end_matches('.'))) } @if !item.why.is_empty() { " " (isolated(&item.why)) } }
        }
    }
}

/// What a reader must know beside the figures.
pub(super) fn notices(shown: &Disclosed) -> Markup {
    section("notices", words::NOTICES_HEAD, &html! { ul { @for notice in notices::notices(shown) { li { (isolated(&notice)) } } } })
}

/// How the figures are made and what none of them says.
pub(super) fn method(shown: &Disclosed) -> Markup {
    let body = html! {
        dl class="method" { @for (what, text) in words_method::method(shown) { div { dt { (what) } dd { (capitalised(&text)) } } } }
        (head(3, "What no figure here says"))
        ul { @for limit in words_method::LIMITS { li { (limit) } } }
    };
    section("method", "Method and limits", &body)
}

/// What the figures were made with, and the command.
pub(super) fn repeat(shown: &Disclosed) -> Markup {
    let body = html! {
        p { "The same exports, configuration and version of evenhand give the same report, byte for byte. Where a fingerprint differs, so may the figures." }
        dl class="method" {
            div { dt { "Command" } dd { code { (words_method::repeat(shown)) " --format html" } } }
            div { dt { "Version" } dd { "evenhand " (env!("CARGO_PKG_VERSION")) } }
            @for (what, value) in words_method::fingerprints(shown) { div { dt { (capitalised(what)) } dd { code { (value) } } } }
        }
    };
    section("repeat", "Fingerprints, and how to make this report again", &body)
}
