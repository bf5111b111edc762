//! Weighted cues: that they can be fitted again, know no team by name, and can be left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use evenhand::fit::{Data, Options, labelled};
use evenhand::lexicon::groups::Groups;
use evenhand::lexicon::{Lexicons, builtin, cues, parse};
use evenhand::roster::Roster;
use evenhand::scan::{Setup, segments};
use evenhand::source;
use evenhand::tally::Key;
use jiff::tz::TimeZone;

use crate::support::{Scratch, corpora, root, stdout};

/// The writers that the shipped cues were fitted from.
#[rustfmt::skip]
const WRITERS: [&str; 58] = [
    "dev", "dev_b", "dev_c", "dev_d", "dev_e", "dev_f", "dev_g", "dev_h", "dev_i", "dev_j", "dev_l", "dev_m", "dev_n", "dev_o", "dev_p", "dev_q", "dev_r",
    "dev_s", "dev_t", "dev_u", "dev_v", "dev_w", "dev_x", "dev_y", "dev_z", "dev_aa", "dev_ab", "dev_ac", "dev_ad",
    "dev_ae", "dev_af", "dev_ag", "dev_ah", "dev_ai", "dev_aj", "dev_ak",
    "dev_al", "dev_am", "dev_an", "dev_ao", "dev_ap", "dev_aq", "dev_ar", "dev_as", "dev_at", "dev_au", "dev_av",
    "dev_aw", "dev_ax", "dev_ay", "dev_az", "dev_ba", "dev_bb", "dev_bc", "dev_bd", "dev_be", "dev_bf", "extra",
];

/// The neutral text that they were fitted from: files of dull messages, and real exports.
const NEUTRAL: [&str; 8] = ["neutral_a", "neutral_b", "neutral_e", "neutral_f", "neutral_g", "neutral_h", "neutral_i", "neutral_j"];
const NEUTRAL_EXPORTS: [&str; 5] = [
    "mbox/r-package-devel-2023q1.mbox",
    "mbox/r-devel-1997-July.mbox",
    "slack/houstondatavis",
    "enron/maildir/allen-p",
    "zulip/lean-community",
];

fn labelled_file(name: &str) -> PathBuf {
    root().join("tests/labelled").join(format!("{name}.jsonl"))
}

fn setup() -> Setup {
    let lexicons: Vec<_> = builtin::LEXICONS.iter().map(|(path, text)| parse::parse(path, text).unwrap()).collect();
    let classes = parse::parse_classes(builtin::CLASSES.0, builtin::CLASSES.1).unwrap();
    let groups = Groups::parse(builtin::GROUPS.0, builtin::GROUPS.1).unwrap();
    let lexicons = Lexicons::compile(&lexicons, &classes, groups).unwrap();
    Setup::new(lexicons, Roster::default(), TimeZone::UTC, Key::new([0; 32])).unwrap()
}

#[test]
fn a_fit_finds_the_shipped_weights() {
    let Some(corpora) = corpora("a_fit_finds_the_shipped_weights") else { return };
    let setup = setup();
    let writers: Vec<_> = WRITERS
        .iter()
        .map(|name| {
            let (writer, faults) = labelled::read(name, &fs::read_to_string(labelled_file(name)).unwrap(), &setup.framing);
            assert_eq!(faults, []);
            writer
        })
        .collect();
    let options = |map: Option<&str>| source::Options {
        map: map.map(|map| source::table::FieldMap::parse(map).unwrap().into()),
        ..source::Options::default()
    };
    let dull = NEUTRAL.map(|name| source::open(&labelled_file(name), &options(Some("text=text,team=speaker_team"))).unwrap());
    let real = NEUTRAL_EXPORTS.map(|name| source::open(&corpora.join(name), &options(None)).unwrap());
    let (neutral, _) = segments::of_sources(dull.into_iter().chain(real).collect(), &setup);
    let struck = cues::parse_struck(builtin::STRUCK.0, builtin::STRUCK.1).unwrap();
    let data = Data::new(&writers, &neutral, &[], &struck);
    assert!(!builtin::CUES.is_empty());
    for (path, text) in builtin::CUES {
        let file = cues::parse(path, text).unwrap();
        let fitted = data.cues(file.header.category, Options::default());
        let shipped: BTreeMap<&str, f64> = file.cues.iter().map(|cue| (cue.text.as_str(), f64::from(cue.weight.0))).collect();
        let found: BTreeMap<&str, f64> = fitted.iter().map(|(text, weight)| (text.as_str(), f64::from(weight.0))).collect();
        let n_same = shipped.iter().filter(|&(text, weight)| found.get(text).is_some_and(|other| (weight - other).abs() <= 2.0)).count();
        let agreement = correlation(&shipped, &found);
        eprintln!("{path}: {n_same} of {} weights are the same within rounding, correlation of all {agreement:.3}", shipped.len());
        // What cleaning leaves of the exports, and which names teams have, moves weights a little; more asks for a new fit.
        assert!(agreement >= 0.97, "{path}: correlation of shipped and fitted weights {agreement:.3}; fit again (lexicons/cues/README.md)");
    }
}

