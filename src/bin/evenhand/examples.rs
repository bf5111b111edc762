//! What `--help` shows below the options of every command: lines that can be typed as they are. A test types them.

pub(crate) const ALL: &str = "\
Examples:
  evenhand init slack-export.zip sales.mbox
  evenhand report slack-export.zip sales.mbox
  evenhand lint job-ad.md newsletter.html
  evenhand check export/

`evenhand COMMAND -h` shows more of them, `evenhand COMMAND --help` every option.

Environment, where nothing is typed: EVENHAND_CONFIG, EVENHAND_ROSTER, EVENHAND_TIMEZONE,
EVENHAND_MIN_AUTHORS, EVENHAND_KEY_FILE, EVENHAND_THREADS.

Exit codes (when several apply: 2, then 1, then 3):
  0  done, no limit crossed, no remark
  1  a limit is crossed, or a draft has remarks
  2  wrong use, or input that could not be read
  3  a limit could not be judged, and on_insufficient = \"fail\"";

pub(crate) const INIT: &str = "\
Examples:
  evenhand init slack-export.zip sales.mbox      write evenhand.toml, draft roster.csv from the authors
  evenhand init slack-export.zip --force         draft the roster anew; what it says is kept";

pub(crate) const REPORT: &str = "\
Examples:
  evenhand report slack-export.zip sales.mbox --dry-run      what would be read
  evenhand report slack-export.zip sales.mbox                the report
  evenhand report export/ --format html > report.html
  evenhand report export/ --format all --output reports/
  evenhand report chat.csv --map text=body,author=from,time=date
  evenhand report january.tally february.tally               tallies that evenhand scan has made";

pub(crate) const SCAN: &str = "\
Examples:
  evenhand scan export/ -o export.tally
  evenhand scan export/ --key-file key --since 2026-01-01 --until 2026-01-31 -o january.tally";

pub(crate) const CHECK: &str = "\
Examples:
  evenhand check export/                         judge the limits of evenhand.toml; 1 if one is crossed
  evenhand check export/ --update-baseline       write the baseline that later months are held against
  evenhand check export/ --format junit > evenhand.xml";

pub(crate) const LINT: &str = "\
Examples:
  evenhand lint job-ad.md newsletter.html
  evenhand lint - < announcement.txt
  evenhand lint --diff change.diff --format github      only lines that a change adds or alters
  evenhand lint job-ad.md --category gendered

What is meant to stand gets a mark with a reason, on its line or the one before:
  evenhand: ignore heroic -- quoting a customer";

pub(crate) const HITS: &str = "\
Examples:
  evenhand hits export/ --category heroic --show-text      every match with the words around it
  evenhand hits sales.mbox --cleaning                      what was cut from each message, and why
  evenhand hits export/ --format jsonl > hits.jsonl";

pub(crate) const LEXICON: &str = "\
Examples:
  evenhand lexicon list
  evenhand lexicon show heroic
  evenhand lexicon test own.toml
  evenhand lexicon import list.dic --as heroic -o imported.toml
  evenhand lexicon suggest export/ --category heroic -o suggested.toml";

pub(crate) const VALIDATE: &str = "\
Examples:
  evenhand validate draw export/ -o sheet.csv              draw a sample; fill the sheet in
  evenhand validate score sheet.csv -o validation.json     score it
  evenhand report export/ --validation validation.json     let the report cite it";
