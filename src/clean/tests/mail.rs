//! Mails.

use super::{check, own_words};
use crate::message::{Markup, Reason};

#[track_caller]
fn mail(text: &str, expected: &str) {
    check(Markup::Mail, text, expected);
}

/// The reasons for which something was cut, in order, without repeats in a row.
fn reasons(text: &str) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = own_words(text, Markup::Mail).removed.iter().map(|&(_, reason)| reason).collect();
    reasons.dedup();
    reasons
}

#[test]
fn a_quote_and_its_attribution_go() {
    mail("Fine by me.\n\nOn Mon, 5 Jan 2026 at 10:00, Ann Lee <ann@acme.example> wrote:\n> Shall we?\n> Ann\n", "Fine by me.");
    mail("On Tue, 6 Jan 2026 19:18:33 -0600\nAnn Lee <ann at acme.example> wrote:\n\n> Shall we?\n\nWe shall.", "We shall.");
    mail("On Tue, Jan 6, 2026 at 9:12 AM Ann Lee\n<ann@acme.example>\nwrote:\n> Shall we?\nYes, we shall.", "Yes, we shall.");
    mail(
        "In a message dated 1/4/00 3:18:50 PM Central Time,\nann@acme.example writes:\n\n<< Shall we?\n Or not? >>\n\nWe shall.",
        "We shall.",
    );
    mail("Ann wrote:\n[...]\n> Shall we?\nWe shall.", "We shall.");
    mail("Ann Lee writes:\n> Shall we?\nWe shall.", "We shall.");
    mail("At 10:31 AM 5/3/2001 -0500, Ann Lee wrote:\n>Shall we?\n\nWe shall.", "We shall.");
    mail(">>>>> \"AL\" == Ann Lee <ann@acme.example> writes:\n\n    AL> Shall we?\n    AL> Or not?\n\nWe shall.", "We shall.");
}

#[test]
fn a_passage_set_off_in_quotation_marks_goes() {
    mail("The manual says:\n\n    \"Turn the valve first, then\n    the pump.\"\n\nSo we do.", "The manual says:|So we do.");
    mail("It says\n   “Turn the valve before the pump”.\nSo we do.", "It says|So we do.");
    mail("He said:\n\n    \"Yes\"\n\n    \"Sales\" is what we call them all.", "He said: \"Yes\" \"Sales\" is what we call them all.");
    mail("So we do.\n\n\"Turn the valve before the pump\"", "So we do. \"Turn the valve before the pump\"");
    mail("\"Turn the valve before the pump\" it says.", "\"Turn the valve before the pump\" it says.");
}

#[test]
fn attributions_go_in_every_language() {
    for attribution in [
        "Am 05.01.2026 um 10:00 schrieb Ann Lee <ann@acme.example>:",
        "Am Montag, 5. Januar 2026, 10:00:12 CET schrieb Ann Lee:",
        "Le lun. 5 janv. 2026 à 10:00, Ann Lee <ann@acme.example> a écrit :",
        "El lun, 5 ene 2026 a las 10:00, Ann Lee (<ann@acme.example>) escribió:",
        "Op ma 5 jan 2026 om 10:00 schreef Ann Lee <ann@acme.example>:",
        "Il giorno lun 5 gen 2026 alle ore 10:00 Ann Lee <ann@acme.example> ha scritto:",
        "Em seg., 5 de jan. de 2026 às 10:00, Ann Lee <ann@acme.example> escreveu:",
        "W dniu 5.01.2026 o 10:00, Ann Lee pisze:",
        "Den mån 5 jan. 2026 kl 10:00 skrev Ann Lee <ann@acme.example>:",
        "5 января 2026 г., 10:00 пользователь Ann Lee <ann@acme.example> написал:",
        "2026年1月5日(月) 10:00 Ann Lee <ann@acme.example>:",
        "2026-01-05 10:00 GMT+01:00 Ann Lee <ann@acme.example>:",
        "ma 5. tammik. 2026 klo 10.00 Ann Lee (ann@acme.example) kirjoitti:",
        "po 5. 1. 2026 v 10:00 odesílatel Ann Lee <ann@acme.example> napsal:",
        "2026. jan. 5., H 10:00 dátummal Ann Lee <ann@acme.example> ezt írta:",
        "Στις Δευ 5 Ιαν 2026 στις 10:00 π.μ., ο/η Ann Lee <ann@acme.example> έγραψε:",
        "În lun., 5 ian. 2026 la 10:00, Ann Lee <ann@acme.example> a scris:",
        "2026년 1월 5일 (월) 오전 10:00, Ann Lee <ann@acme.example>님이 작성:",
    ] {
        mail(&format!("Good.\n\n{attribution}\n\n> Shall we?\n"), "Good.");
        mail(&format!("Good.\n\n{attribution}\n"), "Good.");
    }
}

