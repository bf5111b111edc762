//! What is fed with damaged bytes: every reader, and every file that people write. A target must return: no panic, no endless run, and what it
//! gives must be sound.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use evenhand::check::{Policy, baseline::Baseline};
use evenhand::clean::{OwnWords, own_words};
use evenhand::config::{self, Situation};
use evenhand::fault::Place;
use evenhand::framing::Framing;
use evenhand::lexicon::cues;
use evenhand::lexicon::groups::Groups;
use evenhand::lexicon::parse;
use evenhand::lexicon::{Category, Lexicons};
use evenhand::lint::{self, Draft};
use evenhand::message::{Markup, Message};
use evenhand::report::{self, Style};
use evenhand::roster::Roster;
use evenhand::source::table::FieldMap;
use evenhand::source::{self, Format, Options, html};
use evenhand::stats::{self, Plan};
use evenhand::tally::{self, Tally};
use evenhand::token::Tokens;
use evenhand::{decision, disclosure, import, shipped, validation};
use jiff::civil::Date;

/// One of them.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    /// Which files are its seeds: parts of their paths.
    pub(crate) seeds: &'static [&'static str],
    pub(crate) run: fn(&[u8], &Room),
}

/// A folder of its own for what can only be read from a file.
pub(crate) struct Room(pub(crate) PathBuf);

macro_rules! readers {
    ($($name:literal $format:expr, $file:literal, [$($seed:literal),*];)*) => {
        [$(Target { name: $name, seeds: &[$($seed),*], run: |bytes, room| read(bytes, room, $file, $format) }),*]
    };
}

const READERS: [Target; 18] = readers! {
    "slack" Some(Format::Slack), "general/2026-01-05.json", ["slack/general", "houstondatavis/general"];
    "slack events" Some(Format::Slack), "a.jsonl", ["clojurians"];
    "mbox" Some(Format::Mbox), "a.mbox", [".mbox"];
    "mail" Some(Format::Mail), "a.eml", ["mime/", "enron/", "replies/"];
    "outlook item" Some(Format::Outlook), "a.msg", ["outlook-message-parser/"];
    "outlook mailbox" Some(Format::Outlook), "a.pst", [".pst"];
    "discord" Some(Format::Discord), "a.json", ["discord/"];
    "mattermost" Some(Format::Mattermost), "a.jsonl", ["mattermost/"];
    "teams" Some(Format::Teams), "messages_1.json", ["teams/"];
    "google chat" Some(Format::GoogleChat), "messages.json", ["teams/", "discord/"];
    "zulip" Some(Format::Zulip), "a.json", ["zulip/"];
    "telegram" Some(Format::Telegram), "a.json", ["telegram/"];
    "whatsapp" Some(Format::WhatsApp), "a.txt", ["whatsapp/"];
    "irc" Some(Format::Irc), "2026-01-05.log", ["irc/"];
    "csv" Some(Format::Csv), "a.csv", [".csv"];
    "json lines" Some(Format::JsonLines), "a.jsonl", [".jsonl"];
    "archive" None, "a.zip", [".zip", ".gz", ".zst", ".tar"];
    "any" None, "a", ["discord/", "telegram/", "whatsapp/", "mime/", "irc/", ".mbox", "outlook-message-parser/"];
};

