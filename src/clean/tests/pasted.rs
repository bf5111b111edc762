//! What people paste into mails or have set below them, and mails that no person wrote.

use super::{check, own_words};
use crate::message::{Markup, Reason};

#[track_caller]
fn mail(text: &str, expected: &str) {
    check(Markup::Mail, text, expected);
}

fn is_automatic(text: &str) -> bool {
    crate::clean::is_automatic(text, Markup::Mail, &own_words(text, Markup::Mail))
}

#[test]
fn messages_of_programs_go_with_the_lines_they_are_broken_over() {
    mail("It says:\n\nError: no bench of the name \"oak\" was found in the\nlist of benches\n\nWhy?", "It says:|Why?");
    mail("It says:\n\nError in sit(bench) :\n  no seat is left\n\nWhy?", "It says:|Why?");
    mail(
        "It says:\n\nbench.c:14:9: warning: the seat that is passed to this call is the\nsame as the one that it returns [-Wseat]\n\nWhy?",
        "It says:|Why?",
    );
    mail("Look:\n\n* checking the benches ... NOTE\nBenches without a seat:\n  oak\nAll benches should have one.\n\nWhy?", "Look:|Why?");
    mail("Look:\n\nmake[1]: *** [bench] Error 1\nExecution halted\n\nWhy?", "Look:|Why?");
    mail("Look:\n\n----------------------- ANY ERROR -----------------------\nThe bench was not found. Try another.\n\nWhy?", "Look:|Why?");
    mail("It says\nError: no bench\nWe shall buy one then.", "It says|We shall buy one then.");
    mail("Error in the second line of the letter, sorry.", "Error in the second line of the letter, sorry.");
    mail("Warning: the bench is wet.", "Warning: the bench is wet.");
}

#[test]
fn values_settings_and_steps_of_programs_go() {
    mail("Look:\n\n> seats(b)\n[1] \"oak\" \"elm\"\n> legs(b)\n[1] 4 4 4\n\nIt fits.", "Look:|It fits.");
    mail("I set\n\nBENCH_LIBS=-loak -lelm\n\nand it works.", "I set|and it works.");
    mail("I set\n\na = [[1,2],\n     [3,4]]\n\nand it works.", "I set|and it works.");
    mail("I see\n\n  oak_1.2.0   elm_0.3-1\n\nand it works.", "I see|and it works.");
    mail("I see\n\n** preparing the seats\n*** installing the legs\n\nand it works.", "I see|and it works.");
    mail("I have\n\nImports: oak\nSuggests: elm\n\nand it works.", "I have|and it works.");
    mail("I run\n\nR CMD check --as-bench oak\n\nand it works.", "I run|and it works.");
    mail(
        "I see\n\nNo seat is free, sit: down\nNo seat is free, sit: down\nNo seat is free, sit: down\n\nand it works.",
        "I see|and it works.",
    );
    mail("I run\n\n  carve -o oak -f elm --fast\n\nand it works.", "I run|and it works.");
    mail("Version: the third of May.\nWe ship it.", "Version: the third of May. We ship it.");
    mail("* using oak for the seats\n\n* using elm for the legs", "* using oak for the seats * using elm for the legs");
    mail("See [1].\n\n[1] The bench of May, by Ann Lee", "See [1]. [1] The bench of May, by Ann Lee");
}

#[test]
fn tables_go_with_or_without_their_columns() {
    mail("Sold:\n\n  Oak benches in the yard       $ 1,200\n  Elm benches       300\n\nGood.", "Sold:|Good.");
    mail("Sold:\n\nOak\n\n12\n\n14\n\nElm\n\n9\n\n10\n\nGood.", "Sold:|Good.");
    mail("Who comes:\n\n1. Ann\n2. Bo\n3. Cy\n4. Di\n5. Ed\n6. Flo\n\nGood.", "Who comes: 1. Ann 2. Bo 3. Cy 4. Di 5. Ed 6. Flo Good.");
    mail("Who comes:\n\nAnn\n\nBo\n\nCy\n\nDi\n\nEd\n\nFlo Lee\n\nGood.", "Who comes: Ann Bo Cy Di Ed Flo Lee Good.");
}

