//! What is told by where it stands and what stands around it.

use std::borrow::Cow;

use super::{check, own_words_above};
use crate::clean::{TrailingCut, Writer};
use crate::message::{Author, Markup};

#[track_caller]
fn mail(text: &str, expected: &str) {
    check(Markup::Mail, text, expected);
}

/// The own words of a mail by a writer with a name, a mailbox, or both.
fn of<'a>(name: Option<&'a str>, mailbox: &'a str, text: &str) -> String {
    let author = Author { name: name.map(Cow::Borrowed), email: Some(Cow::Borrowed(mailbox)), ..Author::default() };
    let own = own_words_above(text, Markup::Mail, Writer::of(&author), &mut |_| TrailingCut::default());
    own.pieces.iter().map(|piece| piece.span.of(text).split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("|")
}

#[test]
fn a_single_bar_below_an_attribution_quotes_one_line() {
    mail("On 5 January 2026 at 10:00, Lee, Ann wrote:\n| Shall we ship it all?\n\nNot before the pump runs.", "Not before the pump runs.");
    mail("The plan:\n| all of it\n\nNot before the pump runs.", "The plan: | all of it Not before the pump runs.");
}

#[test]
fn answers_behind_a_name_with_a_firm_are_own_words() {
    let header = "From: Bo Fox\nSent: Monday, January 5, 2026\nTo: Ann Lee\nSubject: Pump\n\n";
    let text = format!("See below.\n\n{header}Does it run?\n[Ann@AC] It runs since May.\n\nAnd the valve?\n[Bo@AC] Not yet.\n");
    assert_eq!(of(Some("Ann Lee"), "ann.lee@acme.example", &text), "See below.|[|] It runs since May.");
}

#[test]
fn a_line_that_names_writer_and_time_is_an_attribution_however_it_is_said() {
    mail("At 10:31:02 05.01.2026 UTC the pen of ann at acme.example moved:\n> Shall we?\n\nWe shall.", "We shall.");
    mail(
        "We meet at 10:31 on 05.01.2026, at noon at the latest:\n> Shall we?\n\nWe shall.",
        "We meet at 10:31 on 05.01.2026, at noon at the latest:|We shall.",
    );
}

#[test]
fn what_is_given_word_for_word_goes_on_behind_what_was_left_out() {
    let above = "The following text is taken verbatim from\nhttps://lawn.example/policy:\n\n";
    mail(
        &format!("{above}Pumps\n\n...\n\nA pump must never run for more than\nan hour.\n\nSo it stops."),
        "The following text is taken verbatim from|:|So it stops.",
    );
}

#[test]
fn thanks_for_what_was_given_are_meant_at_the_top_and_close_at_the_end() {
    mail("Thanks for the pointer.\n\nThe pump runs.\n\nThanks for your help!\nAnn", "Thanks for the pointer. The pump runs.");
    mail("Hi Bo,\n\nThank you, Bo, for your insights!\nThe pump runs.", "Thank you, Bo, for your insights! The pump runs.");
    mail("Thanks for any help.\n\nThe pump runs since May.", "The pump runs since May.");
    mail("The pump runs.\n\nThanks a lot in advance and have a great week!\nCheers\n", "The pump runs.");
    mail("The pump runs.\n\nThanks to Bo and have a look at it.", "The pump runs. Thanks to Bo and have a look at it.");
}

#[test]
fn who_answers_two_people_greets_twice() {
    mail("> Does it run?\n\nIt does.\n\n> And the valve?\n\nBo,\n\nnot before May.\n", "It does.|not before May.");
    mail("It does.\n\nWell,\n\nnot before May.", "It does. Well, not before May.");
    mail("?\nDear Bo,\n?\nHow are you today?", "?|? How are you today?");
}

#[test]
fn without_a_name_in_the_header_the_mailbox_tells_it() {
    for (mailbox, name) in [
        ("annl@acme.example", "Ann 'Nan' Lee"),
        ("alee@acme.example", "Ann Lee"),
        ("a.lee@acme.example", "Ann B. Lee"),
        ("ann.lee@acme.example", "AL :-)"),
    ] {
        let text = format!("The pump runs since May.\n\n{name}\n\nSee you at noon, then.");
        assert_eq!(of(None, mailbox, &text), "The pump runs since May.|See you at noon, then.", "{mailbox}");
    }
    for (mailbox, name) in [("pumps@acme.example", "Pump Room"), ("annl@acme.example", "Ann Fox"), ("ann.lee@acme.example", "OK :-)")] {
        let text = format!("The pump runs since May.\n\n{name}\n\nSee you at noon, then.");
        assert_eq!(of(None, mailbox, &text), format!("The pump runs since May. {name} See you at noon, then."), "{mailbox}");
    }
}

