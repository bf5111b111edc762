//! Small invented messages: input and what must be left of it.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

mod around;
mod company;
mod mail;
mod passage;
mod pasted;
mod printed;

/// Kept pieces joined by `|`, with white space folded.
fn kept(markup: Markup, text: &str) -> String {
    let own = own_words(text, markup);
    covers(text, &own);
    own.pieces.iter().map(|piece| piece.span.of(text).split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("|")
}

#[track_caller]
fn check(markup: Markup, text: &str, expected: &str) {
    assert_eq!(kept(markup, text), expected, "{text}");
}

#[track_caller]
fn slack(text: &str, expected: &str) {
    check(Markup::Slack, text, expected);
}

#[track_caller]
fn plain(text: &str, expected: &str) {
    check(Markup::Plain, text, expected);
}

#[track_caller]
fn markdown(text: &str, expected: &str) {
    check(Markup::Markdown, text, expected);
}

/// Pieces, removed stretches and white space are the whole text, in order and without overlap.
fn covers(text: &str, own: &OwnWords) {
    let mut spans: Vec<Span> = own.pieces.iter().map(|piece| piece.span).chain(own.removed.iter().map(|&(span, _)| span)).collect();
    assert!(own.pieces.is_sorted_by_key(|piece| piece.span) && own.removed.is_sorted_by_key(|&(span, _)| span));
    spans.sort_unstable();
    let mut end = 0;
    for span in spans {
        assert!(!span.is_empty() && span.start >= end, "overlap at {span:?} in {text:?}");
        assert!(text[end..span.start].trim().is_empty(), "{:?} is in neither, of {text:?}", &text[end..span.start]);
        end = span.end;
    }
    assert!(text[end..].trim().is_empty(), "{:?} is in neither, of {text:?}", &text[end..]);
    assert!(own.pieces.first().is_none_or(|first| !first.joins));
}

#[test]
fn addresses_go_and_join_what_is_around_them() {
    for address in [
        "http://x.example/a?b=1",
        "https://x.example/a_(b)",
        "<https://x.example>",
        "www.x.example",
        "mailto:ann@x.example",
        "ann.lee@x.example",
        "<ann@x.example>",
        "C:\\plans\\may.txt",
        "C:\\x",
        "\\\\server\\plans",
        "\\\\srv",
        "/usr/local/bin",
        "~/plans/may",
        "src/plan/may.rs",
        "github.com/acme/plan",
        "acme.com/plan",
        "report_v2.xlsx",
        "3f2a9c0d1e4b",
        "123e4567-e89b-12d3-a456-426614174000",
        "@ann.lee",
        "<<plan for May.xls>>",
        "[cid:logo.png@01]",
    ] {
        for markup in [Markup::Plain, Markup::Mail] {
            check(markup, &format!("so see {address} for it"), "so see|for it");
            assert!(own_words(&format!("see {address} for it"), markup).pieces[1].joins);
        }
    }
    plain("see (http://x.example/a).", "see (|).");
    plain("ann@x.example,ben@x.example;carl@x.example", ",|;");
    plain("ping Lee/HOU/ACME@ACME now", "ping|now");
}

#[test]
fn words_with_strokes_and_stops_are_no_addresses() {
    for words in [
        "and/or",
        "acme.com/",
        "C:\\",
        "\\\\ab",
        "24/7",
        "sales/marketing",
        "sales/marketing/support",
        "e.g. this",
        "1/2/2026",
        "U.S. team",
        "w/o help",
        "IT/HR/PR",
        "R&D",
        "end.Next",
        "5 @ 3",
        "defaced",
    ] {
        plain(words, words);
        check(Markup::Mail, words, words);
    }
}

#[test]
fn a_gap_with_an_end_of_its_own_does_not_join() {
    let joins = |markup, text| own_words(text, markup).pieces[1].joins;
    assert!(joins(Markup::Mail, "so see\nhttp://x.example\nfor it"));
    assert!(!joins(Markup::Mail, "so see\n\nhttp://x.example\n\nNow this"));
    assert!(!joins(Markup::Plain, "so see http://x.example\nNow this"));
    assert!(!joins(Markup::Mail, "so see\n> quote\nfor it"));
}

#[test]
fn markdown_quotes_go_and_faces_stay() {
    markdown("> said\n>also\n>> and so\nmine", "mine");
    markdown(">_< what a day\n>:( so\n>.> ok", ">_< what a day >:( so >.> ok");
    markdown("mine\n>>> said\nand so on", "mine");
    markdown("> one\n>>> two\nmine\n>>> three\n>> four\nmine too", "mine|mine too");
    markdown("@_**Ann|5** [said](http://x.example):\n````quote\nwords\n```py\nx\n```\n````\nmine", "mine");
    markdown("````spoiler the end\nmine ```x``` too\n```` and", "the end mine|too|and");
    markdown("~~~\ncode\n~~~\nmine ~~~ so\n~~~", "mine ~~~ so ~~~");
}

#[test]
fn markdown_code_mentions_and_emoji_go() {
    markdown("use `let x` or ```py\nfn a() {}\n``` now", "use|or|now");
    markdown("``` never closed\nmine `x", "``` never closed mine `x");
    markdown("ask <@1>, <@!2>, <@&3>, <#4> at <t:5:R> <a:hero:6> <:hero:7> </plan:8> <https://x.example/a> now", "ask|,|,|,|at|now");
    markdown("if a < b and c > d <3 you -> now", "if a < b and c > d <3 you -> now");
    markdown("ask @**Ann Lee|5** or @_**Ben** of @*reps* in #**sales>plan** @ 3", "ask|or|of|in|@ 3");
    markdown("well :hero: :+1: at 10:30:45, a @** b `` c", "well|at 10:30:45, a @** b `` c");
}

#[test]
fn slack_tokens_go_and_labels_stay() {
    slack("ask <@U1> or <@U2|ben> in <#C1|sales> now", "ask|or|in|now");
    slack("<!here> meet <!date^1700000000^{date}|Tuesday> <!subteam^S1|@reps> now", "meet|now");
    slack("see <http://x.example|the plan> now", "see|the plan|now");
    slack("see <http://x.example|x.example> and <http://x.example> now", "see|and|now");
    slack("mail <mailto:a@x.example|a@x.example> now", "mail|now");
    slack("R&amp;D is &lt;great&gt;", "R|D is|great");
    slack("see <http://x.example|R&amp;D plan>", "see|R|D plan");
    slack("well :hero::skin-tone-2: done :+1: at 10:30:45", "well|done|at 10:30:45");
    slack("call a::b::c now", "call a::b::c now");
    slack("use `let x` or ``` fn a() {}\nfn b() {} ``` now", "use|or|now");
    slack("a lone ` and a lone < stay", "a lone ` and a lone < stay");
    slack("*bold* _and_ ~so~", "*bold* _and_ ~so~");
    slack("&amp;lt; it", "lt; it");
}

#[test]
fn slack_quotes_go() {
    slack("&gt; they said\nwe say\n> and they\nso we", "we say|so we");
    slack("we say\n&gt;&gt;&gt; they\nall of it\n```x```\nall", "we say");
    slack("a &gt; b", "a|b");
}

#[test]
fn plain_text_loses_fences_quoted_lines_and_addresses() {
    plain("Hi Ann,\n> so\n```x\ny```\nBest,\nAnn", "Hi Ann,|Best, Ann");
    plain("a ``` b", "a ``` b");
}

#[test]
fn time_is_linear() {
    let mut quotes = String::new();
    for i in 0..20_000 {
        let _ = write!(quotes, "> line {i} of the quote\n\nOn Mon, Ann wrote:\n");
    }
    let n = 100_000;
    for text in [
        "On x ".repeat(140_000),
        "a".repeat(700_000),
        "On wrote: ".repeat(n / 10),
        "a@".repeat(n / 2),
        "a@b.c,".repeat(n / 6),
        "http://x ".repeat(n / 9),
        "http://x,".repeat(n / 9),
        "/a".repeat(n / 2),
        "<".repeat(n),
        "`".repeat(n + 1),
        ":a".repeat(n / 2),
        "<a|".repeat(n / 3),
        "&amp;".repeat(n / 5),
        "<<[".repeat(n / 3),
        "```\n".repeat(n / 4 + 1),
        "```x\n\n".repeat(n / 6 + 1),
        "To: a\n".repeat(n / 6),
        "On Mon wrote:\n[x]\n".repeat(n / 18),
        "<a wrote:>\n".repeat(n / 11),
        "--begin forwarded\n> x\n".repeat(n / 22),
        "Thanks,\n".repeat(n / 8),
        "Best,\nAnn\n".repeat(n / 10),
        "On 5 Jan 2026, Ann <a@b.c> wrote:\n".repeat(n / 34),
        "> f(x)\ny 1\n".repeat(n / 11),
        "A warning:\n\nx (y\n\n".repeat(n / 18),
        ">>> f(x)\n\n".repeat(n / 10),
        "SELECT a\n  b\n".repeat(n / 13),
        "key: a\n".repeat(n / 7),
        "Ann Lee  10:02 AM\n".repeat(n / 18),
        "[10:02] Ann: x\n\n".repeat(n / 16),
        "Join Zoom Meeting\n\n".repeat(n / 19),
        "To\ncc\n".repeat(n / 6),
        "\\begin{a}\n".repeat(n / 10),
        "commit 1234567\nAuthor: a\n".repeat(n / 25),
        "a,b,c\n".repeat(n / 6),
        "def f():\n  x\n".repeat(n / 13),
        "say so\n".to_owned() + &"  x_y a\n".repeat(n / 8),
        "Thanks for the help.\n\n> x\n".repeat(n / 26),
        "verbatim:\n\nx\n\n...\n\n".repeat(n / 21),
        "The manual says:\n".repeat(n / 17),
        "The manual says:\n\na b c\n\n".repeat(n / 25),
        "Ann wrote:\n\na b c d\n\n".repeat(n / 21),
        "Ann wrote:\n\nBest,\n\n".repeat(n / 19),
        "Look:\n-----\n".repeat(n / 12),
        "--- begin quote ---\n".repeat(n / 20),
        "Status: a\nFrom: b\n".repeat(n / 18),
        "\"a b\n\n".repeat(n / 6),
        "x:\n\n'a ".repeat(n / 7),
        "_".repeat(n),
        "\n".repeat(n),
        quotes,
    ] {
        for markup in [Markup::Mail, Markup::Slack, Markup::Markdown, Markup::Plain] {
            let start = Instant::now();
            covers(&text, &own_words(&text, markup));
            let took = start.elapsed();
            // Generous for an unoptimised build on a busy machine; a quadratic step takes minutes.
            assert!(took < Duration::from_secs(3), "{took:?} for {markup:?} {:?}", &text[..20]);
        }
    }
}

#[test]
fn a_word_below_a_long_quoted_line_may_end_the_text() {
    let text = format!("> {}\nwell", "words upon words ".repeat(5).trim());
    let own = own_words(&text, Markup::Mail);
    covers(&text, &own);
    assert_eq!(own.pieces.len(), 1);
}

proptest! {
    #[test]
    fn nothing_is_lost(text in "\\PC{0,80}", markup in 0_usize..4) {
        let markup = [Markup::Mail, Markup::Slack, Markup::Markdown, Markup::Plain][markup];
        covers(&text, &own_words(&text, markup));
    }

    #[test]
    fn nothing_is_lost_of_mail_like_text(parts in prop::collection::vec(prop::sample::select(PARTS), 0..24), markup in 0_usize..4) {
        let text = parts.concat();
        let markup = [Markup::Mail, Markup::Slack, Markup::Markdown, Markup::Plain][markup];
        covers(&text, &own_words(&text, markup));
    }
}

/// Pieces of mails and chats, so that the property meets every branch.
const PARTS: &[&str] = &[
    "\n",
    "\n\n",
    "\r\n",
    " ",
    "é",
    "\u{200b}",
    "\u{a0}",
    "> ",
    ">From ",
    ">>>",
    "&gt;",
    "&amp;",
    "<",
    ">",
    "|",
    "`",
    "```",
    ":",
    ":+1:",
    "@",
    "@ann",
    "a@b.example",
    "http://",
    "www.",
    "http://x.example/(a)",
    "/a/b",
    "C:\\a\\b",
    "x.pdf",
    "[cid:",
    "]",
    "<<",
    ">>",
    "<@U1>",
    "<http://x|y>",
    "-- \n",
    "--\n",
    "---\n",
    "Best,\n",
    "Ann\n",
    "Hi Ann,\n",
    "On Mon wrote:\n",
    "From: a\n",
    "To: b\n",
    "Subject: c\n",
    "-----Original Message-----\n",
    "Begin forwarded message:\n",
    "____________________\n",
    "talk mailing list\n",
    "diff --git\n",
    "@@ -1 +1 @@\n",
    "+a\n",
    "begin 644 x\n",
    "end\n",
    "1 2 3 4\n",
    "x <- 1;\n",
    "Traceback (most recent call last):\n",
    "P.S. so\n",
    "words and more words\n",
    "日本語",
    "confidential and received in error, please delete it and do not disclose it to anybody in the whole wide world, thank you\n",
];
