use super::*;
use crate::lexicon::cues::CueFile;
use crate::lexicon::groups::Groups;
use crate::lexicon::topics::Topics;
use crate::lexicon::{Lexicons, builtin, parse};

fn framing() -> Framing {
    let files: Vec<_> = builtin::LEXICONS.iter().map(|(path, text)| parse::parse(path, text).unwrap()).collect();
    let classes = parse::parse_classes(builtin::CLASSES.0, builtin::CLASSES.1).unwrap();
    let groups = Groups::parse(builtin::GROUPS.0, builtin::GROUPS.1).unwrap();
    let cues: [CueFile; 0] = [];
    Framing::new(Lexicons::compile_with(&files, &classes, &cues, groups, Topics::default()).unwrap())
}

fn linted(framing: &Framing, path: &str, text: &str) -> Linted {
    let draft = Draft::read(path, text.as_bytes().to_vec(), None).unwrap();
    lint(&draft, framing, &Options { categories: &USUAL, lines: None, coded: None })
}

/// Line, first and end column, and the marked words or why a mark is not sound.
fn told(framing: &Framing, path: &str, text: &str) -> Vec<String> {
    let linted = linted(framing, path, text);
    let one = |remark: &Remark| {
        let place = &remark.place;
        let columns = place.columns.map_or_else(|| "-".to_owned(), |(from, to)| format!("{from}-{to}"));
        let inside = place.inside.map_or_else(String::new, |inside| format!(" ({}:{})", inside.line, inside.column));
        let marked: String = remark.line.chars().skip(remark.marked.0).take(remark.marked.1 - remark.marked.0).collect();
        let why = match &remark.what {
            What::Wording(wording) => wording.category.name(),
            What::Ignore(why) => why,
        };
        format!("{}:{columns}{inside} [{marked}] {why}", place.line)
    };
    linted.remarks.iter().map(one).collect()
}

#[test]
fn places_are_those_of_the_file_in_every_format() {
    let framing = framing();
    let of = |path: &str, text: &str| told(&framing, path, text);
    assert_eq!(of("a.txt", "Ü: now\nour heroes in Sales slept.\n"), ["2:5-11 [heroes] heroic"]);
    assert_eq!(of("a.md", "# News\n\nSee [our **heroes**](http://x.example/heroes) in Sales.\n"), ["3:12-18 [heroes] heroic"]);
    assert_eq!(of("a.html", "<html>\r\n<p>Caf&eacute; <b>heroes</b>\r\nin&nbsp;Sales.</p>"), ["2:19-25 [heroes] heroic"]);
    assert_eq!(of("a.eml", "From: a@b.example\nSubject: x\n\nOur heroes in Sales.\n"), ["4:5-11 [heroes] heroic"]);
}

#[test]
fn what_is_decoded_has_the_line_of_its_part_and_the_place_inside() {
    let framing = framing();
    let mail = "Subject: =?utf-8?B?T3VyIGhlcm9lcyBpbiBTYWxlcw==?=\nContent-Transfer-Encoding: quoted-printable\n\nLunch.\nOur her=\noes in Sales.\n";
    assert_eq!(told(&framing, "a.eml", mail), ["1:- (1:5) [heroes] heroic", "4:- (2:5) [heroes] heroic"]);
}

#[test]
fn code_links_quotes_and_names_are_passed_over() {
    let framing = framing();
    let fenced =
        "```\nour heroes in Sales\n```\n\n    our heroes in Sales\n\nRun `heroes --sales` or <code>heroes in Sales</code> for Sales.\n";
    assert_eq!(told(&framing, "a.md", fenced), Vec::<String>::new());
    assert_eq!(told(&framing, "a.md", "---\ntitle: our heroes in Sales\n---\n> Our heroes in Sales.\n\nMine.\n"), Vec::<String>::new());
    assert_eq!(told(&framing, "a.txt", "Sales is at https://sales.example/our-heroes and heroes@sales.example.\n"), Vec::<String>::new());
    for name in ["Five Guys is next door.", "Lunch is at Five Guys today.", "We eat at Five Guys, near the office."] {
        assert_eq!(told(&framing, "a.txt", name), Vec::<String>::new(), "{name}");
    }
    let reply = "Subject: Re: our heroes in Sales\nFrom: a@b.example\n\nNo.\n\nOn Monday, Bo wrote:\n> Our heroes in Sales.\n";
    assert_eq!(told(&framing, "a.eml", reply), Vec::<String>::new());
}

#[test]
fn a_greeting_will_be_read_although_everybody_writes_it() {
    let framing = framing();
    assert_eq!(told(&framing, "a.txt", "Dear Sirs,\n\nthe benches are sold.\n").len(), 1);
    assert_eq!(told(&framing, "a.eml", "Subject: x\n\nDear Sirs,\n\nthe benches are sold.\n").len(), 1);
}