/// Pearson's correlation of two sets of weights; a cue that one of them lacks weighs 0 there.
fn correlation(a: &BTreeMap<&str, f64>, b: &BTreeMap<&str, f64>) -> f64 {
    let cues: BTreeSet<&str> = a.keys().chain(b.keys()).copied().collect();
    let n = cues.len() as f64;
    let column = |of: &BTreeMap<&str, f64>| -> Vec<f64> {
        let weights: Vec<f64> = cues.iter().map(|cue| of.get(cue).copied().unwrap_or(0.0)).collect();
        let mean = weights.iter().sum::<f64>() / n;
        weights.iter().map(|weight| weight - mean).collect()
    };
    let (a, b) = (column(a), column(b));
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    product(&a, &b) / (product(&a, &a) * product(&b, &b)).sqrt()
}

#[test]
fn swapping_the_names_of_two_groups_mirrors_what_cues_read() {
    let scratch = Scratch::new("cues-swap");
    let config = scratch.write("evenhand.toml", "[groups.alphas]\naliases = [\"Alphas\"]\n[groups.gammas]\naliases = [\"Gammas\"]\n");
    // Thresholds far below those that ship, so that there is much to mirror.
    for (path, text) in builtin::CUES {
        let shipped = cues::parse(path, text).unwrap().header.meant.sum;
        let name = path.rsplit('/').next().unwrap();
        scratch.write(&format!("cues/{name}"), text.replace(&format!("# threshold: {shipped}"), "# threshold: 1.50"));
    }
    let folder = scratch.path("cues");
    // Names that occur in no lexicon and are equally long, so that offsets stay and no other phrase changes.
    let hits = |first: &str, second: &str| {
        let mut rows = String::new();
        for name in WRITERS {
            for line in fs::read_to_string(labelled_file(name)).unwrap().lines() {
                let row: serde_json::Value = serde_json::from_str(line).unwrap();
                let put = |text: &str| {
                    let words = text.split(' ').map(|word| match word.to_lowercase().as_str() {
                        "sales" => first,
                        "marketing" => second,
                        _ => word,
                    });
                    words.collect::<Vec<_>>().join(" ")
                };
                let (text, team) = (put(row["text"].as_str().unwrap()), row["speaker_team"].as_str().map(put));
                rows += &serde_json::json!({ "id": row["id"], "text": text, "team": team }).to_string();
                rows.push('\n');
            }
        }
        let path = scratch.write("rows.jsonl", rows);
        let args = ["hits", &path, "--map", "text=text,team=team,id=id", "--format", "jsonl", "--only-cues"];
        stdout(&[&args[..], &["--cues", &folder, "--config", &config]].concat(), 0)
    };
    let (ours, theirs) = (hits("Alphas", "Gammas"), hits("Gammas", "Alphas"));
    let mirrored = theirs.replace("\"alphas\"", "\"#\"").replace("\"gammas\"", "\"alphas\"").replace("\"#\"", "\"gammas\"");
    assert!(ours.matches("\"alphas\"").count() > 20 && ours.matches("\"gammas\"").count() > 20);
    let differ: Vec<_> = ours.lines().zip(mirrored.lines()).filter(|(ours, mirrored)| ours != mirrored).collect();
    assert!(differ.is_empty() && ours.lines().count() == mirrored.lines().count(), "{} rows: {:?}", differ.len(), differ.first());
}