#[test]
fn a_sentence_that_begins_as_an_attribution_stays() {
    mail("On Monday we ship.\nI wrote:\nfirst the tests.", "On Monday we ship. I wrote: first the tests.");
    mail("Le produit est prêt.\nOn verra :", "Le produit est prêt. On verra :");
    mail("2026-01-05 notes of the meeting:\nWe shall ship.", "2026-01-05 notes of the meeting: We shall ship.");
    mail("As @ann said on 2026-01-05:\nWe shall ship.", "As|said on 2026-01-05: We shall ship.");
    mail("Here is what Ann wrote:\nWe shall ship.", "Here is what Ann wrote: We shall ship.");
}

#[test]
fn without_quotation_marks_an_attribution_speaks_of_all_below() {
    mail("Fine.\n\nOn Mon, 5 Jan 2026, Ann Lee <ann@acme.example> wrote:\n\nShall we?\n\nAnn", "Fine.");
}

#[test]
fn an_attribution_may_have_its_quote_in_the_same_line() {
    mail("It is.\n\n  On Mon, Jan 5, 2026 at 10:00, Ann Lee<ann@acme.example> wrote:   Is it so?\n\nAnn\n", "It is.");
    mail("On May 5 Ann wrote: it is so.\nTo\nme that is enough.", "On May 5 Ann wrote: it is so. To me that is enough.");
}

#[test]
fn answers_between_quotes_are_own_words() {
    mail("> First?\nYes, the first.\n> Second?\nNo, not that.\n> Third?\n", "Yes, the first.|No, not that.");
}

#[test]
fn bars_and_initials_quote_when_repeated() {
    mail("| one\n| two\nMine.", "Mine.");
    mail("KH> one\nMine.\nKH> two\nToo.", "Mine.|Too.");
    mail("Growth> plan is all we have.", "Growth> plan is all we have.");
}

#[test]
fn the_broken_off_end_of_a_quoted_line_is_quote() {
    let long = "> This line is long enough that the program which sent it broke it at the";
    mail(&format!("{long}\nend\n> and went on.\nMine."), "Mine.");
    mail("> Is it so?\nyes\n> And that?\nMine.", "yes|Mine.");
}

#[test]
fn a_line_that_begins_with_from_is_no_quote() {
    mail("We got it.\n>From what I saw it works.", "We got it.|From what I saw it works.");
    assert!(own_words("It is\n>From Ann.", Markup::Mail).pieces[1].joins);
}

