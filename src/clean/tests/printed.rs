//! What programs print in companies of today, pasted between two sentences.

use super::check;
use crate::message::Markup;

#[track_caller]
fn mail(text: &str, expected: &str) {
    check(Markup::Mail, text, expected);
}

#[test]
fn what_is_printed_goes() {
    for printed in [
        "| id | name  |\n|  1 | bench |",
        "PING lawn (10.0.0.12) 56(84) bytes of data.\n64 bytes from lawn: icmp_seq=1 ttl=64\n\n--- lawn ping statistics ---\n2 packets transmitted, 0% packet loss",
        "10.0.0.1 - - [05/Jan/2026:10:00:00 +0000] \"GET /seats HTTP/1.1\" 500 1234",
        "System.NullReferenceException: Object reference not set to an instance.\n   at Acme.Seats.Load(Int32 id) in C:\\src\\Seats.cs:line 42",
        "Uncaught TypeError: Cannot read properties of undefined\n    at render (app.js:12:34)",
        "PHP Fatal error:  Call to undefined function seats()\nStack trace:\n#0 {main}",
        "panic: runtime error: index out of range\n\ngoroutine 1 [running]:\nmain.main()",
        "<dependency>\n    <groupId>com.acme</groupId>\n</dependency>",
        "id,name,seats\n1,bench,4\n2,stool,1",
        "FROM python:3.11\nWORKDIR /app\nCMD [\"python\", \"app.py\"]",
        "===== test session starts =====\nplatform linux -- Python 3.11.2\ncollected 12 items\n\nE       assert 119 == 120",
        "==1234== Memcheck, a memory error detector\n==1234== Invalid read of size 4",
        "PS C:\\Users\\ben> Get-Service -Name Bench",
        "root@lawn:/etc# nginx -t\nnginx: test failed\nroot@lawn:/etc# ls",
        "\\begin{equation}\n  y = \\alpha + \\beta x\n\\end{equation}",
        "{\"status\":\"error\",\"code\":42}",
        "In [1]: import bench\nIn [2]: bench.seats()\nOut[2]: 4",
        "      SUBROUTINE SEATS(N, X)\n      INTEGER N\n   10 CONTINUE\n      END",
        "\tif (seats > 4)\n\t\treturn -1;",
        "> summary(fit)\n\nCall:\nlm(formula = price ~ seats, data = d)\n\nResiduals:\n     1      2      3\n-12.34   4.56   7.78",
    ] {
        mail(&format!("This is what I get.\n\n{printed}\n\nWhat do you think of it?"), "This is what I get.|What do you think of it?");
    }
}

#[test]
fn what_only_looks_like_it_stays() {
    for speech in [
        "seats, tables, stools\nbenches, swings, ladders\npaint, oil, varnish",
        "FROM here on we ship.\nRUN if you can.\nso it is.",
        "===== Agenda =====\nseats",
        "TypeError is what I get.",
        "if (and only if) they ask",
        "[AL] is who I am",
    ] {
        mail(
            &format!("This is what I mean.\n\n{speech}\n\nWhat do you think of it?"),
            &format!("This is what I mean. {} What do you think of it?", speech.replace('\n', " ")),
        );
    }
}

proptest::proptest! {
    #[test]
    fn no_text_behind_a_beginning_breaks_anything(
        lines in proptest::collection::vec(
            "(Jan  5 |\\[10:02\\] |\\[|Ann  10:0|== ?|PS C:\\\\|C:\\\\|root@|SELECT |commit |GET /|key: |\\| |<|\\{|FROM |\\\\begin\\{|1\\. \u{201c}|In \\[|if \\(|\\(|On |To|cc|Subject|   ){0,2}[\\PC]{0,12}(:|>|\\)|\\}|;|,|\u{201d}|é)?",
            0..9,
        )
    ) {
        let text = lines.join("\n");
        super::covers(&text, &super::own_words(&text, Markup::Mail));
    }
}

#[test]
fn targets_and_comments_go_with_the_code_around_them() {
    mail("Look:\n\nLIBS=-loak\nyard/oak.a:\n\t@(cd yard && $(MAKE) oak)\nclean:\n\t@(cd yard && $(MAKE) clean)\n\nWhy?", "Look:|Why?");
    mail("Look:\n\nint sit(int n) {\n  // A seat is what one\n  // sits upon.\n  return n;\n}\n\nWhy?", "Look:|Why?");
}
