//! What list servers and legal departments put below a mail.

use std::ops::Range;
use std::sync::LazyLock;

use regex::RegexSet;

use crate::message::Reason;

use super::hints::Hints;
use super::lines::Lines;
use super::starts::Starts;

/// How far down a list's footer reaches below its first line.
const FOOTER_LINES: usize = 15;

/// A mail service's advert has at most so many lines.
const ADVERT_LINES: usize = 4;

/// Cuts footers of mailing lists and the placeholders list archives leave for what they took out.
pub(super) fn mark_list_footers(lines: &mut Lines<'_>) {
    let mut i = 0;
    while i < lines.len() {
        let end = if lines.is_open(i) { footer_at(lines, i) } else { None };
        if let Some(end) = end {
            let is_dashes = |body: &str| (2..10).contains(&body.len()) && body.bytes().all(|b| matches!(b, b'-' | b'_'));
            let start = if i > 0 && is_dashes(lines.body(i - 1)) { i - 1 } else { i };
            lines.cut(start..end, Reason::ListFooter);
        }
        i = end.unwrap_or(i + 1);
    }
}

fn footer_at(lines: &Lines<'_>, i: usize) -> Option<usize> {
    let body = lines.head(i);
    if is_placeholder(body) {
        return Some(i + 1);
    }
    if SCRUBBED.begin(body) {
        return Some(scrubbed_end(lines, i + 1));
    }
    if is_rule(body) && speaks_of_list(lines, i + 1) || is_footer_start(body) {
        return Some(run_end(lines, i, FOOTER_LINES));
    }
    if is_rule(body) && is_advert(lines, i + 1) {
        return Some(run_end(lines, i, ADVERT_LINES + 1));
    }
    if memchr::memchr(b'!', body.as_bytes()).is_some() && body.contains("Yahoo! Groups Sponsor") {
        let end = (i + 1..lines.len().min(i + 30)).find(|&j| lines.body(j).starts_with("------------"));
        return Some(end.map_or(i + 1, |end| end + 1));
    }
    None
}

/// What an archive leaves of a part.
static SCRUBBED: Starts = Starts::new(&["-------------- next part ----", "A non-text attachment was scrubbed"]);

fn is_placeholder(body: &str) -> bool {
    let inside = body.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]"));
    inside.is_some_and(|inside| inside.contains("alternative") || inside.contains("deleted"))
        || (body.starts_with('[')
            && body.ends_with(']')
            && (body.contains("attachments have been removed") || body.contains("Non-text portions")))
        || body == "=== message truncated ==="
}

/// What follows "next part" about a part that was taken out.
fn scrubbed_end(lines: &Lines<'_>, first: usize) -> usize {
    let about = |i: usize| {
        let body = lines.head(i);
        [
            "A non-text attachment",
            "An HTML attachment",
            "An embedded",
            "An attachment was",
            "Name:",
            "Type:",
            "Size:",
            "Desc:",
            "URL:",
            "Url:",
            "Url :",
            "Name :",
        ]
        .iter()
        .any(|start| body.starts_with(start))
            || (body.starts_with('<') && body.ends_with('>'))
    };
    let mut end = first;
    for i in first..lines.len().min(first + 12) {
        if about(i) {
            end = i + 1;
        } else if !lines.is_blank(i) {
            break;
        }
    }
    end
}

/// A line of `_`, `-`, `=`, `*` and the like only.
pub(super) fn is_rule(body: &str) -> bool {
    body.len() >= 10 && body.bytes().all(|b| matches!(b, b'_' | b'-' | b'=' | b'*' | b'#' | b'~' | b'.'))
}

/// Whether one of the next lines speaks of a mailing list.
fn speaks_of_list(lines: &Lines<'_>, first: usize) -> bool {
    (first..lines.len().min(first + 4)).any(|i| {
        let head = lines.head(i);
        [
            "mailing list",
            "listinfo",
            "mailman",
            "nsubscribe",
            "lists.",
            "-list@",
            "http://list",
            "Mailing List",
            "mailing-list",
            "Mailingliste",
            "liste de diffusion",
        ]
        .iter()
        .any(|sign| head.contains(sign))
    })
}