#[test]
fn everything_below_a_marker_goes_in_every_language() {
    for marker in [
        "-----Original Message-----",
        " ----- Original Message -----",
        "-----Ursprüngliche Nachricht-----",
        "-----Message d'origine-----",
        "-----Mensaje original-----",
        "-----Messaggio originale-----",
        "-----Mensagem original-----",
        "-----Oorspronkelijk bericht-----",
        "________________________________\nFrom: Ann Lee\nSent: Monday, 5 January 2026 10:00\nTo: Ben\nSubject: Plan",
        "From: Ann Lee\nDate: 5 January 2026\nTo: Ben",
        "*From:* Ann Lee\n*Sent:* Monday\n*To:* Ben\n*Subject:* Plan",
        "Von: Ann Lee\nGesendet: Montag, 5. Januar 2026 10:00\nAn: Ben\nBetreff: Plan",
        "De : Ann Lee\nEnvoyé : lundi\nÀ : Ben\nObjet : Plan",
        "De: Ann Lee\nEnviado el: lunes\nPara: Ben\nAsunto: Plan",
        "Da: Ann Lee\nInviato: lunedì\nA: Ben\nOggetto: Plan",
        "Van: Ann Lee\nVerzonden: maandag\nAan: Ben\nOnderwerp: Plan",
        "Från: Ann Lee\nSkickat: den 5 januari 2026 10:00\nTill: Ben\nÄmne: Plan",
        "Fra: Ann Lee\nSendt: 5. januar 2026 10:00\nTil: Ben\nEmne: Plan",
        "Lähettäjä: Ann Lee\nLähetetty: maanantai\nVastaanottaja: Ben\nAihe: Plan",
        "Od: Ann Lee\nOdesláno: pondělí 5. ledna 2026\nKomu: Ben\nPředmět: Plan",
        "Kimden: Ann Lee\nGönderildi: 5 Ocak 2026\nKime: Ben\nKonu: Plan",
        "Feladó: Ann Lee\nElküldve: 2026. január 5.\nCímzett: Ben\nTárgy: Plan",
        "Από: Ann Lee\nΕστάλη: Δευτέρα\nΠρος: Ben\nΘέμα: Plan",
        "От: Ann Lee\nОтправлено: 5 января 2026 г.\nКому: Ben\nТема: Plan",
        "-----Ursprungligt meddelande-----",
        "-----Oprindelig meddelelse-----",
        "-----Původní zpráva-----",
        "---- On Mon, 05 Jan 2026 10:00:00 +0100 Ann Lee <ann@acme.example> wrote ----",
        "Ann Lee/HOU/ACME\n01/05/2026 10:00 AM\n\nTo\nBen Ray/HOU/ACME@ACME\ncc\n\nSubject\nRe: Plan",
        "|------------>\n| From:      |\n|------------>\n  >-----------|\n  |Ann Lee    |\n  >-----------|",
        "De: Ann Lee\nEnviada em: segunda-feira\nPara: Ben\nAssunto: Plan",
        "Ann Lee@ACME\n01/23/2001 12:20 PM\nTo: Ben Roe/HOU/ACME@ACME, Carl\nMoe/HOU/ACME@ACME\ncc: \nSubject: Plan",
        "Ann Lee <ann@acme.example> on 01/23/2001 12:20:11 PM\nTo: Ben Roe\nSubject: Plan",
    ] {
        mail(&format!("Fine by me.\n\n{marker}\n\nShall we go?\nAnn\n"), "Fine by me.");
        assert_eq!(reasons(&format!("{marker}\n\nShall we go?\n")), [Reason::QuotedReply], "{marker}");
    }
}

#[test]
fn what_is_passed_on_is_forwarded() {
    for marker in [
        "---------- Forwarded message ---------\nFrom: Ann Lee\nDate: Monday",
        "---------------------- Forwarded by Ann Lee/HOU/ACME on 11/03/2000 \n01:40 PM ---------------------------",
        "Begin forwarded message:\n\nFrom: Ann",
        "Anfang der weitergeleiteten Nachricht:",
        "-------- Weitergeleitete Nachricht --------",
        "Début du message réexpédié :",
        "Inizio messaggio inoltrato:",
        "---------- Mensaje reenviado ----------",
    ] {
        mail(&format!("For you.\n\n{marker}\n\nShall we go?\n"), "For you.");
        assert_eq!(reasons(&format!("{marker}\n\nShall we go?\n")), [Reason::Forwarded], "{marker}");
    }
    assert_eq!(reasons("Begin forwarded message:\n\n> From: Ann\n> Hi\n\nSee above, please."), [Reason::Forwarded]);
}

#[test]
fn below_a_marker_answers_between_quotes_stay() {
    mail(
        "-----Original Message-----\nFrom: Ann\nTo: Ben\nSubject: Plan\n\n> Shall we?\nYes, we shall.\n> When?\nIn May it is.",
        "Yes, we shall.|In May it is.",
    );
}

