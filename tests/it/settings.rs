//! The schema of `evenhand.toml` for editors: what the command takes holds to it, and what it refuses does not.

use std::fs;

use boon::{Compiler, Schemas};
use evenhand::check::Policy;
use evenhand::config;
use serde_json::Value;

use crate::support::root;

/// Whether a configuration holds to the schema.
fn holds(text: &str) -> bool {
    let schema: Value = serde_json::from_str(&fs::read_to_string(root().join("docs/evenhand.schema.json")).unwrap()).unwrap();
    let settings = serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap();
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.add_resource("evenhand.json", schema).unwrap();
    let index = compiler.compile("evenhand.json", &mut schemas).unwrap();
    schemas.validate(&settings, index).is_ok()
}

/// Whether the command takes it.
fn is_taken(text: &str) -> bool {
    config::parse("evenhand.toml", text).is_ok_and(|config| Policy::new(&config.check, "evenhand.toml", text).is_ok())
}

#[test]
fn what_is_taken_holds_to_the_schema_and_what_is_refused_does_not() {
    let is_example = |line: &&str| line.strip_prefix('#').is_some_and(|line| line.starts_with(|c: char| c == '[' || c.is_lowercase()));
    let examples: Vec<&str> = config::TEMPLATE.lines().map(|line| if is_example(&line) { &line[1..] } else { line }).collect();
    let samples = fs::read_to_string(root().join("samples/evenhand.toml")).unwrap();
    let limit = |keys: &str| format!("[[check.limit]]\nteam = \"company\"\n{keys}");
    let rate = "category = \"heroic\"\nmax_per_1000_words = 1\n";
    let ratio = "gap = \"scorn\"\ndirection = \"marketing/sales\"\nmax_ratio = 2\n";
    let sound = [
        String::new(),
        samples,
        config::TEMPLATE.to_owned(),
        examples.join("\n"),
        limit(rate),
        limit("category = \"heroic\"\ntarget = \"sales\"\nmax_per_1000_naming_segments = 2.5\n"),
        limit(ratio),
        limit("gap = \"praise\"\nverdict = \"material_gap\"\n"),
        "[check]\nbaseline = \"base.json\"\ntolerance = 0\non_insufficient = \"fail\"\nfail_on = [\"inconclusive\"]\n".to_owned(),
    ];
    let unsound = [
        "[teams]\nrooster = \"roster.csv\"\n".to_owned(),
        "[privacy]\nmin_authors = 0\n".to_owned(),
        "[contrast]\nmaterial_ratio = 1\n".to_owned(),
        "[contrast]\npairs = [[\"sales\"]]\n".to_owned(),
        "[situation]\nhbr_score = 120\n".to_owned(),
        "[check]\ntolerance = -0.1\n".to_owned(),
        "[check]\nfail_on = [\"suppressed\"]\n".to_owned(),
        format!("[[check.limit]]\n{rate}"),
        limit("category = \"heroic\"\n"),
        limit("category = \"heroik\"\nmax_per_1000_words = 1\n"),
        limit("category = \"heroic\"\nmax_per_1000_naming_segments = 1\n"),
        limit("category = \"heroic\"\ntarget = \"sales\"\nmax_per_1000_words = 1\n"),
        limit(&format!("{rate}gap = \"scorn\"\n")),
        limit(&format!("{ratio}category = \"heroic\"\n")),
        limit(&format!("{ratio}verdict = \"material_gap\"\n")),
        limit("gap = \"scorn\"\nmax_ratio = 2\n"),
        limit("gap = \"scorn\"\ndirection = \"marketing\"\nmax_ratio = 2\n"),
        limit("gap = \"scorn\"\ndirection = \"marketing/sales\"\nmax_ratio = 0.5\n"),
        limit("gap = \"scorn\"\ndirection = \"marketing/sales\"\nverdict = \"material_gap\"\n"),
    ];
    for text in &sound {
        assert!(is_taken(text) && holds(text), "{text}");
    }
    for text in &unsound {
        assert!(!is_taken(text) && !holds(text), "taken: {}, holds: {}\n{text}", is_taken(text), holds(text));
    }
}