#[test]
fn names_and_cards_go_where_a_mail_has_more_below_or_no_line_between() {
    mail("We ship today.\n\n-Ann\n\n[1] The plan is of May.", "We ship today.|[1] The plan is of May.");
    mail("We ship today.\n\nann", "We ship today.");
    mail("We ship today.\n\nAnn\n\n - Plan for May.xls", "We ship today.");
    mail("We ship today.\n\n-Ann\n 5-1234", "We ship today.");
    mail("We ship today.\nAnn Lee\nHead of Benches\nLawn, TX 75001\nPh. 555.010.2000", "We ship today.");
    mail("We ship today.\n\nAnn Lee\nLawnseat\n12 Bench Road\n\nPhone: +1 555 010 2000", "We ship today.");
    mail("We ship today.\n\nDr. Ann B. Lee\nUniversity of Lawn", "We ship today.");
    mail(
        "We ship today.\n\nSincerely,\nAnn\n\nAnn Lee\nClass of 2002\nSchool of Benches\nLawn College\n\n(555)-010-2000 (Home)",
        "We ship today.",
    );
    mail("We ship today.\n\nAnn\nThe Bench Fund is a charitable body, registered in Lawn, with number B12.", "We ship today.");
    mail("> Is it so?\nann", "ann");
    mail("Did you see it?\n\nyes", "Did you see it? yes");
}

#[test]
fn those_who_are_spoken_to_go_without_a_comma_too() {
    for names in ["Ann", "Ann/Bo:", "Ann & Bo", "Ann and Bo,"] {
        mail(&format!("{names}\n\nthe bench is here for you."), "the bench is here for you.");
    }
    mail("Summary\n\nthe bench is here.", "Summary the bench is here.");
    mail("Done\n\nthe bench is here.", "Done the bench is here.");
    mail("Ann\nbrought the bench.", "Ann brought the bench.");
}

#[test]
fn wishes_alone_on_their_line_go() {
    mail("We ship today.\n\nHave a wonderful week!\n\nAnn", "We ship today.");
    mail("We ship today.\n\nEnjoy your weekend,\nAnn", "We ship today.");
    mail("Have a seat and wait for the rest of the week", "Have a seat and wait for the rest of the week");
}

#[test]
fn quotes_go_where_their_marks_were_lost() {
    mail("Fine.\n\nOn Mon, Jan 5, 2026 at 10:00 AM, Ann Lee <ann@acme.example\n> wrote:\n\n> Shall we?", "Fine.");
    mail("Fine.\n\n --- Ann Lee <ann@acme.example> wrote: >\nShall we go and see\n> the bench?", "Fine.");
    mail("T'was 10:14:54 17.11.2026 when ann@acme.example did speak:\n\n> Shall we?\n\nYes.", "Yes.");
    mail("| one\n| two\nMine.\n| three\nToo.", "Mine.|Too.");
    let long = "> This line is long enough that the program which sent it broke it at the";
    mail(&format!("{long}\nvery end of it?\n\nMine."), "Mine.");
    mail(
        "You asked:\n\n----- Begin Included Message -----\n\nShall we?\n\n----- End Included Message -----\n\nWe shall.",
        "You asked:|We shall.",
    );
    mail("> Good?\nyes, it is.\n\nMine it is.", "yes, it is. Mine it is.");
}

#[test]
fn headers_in_more_languages_and_columns_are_headers() {
    for header in [
        "发件人: Ann\n发送时间: 2026年1月5日 10:00\n收件人: Ben\n主题: Plan",
        "差出人: Ann\n送信日時: 2026年1月5日\n宛先: Ben\n件名: Plan",
        "보낸 사람: Ann\n보낸 날짜: 2026\n받는 사람: Ben\n제목: Plan",
        "От: Ann\nОтправлено: 5 января\nКому: Ben\nТема: Plan",
        "Od: Ann\nWysłano: 5 stycznia\nDo: Ben\nTemat: Plan",
        "----- Mail original -----\nDe: Ann\nEnvoy?: lundi",
        "      \"Lee, Ann\"\n      <ann@acme.example        To:     Ben Roe\n      >                        cc:\n                               Subject:     Plan",
    ] {
        mail(&format!("Fine by me.\n\n{header}\n\nShall we go?\nAnn\n"), "Fine by me.");
    }
    mail("Received: from lawn\nMessage-ID: <1@lawn>\n\nShall we go?", "");
}

