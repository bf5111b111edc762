//! What may be typed.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use evenhand::annotate;
use evenhand::import;
use evenhand::lexicon::Category;
use evenhand::lint;
use evenhand::report::Format;
use evenhand::source;
use evenhand::source::table::FieldMap;
use evenhand::source::whatsapp::DateOrder;
use evenhand::validation;

use crate::examples;

/// Shows a company, from its own exported mail and chat, whether it talks about its teams with an even hand.
#[derive(Debug, Parser)]
#[command(name = "evenhand", version, after_help = examples::ALL, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write evenhand.toml and draft roster.csv from the authors of the exports: where to begin
    #[command(after_help = examples::INIT)]
    Init(InitArgs),
    /// Scan exports and write a report per team: the main job
    #[command(after_help = examples::REPORT)]
    Report(ReportArgs),
    /// Scan exports and keep only the counts, to be reported later or added to others
    #[command(after_help = examples::SCAN)]
    Scan(ScanArgs),
    /// Judge limits of the configuration: the job for CI
    #[command(after_help = examples::CHECK)]
    Check(CheckArgs),
    /// Remark on drafts before they are sent: job ads, announcements, newsletters
    #[command(after_help = examples::LINT)]
    Lint(LintArgs),
    /// Every match that counts, in its place
    #[command(after_help = examples::HITS)]
    Hits(HitsArgs),
    /// List, show and test the words themselves
    #[command(after_help = examples::LEXICON)]
    Lexicon(LexiconArgs),
    /// Measure the lexicons on your own data: draw a sample, code it, score it
    #[command(after_help = examples::VALIDATE)]
    Validate(ValidateArgs),
    /// Print what a shell needs to complete the command's words
    Completions {
        /// Shell
        shell: clap_complete::Shell,
    },
    /// Write the manual's pages, one a command
    Man {
        /// Folder to write them to
        folder: PathBuf,
    },
}

/// The name that stands for every format of a report.
const ALL_FORMATS: &str = "all";

/// Most threads that may be asked for.
pub(crate) const MOST_THREADS: u16 = 256;

/// What to read and how.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "What to read")]
pub(crate) struct InputArgs {
    /// Exports of mail and chat: files, folders, archives, "-"; or tallies
    ///
    /// Slack export, mbox, single mail, Outlook item or mailbox, JSON of Discord, Telegram, Teams, Mattermost, Zulip or Google Chat,
    /// `WhatsApp` chat, IRC log, CSV or JSON Lines (with --map), folder or archive (zip, tar) of such files, "-" for standard input,
    /// tally, or rows of tallies (JSON Lines or CSV, or a folder of them as engines write it).
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Columns of a table: text=body,author=from,time=date
    ///
    /// Fields: text, author, name, time, channel, team, id, thread, and `reply_to`.
    #[arg(long, value_name = "FIELD=COLUMN,...", value_parser = FieldMap::parse)]
    pub(crate) map: Option<FieldMap>,
    /// Format of all inputs, where their content leaves a doubt; text and markdown are read only so
    #[arg(long, hide_short_help = true, value_name = "FORMAT", value_parser = parse_input_format)]
    pub(crate) input_format: Option<source::Format>,
    /// Order of the dates of `WhatsApp` chats that fit more than one: day-first, month-first, year-first
    #[arg(long, hide_short_help = true, value_name = "ORDER", value_parser = parse_date_order)]
    pub(crate) date_order: Option<DateOrder>,
    /// Count messages from this day on, such as 2026-01-01
    #[arg(long, value_name = "DAY")]
    pub(crate) since: Option<Date>,
    /// Count messages up to this day, inclusive
    #[arg(long, value_name = "DAY")]
    pub(crate) until: Option<Date>,
    /// Read what is left out by default too
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    pub(crate) include: Vec<Include>,
    /// Secret for pseudonyms, needed to add tallies up that were made apart
    ///
    /// 64 hexadecimal digits.
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) key_file: Option<PathBuf>,
    /// Number of threads, up to 256 [default: one per core]
    #[arg(long, hide_short_help = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_THREADS)))]
    pub(crate) threads: Option<u16>,
    /// Exit with 0 although up to N records or files could not be read
    #[arg(long, hide_short_help = true, value_name = "N", default_value_t = 0)]
    pub(crate) allow_faults: u64,
    /// Write what could not be read to this file instead of standard error
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) faults: Option<PathBuf>,
    /// No progress bar
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Only say what would be read, and what it could support
    ///
    /// As what it would be read, and what would be left out; whether the data could support levels and gaps.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Only say what is in force, and from where
    #[arg(long)]
    pub(crate) show_config: bool,
    #[command(flatten)]
    pub(crate) setup: SetupArgs,
}