/// What free mail services set below a rule at the very end: a few lines, one of them a link.
fn is_advert(lines: &Lines<'_>, first: usize) -> bool {
    let end = run_end(lines, first - 1, ADVERT_LINES + 2);
    let is_last = lines.next_filled(end).is_none_or(|next| lines.all[next].cut.is_some());
    let filled = || (first..end).filter(|&i| !lines.is_blank(i));
    let has_link = filled().any(|i| lines.head(i).contains("http://") || lines.head(i).contains("https://"));
    is_last && has_link && (1..=ADVERT_LINES).contains(&filled().count()) && lines.body(first - 1).starts_with('_')
}

fn is_footer_start(body: &str) -> bool {
    static STARTS: Starts = Starts::new(&[
        "To unsubscribe from this group",
        "To unsubscribe from this list",
        "To unsubscribe from the ",
        "To unsubscribe, ",
        "To unsubscribe send",
        "To SUBSCRIBE or UNSUBSCRIBE",
        "Your use of Yahoo! Groups is subject to",
        "You received this message because you are subscribed to",
        "You are receiving this mail because:",
        "You received this because you are subscribed",
        "--~--~---------~--",
        "-~----------~----",
        "Send instant messages & get email alerts with Yahoo",
        "Do You Yahoo!?",
        "Get your FREE download of ",
        "Get Your Private, Free E-mail",
        "Get your FREE ",
        "Join the world\u{2019}s largest e-mail service",
        "Join the world's largest e-mail service",
        "Send and receive Hotmail",
        "Chat with friends online, try MSN",
        "The following section of this message contains a file attachment",
        "This email has been checked for viruses",
        "This e-mail has been checked for viruses",
        "This email has been scanned",
        "This message has been scanned",
        "Virus-free. ",
        "Pentru dezabonare",
        "Um Ihr Abonnement zu beenden",
        "Pour se désabonner",
        "Para cancelar la suscripción",
    ]);
    STARTS.begin(body)
        // The list servers of the nineties: "r-devel mailing list -- Read http://… Send "info" …".
        || (memchr::memchr(b'-', body.as_bytes()).is_some() && body.contains(" mailing list -- ") && body.contains("http"))
}

/// The end of the open lines from `first` on, at most `most` filled ones.
fn run_end(lines: &Lines<'_>, first: usize, most: usize) -> usize {
    let mut end = first + 1;
    let mut filled = 1;
    for i in first + 1..lines.len() {
        if lines.all[i].cut.is_some() || filled >= most {
            break;
        }
        if !lines.is_blank(i) {
            end = i + 1;
            filled += 1;
        }
    }
    end
}

/// What disclaimers speak of, one pattern a matter, in English, German, French, Spanish, Dutch, Italian, Portuguese.
static TELLING: LazyLock<Option<RegexSet>> = LazyLock::new(|| {
    RegexSet::new([
        r"(?i)\b(confidential|vertraulich|confidentiel|confidencia|confidenc|vertrouwelijk|riservat|confidenzial)",
        r"(?i)\b(privileged|proprietary|rechtlich geschützt|secret professionnel|legalmente protegid|wettelijk beschermd)",
        r"(?i)\b(intended (only |solely )?(for|recipient)|addressee|named recipient|adressat|bestimmungsgemäße|richtige empfänger|destinat[aá]ri|destinataire|geadresseerde|bestemd voor)",
        r"(?i)\b(in error|by mistake|irrtümlich|versehentlich|par erreur|por error|ten onrechte|per abuis|per vergissing|abusievelijk|per errore|por engano|por erro)\b",
        r"(?i)\b(disclos|disseminat|divulg|unbefugt|weitergabe|openbaarmaking|verspreiding|diffusione|diffusion|difusión|divulga)",
        r"(?i)\b(unauthori[sz]ed|strictly prohibited|nicht gestattet|strikt verboten|strictement interdit|prohibid|verboden|vietat|proibid)",
        r"(?i)\b(notify the sender|contact the sender|informieren sie (bitte )?(sofort |umgehend )?den absender|avertir l.expéditeur|avise al remitente|de afzender|il mittente|avise o remetente)",
        r"(?i)\b(virus|viren|malware)",
        r"(?i)\b(delete (it|this|the (message|e-?mail|original))|destroy all copies|vernichten sie|löschen sie|détruire|elimin[ae]|verwijder|apague)",
        r"(?i)\b(does not (constitute|represent)|not be liable|accepts? no (liability|responsibility)|keine haftung|aucune responsabilité)",
        r"(?i)\b(views|opinions) (and opinions )?(expressed|presented)",
        r"(?i)\bdisclaimer:",
        r"(?i)\b(transmitted by e-?mail|e-?mail communications)\b",
        r"(?i)\b(will not be (accepted|responsible)|reserves? the right to (monitor|review|inspect|read))",
    ])
    .ok()
});