#[test]
fn passages_that_are_named_and_news_go() {
    mail(
        "From the bench policy\n\n     * No bench may stand in the rain for\n       more than a day.\n\nSo be it.",
        "From the bench policy|So be it.",
    );
    mail(
        "Three plans, says Ann:\n\n     * no bench may stand in the rain\n       more than a day",
        "Three plans, says Ann: * no bench may stand in the rain more than a day",
    );
    mail("See this.\n\nLAWN, Dec 12 (Reuters) - Benches rose by a leg.\nMore soon.", "See this.");
}

#[test]
fn announced_quotations_and_talks_go() {
    mail(
        "They answered:\n\n\"Dear Ann,\n\nthe bench that you sent us\nis too short. Send\na long one.\"\n\nShall we?",
        "They answered:|Shall we?",
    );
    mail("The page says\n“A bench is what nobody sits upon before it is dry.”\nSo be it.", "The page says|So be it.");
    mail("They wrote:\n\"Yes\"\nSo be it.", "They wrote: \"Yes\" So be it.");
    mail(
        "They wrote:\n\"A bench\" is what they call it, and they know why they do.",
        "They wrote: \"A bench\" is what they call it, and they know why they do.",
    );
    mail(
        "This is taken verbatim from the rules:\n\nA bench may not stand in the rain for more than a day.\n\nThat is all.",
        "This is taken verbatim from the rules:|That is all.",
    );
    mail("See our talk:\n\nAnn says:\nshall we\nBo says:\nwe shall\nAnn says:\nwhen", "See our talk:");
    mail("Ann says:\nlet us go.\nThat is all.", "Ann says: let us go. That is all.");
}

#[test]
fn what_programs_set_below_a_mail_goes() {
    mail("We ship.\n\n---\nThis email has been checked for viruses by a program.\nhttps://virus.example", "We ship.");
    mail("We ship.\n\nThe following section of this message contains a file attachment\nprepared for you.\n\n  File: a.doc", "We ship.");
    mail(
        "We ship.\n(Embedded image moved to file: pic1.pcx)\n[A seat  Description generated with high confidence]\nSee it?",
        "We ship.|See it?",
    );
    assert_eq!(
        own_words("We ship.\n\nPentru dezabonare, trimiteti mail la\nlist@lawn.example", Markup::Mail).removed.last().map(|&(_, why)| why),
        Some(Reason::ListFooter)
    );
}

#[test]
fn flyers_newsletters_pages_and_invitations_are_automatic_and_mails_about_them_are_not() {
    assert!(is_automatic(
        "Lawn Club cordially invites you to the bench party.\n\nFREE ADMISSION before nine, live music, a door prize.\nDress code: hats.\nLimited capacity: come early to the yard behind the oak, for more info call the infoline."
    ));
    let talk = "We told the agency that the flyer may not say free admission, and that a dress code is no way to sell benches. ".repeat(4);
    assert!(!is_automatic(&talk));
    let rule = "-".repeat(40);
    let part =
        format!("{rule}\nBenches of the week\nRead of oak and elm at http://lawn.example/a\n{}", "They stand in the yard.\n".repeat(6));
    assert!(is_automatic(&format!("The Lawn\nIn this issue: benches\n{}\nTell a friend of this newsletter", part.repeat(4))));
    assert!(!is_automatic(&format!("The plan\n{}\nThat is all.", part.repeat(4))));
    assert!(is_automatic("[IMAGE] Benches [IMAGE] at half their price"));
    assert!(!is_automatic("The mail shows [IMAGE] where the bench was."));
    let meeting = "We shall talk about the benches of the yard and what they may cost us in the year to come, and about who paints them.";
    assert!(is_automatic(&format!("RSVP requested\n\n{meeting} {meeting}\n\nWHEN: Friday\nWHERE: the yard")));
    assert!(!is_automatic(&format!("{meeting} {meeting}\n\nWHEN: Friday\nWHERE: the yard")));
    assert!(is_automatic(
        "Your account is set up again, and your password is case sensitive. You will be asked for it by clicking on the button below.\n\nWe apologize for the inconvenience and appreciate your patience. Please call customer service with questions."
    ));
    assert!(!is_automatic(
        &"Ann asked customer service for her password, and they told her that it is case sensitive, which we knew. ".repeat(3)
    ));
    assert!(is_automatic("The following reports have been waiting for your approval for four days."));
    assert!(is_automatic("The following reports have been \nwaiting for your approval for four days."));
    assert!(!is_automatic("The reports have been waiting for your signature."));
    assert!(is_automatic(
        "Our lists show that you have placed an order for a bench; the order number is 12.\n\nYou can check your order status by clicking here. If you have any questions regarding your order, call us, and enjoy the bench."
    ));
    assert!(!is_automatic("I placed an order for a bench. The order number is 12, and you can look at the bench by clicking here."));
}

