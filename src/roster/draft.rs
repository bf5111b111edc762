//! Authors as they were seen → a roster to be filled in. The team is written only where it is certain.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::Arc;

use jiff::civil::Date;

use super::{COLUMNS, HINT, Person, Roster, Stint, user_key};

/// Signs with which a cell begins that a spreadsheet would compute.
pub(super) const COMPUTED: [char; 4] = ['=', '+', '-', '@'];

/// What was seen of one author.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Mail address in lower case.
    pub email: Option<String>,
    /// Handle in lower case.
    pub handle: Option<String>,
    /// The key under which the author's words are added up.
    pub key: String,
    /// Display name as written last.
    pub name: Option<String>,
    /// Titles, departments or roles as profiles say them.
    pub titles: BTreeSet<String>,
    /// Own words.
    pub words: u64,
    /// Own words that have a team.
    pub words_with_team: u64,
    /// Teams of those words.
    pub teams: BTreeSet<Arc<str>>,
}

/// How far the teams are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Authors.
    pub authors: u64,
    /// Authors who have a team for some of their words.
    pub authors_with_team: u64,
    /// Own words.
    pub words: u64,
    /// Own words that have a team.
    pub words_with_team: u64,
}

impl Coverage {
    /// Adds up authors.
    #[must_use]
    pub fn of(seen: &[Seen]) -> Self {
        Self {
            authors: seen.len() as u64,
            authors_with_team: seen.iter().filter(|seen| !seen.teams.is_empty()).count() as u64,
            words: seen.iter().map(|seen| seen.words).sum(),
            words_with_team: seen.iter().map(|seen| seen.words_with_team).sum(),
        }
    }
}

/// A row of a roster.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Addresses of one person, or a pattern.
    pub emails: Vec<String>,
    /// Handles and ids of that person.
    pub users: Vec<String>,
    /// Display name, for people only.
    pub name: String,
    /// Team; empty where it is not known yet.
    pub team: String,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// What may help to name the team.
    pub hint: String,
}

/// A roster that says of everybody who was seen what is certain: those who wrote most come first, people of the roster at hand keep
/// their rows, and those of them who were not seen come last, with the patterns.
#[must_use]
pub fn draft(roster: &Roster, mut seen: Vec<Seen>) -> Vec<Row> {
    seen.sort_by(|a, b| b.words.cmp(&a.words).then_with(|| a.key.cmp(&b.key)));
    let hints = Hints::of(&seen);
    let mut listed = BTreeSet::new();
    let mut rows = Vec::new();
    for author in &seen {
        match roster.by_key.get(user_key(&author.key).as_str()) {
            Some(&person) if listed.insert(person) => {
                let known = hints.row(author);
                rows.extend(roster.rows_of(person, || Row { team: known.team.clone(), hint: known.hint.clone(), ..Row::default() }));
            }
            // Cells part users by this sign; nobody was seen who bears it. Nor can a cell hold an address with a sign that is not seen.
            None if author.key.contains(';') || is_address(&author.key) && author.key.contains(char::is_control) => {}
            Some(_) => {}
            None => rows.push(hints.row(author)),
        }
    }
    let unseen = (0..roster.people.len()).filter(|person| !listed.contains(person));
    rows.extend(unseen.flat_map(|person| roster.rows_of(person, Row::default)));
    let pattern = |(domain, stint): &(String, Stint)| Row { emails: vec![format!("*{domain}")], ..roster.row_of(stint) };
    rows.extend(roster.by_domain.iter().map(pattern));
    rows
}

impl Roster {
    fn row_of(&self, stint: &Stint) -> Row {
        Row { team: self.teams[stint.team.0 as usize].to_string(), from: stint.from, to: stint.to, ..Row::default() }
    }

    /// A person's rows: one a stint, or one from `new` where there is none.
    fn rows_of(&self, person: usize, new: impl Fn() -> Row) -> Vec<Row> {
        let Person { keys, name, stints } = &self.people[person];
        let (emails, users): (Vec<_>, Vec<_>) = keys.iter().cloned().partition(|key| is_address(key));
        let fill = |row: Row| Row { emails: emails.clone(), users: users.clone(), name: name.clone(), ..row };
        if stints.is_empty() { vec![fill(new())] } else { stints.iter().map(|stint| fill(self.row_of(stint))).collect() }
    }
}