#[test]
fn one_header_like_line_is_speech() {
    mail("Subject: the plan.\nWe go.", "Subject: the plan. We go.");
    mail("To: be decided.\nDate: open.", "To: be decided. Date: open.");
}

#[test]
fn signatures_go() {
    mail(
        "We ship today.\n-- \nAnn Lee\nHead of Sales, who makes the longest of titles ever seen on a card at all in this place\n",
        "We ship today.",
    );
    mail("We ship today.\n\n--\nAnn Lee", "We ship today.");
    mail("We ship today.\n\nSent from my iPhone", "We ship today.");
    mail("Wir liefern.\n\nVon meinem iPhone gesendet", "Wir liefern.");
    mail("On livre.\n\nEnvoyé de mon iPhone", "On livre.");
    mail("We ship today.\n\nAnn Lee\nSales Director\nPhone: +1 555 010 2000", "We ship today.");
    mail("We ship.\n\nAnn Lee     | Phone: +1 555 010 2000\nAcme        | Fax: +1 555 010 2001", "We ship.");
    mail("It waits.\n\nPlan        : May\nAsked by    : Ben on 555 010 2000", "It waits. Plan : May Asked by : Ben on 555 010 2000");
    mail("Sent from my point of view, this was wrong, and we know it.", "Sent from my point of view, this was wrong, and we know it.");
}

#[test]
fn a_rule_of_a_text_is_no_signature() {
    mail(
        "One part of it.\n\n---\n\nThe other part is about the plan that we made.",
        "One part of it. --- The other part is about the plan that we made.",
    );
    mail("a | b\n---\nc | d is the whole table we have.", "a | b --- c | d is the whole table we have.");
}

#[test]
fn closings_go_in_every_language() {
    for closing in [
        "Best regards,",
        "Thanks,",
        "Thanks!",
        "Cheers",
        "Viele Grüße",
        "MIT FREUNDLICHEN GRÜSSEN",
        "Cordialement,",
        "Saludos cordiales,",
        "Met vriendelijke groet,",
        "Cordiali saluti,",
        "Atenciosamente,",
    ] {
        mail(&format!("We ship today.\n\n{closing}\n\nAnn Lee\nHead of Sales\nAcme\n"), "We ship today.");
    }
    mail("We ship today.\n\nThanks, Ann", "We ship today.");
    mail("We ship today.\n\nAnn", "We ship today.");
    assert_eq!(reasons("We ship.\n\nRegards,\nAnn"), [Reason::Closing]);
}

#[test]
fn thanks_inside_a_sentence_stay() {
    mail("Thanks for the reports, they helped.", "Thanks for the reports, they helped.");
    mail("Many thanks to the reps in the field.", "Many thanks to the reps in the field.");
    mail(
        "Thanks,\n\nCan you send me the file as well?\nIt is the one with the numbers of May.",
        "Can you send me the file as well? It is the one with the numbers of May.",
    );
}

#[test]
fn a_postscript_stays() {
    mail("We ship.\n\nBest,\nAnn\n\nP.S. Marketing did well.", "We ship.|P.S. Marketing did well.");
}

#[test]
fn the_greeting_goes() {
    for greeting in [
        "Hi Ann,",
        "Dear all,",
        "Hello team",
        "Moin",
        "Ann,",
        "All:",
        "Sehr geehrte Frau Dr. Lee,",
        "Bonjour Ann,",
        "Hola a todos:",
        "Beste Ann,",
        "Ciao Ann,",
        "Olá a todos,",
    ] {
        mail(&format!("{greeting}\n\nWe ship today."), "We ship today.");
    }
    mail("Hi Ann, we ship today.", "Hi Ann, we ship today.");
    mail("Hi there is a problem with the plan", "Hi there is a problem with the plan");
    mail("Yes, and more.", "Yes, and more.");
    mail("Hey that works!", "Hey that works!");
    mail("Beste Option von allen", "Beste Option von allen");
    mail("Hi Ann, Ben and Carl,\nwe ship today.", "we ship today.");
}