#[test]
fn marks_to_ignore_hold_for_their_line_and_the_next_and_must_be_sound() {
    let framing = framing();
    let of = |text: &str| told(&framing, "a.md", text);
    assert_eq!(of("<!-- evenhand: ignore heroic -- quoting a customer -->\n\nOur heroes in Sales.\n"), Vec::<String>::new());
    assert_eq!(of("Our heroes in Sales. <!-- evenhand: ignore heroic -- said in jest -->\n"), Vec::<String>::new());
    assert_eq!(
        of("<!-- evenhand: ignore heroic -->\nOur heroes in Sales.\n"),
        ["1:6-29 [evenhand: ignore heroic] gives no reason, expected \"evenhand: ignore heroic -- reason\"", "2:5-11 [heroes] heroic"]
    );
    let unknown = of("<!-- evenhand: ignore heroik -- x -->\n");
    assert!(unknown[0].contains("unknown category \"heroik\"") && unknown[0].ends_with("did you mean \"heroic\"?"), "{unknown:?}");
    let unused = of("<!-- evenhand: ignore heroic -- old -->\nThe bench is sold.\n");
    assert!(unused[0].ends_with("ignores nothing: no heroic wording here or in the next line"), "{unused:?}");
    assert_eq!(of("Write `evenhand: ignore heroic` there.\n"), Vec::<String>::new());
    let linted = linted(&framing, "a.txt", "evenhand: ignore heroic -- quoting a customer\nOur heroes in Sales.\n");
    assert_eq!((linted.remarks.len(), linted.n_ignored), (0, 1));
}

#[test]
fn coded_words_count_once_and_not_where_they_are_said_of_a_price() {
    let coded = Coded::new().unwrap();
    let balance = |text: &str| {
        let draft = Draft::read("job.txt", text.as_bytes().to_vec(), None).unwrap();
        coded.count(draft.texts(), &mut Scratch::default())
    };
    let ad = balance("You are ambitious, fiercely competitive and supportive. We pay a competitive salary. You lead; the leader leads.\n");
    assert_eq!(
        (ad.masculine.clone(), ad.feminine.clone()),
        (vec!["ambitious".to_owned(), "fiercely competitive".to_owned()], vec!["supportive".to_owned()])
    );
    assert_eq!(ad.reads(), "masculine-coded");
    assert!(balance("The bench is sold.\n").is_empty());
    assert!(balance("Each is one of a kind, with sensitive data and an understanding of the tender. Kind regards\n").is_empty());
}

#[test]
fn what_is_no_text_is_told() {
    let fault = |path: &str, bytes: &[u8]| Draft::read(path, bytes.to_vec(), None).unwrap_err().to_string();
    assert_eq!(fault("a.txt", b"caf\xe9"), "a.txt: byte 3: found bytes that are not UTF-8, expected text");
    assert_eq!(fault("a.md", b"a\0b"), "a.md: byte 1: found a zero byte, expected text");
    assert_eq!(fault("a.eml", b"just text\n\nmore"), "a.eml: found no header line, expected a mail");
    assert!(Draft::read("a.html", b"<meta charset=iso-8859-1>caf\xe9".to_vec(), None).is_ok());
    let utf_16: Vec<u8> = [0xff, 0xfe].into_iter().chain("Our heroes in Sales".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert!(Draft::read("a.txt", utf_16, None).is_ok());
}

#[test]
fn a_diff_says_which_lines_are_new() {
    let text = "diff --git a/x.md b/x.md\n--- a/x.md\n+++ b/x.md\n@@ -1,2 +1,3 @@\n one\n-two\n+2\n+3\n@@ -9 +10 @@ f()\n-a\n+b\n--- a/y\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n\
                --- a/z\n+++ \"b/na\\303\\257ve.md\"\t2026\n@@ -0,0 +1 @@\n+a\n\\ No newline at end of file\n";
    let changed = diff::changed("-", text).unwrap();
    let lines: Vec<_> = changed.iter().map(|(path, lines)| (path.as_str(), lines.iter().copied().collect::<Vec<_>>())).collect();
    assert_eq!(lines, [("naïve.md", vec![1]), ("x.md", vec![2, 3, 10])]);
    assert!(diff::changed("-", "").unwrap().is_empty());
    assert_eq!(diff::changed("-", "no diff\n").unwrap_err().to_string(), "-: found no unified diff");
    assert_eq!(
        diff::changed("d", "+++ b/x\n@@ -1 +1,9 @@\n-a\n+b\n+c\nx\n").unwrap_err().to_string(),
        "d:6: found no line of a diff, expected one that begins with +, - or a blank"
    );
}

mod random {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn no_draft_breaks_the_way_back(text in "[\\PC\n\r\t<>`*_\\[\\]()!&;#|~>-]{0,200}", n in 0..4_usize) {
            let path = ["a.txt", "a.md", "a.html", "a.eml"][n];
            let mail = format!("Subject: {text}\n\n{text}");
            let bytes = if n == 3 { mail } else { text };
            if let Ok(draft) = Draft::read(path, bytes.into_bytes(), None) {
                for text in draft.texts() {
                    let starts: Vec<usize> = text.text().char_indices().map(|(at, _)| at).collect();
                    for &at in starts.iter().step_by(7) {
                        let end = at + text.text()[at..].chars().next().map_or(0, char::len_utf8);
                        let (place, line, marked) = draft.locate(text, Span::new(at, end));
                        prop_assert!(place.line >= 1 && marked.0 <= marked.1 && marked.1 <= line.chars().count());
                    }
                }
            }
        }
    }
}

#[test]
fn a_hunk_that_claims_the_last_line_there_can_be_is_read() {
    let changed = diff::changed("x.diff", "+++ b/a.md\n@@ -1,1 +18446744073709551615,2 @@\n-a\n+b\n+c\n").unwrap();
    assert_eq!(changed["a.md"].iter().copied().collect::<Vec<_>>(), [u64::MAX]);
}
