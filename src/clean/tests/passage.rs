//! Passages that somebody else wrote, given whole and without marks.

use super::check;
use crate::message::Markup;

#[track_caller]
fn mail(text: &str, expected: &str) {
    check(Markup::Mail, text, expected);
}

const RULE: &str = "A bench is to be painted in green\nwherever it can be seen from the road.";

#[test]
fn words_of_a_source_that_is_named_above_go() {
    for said in [
        "From the handbook:",
        "From the help page of the yard:",
        "The policy says:",
        "The terms of the yard\nread as follows:\n\nThe contract states:",
        "Let me cite the manual on paint:",
        "To quote from the documentation:",
        "This is taken from the web site:",
        "This is from their FAQ:",
    ] {
        let (rest, said) = said.rsplit_once("\n\n").unwrap_or(("", said));
        let text = format!("We ask.\n\n{rest}\n\n{said}\n\n{RULE}\n\nSo it is green.");
        let kept = format!("We ask. {rest} {said}|So it is green.").replace("  ", " ").replace('\n', " ");
        mail(&text, &kept);
    }
    mail(&format!("The manual says:\n{RULE}\n\nSo it is green."), "The manual says:|So it is green.");
    mail(
        &format!(
            "From the web site:\n\n{RULE}\n\nOf iron it is black, and of stone it is grey.\n\nsee: https://lawn.example/p\n\nI like it."
        ),
        "From the web site:|see:|I like it.",
    );
}

#[test]
fn what_somebody_answered_goes() {
    for said in [
        "I asked the firm and got the following response:",
        "The shop gives this warning:",
        "Here is what the yard wrote back:",
        "The yard sent the following:",
        "Reply from the yard:",
        "Ann Lee wrote:",
    ] {
        mail(&format!("We ask.\n\n{said}\n\n{RULE}\n\nSo it is green."), &format!("We ask. {said}|So it is green."));
    }
    mail(
        &format!("Here is what the yard wrote back:\n\nHi Cy,\n\nWe looked at it.\n\n{RULE}\n\nRegards,\nBo Ash\n\nShall we paint it?"),
        "Here is what the yard wrote back:|Shall we paint it?",
    );
}

#[test]
fn what_is_said_below_an_answer_stays() {
    mail(
        &format!("I got the following response:\n\nThe bench is sold out\n\n{RULE}\n\nWhat shall I do?\n\nThanks,\nBo\n\nPS: It is wet."),
        &format!("I got the following response:|{RULE} What shall I do?|PS: It is wet.").replace('\n', " "),
    );
}

#[test]
fn what_stands_between_marks_or_rules_goes() {
    mail(&format!("Look:\n\n--- begin quote ---\n{RULE}\n--- end quote ---\n\nSo it is green."), "Look:|So it is green.");
    mail(&format!("Look:\n\n<quote>\n{RULE}\n\nNo more.\n</quote>\n\nSo it is green."), "Look:|So it is green.");
    mail(
        &format!("This is what they want of us:\n\n-----\n{RULE}\n-----\n\nSo it is green."),
        "This is what they want of us:|So it is green.",
    );
    mail("We ask.\n\n\"A bench is to be painted in green\nwherever it can be seen.\"\n\nSo it is green.", "We ask.|So it is green.");
    mail(
        "It defines paint as\n 'what is to be seen of a bench\nand won't come off.'\n\nSo it is green.",
        "It defines paint as|So it is green.",
    );
}

#[test]
fn records_of_a_tracker_go() {
    mail(
        "This closes it:\n\nTASK:   Paint\nSTATUS: Open\nFROM:   <ann@lawn.example>\n  The bench is wet.\n\nIt is dry now.",
        "This closes it:|It is dry now.",
    );
    mail("Plan of the day:\n\nStatus: green\nNext: the yard\nRisk: rain", "Plan of the day: Status: green Next: the yard Risk: rain");
}

#[test]
fn own_points_below_a_colon_stay() {
    for said in [
        "I suggest that the manual says:",
        "My plan for the web site:",
        "I have the following notes:",
        "The problem with the documentation is this:",
        "I wrote the following:",
        "This is what I want to do:",
        "I get the following from it:",
    ] {
        mail(&format!("{said}\n\n{RULE}\n\nIs it so?"), &format!("{said} {RULE} Is it so?").replace('\n', " "));
    }
    mail(
        "We have from the handbook:\n\n- a bench that is green and wet\n- a bench of stone that is dry",
        "We have from the handbook: - a bench that is green and wet - a bench of stone that is dry",
    );
    mail(
        "The plan:\n---------\nWe paint the bench on the third of May and sell it.\n\nThe risk:\n---------\nIt may rain.",
        "The plan: --------- We paint the bench on the third of May and sell it. The risk: --------- It may rain.",
    );
    mail(
        "We say \"green\" for what\nothers call \"the colour of the bench\" here.",
        "We say \"green\" for what others call \"the colour of the bench\" here.",
    );
    mail(
        "'paint.bench' calls 'paint' and then\nlooks for what is 'wet' in the yard.",
        "'paint.bench' calls 'paint' and then looks for what is 'wet' in the yard.",
    );
}

#[test]
fn signed_words_stay() {
    let text = "-----BEGIN PGP SIGNED MESSAGE-----\n\nThe bench is to be green.\n\n-----END PGP SIGNED MESSAGE-----";
    assert!(super::kept(Markup::Mail, text).contains("The bench is to be green."));
}