const OTHERS: [Target; 19] = [
    Target { name: "cleaner", seeds: &["replies/", "mime/", "slack/general"], run: clean },
    Target { name: "tokenizer", seeds: &["replies/", "mime/", "stock.txt"], run: tokens },
    Target { name: "framing", seeds: &["stock.txt", "replies/", "slack/general"], run: framed },
    Target { name: "html", seeds: &["mime/", "replies/", "zulip/"], run: |bytes, _| rendered(bytes) },
    Target { name: "draft", seeds: &["replies/", "README.md", "mime/"], run: draft },
    Target { name: "diff", seeds: &[".diff"], run: |bytes, _| drop(lint::diff::changed("a.diff", &text(bytes))) },
    Target { name: "pattern", seeds: &["patterns"], run: |bytes, _| pattern(&text(bytes)) },
    Target { name: "lexicon", seeds: &["lexicons/", "more.toml"], run: |bytes, _| lexicon(&text(bytes)) },
    Target { name: "groups", seeds: &["groups.toml"], run: |bytes, _| drop(Groups::parse("a.toml", &text(bytes))) },
    Target { name: "cues", seeds: &["cues/"], run: |bytes, _| drop(cues::parse("a.tsv", &text(bytes))) },
    Target { name: "lexicon import", seeds: &[".dic", ".yml", "words.csv"], run: imported },
    Target { name: "configuration", seeds: &["evenhand.toml", "set.toml"], run: |bytes, _| settings(&text(bytes)) },
    Target { name: "roster", seeds: &["roster.csv"], run: |bytes, _| roster(&text(bytes)) },
    Target { name: "tally", seeds: &[".tally"], run: |bytes, _| drop(tallied(bytes)) },
    Target { name: "report of a tally", seeds: &[".tally"], run: reported },
    Target { name: "earlier report", seeds: &["report.json"], run: |bytes, _| drop(report::earlier(&text(bytes))) },
    Target { name: "baseline", seeds: &["baseline.json"], run: |bytes, _| drop(Baseline::parse("a.json", &text(bytes))) },
    Target { name: "coded sheet", seeds: &["sheet.csv", "second.csv"], run: |bytes, _| sheet(&text(bytes)) },
    Target { name: "score of a sheet", seeds: &["score.json"], run: |bytes, _| drop(validation::parse("a.json", &text(bytes))) },
];

/// All of them.
pub(crate) fn all() -> Vec<Target> {
    READERS.into_iter().chain(OTHERS).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Bytes that choose, and the rest.
fn choose<const N: usize>(bytes: &[u8]) -> ([u8; N], &[u8]) {
    bytes.split_first_chunk().map_or(([0; N], bytes), |(chosen, rest)| (*chosen, rest))
}

fn lexicons() -> Lexicons {
    shipped::lexicons().expect("the lexicons that ship compile")
}

fn framing() -> &'static Framing {
    static FRAMING: OnceLock<Framing> = OnceLock::new();
    FRAMING.get_or_init(|| Framing::new(lexicons()))
}

fn read(bytes: &[u8], room: &Room, name: &str, format: Option<Format>) {
    let path = room.0.join(name);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).expect("a folder can be made");
    }
    std::fs::write(&path, bytes).expect("a file can be written");
    let map = FieldMap::parse("text=text,author=user,time=ts,channel=channel,id=id").ok().map(Arc::new);
    let options = Options { format, map, include_private: true, include_direct: true, ..Options::default() };
    let Ok(source) = source::open(&path, &options) else { return };
    for batch in source.batches.flatten() {
        batch.each_message(&mut |message| {
            if let Ok(message) = message {
                sound(&message);
            }
        });
    }
}

fn sound(message: &Message<'_>) {
    let own = own_words(&message.text, message.markup);
    assert_sound(&message.text, &own);
    let _ = (message.place.to_string(), message.author.key().map(str::len));
}

/// Pieces and what was cut lie in the text, one after another and over none of each other.
fn assert_sound(text: &str, own: &OwnWords) {
    let mut end = 0;
    for piece in &own.pieces {
        assert!(piece.span.start >= end && piece.span.start <= piece.span.end, "pieces {:?}", own.pieces);
        let _ = piece.span.of(text);
        end = piece.span.end;
    }
    let mut end = 0;
    for (span, _) in &own.removed {
        assert!(span.start >= end && span.start <= span.end, "removed {:?}", own.removed);
        let _ = span.of(text);
        end = span.end;
    }
    for piece in &own.pieces {
        let is_apart = own.removed.iter().all(|(cut, _)| cut.end <= piece.span.start || cut.start >= piece.span.end);
        assert!(is_apart || piece.span.start == piece.span.end, "own and cut at once: {piece:?} {:?}", own.removed);
    }
}

const MARKUPS: [Markup; 4] = [Markup::Mail, Markup::Slack, Markup::Markdown, Markup::Plain];

fn clean(bytes: &[u8], _: &Room) {
    let text = text(bytes);
    for markup in MARKUPS {
        assert_sound(&text, &own_words(&text, markup));
    }
}