#[test]
fn a_disclaimer_needs_two_telling_words() {
    let legal = "This e-mail and its attachments are confidential and only meant for the person named above.\nIf you received this in error, please delete it at once.";
    mail(&format!("We ship.\n\nRegards,\nAnn\n\n{legal}\n"), "We ship.");
    assert_eq!(reasons(&format!("We ship.\n\nRegards,\nAnn\n\n{legal}\n")), [Reason::Closing, Reason::Disclaimer]);
    let german = "Diese E-Mail ist vertraulich. Wenn Sie nicht der richtige Empfänger sind, informieren Sie bitte sofort den Absender und vernichten Sie diese Mail.";
    mail(&format!("Wir liefern.\n\n{german}"), "Wir liefern.");
    let french =
        "Ce message est confidentiel et destiné exclusivement à ses destinataires. S'il vous parvient par erreur, merci de le détruire.";
    mail(&format!("On livre.\n\n{french}"), "On livre.");
    mail("The plan is confidential, so keep it to yourself until May.", "The plan is confidential, so keep it to yourself until May.");
    mail("It is confidential; do not disclose it.", "It is confidential; do not disclose it.");
}

#[test]
fn list_footers_and_placeholders_go() {
    let rule = "_".repeat(46);
    mail(&format!("We ship.\n\n{rule}\nTalk mailing list\nhttps://lists.example/listinfo/talk\n"), "We ship.");
    mail("We ship.\n\n\t[[alternative HTML version deleted]]\n", "We ship.");
    mail(
        "We ship.\n-------------- next part --------------\nA non-text attachment was scrubbed...\nName: a.png\nType: image/png\nURL: <http://x.example/a.png>\n",
        "We ship.",
    );
    mail("We ship.\n\nTo unsubscribe from this group, send an email to:\ntalk-unsubscribe@groups.example\n", "We ship.");
    mail(
        "We ship.\n\n-- \nYou received this message because you are subscribed to the Google Groups \"talk\" group.\nTo view it visit https://groups.example/x.",
        "We ship.",
    );
    assert_eq!(reasons("We ship.\n\n[[alternative HTML version deleted]]"), [Reason::ListFooter]);
}

#[test]
fn code_goes() {
    mail("Look:\n```\nlet x = 1;\n```\nIt works.", "Look:|It works.");
    mail("Look:\n\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old words\n+new words\n\nIt works.", "Look:|It works.");
    mail(
        "Look:\nTraceback (most recent call last):\n  File \"x.py\", line 3, in <module>\n    run()\nValueError: no\nIt works.",
        "Look:|It works.",
    );
    mail(
        "Look:\nbegin 644 plan.xls\nM1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890ABCDEFGHIJKLMNOP\n`\nend\nIt works.",
        "Look:|It works.",
    );
    mail("Look:\n2026-01-05 10:00:01 ERROR disk is full\nIt works.", "Look:|It works.");
    mail("Look:\n\tat com.acme.Main.run(Main.java:12)\nIt works.", "Look:|It works.");
    mail("Look:\nEast 12 13 14\nWest 9 10 11\nIt works.", "Look:|It works.");
    mail("Look:\nx <- c(1, 2)\nplot(x, y)\nIt works.", "Look:|It works.");
    mail(
        "Look:\n*** a.orig Sat\n--- a Sat\n***************\n*** 1,2 ****\n! old words\n--- 1,2 ----\n! new words\n\nIt works.",
        "Look:|It works.",
    );
    mail(
        "Can you step through check::all(x) and\nmail::all(y) to see it?\nThanks to you -> all.",
        "Can you step through check::all(x) and mail::all(y) to see it? Thanks to you -> all.",
    );
    mail("We sold 12 of 14 in May; good.\nTargets (see below) are met.", "We sold 12 of 14 in May; good. Targets (see below) are met.");
}

#[test]
fn line_ends_and_invisible_characters_do_not_matter() {
    mail("We ship.\r\n\r\n\u{200b}Regards,\u{a0}\r\nAnn\r\n", "We ship.");
    mail("", "");
    mail(" \n\n", "");
}

