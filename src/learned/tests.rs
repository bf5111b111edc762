//! Small invented mailboxes: what several messages together tell of each.

use std::borrow::Cow;

use jiff::Timestamp;

use super::*;
use crate::fault::Place;
use crate::message::{Author as Writer, Kind, RemovedText};

pub(super) fn message<'a>(author: &'a str, second: i64, markup: Markup, text: &'a str) -> Message<'a> {
    Message {
        place: Place::file("a"),
        id: Cow::Borrowed(""),
        author: Writer { email: Some(Cow::Borrowed(author)), ..Writer::default() },
        sent_at: Timestamp::from_second(second).ok(),
        channel: Cow::Borrowed(""),
        thread: None,
        reply_to: None,
        kind: Kind::Person,
        markup,
        text: Cow::Borrowed(text),
        removed: RemovedText::NONE,
    }
}

fn learn<'a>(messages: impl IntoIterator<Item = Message<'a>>) -> Learned {
    let mut lessons = Lessons::default();
    messages.into_iter().filter_map(|message| Trace::of(&message, &mut Findings::default())).for_each(|trace| lessons.add(trace));
    let natures = (0..lessons.n_authors()).map(|author| lessons.nature_of(author)).collect();
    lessons.learn(natures)
}

/// What is left of a mail, or why nothing is.
fn left(learned: &Learned, message: &Message<'_>) -> Result<String, Reason> {
    let own = learned.clean(message, None)?.own;
    Ok(own.pieces.iter().map(|piece| piece.span.of(&message.text)).collect::<Vec<_>>().join("|"))
}

/// Different sentences without a number.
const SENTENCES: [&str; 12] = [
    "the crane is late again and the port wants to know why",
    "could somebody look at the second invoice before noon",
    "we moved all benches into the yard because of the rain",
    "my train stands still near the bridge so start without me",
    "this price was agreed with them in spring as far as I know",
    "nobody told me that the catalogue had been printed already",
    "please send those samples to the shop at the corner",
    "their driver asked for a signature that I could not give",
    "it would help if the forms had fewer fields to fill in",
    "that oil smells odd but the varnish holds better than before",
    "who has seen the long ladder since the summer fair",
    "you were right about the hinges and I will order new ones",
];

fn signed(n: usize, below: &str) -> String {
    format!("{}.\n\n{below}\n", SENTENCES[n % SENTENCES.len()])
}

#[test]
fn lines_that_an_author_repeats_below_mails_are_a_signature() {
    let below = "Ann Lee, garden things\n\"Every bench tells a story\"";
    let texts: Vec<String> = (0..5).map(|n| signed(n, below)).collect();
    let mails = || texts.iter().zip(0..).map(|(text, at)| message("ann@x", at, Markup::Mail, text));
    let learned = learn(mails());
    assert_eq!(left(&learned, &mails().next().unwrap()).unwrap(), format!("{}.", SENTENCES[0]));
    // Somebody else's last line is somebody else's.
    assert!(left(&learned, &message("bo@x", 0, Markup::Mail, &texts[0])).unwrap().contains("story"));
    // Three mails are too few, and copies of three in other folders are still three.
    let few = learn(mails().take(3).chain(mails().take(3)));
    assert!(left(&few, &mails().next().unwrap()).unwrap().contains("story"));
    // An answer that says nothing but what was said before is an answer.
    assert_eq!(left(&learned, &message("ann@x", 9, Markup::Mail, "Ann Lee, garden things")).unwrap(), "Ann Lee, garden things");
    // In a chat nobody signs.
    let chat = |at| message("ann@x", at, Markup::Plain, &texts[0]);
    assert!(left(&learn((0..9).map(chat)), &chat(0)).unwrap().contains("story"));
}

#[test]
fn one_mail_in_six_is_a_habit_and_one_in_seven_is_none() {
    for (n_others, kept) in [(20, false), (25, true)] {
        let texts: Vec<String> =
            (0..4).map(|n| signed(n, "Ann of the garden")).chain((0..n_others).map(|n| signed(n, &format!("x{n}")))).collect();
        let mails = || texts.iter().zip(0..).map(|(text, at)| message("ann@x", at, Markup::Mail, text));
        assert_eq!(left(&learn(mails()), &mails().next().unwrap()).unwrap().contains("garden"), kept);
    }
}

