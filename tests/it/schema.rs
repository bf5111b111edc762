//! The published schema of the JSON report: what is written holds to it, and it asks for neither more nor less than is written.

use std::collections::BTreeSet;
use std::fs;

use boon::{Compiler, Schemas};
use serde_json::{Value, json};

use crate::support::{Scratch, evenhand, report, root, stdout};

const SCHEMA: &str = "docs/report.schema.json";
const SAMPLES: [&str; 4] = ["samples/slack", "samples/mail.mbox", "--config", "samples/evenhand.toml"];

fn schema() -> Value {
    serde_json::from_str(&fs::read_to_string(root().join(SCHEMA)).unwrap()).unwrap()
}

/// What is wrong with a report.
fn faults(schema: &Value, report: &Value) -> Option<String> {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.add_resource("report.json", schema.clone()).unwrap();
    let index = compiler.compile("report.json", &mut schemas).unwrap();
    schemas.validate(report, index).err().map(|error| format!("{error:#}"))
}

fn assert_holds(report: &Value) {
    if let Some(faults) = faults(&schema(), report) {
        panic!("{faults}");
    }
}

#[test]
fn the_reports_of_the_samples_hold_to_the_schema() {
    assert_holds(&report(&SAMPLES));
    let with = |further: &[&str]| report(&[&SAMPLES[..], further].concat());
    assert_holds(&with(&["--min-authors", "1"]));
    assert_holds(&with(&["--min-authors", "500"]));
    assert_holds(&with(&["--since", "2026-05-01", "--no-cues"]));
    assert_holds(&report(&SAMPLES[..2]));
}

#[test]
fn reports_of_text_without_dates_and_of_a_declared_company_hold_to_the_schema() {
    let scratch = Scratch::new("schema");
    let line = |n: usize| format!("{{\"t\":\"Our heroes in Sales saved quarter {n}.\",\"a\":\"p{}\"}}\n", n % 8);
    let chat = scratch.write("chat.jsonl", (0..40).map(line).collect::<String>());
    let config = scratch.write("evenhand.toml", "[situation]\nhead_count = 40\nmarketing_role = \"sales_support\"\nhbr_score = 61\n");
    let report = report(&[&chat, "--map", "text=t,author=a", "--config", &config]);
    assert!(report["months"].is_null() && !report["decision"]["questionnaire"].is_null());
    assert_holds(&report);
}

#[test]
fn the_schema_refuses_what_is_not_a_report() {
    let good = report(&SAMPLES);
    let schema = schema();
    let spoilt = |spoil: fn(&mut Value)| {
        let mut bad = good.clone();
        spoil(&mut bad);
        faults(&schema, &bad).is_some()
    };
    assert!(spoilt(|report| report["schema_version"] = json!(2)));
    assert!(spoilt(|report| report["author"] = json!("p")));
    assert!(spoilt(|report| report["levels"][0]["status"] = json!("shown")));
    assert!(spoilt(|report| report["gaps"][0]["verdict"] = json!("proven")));
    assert!(spoilt(|report| drop(report["gaps"][0].as_object_mut().unwrap().remove("q"))));
    assert!(spoilt(|report| report["messages"]["removed"]["whim"] = json!(1)));
}

/// Every field that the schema names is written somewhere, so that it cannot promise what is gone.
#[test]
fn every_field_of_the_schema_is_written() {
    fn written(value: &Value, fields: &mut BTreeSet<String>) {
        match value {
            Value::Object(object) => object.iter().for_each(|(name, value)| {
                fields.insert(name.clone());
                written(value, fields);
            }),
            Value::Array(items) => items.iter().for_each(|item| written(item, fields)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    fn named(value: &Value, fields: &mut BTreeSet<String>) {
        match value {
            Value::Object(object) => object.iter().for_each(|(name, value)| {
                if let ("properties", Value::Object(properties)) = (name.as_str(), value) {
                    fields.extend(properties.keys().cloned());
                }
                named(value, fields);
            }),
            Value::Array(items) => items.iter().for_each(|item| named(item, fields)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let scratch = Scratch::new("schema-fields");
    let draw: Vec<&str> = ["validate", "draw"].into_iter().chain(SAMPLES).collect();
    let sheet = scratch.path("sheet.csv");
    stdout(&[&draw[..], &["-o", &sheet]].concat(), 0);
    // A coder who finds every hit right and nothing missed.
    let coded = coded_all_right(&fs::read_to_string(&sheet).unwrap());
    let (sheet, score) = (scratch.write("sheet.csv", coded), scratch.path("validation.json"));
    let output = evenhand(&["validate", "score", &sheet, "-o", &score]);
    assert!(fs::exists(&score).unwrap(), "{}", String::from_utf8_lossy(&output.stderr));
    let config = scratch.write(
        "evenhand.toml",
        format!("[teams]\nroster = \"{}\"\n[situation]\nhbr_score = 61\n", root().join("samples/roster.csv").display()),
    );
    let before = scratch.path("before.json");
    let until = ["report", SAMPLES[0], SAMPLES[1], "--config", &config, "--until", "2026-03-31", "--format", "json"];
    fs::write(&before, stdout(&until, 0)).unwrap();
    let (mut have, mut promised) = (BTreeSet::new(), BTreeSet::new());
    for further in [["--validation", &score], ["--compare", &before]] {
        let report = report(&[&[SAMPLES[0], SAMPLES[1], "--config", &config], &further[..]].concat());
        assert_holds(&report);
        written(&report, &mut have);
    }
    named(&schema(), &mut promised);
    let missing: Vec<&String> = promised.difference(&have).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn coded_all_right(sheet: &str) -> String {
    let mut reader = csv::Reader::from_reader(sheet.trim_start_matches('\u{feff}').as_bytes());
    let head = reader.headers().unwrap().clone();
    let column = |name: &str| head.iter().position(|column| column == name).unwrap();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&head).unwrap();
    for record in reader.records().map(Result::unwrap) {
        let is_hit = !record[column("category")].is_empty();
        let fields = head.iter().zip(record.iter()).map(|(name, field)| match name {
            "right" | "target_right" if is_hit => "y",
            "missed_category" if !is_hit => "none",
            "coder" => "a",
            _ => field,
        });
        writer.write_record(fields).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}
