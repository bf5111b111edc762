//! What mail servers and programs set above a mail that came in: that it comes from outside, or from somebody who seldom writes.

use crate::message::Reason;

use super::hints::Hints;
use super::lines::Lines;

/// Such a warning has no more lines than this, and stands above all but so many others.
const LONGEST: usize = 6;
const MOST: usize = 3;

/// That a mail comes from outside, in English, German, French, Spanish, Dutch, Italian, Portuguese, Swedish, Danish.
static FROM_OUTSIDE: Hints = Hints::new(&[
    "originated from outside",
    "originated outside",
    "came from outside",
    "comes from outside",
    "sent from outside",
    "from outside your",
    "from outside of",
    "outside the organi",
    "outside of the organi",
    "outside our organi",
    "from an external s",
    "externen absender",
    "von einem externen",
    "externe e-mail",
    "externe mail",
    "diteur externe",
    "provient de l",
    "externe \u{e0} l",
    "remitente externo",
    "fuera de la organi",
    "externe afzender",
    "van buiten de organi",
    "van buiten uw organi",
    "mittente esterno",
    "esterno all",
    "remetente externo",
    "fora da organi",
    "extern avs",
    "ekstern afsender",
    "utanf\u{f6}r organi",
]);

/// What is advised then.
#[rustfmt::skip]
static ADVICE: Hints = Hints::new(&[
    "caution", "warning:", "attention:", "attention :", "not click", "n't click", "click links", "open links", "clicking", "unless you recogni", "be careful", "klicken sie",
    "vorsicht", "achtung", "cliquez", "haga clic", "hacer clic", "klik niet", "fare clic", "cliccare", "clicar", "clique", "klicka inte", "klik ikke",
]);

/// Of what is spoken then.
static MAIL: Hints =
    Hints::new(&["mail", "message", "sender", "absender", "correo", "diteur", "remitente", "mittente", "mensa", "messaggio", "bericht"]);

/// What Outlook says of those who seldom write.
static SELDOM: Hints = Hints::new(&[
    "don't often get email from",
    "don\u{2019}t often get email from",
    "do not often get email from",
    "erhalten nicht oft eine e-mail von",
    "erhalten nicht h\u{e4}ufig e-mails von",
    "pas souvent d'e-mail",
    "pas souvent de courriers",
    "no suele recibir correo",
    "ontvangt niet vaak e-mail van",
    "non si ricevono spesso messaggi",
    "costuma receber emails de",
    "inte ofta e-post fr",
]);

/// Cuts such warnings, each a paragraph at the top.
pub(super) fn mark(lines: &mut Lines<'_>) {
    let mut from = 0;
    for _ in 0..MOST {
        let Some(first) = lines.next_filled(from) else { return };
        let end = (first..lines.len().min(first + LONGEST + 1)).find(|&i| !lines.is_open(i)).unwrap_or(lines.len());
        if end == first || end - first > LONGEST {
            return;
        }
        let text = lines.span_over(first, end - 1).of(lines.text);
        if !(is_tag(lines.body(first)) && end - first == 1 || SELDOM.are_in(text) || is_from_outside(text)) {
            return;
        }
        lines.cut(first..end, Reason::Disclaimer);
        from = end;
    }
}

fn is_from_outside(text: &str) -> bool {
    let begins = || text.trim_start_matches(|c: char| !c.is_alphanumeric()).get(..9).is_some_and(|start| start == "EXTERNAL ");
    ADVICE.are_in(text) && (FROM_OUTSIDE.are_in(text) || begins()) && MAIL.are_in(text)
}

/// "[EXTERNAL]", "*** EXTERNAL EMAIL ***".
fn is_tag(body: &str) -> bool {
    const TAGS: [&str; 9] = [
        "EXTERNAL",
        "EXT",
        "EXTERN",
        "EXTERNE",
        "EXTERNAL EMAIL",
        "EXTERNAL E-MAIL",
        "EXTERNAL SENDER",
        "EXTERNAL MESSAGE",
        "EXTERNE E-MAIL",
    ];
    let words = body.trim_matches(['[', ']', '*', '-', '#', '=', '<', '>', '!', ':', '(', ')', ' ']);
    body.len() <= 40 && (words.len() < body.len() || words.contains(' ')) && TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(words))
}