#[test]
fn a_habit_shows_in_some_of_an_authors_mails_whatever_their_order() {
    fn mails(texts: &[String]) -> Vec<Message<'_>> {
        texts.iter().zip(0..).map(|(text, at)| message("ann@x", at, Markup::Mail, text)).collect()
    }
    // So short that nothing else is told of their author.
    let signed_one_in = |one_in| -> Vec<String> {
        let below = |n: usize| if n.is_multiple_of(one_in) { "Ann of the garden".to_owned() } else { format!("see {n}") };
        (0..1200).map(|n| format!("Bench {n} is painted.\n\n{}\n", below(n))).collect()
    };
    let texts = signed_one_in(3);
    let learned = learn(mails(&texts));
    assert_eq!(left(&learned, &mails(&texts)[0]).unwrap(), "Bench 0 is painted.");
    let backwards = learn(mails(&texts).into_iter().rev());
    assert_eq!((&learned.signatures, &learned.footers), (&backwards.signatures, &backwards.footers));
    let rarely = signed_one_in(40);
    assert!(left(&learn(mails(&rarely)), &mails(&rarely)[0]).unwrap().contains("garden"));
}

#[test]
fn lines_below_the_mails_of_many_authors_are_a_footer() {
    let below = "Lawnseat Limited, a company of the county, number four\nand its directors stand on the wall of the office";
    let texts: Vec<String> = (0..10).map(|n| signed(n, below)).collect();
    let names = ["ann@x", "bo@x", "cy@x", "di@x", "ed@x"];
    let mails = || texts.iter().enumerate().zip(0..).map(|((n, text), at)| message(names[n % 5], at, Markup::Mail, text));
    let cut = |learned: &Learned| learned.clean(&mails().next().unwrap(), None).unwrap().own.removed;
    let (span, reason) = cut(&learn(mails()))[0];
    assert_eq!((span.of(&texts[0]), reason), (below, Reason::ListFooter));
    // Four authors are not many.
    assert!(cut(&learn(mails().filter(|mail| mail.author.email.as_deref() != Some("ed@x")))).is_empty());
    // A few words that everybody says are no footer.
    let short: Vec<String> = (0..10).map(|n| signed(n, "see you in the yard")).collect();
    let mails = || short.iter().enumerate().zip(0..).map(|((n, text), at)| message(names[n % 5], at, Markup::Mail, text));
    assert!(left(&learn(mails()), &mails().next().unwrap()).unwrap().contains("yard"));
}

#[test]
fn ten_messages_that_differ_in_numbers_are_automatic_and_nine_are_not() {
    let texts: Vec<String> =
        (0..10).map(|n| format!("The nightly stock count found {n} benches too many in hall {n}a of the yard.")).collect();
    let posts = |n| texts.iter().take(n).zip(0..).map(|(text, at)| message("ann@x", at, Markup::Plain, text));
    let others: Vec<Message<'_>> = SENTENCES.iter().zip(100..).map(|(text, at)| message("ann@x", at, Markup::Plain, text)).collect();
    let first = posts(1).next().unwrap();
    let learned = learn(posts(10).chain(others.clone()));
    assert_eq!(left(&learned, &first), Err(Reason::Automatic));
    assert!(left(&learned, &others[0]).is_ok());
    assert!(left(&learn(posts(9).chain(others.clone())), &first).is_ok());
}

#[test]
fn an_author_who_hardly_varies_is_a_program() {
    let things = ["crane", "port", "ladder", "hinge", "varnish", "catalogue", "bridge", "fair", "shop", "driver", "field", "oil"];
    let texts: Vec<String> =
        things.iter().map(|thing| format!("Access request\nRequested resource: {thing}\nApproval is needed by {thing} owners")).collect();
    let posts = || texts.iter().zip(0..).map(|(text, at)| message("desk@x", at, Markup::Plain, text));
    assert_eq!(left(&learn(posts()), &posts().next().unwrap()), Err(Reason::Automatic));
    let people = || SENTENCES.iter().zip(0..).map(|(text, at)| message("ann@x", at, Markup::Plain, text));
    assert!(people().all(|post| left(&learn(people()), &post).is_ok()));
    // Who only ever says "thanks" is polite.
    let thanks = || (0..40).map(|at| message("bo@x", at, Markup::Plain, "thanks a lot"));
    assert!(left(&learn(thanks()), &thanks().next().unwrap()).is_ok());
}

