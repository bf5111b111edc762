//! Mails as companies send them: warnings above, cards and advice below, closings in several languages.

use std::borrow::Cow;

use super::{check, own_words_above};
use crate::clean::{TrailingCut, Writer};
use crate::message::{Author, Markup};

#[track_caller]
fn mail(text: &str, expected: &str) {
    check(Markup::Mail, text, expected);
}

/// What is left of a mail of Ann Lee.
fn of_ann(text: &str) -> String {
    let author =
        Author { name: Some(Cow::Borrowed("Lee, Ann (Acme)")), email: Some(Cow::Borrowed("ann.lee@acme.example")), ..Author::default() };
    let own = own_words_above(text, Markup::Mail, Writer::of(&author), &mut |_| TrailingCut::default());
    own.pieces.iter().map(|piece| piece.span.of(text).split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("|")
}

#[test]
fn a_warning_above_that_a_mail_comes_from_outside_goes() {
    for warning in [
        "CAUTION: This email originated from outside of the organization. Do not\nclick links or open attachments unless you recognize the sender.",
        "[EXTERNAL]",
        "*** EXTERNAL EMAIL ***",
        "ACHTUNG: Diese E-Mail stammt von einem externen Absender. Bitte klicken Sie auf keine Links.",
        "ATTENTION : cet e-mail provient de l'extérieur. Ne cliquez pas sur les liens.",
        "You don't often get email from ann@acme.example. Learn why this is important<https://x.example/a>",
    ] {
        mail(&format!("{warning}\n\nHi Ben,\n\nwe ship today.\n"), "we ship today.");
    }
    for speech in ["The request came from outside of the team.", "External links are broken again", "EXTERNAL"] {
        mail(&format!("{speech}\n\nWe ship today."), &format!("{speech} We ship today."));
    }
}

#[test]
fn advice_to_spare_paper_and_what_law_asks_go() {
    mail("We ship today.\n\nPlease consider the environment before printing this email.", "We ship today.");
    mail(
        "We ship today.\n\nViele Grüße\nAnn\n\nAcme GmbH | Hauptstraße 1 | 12345 Berlin\nTel.: 030 1234567\nSitz der Gesellschaft: Berlin",
        "We ship today.",
    );
    mail("Please consider the plan.\nWe ship today.", "Please consider the plan. We ship today.");
}

#[test]
fn closings_may_say_to_whom_and_from_where() {
    for closing in [
        "Thanks all!",
        "Thanks a lot buddy.",
        "Cheers, folks",
        "Mit freundlichen Grüßen / Best regards",
        "Viele Grüße aus Berlin",
        "Greetings from Berlin",
        "Keep in touch.",
        "S pozdravem",
    ] {
        mail(&format!("We ship today.\n\n{closing}\nBen"), "We ship today.");
    }
    mail("We ship today.\n\nThanks, Ben Ray x39300", "We ship today.");
    mail("We ship today.\n\nThanks from my side as well!", "We ship today. Thanks from my side as well!");
    mail("Indeed,\nwe ship today.", "Indeed, we ship today.");
}

#[test]
fn the_writers_name_is_a_signature_wherever_it_stands() {
    for name in ["Ann", "ann", "-Ann", "Ann Lee", "AL", "Ann 'Annie' Lee"] {
        assert_eq!(
            of_ann(&format!("We ship today.\n\n{name}\n\nThere is one more seat in the yard.")),
            "We ship today.|There is one more seat in the yard."
        );
    }
    assert_eq!(
        of_ann("We ship today.\n\nCheers, ann\n\nThere is one more seat in the yard."),
        "We ship today.|There is one more seat in the yard."
    );
    // Where nothing stands above, and in a sentence or a list, a name is said.
    assert_eq!(of_ann("Ann Lee\n\nis who you mean, I think."), "Ann Lee is who you mean, I think.");
    assert_eq!(
        of_ann("These came:\nBen Ray\nAnn Lee\n\nNobody else did, I think."),
        "These came: Ben Ray Ann Lee Nobody else did, I think."
    );
    assert_eq!(of_ann("We ship today.\n\nEva\n\nis not in."), "We ship today. Eva is not in.");
}

#[test]
fn the_writers_card_goes_whatever_paragraphs_it_has() {
    let link = format!("<https://x.example/{}>", "a".repeat(120));
    for card in [
        "Ann Lee, PhD\nbuilds benches, mostly\n\nhe/him | Working hours: Mon-Thu".to_owned(),
        "*Ann Lee* | Acme\n\n1 Garden Road".to_owned(),
        format!("i. A. Ann Lee\n\nGarden things\n\nBook time {link}"),
    ] {
        assert_eq!(of_ann(&format!("We ship today.\n\n{card}")), "We ship today.");
    }
    assert_eq!(of_ann("We ship today.\n\nAnn Lee said on Monday that we would."), "We ship today. Ann Lee said on Monday that we would.");
    assert_eq!(of_ann("Ann Lee\nHome 5550100"), "Ann Lee Home 5550100");
}

#[test]
fn answers_in_brackets_below_a_header_are_own_words() {
    let header = "From: Ben Ray <ben@acme.example>\nSent: Monday, January 5, 2026 10:00 AM\nTo: Ann Lee\nSubject: Seats";
    let text = format!(
        "See below.\n\n{header}\n\nHow many seats?\n[AL] Four, I think.\nWho paints?\n[Ann] Eva can do it.\n[BR] As I said.\n\nBen"
    );
    assert_eq!(of_ann(&text), "See below.|[AL] Four, I think.|[Ann] Eva can do it.");
}

#[test]
fn a_mail_over_a_list_of_discussions_is_a_persons() {
    let footer = "-- \nYou received this message because you are subscribed to the Google Groups \"bench\" group.\nTo unsubscribe from this group and stop \
                  receiving emails from it, send an email to bench+unsubscribe@googlegroups.com.\nTo view this discussion visit https://x.example.";
    let text = format!("We ship the seats today.\n\n{footer}");
    let own = super::own_words(&text, Markup::Mail);
    assert!(!own.pieces.is_empty() && !crate::clean::is_automatic(&text, Markup::Mail, &own));
}

#[test]
fn a_short_disclaimer_is_told_by_its_name() {
    mail("We ship today.\n\nDisclaimer: the views expressed in this email are those of the sender and not of Acme Ltd.", "We ship today.");
    mail("We ship today.\n\nBR//Ben", "We ship today.");
}

#[test]
fn what_only_speaks_of_such_things_stays() {
    for speech in [
        "Attention: external emails with attachments are blocked since Monday.",
        "The request came from outside of the company, see the attachment.",
        "Please consider the environment variable that I set.",
        "Before printing the labels, look at the seats.",
        "Geschäftsführung und Vertrieb sind dabei.",
        "Later.",
        "Ben Ray  10:00 AM\nEva Fox  10:15 AM",
        "     MINUTES\n       OF THE\n     YARD",
    ] {
        mail(
            &format!("We ship today.\n\n{speech}"),
            &format!("We ship today. {}", speech.split_whitespace().collect::<Vec<_>>().join(" ")),
        );
    }
    mail(
        "Attention: external emails with attachments are blocked.\n\nWe ship today.",
        "Attention: external emails with attachments are blocked. We ship today.",
    );
    mail("Join Zoom Meeting\n\nMeeting ID: 123\n\nI think we should ship the seats today.", "I think we should ship the seats today.");
}

#[test]
fn a_letter_given_whole_goes_and_a_draft_stays() {
    let letter = "Dear maintainer,\n\nyour bench does not pass.\nStatus: OK\n\nBest regards,\nthe yard's service";
    mail(&format!("I received this:\n\n{letter}\n\nWhat should I do about it?\n\nAnn"), "I received this:|What should I do about it?");
    mail("I propose this:\n\nDear customer,\n\nyour bench is ready.\n\nBest,\nAnn", "I propose this: Dear customer, your bench is ready.");
    mail("Dear Ben,\n\nwe ship.\n\nBest,\nAnn", "we ship.");
}

#[test]
fn the_firm_above_a_memo_and_lisp_and_what_a_manual_says_go() {
    mail(
        "yes\n\n\tAcme North Corp.\n\t\n\tFrom:  Ben Ray                           01/05/2026 09:12 AM\n\nTo: Ann Lee/HOU/ACME@ACME\ncc:\nSubject: Lunch\n\nFriday?",
        "yes",
    );
    mail(
        "I have\n\n(setq bench-seats 4)\n(add-hook 'bench-hook\n          (lambda () (message \"ok\")))\n\nand it works.",
        "I have|and it works.",
    );
    mail("(let me say it once more)", "(let me say it once more)");
    mail(
        "The manual says\n\n     n must be a positive integer and values above\n     that are taken for it.\n\nSo be it.",
        "The manual says|So be it.",
    );
}