#[test]
fn answers_of_programs_go_with_their_prompts() {
    mail(
        "It differs:\n\nR> sit(oak, legs=4)\n\n      Bench test\n\ndata:  oak\nlegs = 4.2, p-value = 0.3\nalternative: the bench has no legs\n 0.91 1.03\n\nR> sit(elm)\nno bench of that name was found.\nR>\n\nWhich one is right?",
        "It differs:|Which one is right?",
    );
    mail(
        "Try this\n\n  ann at lawn:~$ carve oak && echo done\n  Done\n  ann at lawn:~$ carve elm\n\nand tell me.",
        "Try this|and tell me.",
    );
    mail("S> seat <- function(x, y) {\nS+ bench <- x\nS+ y }\nS> seat(1)\n\nIt fits.", "It fits.");
    mail("It says\n\n>>> seats\n>>> legs\nSegmentation fault\n\nWhy?", "It says|Why?");
    // What somebody says between two of them stays.
    mail("> sit(oak)\n[1] 4\n\nThis is what I want, but\n\n> sit(elm)\n[1] 5\n\nis wrong.", "This is what I want, but|is wrong.");
    mail("> sit(oak)\nI do so, too.\n> sit(elm)\nNot this.", "I do so, too.|Not this.");
    mail("> sit(oak) is what they all say of it\nit is.\n> sit(elm)\nnot this.", "it is.|not this.");
}

#[test]
fn what_is_set_in_below_a_message_goes_with_it() {
    mail(
        "It says:\n\n* checking the seats ... [7s] NOTE\n  A seat is too wide:\n\n    oak       3.4\n    elm seat  22.1 in all\n\nHow many do you see?",
        "It says:|How many do you see?",
    );
    mail(
        "It says:\n\nFlavor: bench-linux\nCheck: the legs, Result: NOTE\n Maker: 'Ann Lee'\n\n New bench\n\n Legs that may be too short:\n   oak (11:5)\n\nWhat shall I do?",
        "It says:|What shall I do?",
    );
    mail("It says:\n\n*checking the seats ... NOTE*\n*The following seats are wet:*\n*oak*\n\nWhy?", "It says:|Why?");
    mail("It says:\n\nWarning in sit(oak, 4) : the seat is wet\nWarning in sit(elm) :\n  the seat is gone\n\nWhy?", "It says:|Why?");
    mail("It says:\n\n12:04 @ 77 - sit - ERROR: Unable to find\nthe seat of oak\n\nWhy?", "It says:|Why?");
    mail("make: *** [oak] Error 1\n\n  I have tried all that.", "I have tried all that.");
}

#[test]
fn lone_statements_and_settings_are_code() {
    mail("I write\n\nb=sit((oak+elm),bench.seat())\n\nfor it.", "I write|for it.");
    mail("I set\n\nC77 = bench\n\nLIBS = -loak\n\nin it.", "I set|in it.");
    mail("I put\n\n^Benches$\n\nin it.", "I put|in it.");
    mail("Write this\n\n\\quiet{\n   sit(oak) # takes a long time to do\n}\n\nthere.", "Write this|there.");
    mail("A4 = Paper of that size.\nWe buy it.", "A4 = Paper of that size. We buy it.");
    mail(
        "See the seat (oak) of it:\n[A bench  Description generated with high confidence]\nSeat 6 (oak)",
        "See the seat (oak) of it:|Seat 6 (oak)",
    );
}

