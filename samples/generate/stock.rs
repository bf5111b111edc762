//! Sentences drawn from `stock.txt`.

use std::collections::BTreeMap;

use rand::RngExt;
use rand::seq::IndexedRandom;

use super::{Result, Rng};

/// Sections of `stock.txt`, each a list of lines to draw from.
pub(crate) struct Stock(BTreeMap<String, Vec<String>>);

impl Stock {
    pub(crate) fn parse(text: &str) -> Self {
        let mut sections: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut name = String::new();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(title) = line.strip_prefix("= ") {
                title.clone_into(&mut name);
            } else {
                let choice = if line == "-" { "" } else { line };
                sections.entry(name.clone()).or_default().push(choice.to_owned());
            }
        }
        // A person in a sentence is one of the people, by first name.
        let first_names = sections.get("people").into_iter().flatten();
        let first_names = first_names.filter_map(|name| name.split(' ').next()).map(str::to_owned).collect();
        sections.insert("person".to_owned(), first_names);
        Self(sections)
    }

    pub(crate) fn lines(&self, section: &str) -> &[String] {
        self.0.get(section).map_or(&[], Vec::as_slice)
    }

    /// One choice of `group.section` and `section`, with its slots filled.
    pub(crate) fn draw(&self, rng: &mut Rng, section: &str, group: &str) -> Result<String> {
        let choices: Vec<&String> = self.lines(&format!("{group}.{section}")).iter().chain(self.lines(section)).collect();
        let template = choices.choose(rng).ok_or_else(|| format!("stock.txt: no section {section:?} for group {group:?}"))?;
        let (mut filled, mut rest) = (String::new(), template.as_str());
        while let Some((before, after)) = rest.split_once('{') {
            let (slot, after) = after.split_once('}').ok_or_else(|| format!("stock.txt: open slot in {template:?}"))?;
            filled.push_str(before);
            match slot.split_once('-') {
                Some((low, high)) => filled += &rng.random_range(low.parse::<u32>()?..=high.parse()?).to_string(),
                None => filled += &self.draw(rng, slot, group)?,
            }
            rest = after;
        }
        Ok(filled + rest)
    }

    /// A drawn sentence, with its capital and without double blanks.
    pub(crate) fn sentence(&self, rng: &mut Rng, section: &str, group: &str) -> Result<String> {
        let words = self.draw(rng, section, group)?;
        Ok(capital(&words.split_whitespace().collect::<Vec<_>>().join(" ")))
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// True once in `n` times.
pub(crate) fn one_in(rng: &mut Rng, n: u32) -> bool {
    rng.random_range(0..n) == 0
}