#[test]
fn what_stands_right_between_lines_of_code_is_code_unless_it_is_said() {
    mail("So:\n\n    pump <- c(1, 2)\n# read from the whole of the\nold valve path\n# again\n    pump[1] <- 2\n", "So:");
    mail("So:\n\npump <- c(1, 2)\nthat is what the valve does\npump[1] <- 2\n", "So:|that is what the valve does");
    mail("I get it with\nload(Pump)\nPump\n\nbut not so.", "I get it with|but not so.");
    mail(
        "if [ \"$PUMP\" = \"on\" ]\nthen\n    exec run $PUMP -v 4\nelse\n    exec stop $PUMP -v 4 now\nfi\n\nSo it stops.",
        "So it stops.",
    );
}

#[test]
fn statements_and_commands_set_in_below_speech_are_code() {
    mail("A new\n\tmake pumps\nruns them all.", "A new|runs them all.");
    mail("The functions are called\n\n\tpump_in\n\tpump_out\n\nand not pumps.", "The functions are called|and not pumps.");
    mail("We need\n   pumps\n   valves\nand a lawn.", "We need pumps valves and a lawn.");
    mail("We need\n   some_pump for the lawn\nand a lawn.", "We need some_pump for the lawn and a lawn.");
    mail("Set it so:\n\nPUMP_STD = PUMP11\n\nand stop.", "Set it so:|and stop.");
}

#[test]
fn warnings_that_are_announced_go_as_a_whole() {
    let warning = "   Warning: pump at v1 is deprecated. Please update your\n   lawn to use the 'v2' pump.";
    mail(&format!("Look at warnings such as\n\n{warning}\n\nand stop."), "Look at warnings such as|and stop.");
    mail(
        "Look at my warnings:\n\nWarning: we never ship on Mondays.\n\nAnd stop.",
        "Look at my warnings: Warning: we never ship on Mondays. And stop.",
    );
}

#[test]
fn prose_below_a_patch_is_said_and_signs_in_a_sentence_are_no_output() {
    let patch = "diff -c a b\n*** a\n--- b\n***************\n*** 1,2 ****\n!   old\n--- 1,2 ----\n!   new\n";
    mail(
        &format!("Here:\n\n{patch}\n   A question about the widths: in X, the same call\n(XSet) sets the type.\n"),
        "Here:|A question about the widths: in X, the same call (XSet) sets the type.",
    );
    mail(
        "I would see it if the result were\n[[5, 8],[13,16]] corresponding to the pairs of\n[[(1,0),(1,3)],[(3,0),(3,3)]]\n",
        "I would see it if the result were [[5, 8],[13,16]] corresponding to the pairs of",
    );
}

#[test]
fn a_mark_before_a_link_alone_on_its_line_goes_with_it() {
    mail(
        "See [1] and the pump.\n\n[1] https://lawn.example/a\n[2]: <https://lawn.example/b>\n3. https://lawn.example/c",
        "See [1] and the pump.",
    );
    mail("[1] See https://lawn.example/a for it", "[1] See|for it");
    mail("2026 https://lawn.example/a", "2026");
}

#[test]
fn for_whom_somebody_signs_goes_with_the_name() {
    mail("The pump runs since May.\n\nFor the Acme Pump Team\n\nAnn Lee\n", "The pump runs since May.");
    mail("The pump runs since May.\nOn behalf of Sales\nBest,\nAnn\n", "The pump runs since May.");
    mail("For the Acme Pump Team\nall of it is too much for now.", "For the Acme Pump Team all of it is too much for now.");
    mail("The pump runs since May.\n\nThanks muchly!\n", "The pump runs since May.");
}

#[test]
fn a_call_may_be_asked_for() {
    mail("Why not say:\n\nflow(a)[[9,10,11]] ?\n\nIt is shorter than that.", "Why not say:|It is shorter than that.");
    mail("Why not pump(a) ?", "Why not pump(a) ?");
}