fn tokens(bytes: &[u8], _: &Room) {
    let ([which], rest) = choose(bytes);
    let (text, markup) = (text(rest), MARKUPS[usize::from(which) % 4]);
    let mut tokens = Tokens::default();
    tokens.read(&text, &own_words(&text, markup), markup, &framing().lexicons.vocabulary);
    let mut end = 0;
    for token in &tokens.tokens {
        let span = token.span();
        assert!(span.start >= end && span.start < span.end, "tokens over each other at {span:?}");
        let _ = span.of(&text);
        end = span.end;
    }
    assert!(tokens.segment_ends.is_sorted() && tokens.segment_ends.last().is_none_or(|&last| last == tokens.tokens.len()));
    assert!(tokens.segments().all(|segment| segment.len() <= evenhand::token::MAX_SEGMENT_TOKENS));
}

fn framed(bytes: &[u8], _: &Room) {
    let text = text(bytes);
    for hit in framing().hits_of(&text) {
        let _ = hit.span.of(&text);
    }
}

fn rendered(bytes: &[u8]) {
    let written = text(bytes);
    let (plain, removed) = html::to_text(&written);
    let (again, places) = html::to_text_with_places(&written);
    // What is kept for places adds no words.
    assert!(removed == html::to_text(&written).1 && plain.split_whitespace().eq(again.split_whitespace()), "two renderings");
    assert!(places.iter().all(|&(in_text, in_raw)| in_text <= again.len() && in_raw <= written.len()), "places outside");
    let _ = html::charset(bytes);
}

fn draft(bytes: &[u8], _: &Room) {
    let ([which], rest) = choose(bytes);
    let format = lint::Format::ALL[usize::from(which) % 4];
    let Ok(draft) = Draft::read("a", rest.to_vec(), Some(format)) else { return };
    let linted = lint::lint(&draft, framing(), &lint::Options { categories: &Category::ALL, lines: None, coded: None });
    for remark in &linted.remarks {
        assert!(remark.place.line >= 1 && remark.place.line <= remark.place.end_line, "{:?}", remark.place);
    }
}

const LEXICON: &str = "name = \"heroic\"\ntitle = \"x\"\nversion = \"1\"\nlanguage = \"en\"\ndescription = \"x\"\nreads_as = \"x\"\n";

fn no_classes() -> parse::Classes {
    parse::parse_classes("a.toml", "[classes]").expect("no class is no mistake")
}

/// Names of two teams: those that ship take longer to compile than what is tried here.
fn few_groups() -> Groups {
    let text = "version = \"1\"\npeople = [\"team\"]\n[[group]]\nname = \"sales\"\naliases = [\"sales team\"]\nstop = [\"sales figures\"]\n[[group]]\nname = \"marketing\"\naliases = [\"marketing\"]\n";
    Groups::parse("groups.toml", text).expect("the names are sound")
}

/// A pattern compiled beside a class and run over a sentence.
fn pattern(pattern: &str) {
    let quoted = serde_json::Value::from(pattern.trim());
    let entry = "[classes]\nkin = [\"bold people\", \"the brave\", \"kin\"]\n[[entry]]\nname = \"x\"\nsense = \"x\"\nabout = \"none\"\nswap = true\nsource = \"own\"\nyes = [\"a\"]\nno = [\"b\"]";
    lexicon(&format!("{LEXICON}{entry}\nmatch = [{quoted}]\nunless = [{quoted}]\n"));
}

fn lexicon(text: &str) {
    let _ = parse::parse_classes("a.toml", text);
    let Ok(file) = parse::parse("a.toml", text) else { return };
    let Ok(lexicons) = Lexicons::compile(&[file], &no_classes(), few_groups()) else { return };
    let framing = Framing::new(lexicons);
    for sentence in
        ["The sales team saved the day, said the bold people in marketing who never ship a thing.", "a a a a b the the of of not a hero"]
    {
        for hit in framing.hits_of(sentence) {
            let _ = hit.span.of(sentence);
        }
    }
    let _ = framing.failed_examples();
}