/// What can be said of an author by looking at all.
struct Hints<'a> {
    /// Handles that two authors share, who must be told by their ids.
    shared_handles: BTreeSet<&'a str>,
    /// The domain that most authors have.
    home: Option<&'a str>,
    /// Keys by display name in lower case, those who wrote most first.
    by_name: BTreeMap<String, Vec<&'a str>>,
}

impl<'a> Hints<'a> {
    fn of(seen: &'a [Seen]) -> Self {
        let mut handles = BTreeSet::new();
        let mut domains: BTreeMap<&str, u64> = BTreeMap::new();
        let mut hints = Self { shared_handles: BTreeSet::new(), home: None, by_name: BTreeMap::new() };
        for author in seen {
            let handle = author.handle.as_deref().filter(|_| author.email.is_none());
            hints.shared_handles.extend(handle.filter(|handle| !handles.insert(*handle)));
            if let Some(domain) = domain(author) {
                *domains.entry(domain).or_default() += 1;
            }
            if let Some(name) = full_name(author) {
                hints.by_name.entry(name).or_default().push(&author.key);
            }
        }
        hints.home = domains.into_iter().max_by_key(|&(_, n)| n).map(|(domain, _)| domain);
        hints
    }

    fn row(&self, author: &Seen) -> Row {
        let handle = author.handle.clone().filter(|handle| author.email.is_none() && !self.shared_handles.contains(handle.as_str()));
        let key = user_key(handle.as_deref().unwrap_or(&author.key));
        let (emails, users) = if is_address(&key) { (vec![key], Vec::new()) } else { (Vec::new(), vec![key]) };
        let is_certain = author.teams.len() == 1 && author.words_with_team == author.words;
        Row {
            emails,
            users,
            name: author.name.clone().unwrap_or_default(),
            team: author.teams.first().filter(|_| is_certain).map(ToString::to_string).unwrap_or_default(),
            hint: self.of_author(author),
            ..Row::default()
        }
    }

    fn of_author(&self, author: &Seen) -> String {
        let domain = domain(author).filter(|domain| Some(*domain) != self.home).map(|domain| format!("domain {domain}"));
        let namesakes = full_name(author).and_then(|name| self.by_name.get(&name));
        let namesake = namesakes.into_iter().flatten().find(|key| **key != author.key).map(|key| format!("same name as {key}"));
        author.titles.iter().cloned().chain(domain).chain(namesake).collect::<Vec<_>>().join("; ")
    }
}

/// Whether a key can stand in the column of addresses.
fn is_address(key: &str) -> bool {
    key.contains('@') && !key.starts_with("*@") && !key.contains(super::is_separator)
}

fn domain(author: &Seen) -> Option<&str> {
    author.email.as_deref()?.rsplit_once('@').map(|(_, domain)| domain)
}

/// First names alone are nobody's.
fn full_name(author: &Seen) -> Option<String> {
    author.name.as_deref().map(|name| name.trim().to_lowercase()).filter(|name| name.contains(char::is_whitespace))
}

