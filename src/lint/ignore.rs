//! `evenhand: ignore heroic -- quoting a customer`: a mark in a draft that something is meant to stand as it is, and why.

use super::{Remark, What};
use crate::fault;
use crate::lexicon::Category;
use crate::span::{LineStarts, Span};

/// What such a mark begins with.
const MARK: &str = "evenhand: ignore";

/// A mark to ignore something, sound or not. It holds for its own line and the next one that is not blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Directive {
    /// Bytes of the file.
    pub(super) span: Span,
    /// The lines it holds for.
    pub(super) lines: [u64; 2],
    /// The categories, or why it is not sound.
    pub(super) categories: Result<Vec<Category>, String>,
}

/// Finds the marks of a text.
pub(super) fn directives(text: &str) -> Vec<Directive> {
    let lines = LineStarts::of(text);
    let found = text.match_indices(MARK).map(|(start, mark)| {
        let line = lines.line_of(start);
        let rest = &text[start + mark.len()..];
        let rest = &rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())];
        // The comment that it stands in ends before its line does.
        let rest = &rest[..["-->", "*/", "--}}", "#}"].iter().filter_map(|end| rest.find(end)).min().unwrap_or(rest.len())].trim_end();
        let span = Span::new(start, start + mark.len() + rest.len());
        Directive { span, lines: [line, next_filled(text, &lines, line)], categories: categories(rest) }
    });
    found.collect()
}

/// The next line that is not blank.
fn next_filled(text: &str, lines: &LineStarts, line: u64) -> u64 {
    let content = |line: u64| text[lines.start_of(line)..].split('\n').next().unwrap_or_default();
    (line + 1..=lines.n_lines()).find(|&next| !content(next).trim().is_empty()).unwrap_or(line)
}

fn categories(rest: &str) -> Result<Vec<Category>, String> {
    let (names, reason) = rest.split_once("--").map_or((rest, ""), |(names, reason)| (names, reason.trim()));
    let known = Category::ALL.map(Category::name);
    let names: Vec<&str> = names.split([',', ' ', '\t']).filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return Err(format!("names no category, expected one of {}", known.join(", ")));
    }
    let category = |name: &&str| {
        let unknown =
            || format!("has the unknown category \"{name}\", expected one of {}{}", known.join(", "), fault::nearest(name, known));
        Category::from_name(name).ok_or_else(unknown)
    };
    let categories = names.iter().map(category).collect::<Result<_, _>>()?;
    if reason.is_empty() { Err(format!("gives no reason, expected \"{MARK} {} -- reason\"", names.join(", "))) } else { Ok(categories) }
}

/// Takes the remarks away that marks ignore, and tells the marks that are not sound or ignore nothing.
pub(super) fn apply(directives: &[Directive], remarks: &mut Vec<Remark>, is_asked: &dyn Fn(Category) -> bool) -> Vec<(Span, String)> {
    let mut mistakes = Vec::new();
    let mut used: Vec<(usize, Category)> = Vec::new();
    remarks.retain(|remark| {
        let What::Wording(wording) = &remark.what else { return true };
        let holds = |directive: &Directive| {
            directive.lines.contains(&remark.place.line)
                && directive.categories.as_ref().is_ok_and(|categories| categories.contains(&wording.category))
        };
        let by: Vec<usize> = (0..directives.len()).filter(|&at| holds(&directives[at])).collect();
        used.extend(by.iter().map(|&at| (at, wording.category)));
        by.is_empty()
    });
    for (at, directive) in directives.iter().enumerate() {
        match &directive.categories {
            Err(why) => mistakes.push((directive.span, why.clone())),
            Ok(categories) => mistakes.extend(
                categories
                    .iter()
                    .filter(|&&category| is_asked(category) && !used.contains(&(at, category)))
                    .map(|category| (directive.span, format!("ignores nothing: no {category} wording here or in the next line"))),
            ),
        }
    }
    mistakes
}
