//! Mails that speak to everybody: newsletters and notices of programs, told by what they say where no header does.

use std::sync::LazyLock;

use regex::Regex;

use crate::message::{Markup, Reason};
use crate::span::Span;

use super::OwnWords;
use super::hints::{Lists, Phrases, Seen};

/// "Do not reply to this e-mail", "this is an automatically generated message", in English, German, French, Spanish, Dutch, Italian, Portuguese.
static NOTICE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)
        \bdo \s not \s (reply|respond) \s (directly \s)? to \s this \s (e-?mail|message|note|notice|mail|mailing|address)
        | \bthis \s (is \s an? | (e-?mail|message|notification) \s (was|has \s been)) \s (automatically|automatic \s) \s? (generated|sent|created|e-?mail|message|reply)
        | \b(automatisch|maschinell) \s (erzeugte|generierte|erstellte|versandte) [rns]? \s (e-?mail|nachricht|mail)
        | \b(bitte \s nicht \s auf \s diese \s (e-?mail|nachricht) \s antworten | antworten \s sie \s (bitte \s)? nicht \s auf \s diese)
        | \bne \s (pas \s répondre | répondez \s pas) \s à \s ce (tte)? \s (message|courriel|mail|e-?mail)
        | \bno \s (responda|conteste) \s a \s este \s (correo|mensaje|e-?mail)
        | \bnon \s rispondere \s a \s quest[oa] \s? (e-?mail|mail|messaggio)
        | \bniet \s (te \s)? (antwoorden|reageren) \s op \s (dit|deze) \s (bericht|e-?mail|mail)
        | \bnão \s responda \s (a \s)? est[ae] \s (e-?mail|mensagem|email)
        ",
    )
    .ok()
});

const OF_NOTICE: &[&str] = &[
    "reply",
    "respond",
    "automatic",
    "automatisch",
    "maschinell",
    "antworten",
    "pondre",
    "pondez",
    "conteste",
    "rispondere",
    "antwoorden",
    "reageren",
];

/// What programs say of the work that waits or is done.
const OF_PROGRAMS: &[&str] = &[
    "been waiting for your approval",
    "been pending your approval",
    "your request has been resolved",
    "your ticket has been resolved",
    "program managing the",
    "you will receive this message each time",
];

/// What banks, shops and help desks tell all whom they serve; told like a flyer by how much of it comes together.
#[rustfmt::skip]
const OF_SERVICES: &[&str] = &[
    "you have been selected", "help desk", "log on to", "log in to", "logon", "user id", "login id", "your password", "your account", "main menu", "click on", "clicking on",
    "case sensitive", "account information", "customer service", "your order", "order number", "order status", "confirmation number", "we apologize", "our apologies",
    "inconvenience", "your patience", "our customers", "our clients", "thank you for your participation", "look forward to serving", "your continued support", "web site",
    "error message", "your needs", "primary account", "access to your", "your request", "if you have any questions regarding", "placed an order", "clicking here",
    "username:", "password:", "when prompted",
];

/// How to get rid of it, said to whoever reads it and not about it: "to unsubscribe, click", "unsubscribe: http://…".
static WAY_OUT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)
        \b(to|and) \s+ (unsubscribe | un-subscribe | be \s+ removed | opt [-\s] out | stop \s+ receiving | cancel \s+ your \s+ (free \s+)? subscription
            | (subscribe, \s+ unsubscribe) | discontinue | remove \s+ yourself) \b [^?]{0,200}?
            \b(https?: | www\. | click | reply | send | visit | go \s+ to | write \s+ to | log \s+ (in|on) | mailto: | [a-z0-9._-]+ @)
        | \bsubscribe \s* \( or \s+ unsubscribe \) | \( un \) subscribe
        | \bprefer \s+ (not | to \s+ stop) .{0,30}? (receiv|e-?mail)
        | \b(if \s+ you \s+ (no \s+ longer | do \s+ not | don't | would \s+ (prefer|rather|like) \s+ (not)?) \s+ (wish|want)? .{0,60}? (receiv|e-?mail|mailing))
        | \bunsubscribe \s* (here | : | at | by | via | \[ | <)
        | \b(newsletter \s+ (abbestellen|abmelden) | (um|zum) \s .{0,40} (abbestellen|abzubestellen|abzumelden))
        | \bpour \s+ (vous \s+)? (se \s+)? (désabonner|désinscrire)
        | \bpara \s+ (darse \s+ de \s+ baja | cancelar \s+ (su|la|a \s+ sua) \s+ (suscripción|inscrição|assinatura))
        | \bper \s+ (cancellar(si|ti) | disiscriver(si|ti))
        | \b(om \s+ u \s+ af \s+ te \s+ melden | uitschrijven \s+ (kan|via))
        ",
    )
    .ok()
});