static HINTS: Hints = Hints::new(&[
    "confiden",
    "vertraulich",
    "vertrouwelijk",
    "riservat",
    "privileged",
    "proprietary",
    "rechtlich gesch",
    "secret professionnel",
    "legalmente protegid",
    "wettelijk beschermd",
    "intended ",
    "addressee",
    "named recipient",
    "adressat",
    "bestimmungsgem",
    "richtige empf",
    "destinat",
    "geadresseerde",
    "bestemd voor",
    "in error",
    "by mistake",
    "irrt",
    "versehentlich",
    "par erreur",
    "por erro",
    "ten onrechte",
    "per abuis",
    "per vergissing",
    "abusievelijk",
    "per errore",
    "por engano",
    "disclos",
    "disseminat",
    "divulg",
    "unbefugt",
    "weitergabe",
    "openbaarmaking",
    "verspreiding",
    "diffusion",
    "difusi",
    "unauthori",
    "strictly prohibited",
    "nicht gestattet",
    "strikt verboten",
    "strictement interdit",
    "prohibid",
    "verboden",
    "vietat",
    "proibid",
    "notify the sender",
    "contact the sender",
    "informieren sie",
    "avertir l",
    "avise al remitente",
    "de afzender",
    "il mittente",
    "avise o remetente",
    "virus",
    "viren",
    "malware",
    "delete ",
    "destroy all copies",
    "vernichten sie",
    "schen sie",
    "truire",
    "elimina",
    "elimine",
    "verwijder",
    "apague",
    "does not constitute",
    "does not represent",
    "not be liable",
    "accept no ",
    "accepts no ",
    "keine haftung",
    "aucune responsabilit",
    "views ",
    "opinions ",
    "disclaimer",
    "transmitted by e",
    "mail communications",
    "will not be ",
    "the right to ",
]);

/// A shorter text with two telling words is a sentence about a secret rather than a disclaimer.
const SHORTEST_DISCLAIMER: usize = 80;

/// Cuts the last paragraphs of a stretch that speak of two or more of a disclaimer's matters.
pub(super) fn mark_disclaimers(lines: &mut Lines<'_>) {
    for run in lines.runs() {
        let mut end = run.end;
        // Disclaimers in two languages, with a rule between, are common; more than eight paragraphs are not.
        for _ in 0..8 {
            let Some(paragraph) = last_paragraph(lines, run.start, end) else { break };
            if is_disclaimer(lines, &paragraph) {
                lines.cut(paragraph.clone(), Reason::Disclaimer);
            } else if !is_rule(lines.body(paragraph.start)) || paragraph.len() > 1 {
                break;
            }
            end = paragraph.start;
        }
    }
}

fn last_paragraph(lines: &Lines<'_>, first: usize, end: usize) -> Option<Range<usize>> {
    let last = (first..end).rev().find(|&i| !lines.is_blank(i))?;
    let start = (first..=last).rev().take_while(|&i| !lines.is_blank(i)).last()?;
    Some(start..last + 1)
}

fn is_disclaimer(lines: &Lines<'_>, paragraph: &Range<usize>) -> bool {
    let length: usize = paragraph.clone().map(|i| lines.body(i).len()).sum();
    if length < SHORTEST_DISCLAIMER || paragraph.len() > 40 {
        return false;
    }
    let mut seen = 0_u32;
    for i in paragraph.clone().filter(|&i| HINTS.are_in(lines.head(i))) {
        let Some(telling) = TELLING.as_ref() else { return false };
        for which in &telling.matches(lines.head(i)) {
            seen |= 1 << which;
        }
    }
    seen.count_ones() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::hints::tests::hold;

    #[test]
    fn hints_of_disclaimers_stand_in_every_match() {
        hold(&HINTS, TELLING.as_ref().unwrap().patterns().iter().map(String::as_str));
    }
}