fn imported(bytes: &[u8], _: &Room) {
    let ([which], rest) = choose(bytes);
    let Ok(mut imported) = import::read("a", rest, Some(import::Format::ALL[usize::from(which) % 3])) else { return };
    let names: Vec<String> = imported.lists.keys().cloned().collect();
    let words = import::select(&mut imported, &names, Category::Heroic, &[], "a");
    if words.is_empty() {
        return;
    }
    // What is written must be a lexicon.
    let written = import::write(&words, Category::Heroic, evenhand::lexicon::About::Nothing, "en", "a");
    let file = parse::parse("a.toml", &written).unwrap_or_else(|fault| panic!("what was imported is no lexicon: {fault}"));
    if let Err(faults) = Lexicons::compile(&[file], &no_classes(), few_groups()) {
        panic!("what was imported does not compile: {}", faults[0]);
    }
}

fn settings(text: &str) {
    if let Ok(config) = config::parse("evenhand.toml", text) {
        let _ = Policy::new(&config.check, "evenhand.toml", text);
        let mut roster = Roster::default();
        for (team, pattern) in &config.teams.names {
            let _ = roster.add_name_rule(team, pattern.get_ref());
        }
        let mut lexicons = Lexicons::compile(&[], &no_classes(), few_groups()).expect("names alone compile");
        let at = Place::file("evenhand.toml");
        let _ = lexicons.add_groups(config.groups.iter().map(|(name, group)| (name.as_str(), &group.aliases[..], at.clone())));
    }
    let _ = config::keys_of(text);
}

fn roster(text: &str) {
    let (roster, faults) = Roster::parse("roster.csv", text);
    let author =
        |key: &str| evenhand::message::Author { email: Some(key.to_owned().into()), name: Some("Ann Lee".into()), ..Default::default() };
    for word in text.split(|c: char| c == ',' || c.is_whitespace()).take(200) {
        let _ = roster.identify(&author(word), Date::new(2026, 1, 5).ok());
    }
    // The command drafts over no roster with a line that cannot be read.
    if !faults.is_empty() {
        return;
    }
    let rows = evenhand::roster::draft::draft(&roster, Vec::new());
    let mut written = Vec::new();
    evenhand::roster::draft::write(&rows, &mut written).expect("memory can be written");
    let (again, faults) = Roster::parse("roster.csv", &String::from_utf8_lossy(&written));
    assert!(faults.is_empty(), "a drafted roster is not read: {}", faults[0]);
    assert!(again.teams.len() <= roster.teams.len(), "a drafted roster has other teams");
}

/// A tally that is written is read as it was.
fn tallied(bytes: &[u8]) -> Option<Tally> {
    let tally = tally::read("a.tally", bytes).ok()?;
    let mut written = Vec::new();
    tally::write(&tally, &mut written).expect("memory can be written");
    let again = tally::read("a.tally", &written[..]).unwrap_or_else(|fault| panic!("a tally that was written is not read: {fault}"));
    let mut twice = Vec::new();
    tally::write(&again, &mut twice).expect("memory can be written");
    assert!(written == twice, "a tally changes by being written");
    Some(tally)
}

fn reported(bytes: &[u8], _: &Room) {
    let Some(tally) = tallied(bytes) else { return };
    // What is drawn at random takes its time with the number of authors.
    if tally.cells.len() > 2000 {
        return;
    }
    let plan = Plan::new(&config::Contrast::default(), 5);
    let shown = disclosure::disclose(stats::analyse(&tally, &plan), &tally, 5);
    let sheet = decision::sheet(&shown, &Situation::default());
    for format in report::Format::ALL {
        let style = Style { color: false, ascii: false, width: 80 };
        report::write(&shown, &sheet, format, &style, &mut Vec::new()).expect("memory can be written");
    }
}

fn sheet(text: &str) {
    for second in [false, true] {
        if let Ok((sheet, coded)) = validation::read_sheet("a.csv", text, second) {
            let _ = validation::score(&sheet, &coded, None);
        }
    }
    let _ = validation::labelled("a.csv", text);
}

impl Target {
    /// Whether the file at a path is one of its seeds.
    pub(crate) fn grows_from(&self, path: &str) -> bool {
        self.seeds.iter().any(|part| path.contains(part))
    }

    /// What an input grows to at most: files with tables of places in them say nothing when they are cut.
    pub(crate) fn most_bytes(&self) -> usize {
        if self.name.starts_with("outlook") || self.name == "archive" { 1 << 20 } else { 64 << 10 }
    }
}