#[test]
fn signers_go_with_their_cards_wherever_they_stand() {
    mail(
        "We ship.\n\nBest wishes,\n\nAnn\n\n\nThis is what the file holds on my machine:\n\nSEATS=4\n",
        "We ship.|This is what the file holds on my machine:",
    );
    mail("We ship.\n\nThanks,\nAnn?\n\nOn we go to the next bench.", "We ship.|On we go to the next bench.");
    mail(
        "We ship.\n\nYours,\n\nAnn\n\n\ndr. Ann Lee\nHouse of benches / Huis van de bank en van alle banken die er zijn in\nLawn\n\nWho sits on a wet bench has nobody but the rain to thank, and that is\nall there is to it. ~ Bo\n~ Cy",
        "We ship.",
    );
    mail("We ship.\n\nRespectfully,\n\nAnn B. Lee, Jr.\nPh.D. Student\nLawn College\n\n## Benches <https://bench.example/ann>", "We ship.");
    mail("We ship.\n\nThanks!\n\nQuestions\n\n1. Who ships it?", "We ship.|Questions 1. Who ships it?");
    mail("We ship.\n\nThanks!\n\nAnn and Bo carry it to the yard.", "We ship.|Ann and Bo carry it to the yard.");
    mail("We ship.\nAnn and Bo", "We ship.");
    mail("We ship (in May, that is)\n\tAnn", "We ship (in May, that is)");
    mail("We ship today.\n\nAnn B. Lee\n\nBenches of Lawn, LLC\n\n - bench.xls", "We ship today.");
    mail("[IMAGE]\n\nAnn:\n\nplease send the bench that we have bought of you.", "please send the bench that we have bought of you.");
    mail("We ship.\n\nThanks again for any input you may have!\n\nAnn", "We ship.");
    mail("We ship.\n\nThanks for any bench you may have!", "We ship. Thanks for any bench you may have!");
    mail("Bună ziua tuturor,\n\nwe ship.\n\nVă mulțumesc\nAna", "we ship.");
}

#[test]
fn quotes_go_where_some_marks_of_theirs_were_lost() {
    let line = "> Everybody who wants to sit is more than welcome to carry a bench to the";
    mail(&format!("The rules say:\n\n{line}\nyard and back. Simply take\none of them.\n\nIs it so?"), "The rules say:|Is it so?");
    mail("> Everybody who sits may carry a bench to the yard, and back\nyes, I know.", "yes, I know.");
    mail(&format!("{line}\nYard.\n> That is all.\nMine."), "Yard.|Mine.");
    mail("> It is rather large, with the seat of all and a roof that surrounds them.\nLots\n> of wood went in.\nMine.", "Mine.");
    mail("Ann, who sits, wrote:\n\n[snipped]\n\n> Shall we?\n\nWe shall.", "We shall.");
    mail("Ann Lee writes in lawn-talk:\n> Shall we?\n\nWe shall.", "We shall.");
    mail(
        ">>>>> \"Ann\" == Ann Lee <ann@lawn.example> writes\n\t\t(on Jul 21, 1997):\n\n    Ann> Shall we?\n    Ann> When?\n\nWe shall.",
        "We shall.",
    );
    mail("> We ship.\n>\n> Sincerely,\nAnn Lee\n", "");
    mail("Fine.\n\n发件人： Ann\n发送时间： 2026-01-05 10:00\n收件人： Ben\n主题： Plan\n\nShall we?", "Fine.");
    mail(
        "Fine.\n\nOn Jan 5, 2026, at 10:00 AM, Ann Lee <ann@lawn.example> wrote:\n\n\nOn 4 January 2026 at 14:15, Bo Roe wrote:\n| Shall we?\n\nExactly. And when?\n\nAnn",
        "Fine.",
    );
    mail(
        "On Jan 5, 2026, Ann <ann@lawn.example> wrote:\nOn 4 January 2026 at 14:15, Bo Roe wrote:\n>> Shall we?\n> When?\n\nIn May.",
        "In May.",
    );
}

#[test]
fn thanks_alone_stay() {
    mail("> Here it is.\n\nThank you Ann\n\n-- \nBo Roe", "Thank you Ann");
    mail("> Here it is.\n\nIt fits.\n\nThank you Ann", "It fits.");
    mail("> Here it is.\n\nThank you", "");
}

#[test]
fn statements_go_however_many_words_they_print() {
    mail(
        "I run\n\nfrom bench import *\n\nprint 'How many seats are there in the yard of oak'\n\nfit, legs, rest = bench.fit(A,B)\n\nfor it.",
        "I run|for it.",
    );
    mail("I have\n\noutput(\"All of the benches that stand in the yard are wet.\");\n\nin it.", "I have|in it.");
    mail(
        "I have\n\n  stop(\"There is no bench in the yard to sit on for any of us.\\n\",\n       \"Buy one and put it there.\")\n} # the end of all that was there\n\nin it.",
        "I have|in it.",
    );
    mail("I have\n\n\t@(cd bench && $(MAKE) oak CC=\"$(CC)\")\n\nin it.", "I have|in it.");
    mail("I see\n\ncannot find -loak bench.exe: error: carve returned 1 and no seat was made\n\nof it.", "I see|of it.");
    mail("It is $(AR) that is set to what we need here.", "It is $(AR) that is set to what we need here.");
    mail("From then on we import benches.", "From then on we import benches.");
}