/// What mass mail speaks of beside.
static OF_MASS_MAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)
        special \s offer | privacy \s policy | copyright | all \s rights \s reserved | © | click \s (here|on|below) | advertis | newsletter
        | subscri(ber|ption|bed) | trademark | mailing \s list | received \s this | promotion | this \s mailing | unsubscribe | registration
        | alle \s rechte | datenschutz | klicken \s sie | droits \s réservés | cliquez | haga \s clic | clicca | klik \s hier | clique \s aqui
        ",
    )
    .ok()
});

const HINTS_OF_MASS_MAIL: &[&str] = &[
    "special",
    "privacy",
    "copyright",
    "reserved",
    "©",
    "click",
    "advertis",
    "newsletter",
    "subscri",
    "trademark",
    "mailing",
    "received",
    "promotion",
    "registration",
    "rechte",
    "datenschutz",
    "klicken",
    "droits",
    "cliquez",
    "haga",
    "clicca",
    "klik",
    "clique",
];

/// What flyers and adverts say, in small letters; a person says some of it, not much of it in few lines.
#[rustfmt::skip]
const OF_FLYERS: &[&str] = &[
    "cordially invite", "free admission", "admission is free", "dress code", "rsvp", "limited capacity", "limited seating",
    "seats are limited", "space is limited", "doors open", "cover charge", "infoline", "live music", "special guest", "early bird", "register now",
    "register today", "registration fee", "tickets available", "buy tickets", "for tickets", "free gift", "free trial", "free shipping", "order now",
    "order today", "act now", "limited time", "special offer", "money back", "money-back", "toll free", "toll-free", "no obligation", "save up to",
    "lowest price", "click here", "click below", "visit our web", "visit our site", "for more info", "% off", "guarantee", "giveaway", "don't miss", "sign up now",
    "sign up today", "call now", "call today", "you have been selected", "drink special", "door prize", "happy hour", "holiday specials", "gift certificate", "chance of winning", "if you win", "more prizes", "dear executive", "your participation", "completed the survey",
];

/// So many of them, and at least one in so many bytes.
const FLYERS_PHRASES: usize = 5;
const FLYERS_BYTES: usize = 500;

/// A page's pictures leave this where it is sent as text; people send files.
const PICTURE: &str = "[IMAGE]";

/// What a newsletter tells its readers about itself.
#[rustfmt::skip]
const OF_NEWSLETTERS: &[&str] = &[
    "in this issue", "in this week's issue", "in today's issue", "in this edition", "this week's issue", "dear subscriber", "dear reader", "dear member",
    "dear valued", "dear customer", "dear investor", "our readers", "our subscribers", "valued customer", "newsletter", "back issues", "previous issues",
    "subscribe", "issn ", "click here", "click on", "copyright", "all rights reserved", "advertis", "today's features", "today's headlines", "top stories", "forward this issue",
    "privacy policy", "special issue", "read more", "full story", "editor in chief",
];

/// All lists, looked for at once; their numbers follow.
static LISTS: Lists<6> = Lists::new([
    Phrases::hints(OF_NOTICE),
    Phrases::hints(HINTS_OF_MASS_MAIL),
    Phrases::over_lines(OF_PROGRAMS),
    Phrases::new(OF_SERVICES),
    Phrases::new(OF_FLYERS),
    Phrases::new(OF_NEWSLETTERS),
]);
const NOTICES: usize = 0;
const MASS_MAIL: usize = 1;
const PROGRAMS: usize = 2;
const SERVICES: usize = 3;
const FLYERS: usize = 4;
const NEWSLETTERS: usize = 5;

fn is_flyer(text: &str, seen: &Seen<6>) -> bool {
    if text.len() < FEWEST_LETTERS {
        return false;
    }
    let are_many = |list| {
        let n = seen.count(list).min((text.len() / FLYERS_BYTES).max(FLYERS_PHRASES));
        n >= FLYERS_PHRASES && n * FLYERS_BYTES >= text.len()
    };
    are_many(FLYERS) || are_many(SERVICES) || is_laid_out(text, seen.count(NEWSLETTERS))
}