impl InputArgs {
    /// Whether nothing is to be computed.
    pub(crate) const fn is_preview(&self) -> bool {
        self.dry_run || self.show_config
    }
}

/// Configuration, roster and lexicons.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "With what")]
pub(crate) struct SetupArgs {
    /// Configuration [default: evenhand.toml, if it is there]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Who belongs to which team (CSV)
    ///
    /// Columns email, user, name, team, from, to in any order.
    #[arg(long, value_name = "FILE")]
    pub(crate) roster: Option<PathBuf>,
    /// Further lexicon, or folder of them; may be given several times
    ///
    /// Added to those that ship.
    #[arg(long, value_name = "PATH")]
    pub(crate) lexicon: Vec<PathBuf>,
    /// Lexicon, or folder of lexicons, in place of those that ship for the same category; may be given several times
    #[arg(long, value_name = "PATH", hide_short_help = true)]
    pub(crate) replace_lexicon: Vec<PathBuf>,
    /// Folder of weighted cues, in place of those that ship
    #[arg(long, value_name = "FOLDER", hide_short_help = true)]
    pub(crate) cues: Option<PathBuf>,
    /// Read with entries only, without weighted cues
    #[arg(long, conflicts_with = "cues", hide_short_help = true)]
    pub(crate) no_cues: bool,
    /// Read with weighted cues only, without entries: what they find on their own
    #[arg(long, conflicts_with_all = ["no_cues", "lexicon", "replace_lexicon"], hide_short_help = true)]
    pub(crate) only_cues: bool,
    /// Zone that days and months are counted in [default: UTC]
    #[arg(long, hide_short_help = true, value_name = "ZONE")]
    pub(crate) timezone: Option<String>,
}

/// What is left out by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Include {
    /// Private channels and folders
    Private,
    /// Direct messages
    Direct,
}