#[test]
fn initials_and_marks_of_omission_go() {
    mail("We ship today\nAL", "We ship today");
    mail("We ship it to the\nUK", "We ship it to the UK");
    mail("> One.\n> Two.\n<snip>\n\n> Three.\n\nMine.", "Mine.");
    mail("> checking seats in the yard ... WARNING\n'seat' of it is not declared: oak\n\nWhy?", "Why?");
    mail("> checking seats in the yard ... WARNING\nThis is what I see, too.\n\nWhy?", "This is what I see, too. Why?");
    assert!(is_automatic("You have been named as one who answers.\nYOU WILL\nRECEIVE THIS MESSAGE EACH TIME\nyou are named."));
}

#[test]
fn announced_messages_and_cards_amid_other_lines_go() {
    mail(
        "I get the following warning.\n\nbench \"oak\" has no seat (see legs) and so\nnobody can sit on it\n\nWhy?",
        "I get the following warning.|Why?",
    );
    mail("It stops with an error:\n\nseat::sit fails at leg 4\n\nWhy?", "It stops with an error:|Why?");
    mail("I get the following warning.\n\nmy bench (of oak) is wet\n\nWhy?", "I get the following warning. my bench (of oak) is wet Why?");
    mail("There is an error:\n\n- the seat (oak)\n- the leg\n\nWhy?", "There is an error: - the seat (oak) - the leg Why?");
    mail("We ship today.\n\n?\n\nAnn B. Lee\n\nBenches of Lawn, LLC\n\n?\n - bench.xls", "We ship today. ?");
    mail(
        "We ship.\n\nYours,\n\nAnn B. Lee, Jr.\nPh.D. Student\nLawn College\n##\n## Benches of the yard and of oak <https://bench.example>\n## a\n## b\n## c",
        "We ship.",
    );
    mail("It ends with\n\n0xc0000135\n\nof it.", "It ends with|of it.");
    mail("I run\n\n\tcat oak.txt | sed s/oak/elm/\n\non it.", "I run|on it.");
    mail("We sell oak | elm | ash and more.", "We sell oak | elm | ash and more.");
}

#[test]
fn what_was_broken_or_marked_otherwise_goes() {
    mail("The rule is:\n\n::::Seats: oak\n ::If a bench has no leg then\n\nSo be it.", "The rule is:|So be it.");
    mail(
        "It lists\n\n   [CE ]   N/A   4 (0x0004)  OakBench  Not\nBound\n   [CE ]   N/A   7 (0x0007)  ElmBench  Not\nBound\n   [CE ]   N/A   9 (0x0009)  AshBench  Not\n\nof it.",
        "It lists|of it.",
    );
    mail(">>> sit(oak)\n[1] 4\n>>>\n\nAnn", "");
    mail("We ship today.\n\nI?aki", "We ship today.");
    mail("Look:\n\n> ?oak\nWarning: invalid 'seat' for oak, used default\n> ?elm\n\nWhy?", "Look:|Why?");
    mail(":-) We ship.\n:-) Today.", ":-) We ship. :-) Today.");
}

#[test]
fn queries_go_and_sentences_with_their_words_stay() {
    let query = "SELECT o.id, o.name, count(*)\nFROM orders o\nJOIN customers c ON c.id = o.customer_id\nWHERE o.created_at > '2026-01-01'\n  AND c.country = 'DE'\nORDER BY 3 DESC;";
    mail(&format!("This is slow:\n\n{query}\n\nI would add an index."), "This is slow:|I would add an index.");
    mail(&format!("This is slow:\n{query}\nI would add an index."), "This is slow:|I would add an index.");
    mail("It is\n\nselect * from orders where id = 3\n\nthat fails.", "It is|that fails.");
    mail("INSERT INTO orders (id, name)\nVALUES (3, 'bench');\n\nfails.", "fails.");
    for speech in [
        "SELECT one of the seats.",
        "select one from the list",
        "UPDATE we ship today.",
        "WITH regret, as I said.",
        "create table and seat first",
    ] {
        mail(speech, speech);
    }
}

