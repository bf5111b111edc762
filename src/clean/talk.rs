//! Talks that were copied from a messenger, and what programs add to a mail to invite to one.

use crate::message::Reason;

use super::footer::is_rule;
use super::lines::Lines;
use super::session::is_personal;
use super::signature::is_sentence;

/// Cuts a talk that was copied: "Ann says:" above what is said, three times or more; or turns with their time, two or more.
pub(super) fn mark_talk(lines: &mut Lines<'_>) {
    let turns: Vec<usize> = (0..lines.len()).filter(|&i| is_turn(lines.body(i)) && lines.is_open(i)).collect();
    if let [first, _, _, ..] = turns[..] {
        let end = (first..lines.len()).find(|&i| lines.all[i].cut.is_some()).unwrap_or(lines.len());
        if turns.get(2).is_some_and(|&third| third < end) {
            lines.cut(first..end, Reason::QuotedReply);
        }
    }
    mark_timed(lines);
}

fn is_turn(body: &str) -> bool {
    body.len() <= 40 && body.ends_with(" says:") && body.split(' ').count() <= 4
}

/// How a turn with its time goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Timed {
    /// What is said stands behind it.
    InLine,
    /// What is said stands below it.
    Below,
}

/// Cuts turns with their time, each to the next one or an empty line.
fn mark_timed(lines: &mut Lines<'_>) {
    let turns: Vec<(usize, Timed)> =
        (0..lines.len()).filter(|&i| lines.is_open(i)).filter_map(|i| Some((i, timed_turn(lines.body(i))?))).collect();
    if turns.len() < 2 {
        return;
    }
    for (n, &(turn, timed)) in turns.iter().enumerate() {
        let is_near =
            |other: Option<&(usize, Timed)>| other.is_some_and(|&(other, as_well)| as_well == timed && other.abs_diff(turn) <= NEAR);
        if !(is_near(turns.get(n + 1)) || n > 0 && is_near(turns.get(n - 1))) {
            continue;
        }
        // Where nothing is said below, it is a list of who comes when.
        let is_said = || turn + 1 < lines.len() && lines.is_open(turn + 1) && timed_turn(lines.body(turn + 1)).is_none();
        if timed == Timed::InLine || is_said() {
            let end = (turn + 1..lines.len()).find(|&i| !lines.is_open(i)).unwrap_or(lines.len());
            lines.cut(turn..end, Reason::QuotedReply);
        }
    }
}

/// Turns are no farther from each other than so many lines.
const NEAR: usize = 12;

/// `[10:02] Ann Lee: …`, `10:02 Ann: …`, `[05.01.26, 10:02:11] Ann: …`, and `Ann Lee  10:02 AM` alone.
fn timed_turn(body: &str) -> Option<Timed> {
    let at = memchr::memchr(b':', body.as_bytes()).filter(|&at| at > 0 && at <= 45)?;
    let bytes = body.as_bytes();
    let is_time = bytes[at - 1].is_ascii_digit() && bytes.get(at + 1..at + 3).is_some_and(|minute| minute.iter().all(u8::is_ascii_digit));
    if !is_time {
        return None;
    }
    let before = body[..at].trim_end_matches(|c: char| c.is_ascii_digit());
    let after = body[at + 3..].trim_start_matches(|c: char| c.is_ascii_digit() || c == ':');
    let after = after.strip_prefix(" AM").or_else(|| after.strip_prefix(" PM")).unwrap_or(after);
    let is_date = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || br"[(./-, ".contains(&b));
    let is_name = |name: &str| {
        let words = name.split(' ').count();
        (1..=4).contains(&words)
            && (2..=30).contains(&name.len())
            && name.split(' ').all(|word| word.starts_with(|c: char| c.is_uppercase() || c == '@'))
    };
    if is_date(before) {
        // A bare time begins an agenda as well: "10:00 Ann: …" must have its brackets.
        let inside = after.strip_prefix([']', ')'])?.trim_start_matches([' ', '-']);
        let (name, said) = inside.split_once(": ")?;
        return (is_name(name) && !said.trim().is_empty()).then_some(Timed::InLine);
    }
    let name = before.trim_end_matches([' ', '[', '(', ',', '\t']);
    let is_apart = before.len() >= name.len() + 2 || before.ends_with(['[', '(']);
    (is_apart && is_name(name) && after.trim_matches([']', ')', ' ', ':']).is_empty()).then_some(Timed::Below)
}

/// An invitation to a meeting has no more lines than this.
const INVITATION: usize = 40;

/// Cuts what programs of calendars and meetings add: how to join, and when and where.
pub(super) fn mark_invitations(lines: &mut Lines<'_>) {
    for i in 0..lines.len() {
        if !lines.is_open(i) {
            continue;
        }
        if is_invitation(lines.body(i)) {
            let start = if i > 0 && lines.is_open(i - 1) && is_rule(lines.body(i - 1)) { i - 1 } else { i };
            let most = lines.len().min(i + INVITATION);
            let is_said = |j: usize| is_personal(lines.head(j)) && is_sentence(lines.head(j));
            let end = (i..most).find(|&j| lines.all[j].cut.is_some() || is_said(j)).unwrap_or(most);
            lines.cut(start..end, Reason::ListFooter);
        } else if is_when(lines.body(i)) {
            let place =
                lines.next_filled(i + 1).filter(|&next| next <= i + 2 && lines.is_open(next) && lines.body(next).starts_with("Where: "));
            lines.cut(i..place.map_or(i + 1, |place| place + 1), Reason::ListFooter);
        }
    }
}

/// The first line of how to join a meeting.
fn is_invitation(body: &str) -> bool {
    const WHOLE: [&str; 14] = [
        "Microsoft Teams meeting",
        "Microsoft Teams Meeting",
        "Microsoft Teams-Besprechung",
        "Réunion Microsoft Teams",
        "Reunión de Microsoft Teams",
        "Riunione di Microsoft Teams",
        "Microsoft Teams-vergadering",
        "Join Zoom Meeting",
        "Join Microsoft Teams Meeting",
        "Join with Google Meet",
        "Join on your computer or mobile app",
        "Join on your computer, mobile app or room device",
        "Join the meeting now",
        "Join Webex meeting",
    ];
    match body.as_bytes()[0] {
        b'M' | b'J' | b'R' => WHOLE.contains(&body.trim_end_matches([':', '.'])) || body.starts_with("Microsoft Teams Need help?"),
        _ => body.len() <= 100 && body.ends_with('.') && body.contains(" is inviting you to a scheduled Zoom "),
    }
}

/// `When: Tuesday, 6 January 2026 10:00-11:00 (UTC+01:00) Berlin`, as calendars write it.
fn is_when(body: &str) -> bool {
    body.starts_with("When: ") && ["(UTC", "(GMT"].iter().any(|zone| body.contains(zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_told_from_agendas() {
        for turn in
            ["[10:02] Ann Lee: can we?", "[05.01.26, 10:02:11] Ann: can we?", "Ann Lee  10:02 AM", "Ann Lee [10:02 AM]", "Ann (10:02):"]
        {
            assert!(timed_turn(turn).is_some(), "{turn}");
        }
        for speech in [
            "10:00 Ann: seats",
            "10:00 - 11:00 works for me",
            "We meet at 10:02 AM",
            "At 10:02: we ship",
            "Ann: 10:02",
            "Note: we ship",
            "[1] See: it",
        ] {
            assert!(timed_turn(speech).is_none(), "{speech}");
        }
    }
}