/// Rules between its parts and addresses of pages beside, with two things that only newsletters say; or an invitation that names its when and where.
fn is_laid_out(text: &str, n_of_newsletters: usize) -> bool {
    let (mut rules, mut pages, mut lines, mut marks) = (0, 0, 0, 0_u32);
    for line in text.lines() {
        let bytes = line.trim().as_bytes();
        lines += usize::from(!bytes.is_empty());
        let Some(&first) = bytes.first() else { continue };
        rules += usize::from(bytes.len() >= 10 && !first.is_ascii_alphanumeric() && bytes.iter().all(|b| *b == first));
        if memchr::memchr(b':', bytes).is_some() {
            pages += usize::from(memchr::memmem::find(bytes, b"http").is_some());
            marks |= invitation_mark(bytes);
        }
    }
    let is_invitation = || marks.count_ones() == 2 && memchr::memmem::find(text.as_bytes(), b"RSVP").is_some();
    let is_newsletter = || lines >= 25 && n_of_newsletters >= if rules >= 3 && pages >= 3 { 2 } else { 6 };
    is_invitation() || pages >= 1 && is_newsletter()
}

/// One bit for a line that says when, one for a line that says where.
fn invitation_mark(line: &[u8]) -> u32 {
    let starts =
        |names: &[&str]| names.iter().any(|name| line.len() > name.len() && line[..name.len()].eq_ignore_ascii_case(name.as_bytes()));
    u32::from(starts(&["when:", "date:"])) | u32::from(starts(&["where:", "place:", "location:", "venue:"])) << 1
}

/// A person's mail may have a line on how to leave the list it comes over; what is told by that must be longer.
const FEWEST_LETTERS: usize = 200;

/// Newsletters rule off with signs that look like quotation marks; a quote has letters.
const QUOTED_LETTERS: usize = 20;

/// What footers of lists hold over which people talk to each other: how to leave them says nothing of the mail.
const OF_DISCUSSIONS: [&str; 6] = ["Google Groups", "googlegroups.com", "groups.io", "listinfo", "mailman", "Yahoo! Groups"];

/// Whether a mail was written by or for a program. An answer and a forward never are: they quote what may be.
#[must_use]
pub fn is_automatic(text: &str, markup: Markup, own: &OwnWords) -> bool {
    let (Markup::Mail, Some(first), Some(last)) = (markup, own.pieces.first(), own.pieces.last()) else { return false };
    let is_answer = |&(span, reason): &(Span, Reason)| {
        matches!(reason, Reason::QuotedReply | Reason::Forwarded)
            && span.of(text).chars().filter(|c| c.is_alphabetic()).count() >= QUOTED_LETTERS
    };
    if own.removed.iter().any(is_answer) {
        return false;
    }
    let has_pictures = memchr::memmem::find_iter(text.as_bytes(), PICTURE).nth(1).is_some();
    let own_text = &text[first.span.start..last.span.end];
    // From the first own word to the last, the addresses between them included.
    let is_of_list =
        |&&(span, why): &&(Span, Reason)| why == Reason::ListFooter && OF_DISCUSSIONS.iter().any(|sign| span.of(text).contains(sign));
    let end = own.removed.iter().rev().find(|removed| !is_of_list(removed)).map_or(0, |(span, _)| span.end);
    let text = &text[first.span.start..last.span.end.max(end)];
    let is_in = |pattern: &LazyLock<Option<Regex>>| pattern.as_ref().is_some_and(|pattern| pattern.is_match(text));
    let is_of_mass_mail = || OF_MASS_MAIL.as_ref().is_some_and(|pattern| pattern.find_iter(text).nth(1).is_some());
    let seen = LISTS.seen_in(text, own_text.len());
    has_pictures
        || seen.any(NOTICES) && is_in(&NOTICE)
        || seen.any(PROGRAMS)
        || is_flyer(own_text, &seen)
        || text.len() >= FEWEST_LETTERS && seen.any(MASS_MAIL) && is_of_mass_mail() && is_in(&WAY_OUT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::hints::Hints;
    use crate::clean::hints::tests::hold;

    #[test]
    fn hints_of_notices_and_mass_mail_stand_in_every_match() {
        static OF_NOTICES: Hints = Hints::new(OF_NOTICE);
        static OF_MASS_MAILS: Hints = Hints::new(HINTS_OF_MASS_MAIL);
        hold(&OF_NOTICES, [NOTICE.as_ref().unwrap().as_str()]);
        hold(&OF_MASS_MAILS, [OF_MASS_MAIL.as_ref().unwrap().as_str()]);
    }
}
