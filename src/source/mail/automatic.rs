//! Mail that no person wrote to anybody, and mail that was not meant for many eyes, as far as one mail's header tells.

use super::author::domains;
use super::header::Headers;
use crate::message::Author;

/// Whether a program sent it. That a mail came over a list never counts against its author.
pub(super) fn is_automatic(headers: &Headers<'_>, author: &Author<'_>) -> bool {
    let says = |name: &str, holds: fn(&str) -> bool| headers.text(name).is_some_and(|value| holds(value.trim()));
    says("auto-submitted", |value| !value.is_empty() && !value.to_ascii_lowercase().starts_with("no"))
        || ["x-auto-response-suppress", "x-autoreply", "x-autorespond"].iter().any(|name| headers.has(name))
        || says("return-path", |value| value == "<>")
        || says("precedence", |value| matches!(value.to_ascii_lowercase().as_str(), "bulk" | "junk" | "auto_reply")) && !is_list(headers)
        || is_newsletter(headers, author)
        || author.key().is_some_and(is_robot)
}

/// Whether its sender marked it as not for everybody.
pub(super) fn is_sensitive(headers: &Headers<'_>) -> bool {
    let value = headers.text("sensitivity").unwrap_or_default().trim().to_ascii_lowercase();
    matches!(value.as_str(), "personal" | "private" | "company-confidential")
}

fn is_list(headers: &Headers<'_>) -> bool {
    ["list-id", "list-post", "x-mailing-list", "mailing-list", "x-beenthere", "x-list"].iter().any(|name| headers.has(name))
        || headers.text("sender").is_some_and(|sender| {
            let sender = sender.to_ascii_lowercase();
            sender.contains("owner-") || sender.contains("-bounces") || sender.contains("-admin@")
        })
}

/// A way to unsubscribe, no list to write to, and a sender from elsewhere than the readers.
fn is_newsletter(headers: &Headers<'_>, author: &Author<'_>) -> bool {
    if !headers.has("list-unsubscribe") || is_list(headers) {
        return false;
    }
    let Some(from) = author.email.as_deref().and_then(|email| domains(email).next()) else { return true };
    let mut readers = ["to", "cc", "delivered-to"].into_iter().filter_map(|name| headers.text(name));
    !readers.any(|field| domains(&field).any(|domain| domain == from))
}

/// What mail is sent as, rather than by whom: a part of a sender's name that stands between dots, dashes, or the ends of the name.
const SENT_AS: [&str; 40] = [
    "newsletter",
    "newsletters",
    "news",
    "editor",
    "announce",
    "announcement",
    "announcements",
    "update",
    "updates",
    "survey",
    "reminder",
    "reminders",
    "digest",
    "confirmation",
    "invitation",
    "invitations",
    "unsubscribe",
    "subscription",
    "subscriptions",
    "alert",
    "alerts",
    "notice",
    "notices",
    "notification",
    "notifications",
    "communications",
    "relations",
    "offers",
    "specials",
    "deals",
    "promo",
    "promotion",
    "promotions",
    "delivers",
    "bounce",
    "bounces",
    "listserv",
    "majordomo",
    "messenger",
    "webmaster",
];

fn is_robot(key: &str) -> bool {
    let local = key.split('@').next().unwrap_or_default();
    let letters: String = local.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let is_numbered = key.contains('@') && local.contains(['.', '-']) && !letters.contains(|c: char| c.is_ascii_alphabetic());
    is_numbered
        || matches!(letters.as_str(), "mailerdaemon" | "postmaster" | "noaddress")
        || ["noreply", "donotreply"].iter().any(|name| letters.starts_with(name) || letters.ends_with(name))
        || local.split(|c: char| !c.is_ascii_alphabetic()).any(|part| SENT_AS.iter().any(|name| part.eq_ignore_ascii_case(name)))
}

#[cfg(test)]
mod tests {
    use super::super::author::author;
    use super::*;

    fn automatic(header: &str) -> bool {
        let text = if header.contains("From:") { format!("{header}\n\n") } else { format!("From: ann@example.com\n{header}\n\n") };
        let headers = Headers::read(text.as_bytes());
        is_automatic(&headers, &author(&headers))
    }

    #[test]
    fn programs_say_so_in_a_header() {
        for header in ["Auto-Submitted: auto-replied", "Return-Path: <>", "X-Autoreply: yes", "Precedence: bulk", "Precedence: junk"] {
            assert!(automatic(header), "{header}");
        }
        assert!(!automatic("Auto-Submitted: no\nReturn-Path: <ann@example.com>\nX-Mailer: y"));
    }

    #[test]
    fn programs_have_names() {
        for local in ["no-reply", "noreply+x7", "MAILER-DAEMON", "do_not_reply", "postmaster", "notifications", "jira-noreply"] {
            assert!(automatic(&format!("From: Robot <{local}@example.com>")), "{local}");
        }
        for local in [
            "exclusive_offers",
            "alerts-finance",
            "unsubscribe-i",
            "critical.notice",
            "bounce-news-93",
            "1.1096.-3",
            "no.address",
            "lawn_editor",
            "lawn.announcements",
            "public.relations",
            "acme-communications",
        ] {
            assert!(automatic(&format!("From: Mail <{local}@example.com>")), "{local}");
        }
        assert!(automatic("From: MAILER DAEMON <>"));
        for local in ["noreen.reply", "al.ertson", "a1.5", "dealsworth", "ann.noticer"] {
            assert!(!automatic(&format!("From: Ann <{local}@example.com>")), "{local}");
        }
    }

    #[test]
    fn a_list_never_drops_its_people() {
        assert!(!automatic("Precedence: list"));
        assert!(!automatic("Precedence: bulk\nList-Id: <talk.example.com>"));
        assert!(!automatic("List-Unsubscribe: <mailto:x@y>\nList-Post: <mailto:talk@example.org>"));
    }

    #[test]
    fn newsletters_come_from_elsewhere() {
        assert!(automatic("List-Unsubscribe: <mailto:x@y>\nTo: bo@example.org"));
        assert!(!automatic("List-Unsubscribe: <mailto:x@y>\nTo: bo@Example.com"));
    }

    #[test]
    fn sensitive_mail_is_marked() {
        assert!(is_sensitive(&Headers::read(b"Sensitivity: Company-Confidential\n\n")));
        assert!(!is_sensitive(&Headers::read(b"Sensitivity: Normal\n\n")));
    }
}