#[test]
fn records_of_programs_go_and_lists_of_people_stay() {
    for record in [
        "Key: BENCH-123\nType: Bug\nStatus: In Progress\nPriority: Major\nAssignee: Ben Ray",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: bench\n  labels:\n    app: bench",
        "HTTP/1.1 502 Bad Gateway\nServer: nginx/1.18.0\nContent-Type: text/html\nContent-Length: 157",
    ] {
        mail(&format!("It is still open.\n\n{record}\n\nCan you close it?"), "It is still open.|Can you close it?");
    }
    for list in [
        "Ben: seats\nEva: tables\nTim: yard\nUwe: sales",
        "Status: we wait for Ben\nType: I do not know\nKey: our seats\nState: good",
        "Date: Friday\nPlace: yard\nTopic: seats\nFood: none",
    ] {
        mail(
            &format!("Here you are.\n\n{list}\n\nSee you there, I hope."),
            &format!("Here you are. {} See you there, I hope.", list.replace('\n', " ")),
        );
    }
}

#[test]
fn commands_and_logs_and_what_git_says_go() {
    for pasted in [
        "npm install --save bench\nnpm run build",
        "10.0.0.12 lawn.acme.example lawn",
        "Jan  5 02:13:44 lawn sshd[1234]: Failed password for root\nJan  5 02:13:49 lawn kernel: usb 1-1: new device",
        "[INFO] Scanning for projects...\n[ERROR] Failed to execute goal: compile",
        "On branch main\nYour branch is ahead of 'origin/main' by 2 commits.\n\nnothing to commit, working tree clean",
        "commit 3f2a9c0d1e4b5a69\nAuthor: Ben Ray <ben@acme.example>\nDate:   Mon Jan 5 10:00:00 2026 +0100\n\n    Add the seats",
        "def total(seats):\n    for seat in seats:\n        if seat is None:\n            continue\n    return 0",
        "java.net.ConnectException: Connection refused (Connection refused)\n    at com.acme.Foo.run(Foo.java:12)\n    ... 12 more",
        "D:\\bench>dir /w\n 12 files\n  3 seats",
        "Region\tQ1\tQ2\tQ3\nNorth\t12\t14\t19",
        "$\"1\":\n     [,1] [,2]\n[1,]    1    2",
        "if (interactive()) browse( ... )",
        "my.seat %in% names(last.seats)",
    ] {
        mail(&format!("This is what I get.\n\n{pasted}\n\nWhat do you think?"), "This is what I get.|What do you think?");
    }
    for speech in ["git says so.", "make sure it works", "if (x == 0) is never true there.", "R CMD check is what we run"] {
        mail(&format!("This is what I mean.\n\n{speech}"), &format!("This is what I mean. {speech}"));
    }
    mail(
        "New address:\n\n1 Garden Road\nTel: (972) 5550100\ncell: (713) 5550101\n\nCome soon, please.",
        "New address: 1 Garden Road Tel: (972) 5550100 cell: (713) 5550101 Come soon, please.",
    );
}

#[test]
fn copied_talks_go_and_agendas_stay() {
    mail("They said\n\n[10:02] Ben Ray: can we ship?\n[10:03] Eva Fox: not yet\n\nSo we wait.", "They said|So we wait.");
    mail("They said\n\nBen Ray  10:02 AM\ncan we ship?\nEva Fox  10:03 AM\nnot yet\n\nSo we wait.", "They said|So we wait.");
    mail("[10:02] Ben Ray: can we ship?\n\nSo we wait.", "[10:02] Ben Ray: can we ship? So we wait.");
    mail("10:00 Ben: seats\n11:00 Eva: tables\n\nSo be it.", "10:00 Ben: seats 11:00 Eva: tables So be it.");
}

#[test]
fn what_programs_add_to_invite_goes() {
    mail(
        "Shall we talk?\n\nWhen: Tuesday, 6 January 2026 10:00-11:00 (UTC+01:00) Berlin\nWhere: Microsoft Teams Meeting\n\n______________________\nMicrosoft Teams meeting\nJoin on your computer\nMeeting ID: 123 456",
        "Shall we talk?",
    );
    mail(
        "Shall we talk?\n\nAnn Lee is inviting you to a scheduled Zoom meeting.\n\nTopic: Offer\n\nJoin Zoom Meeting\nhttps://x.example/j/1",
        "Shall we talk?",
    );
    mail("When: Friday\nWhere: yard", "When: Friday Where: yard");
}