#[test]
fn what_an_interpreter_prints_goes_with_its_prompts() {
    mail("Look:\n\n> high(3) # three times\nusing low1\nusing low2\n[1] 7\n\nIt works.", "Look:|It works.");
    mail("Look:\n\nx <- fit(y)\n[[1]]\nNULL\n\n$a\n[1] 2\n\nIt works.", "Look:|It works.");
    mail("Look:\n\nx <- fit(y)\n\nYes, it works.", "Look:|Yes, it works.");
    mail("It says\nError in fit(x) :\nand stops there for good.", "It says|and stops there for good.");
}

#[test]
fn trailers_of_patches_and_names_of_attachments_go() {
    mail("It closes the file.\n\nSigned-off-by: Ann Lee <ann at example.com>", "It closes the file.");
    mail("Here it is.\n\n - Plan for May.xls\n<<Stock.doc>>", "Here it is.");
}

#[test]
fn thanks_for_what_is_not_given_yet_are_a_closing_and_thanks_for_something_are_not() {
    mail("We ship.\n\nThanks for any hints,\nAnn", "We ship.");
    mail("We ship.\n\nCheers and thanks in advance", "We ship.");
    mail("We ship.\n\nThank you for testing the fix", "We ship. Thank you for testing the fix");
}

#[test]
fn names_behind_a_dash_cards_with_mottoes_and_adverts_go() {
    mail("We ship.\n\n-tim", "We ship.");
    mail("We ship.\n\n- soon", "We ship. - soon");
    mail("We ship.\n\nAnn\n___\nAnn Lee || Garden things || Lawnseat", "We ship.");
    mail(
        "We ship.\n\nBest regards,\n\nir. Ann Lee\nHouse of benches / Huis van de bank\n1070 Lawn\nBelgium\n\nThe rain may fall on all of them.\n~ Bo",
        "We ship.",
    );
    mail("We ship.\n\nAnn\n\n__________________________\nDo you know the free mail of all?\nhttp://mail.example/", "We ship.");
}

#[test]
fn newsletters_and_notices_are_automatic_and_talk_about_them_is_not() {
    let is_automatic = |text: &str| super::super::is_automatic(text, Markup::Mail, &own_words(text, Markup::Mail));
    let filler = "The new benches stand in the yard and wait for the summer fair, where everybody may try them. ".repeat(3);
    assert!(is_automatic(&format!(
        "{filler}\n\nTo unsubscribe from future mailings, visit http://a.example\nCopyright Lawnseat, special offer"
    )));
    assert!(is_automatic("Your order is on its way.\n\nPlease do not reply to this e-mail."));
    assert!(is_automatic("Ihre Bestellung ist unterwegs.\n\nBitte nicht auf diese E-Mail antworten."));
    assert!(!is_automatic(&format!(
        "{filler} Many unsubscribe from our newsletter, for the privacy policy scares them. Shall we change it?"
    )));
    assert!(!is_automatic(&format!("Agreed.\n\n> {filler}\n> To unsubscribe, visit http://a.example\n> Copyright, special offer")));
    assert!(!is_automatic("Please reply to this e-mail before noon."));
}

#[test]
fn a_line_that_lost_its_mark_goes_with_the_quote_it_begins() {
    mail(
        "We shall.\n\nThis warning says: please update your plan of the\n> garden to the new version of it.\n\nSo we do.",
        "We shall.|So we do.",
    );
    mail("We shall. This is the state of the garden\n> sessionInfo()\n", "We shall. This is the state of the garden");
    mail(
        "I think that we shall ship the seats today.\n> shall we ship all of the seats today?\n",
        "I think that we shall ship the seats today.",
    );
}

#[test]
fn items_that_are_quotations_go() {
    mail(
        "I agree to these:\n\n1. “Use all of the seats in the yard first”\nYes.\n2. “Then use all that stand in the garden, if any”\nNo.",
        "I agree to these:|Yes.|No.",
    );
    mail("1. “Seats” is what we call all of them here.", "1. “Seats” is what we call all of them here.");
}