/// Writes rows as [`Roster::parse`] reads them; no cell is one that a spreadsheet would compute.
///
/// # Errors
/// If `out` fails.
pub fn write(rows: &[Row], out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().comment(Some(b'#')).from_writer(out);
    let safe = |cell: &str| {
        let cell = cell.split(char::is_control).collect::<Vec<_>>().join(" ");
        if cell.starts_with(COMPUTED) { format!("'{cell}") } else { cell }
    };
    writer.write_record(COLUMNS.into_iter().chain([HINT]))?;
    for row in rows {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let cells =
            [row.emails.join("; "), row.users.join("; "), row.name.clone(), row.team.clone(), day(row.from), day(row.to), row.hint.clone()];
        writer.write_record(cells.iter().map(|cell| safe(cell)))?;
    }
    writer.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Author;

    fn seen(key: &str, words: u64) -> Seen {
        let email = key.contains('@').then(|| key.to_owned());
        Seen { email, key: key.to_owned(), words, ..Seen::default() }
    }

    fn written(rows: &[Row]) -> String {
        let mut out = Vec::new();
        write(rows, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn who_wrote_most_comes_first_with_hints_and_no_guess() {
        let ann = Seen { name: Some("Ann Lee".into()), titles: ["Head of Sales".to_owned()].into(), ..seen("ann@x.example", 10) };
        let other = Seen { name: Some("ann lee".into()), ..seen("lee@agency.example", 30) };
        let half = Seen { teams: ["sales".into()].into(), words_with_team: 2, ..seen("u7", 4) };
        let whole = Seen { teams: ["sales".into()].into(), words_with_team: 3, handle: Some("bo".into()), ..seen("u8", 3) };
        assert_eq!(
            written(&draft(&Roster::default(), vec![ann, other, half, whole, seen("cy@x.example", 0)])),
            "email,user,name,team,from,to,hint\n\
             lee@agency.example,,ann lee,,,,domain agency.example; same name as ann@x.example\n\
             ann@x.example,,Ann Lee,,,,Head of Sales; same name as lee@agency.example\n\
             ,u7,,,,,\n\
             ,bo,,sales,,,\n\
             cy@x.example,,,,,,\n"
        );
    }

    #[test]
    fn a_handle_that_two_share_is_no_key() {
        let with_handle = |key: &str| Seen { handle: Some("bo".into()), ..seen(key, 1) };
        let rows = draft(&Roster::default(), vec![with_handle("u1"), with_handle("u2")]);
        assert_eq!(rows.into_iter().flat_map(|row| row.users).collect::<Vec<_>>(), ["u1", "u2"]);
    }

    #[test]
    fn what_a_roster_says_is_kept_and_read_back_the_same() {
        let text = "email,user,name,team,from,to\n\
                    z@x.example; z2@x.example,u9,Zoe,sales,,2026-03-31\nz@x.example,,,finance,2026-04-01,\n*@agency.example,,,marketing,,\n";
        let (roster, _) = Roster::parse("roster.csv", text);
        let drafted = written(&draft(&roster, vec![seen("z@x.example", 5), seen("new@x.example", 9)]));
        assert_eq!(
            drafted,
            "email,user,name,team,from,to,hint\n\
             new@x.example,,,,,,\n\
             z@x.example; z2@x.example,u9,Zoe,sales,,2026-03-31,\n\
             z@x.example; z2@x.example,u9,Zoe,finance,2026-04-01,,\n\
             *@agency.example,,,marketing,,,\n"
        );
        let (again, faults) = Roster::parse("roster.csv", &drafted);
        assert_eq!(faults, []);
        assert_eq!(written(&draft(&again, vec![seen("z@x.example", 5), seen("new@x.example", 9)])), drafted);
    }

    #[test]
    fn an_address_with_signs_that_are_not_seen_has_no_row() {
        let text = written(&draft(&Roster::default(), vec![seen("ann@x.example", 2), seen("ben@x\u{13}.example", 1)]));
        assert!(text.contains("ann@x.example") && !text.contains("ben"), "{text}");
        let (roster, faults) = Roster::parse("roster.csv", "email,team\nben@x\u{13}.example,sales\n");
        assert_eq!(
            (roster.n_people(), faults[0].to_string().as_str()),
            (0, "roster.csv:2: found \"ben@x\\u{13}.example\", expected a mail address")
        );
    }

    #[test]
    fn no_cell_is_computed_by_a_spreadsheet_or_taken_for_a_comment() {
        let author = Seen { name: Some("=HYPERLINK(\"x\")".into()), ..seen("-bo\tray", 1) };
        let comment = Seen { name: Some("#1, really".into()), ..seen("#1@x.example", 0) };
        let text = written(&draft(&Roster::default(), vec![author, comment]));
        assert!(text.contains("'=HYPERLINK") && text.contains("'-bo ray"), "{text}");
        let (roster, faults) = Roster::parse("roster.csv", &text);
        assert_eq!((faults, roster.n_people()), (Vec::new(), 2));
        let email = Author { email: Some("#1@x.example".into()), ..Author::default() };
        assert!(roster.person(&email).is_some());
    }
}