const GERMAN: [&str; 4] = [
    "Die neuen Bänke stehen seit gestern im Hof und müssen noch vor dem Winter geölt werden, sonst reißt das Holz.",
    "Kannst du bitte bis Freitag die Rechnung für den Kunden in Bremen prüfen und an die Buchhaltung weitergeben?",
    "Ich habe heute lange mit dem Lieferanten gesprochen, er kann die Schrauben erst nächste Woche schicken.",
    "Wir sollten den Stand auf der Messe kleiner planen, weil die Kollegen im Lager keine Zeit für den Aufbau haben.",
];

#[test]
fn of_an_author_of_another_language_all_goes_but_what_reads_english() {
    let posts = || GERMAN.iter().zip(0..).map(|(text, at)| message("eva@x", at, Markup::Plain, text));
    let learned = learn(posts());
    assert_eq!(left(&learned, &posts().next().unwrap()), Err(Reason::OtherLanguage));
    assert_eq!(left(&learned, &message("eva@x", 9, Markup::Plain, "Alles klar, danke!")), Err(Reason::OtherLanguage));
    let english = message("eva@x", 10, Markup::Plain, "I will bring the samples to the office");
    assert!(left(&learned, &english).is_ok());
    assert!(left(&learned, &message("ann@x", 11, Markup::Plain, GERMAN[0])).is_ok());
}

#[test]
fn of_an_author_of_two_languages_only_the_other_one_goes() {
    let texts: Vec<&str> = GERMAN.into_iter().chain(SENTENCES).collect();
    let posts = || texts.iter().zip(0..).map(|(text, at)| message("eva@x", at, Markup::Plain, text));
    let learned = learn(posts());
    let kept: Vec<bool> = posts().map(|post| left(&learned, &post).is_ok()).collect();
    assert_eq!(kept, [[false; 4].as_slice(), &[true; 12]].concat());
    assert!(left(&learned, &message("eva@x", 99, Markup::Plain, "Alles klar, danke!")).is_ok());
    // Two such messages among many are quotations, not a habit.
    let posts = || texts[2..].iter().zip(0..).map(|(text, at)| message("eva@x", at, Markup::Plain, text));
    assert!(posts().all(|post| left(&learn(posts()), &post).is_ok()));
}

#[test]
fn names_and_logs_are_no_language() {
    let logs = [
        "ERROR disk sda failed retry mount readonly kernel panic reboot watchdog timeout eth0 link down eth1 link up",
        "Anderson Baker Clark Davis Evans Foster Green Harris Irving Jackson King Lewis Miller Nelson Owens Parker",
    ];
    let posts = || SENTENCES.iter().copied().chain(logs).zip(0..).map(|(text, at)| message("ann@x", at, Markup::Plain, text));
    assert!(posts().all(|post| left(&learn(posts()), &post).is_ok()));
}

#[test]
fn the_order_of_messages_changes_nothing() {
    let below = "Ann Lee, garden things";
    let mails: Vec<String> = (0..60).map(|n| signed(n, below)).collect();
    let notes: Vec<String> =
        (0..60).map(|n| format!("Ticket {n} was moved to hall {n} by the night shift of the yard. {}", GERMAN[n % 4])).collect();
    let all: Vec<Message<'_>> = mails
        .iter()
        .zip(0..)
        .map(|(text, at)| message("ann@x", at, Markup::Mail, text))
        .chain(notes.iter().zip(100..).map(|(text, at)| message("eva@x", at, Markup::Plain, text)))
        .collect();
    let forward = learn(all.clone());
    let mut turned = all.clone();
    turned.reverse();
    turned.rotate_left(17);
    turned.extend(all.iter().step_by(3).cloned());
    let turned = learn(turned);
    assert!(!forward.signatures.is_empty() && !forward.templates.is_empty());
    assert_eq!((forward.signatures, forward.robots), (turned.signatures, turned.robots));
    assert_eq!((forward.templates, forward.languages), (turned.templates, turned.languages));
}