#[derive(Debug, ClapArgs)]
#[command(mut_arg("inputs", |inputs| inputs.required(false)))]
pub(crate) struct InitArgs {
    /// Draft the roster anew although it is there; what it says of people and teams is kept
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ReportArgs {
    /// How to write it: terminal, html, markdown, csv, json, all
    ///
    /// Several of them parted by commas, or all, with --output.
    #[arg(long, value_name = "FORMAT", default_value = "terminal", value_parser = parse_formats)]
    pub(crate) format: Formats,
    /// Folder to write to, a file a format
    ///
    /// evenhand-report.txt, .html, .md, .csv or .json, instead of standard output.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) output: Option<PathBuf>,
    /// Fewest authors behind a figure [default: 5]
    ///
    /// Below 5 the report is not for circulation.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) min_authors: Option<u16>,
    /// Score of a coded sample, made by evenhand validate, for the report to cite
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) validation: Option<PathBuf>,
    /// Earlier report (JSON) or tally: what changed since
    ///
    /// Reports on the months after it and says what changed.
    #[arg(long, value_name = "OLD")]
    pub(crate) compare: Option<PathBuf>,
    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_short_help = true)]
    pub(crate) color: Color,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How a tally is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScanFormat {
    /// The tally's own file
    Tally,
    /// Rows as JSON Lines
    Jsonl,
    /// Rows as CSV
    Csv,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ScanArgs {
    /// Where to write the tally; readable by you only
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// How to write it: as a tally, or as rows of a table, for engines that keep tables
    ///
    /// Rows of authors that were scanned apart add up exactly, replies and threads included.
    #[arg(long, value_name = "FORMAT", default_value = "tally", hide_short_help = true)]
    pub(crate) format: ScanFormat,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CheckArgs {
    /// How to write what was judged: human, json, sarif, junit, github
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = parse_annotate_format)]
    pub(crate) format: annotate::Format,
    /// Day of the check; months over before it are judged [default: today]
    #[arg(long, value_name = "DAY")]
    pub(crate) as_of: Option<Date>,
    /// Write the baseline instead of judging
    ///
    /// Its path stands in the configuration; its figures are those of the months that are over.
    #[arg(long)]
    pub(crate) update_baseline: bool,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

#[derive(Debug, ClapArgs)]
#[command(mut_arg("timezone", |timezone| timezone.hide(true)))]
pub(crate) struct LintArgs {
    /// Draft: text, Markdown, HTML or mail (.eml), or "-" for standard input
    #[arg(required_unless_present = "diff", conflicts_with = "diff", value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Only lines that a unified diff adds or changes
    ///
    /// In the files that it names; "-" for standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) diff: Option<PathBuf>,
    /// Only these categories [default: all but collaboration]
    #[arg(long, value_name = "CATEGORY,...", value_delimiter = ',', value_parser = parse_category)]
    pub(crate) category: Vec<Category>,
    /// What the drafts are, where name and content leave a doubt: text, markdown, html, mail
    #[arg(long, hide_short_help = true, value_name = "FORMAT", value_parser = parse_draft_format)]
    pub(crate) input_format: Option<lint::Format>,
    /// How to write remarks: human, json, sarif, junit, github
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = parse_annotate_format)]
    pub(crate) format: annotate::Format,
    #[command(flatten)]
    pub(crate) setup: SetupArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct HitsArgs {
    /// How to write
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: HitsFormat,
    /// Only these categories
    #[arg(long, value_name = "CATEGORY,...", value_delimiter = ',', value_parser = parse_category)]
    pub(crate) category: Vec<Category>,
    /// Show the words with what stands around them
    #[arg(long)]
    pub(crate) show_text: bool,
    /// For every message, what was cut from it and why
    #[arg(long)]
    pub(crate) cleaning: bool,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum HitsFormat {
    /// Lines for people
    Human,
    /// One JSON object a message
    Jsonl,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct LexiconArgs {
    #[command(subcommand)]
    pub(crate) command: LexiconCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LexiconCommand {
    /// One line for every lexicon, and the groups with their number of names
    List(SetupArgs),
    /// Every entry of a lexicon with its sense, words, exceptions and examples
    Show {
        /// Category, or "groups"
        name: String,
        #[command(flatten)]
        setup: SetupArgs,
    },
    /// Run the examples of every entry: of all lexicons in force, or only of the given files
    Test {
        /// Lexicon files to test on their own
        files: Vec<PathBuf>,
        #[command(flatten)]
        neutral: NeutralArgs,
        #[command(flatten)]
        setup: SetupArgs,
    },
    /// Turn a word list of another tool (LIWC .dic or .dicx, table, quanteda YAML) into a lexicon
    Import(ImportArgs),
    /// Fit weighted cues to labelled sentences, such as a coded sample of one's own mail
    Fit(FitArgs),
    /// Propose words that stand beside the matches of a category in your own text, each used by enough authors
    Suggest(SuggestArgs),
}

/// Where to look for words.
#[derive(Debug, ClapArgs)]
pub(crate) struct SuggestArgs {
    /// Category whose matches are looked beside
    #[arg(long, value_name = "CATEGORY", value_parser = parse_category)]
    pub(crate) category: Category,
    /// Most words to propose
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub(crate) most: usize,
    /// Where to write the draft of a lexicon; readable by you only
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

/// Text in which nothing ought to be found.
#[derive(Debug, ClapArgs)]
pub(crate) struct NeutralArgs {
    /// Count what each string flags in harmless text instead; any input, may be given several times
    #[arg(long, value_name = "INPUT")]
    pub(crate) neutral: Vec<PathBuf>,
    /// Which column of a table holds what: text=body,team=dept
    #[arg(long, value_name = "FIELD=COLUMN,...", value_parser = FieldMap::parse, requires = "neutral")]
    pub(crate) map: Option<FieldMap>,
    /// Format of the harmless text, where its content leaves a doubt
    #[arg(long, value_name = "FORMAT", value_parser = parse_input_format, requires = "neutral")]
    pub(crate) input_format: Option<source::Format>,
}

/// A word list to turn into a lexicon.
#[derive(Debug, ClapArgs)]
pub(crate) struct ImportArgs {
    /// The word list
    pub(crate) file: PathBuf,
    /// Category of the lexicon [default: what the list is called, where that is a category]
    #[arg(long = "as", value_name = "CATEGORY", value_parser = parse_category)]
    pub(crate) category: Option<Category>,
    /// Only these lists of the file [default: all]
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub(crate) list: Vec<String>,
    /// What the words must be said of to count
    #[arg(long, value_name = "WHAT", default_value = "group")]
    pub(crate) about: ImportAbout,
    /// Language of the words (BCP 47)
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    pub(crate) language: String,
    /// Format of the file: dic, csv or yaml [default: by content and name]
    #[arg(long, value_name = "FORMAT", value_parser = parse_list_format)]
    pub(crate) format: Option<import::Format>,
    /// Where to write the lexicon [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ImportAbout {
    /// A team
    Group,
    /// A person or a team
    Person,
    /// Nothing: they count anywhere
    None,
}

fn parse_list_format(name: &str) -> Result<import::Format, String> {
    let known = import::Format::ALL.map(import::Format::name);
    let found = import::Format::ALL.into_iter().find(|format| format.name() == name);
    found.ok_or_else(|| format!("expected one of {}{}", known.join(", "), evenhand::fault::nearest(name, known)))
}

#[derive(Debug, ClapArgs)]
pub(crate) struct FitArgs {
    /// Labelled sentences: JSON Lines with text, `speaker_team`, spans, one file a writer; or sheets of `validate draw`, coded (.csv)
    #[arg(required = true, value_name = "LABELLED")]
    pub(crate) labelled: Vec<PathBuf>,
    /// Export of ordinary text, to be told from wording; may be given several times
    #[arg(long, required = true, value_name = "INPUT", num_args = 1..)]
    pub(crate) neutral: Vec<PathBuf>,
    /// Export of ordinary text that no cue is fitted to; thresholds are taken from it too
    #[arg(long, value_name = "INPUT", num_args = 1..)]
    pub(crate) held_back: Vec<PathBuf>,
    /// Which column of a table of ordinary text holds what: text=body,team=dept
    #[arg(long, value_name = "FIELD=COLUMN,...", value_parser = FieldMap::parse)]
    pub(crate) map: Option<FieldMap>,
    /// Fewest files in whose sentences, marked or not, a cue must stand
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub(crate) min_writers: usize,
    /// Segments of ordinary text that may count falsely, per 1,000 that mean a team and were not fitted
    #[arg(long, value_name = "N", default_value_t = 0.5)]
    pub(crate) false_per_1000: f64,
    /// The same for segments in which no team is named or meant
    #[arg(long, value_name = "N", default_value_t = 0.05)]
    pub(crate) false_aside_per_1000: f64,
    /// Folder to write the cues to, a file a category
    #[arg(long, short, value_name = "FOLDER")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) setup: SetupArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ValidateArgs {
    #[command(subcommand)]
    pub(crate) command: ValidateCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ValidateCommand {
    /// Draw hits, and sentences without one, into a sheet that people fill in; authors are masked
    Draw(Box<DrawArgs>),
    /// Score a sheet that was filled in; with a second coder's copy, also how far the two agree
    Score(ScoreArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct DrawArgs {
    /// Where to write the sheet (CSV), with SHEET.README.md beside it; readable by you only
    #[arg(long, short, value_name = "SHEET")]
    pub(crate) output: PathBuf,
    /// Seed of the draw; the same seed draws the same sample
    #[arg(long, value_name = "N", default_value_t = validation::Plan::default().seed)]
    pub(crate) seed: u64,
    /// Hits to draw, shared out over the categories; all, if there are fewer
    #[arg(long, value_name = "N", default_value = "200", value_parser = clap::value_parser!(u16).range(10..))]
    pub(crate) hits: u16,
    /// Sentences to draw that name a team and hold no hit
    #[arg(long, value_name = "N", default_value = "200", value_parser = clap::value_parser!(u16).range(10..))]
    pub(crate) sentences: u16,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ScoreArgs {
    /// The sheet, every row filled in
    #[arg(value_name = "SHEET")]
    pub(crate) sheet: PathBuf,
    /// A second coder's copy, of which rows may be left out
    #[arg(value_name = "SECOND_SHEET")]
    pub(crate) second: Option<PathBuf>,
    /// Where to write the score for reports to cite; it holds no text
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

fn parse_input_format(name: &str) -> Result<source::Format, String> {
    let known = source::Format::ALL.map(source::Format::name);
    let found = source::Format::ALL.into_iter().find(|format| format.name() == name);
    found.ok_or_else(|| format!("expected one of {}{}", known.join(", "), evenhand::fault::nearest(name, known)))
}

fn parse_annotate_format(name: &str) -> Result<annotate::Format, String> {
    let known = annotate::Format::ALL.map(annotate::Format::name);
    annotate::Format::from_name(name)
        .ok_or_else(|| format!("expected one of {}{}", known.join(", "), evenhand::fault::nearest(name, known)))
}

fn parse_draft_format(name: &str) -> Result<lint::Format, String> {
    let known = lint::Format::ALL.map(lint::Format::name);
    let found = lint::Format::ALL.into_iter().find(|format| format.name() == name);
    found.ok_or_else(|| format!("expected one of {}{}", known.join(", "), evenhand::fault::nearest(name, known)))
}

fn parse_date_order(name: &str) -> Result<DateOrder, String> {
    let known = DateOrder::ALL.map(DateOrder::name);
    let found = DateOrder::ALL.into_iter().find(|order| order.name() == name);
    found.ok_or_else(|| format!("expected one of {}{}", known.join(", "), evenhand::fault::nearest(name, known)))
}

fn parse_category(name: &str) -> Result<Category, String> {
    let known = Category::ALL.map(Category::name);
    Category::from_name(name).ok_or_else(|| format!("expected one of {}{}", known.join(", "), evenhand::fault::nearest(name, known)))
}

/// Formats of a report, each once, in the order typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Formats(pub(crate) Vec<Format>);

fn parse_formats(names: &str) -> Result<Formats, String> {
    let mut formats = Vec::new();
    for name in names.split(',').map(str::trim) {
        let meant = if name == ALL_FORMATS { Format::ALL.to_vec() } else { vec![parse_format(name)?] };
        formats.extend(meant.into_iter().filter(|format| !formats.contains(format)).collect::<Vec<_>>());
    }
    Ok(Formats(formats))
}

fn parse_format(name: &str) -> Result<Format, String> {
    let known = || Format::ALL.map(Format::name).into_iter().chain([ALL_FORMATS]);
    Format::from_name(name)
        .ok_or_else(|| format!("expected one of {}{}", known().collect::<Vec<_>>().join(", "), evenhand::fault::nearest(name, known())))
}
