//! Who belongs to which team, from when to when. Joined by mail address, id or handle; names never join two authors.

pub mod draft;

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;
use regex::{Regex, RegexBuilder};
use rustc_hash::FxHashMap;

use crate::fault::{Fault, Place, Position};
use crate::message::Author;

/// Index of a team in [`Roster::teams`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Team(pub u16);

/// The roster as read.
#[derive(Debug, Default)]
pub struct Roster {
    /// Teams in the order in which they first occur, as written.
    pub teams: Vec<Arc<str>>,
    /// First 16 hexadecimal digits of the SHA-256 of the file, and of the rules of the configuration where there are any.
    pub fingerprint: Option<String>,
    /// Names of people, for masking only.
    pub people_names: Vec<String>,
    people: Vec<Person>,
    by_key: FxHashMap<String, usize>,
    /// Domains with their `@`, of the file.
    by_domain: Vec<(String, Stint)>,
    /// Domains with their `@`, of the configuration.
    domains: Vec<(String, Team)>,
    /// Patterns of display names.
    names: Vec<(Regex, Team)>,
}

/// Somebody in the file; without a stint where the cell `team` is still empty.
#[derive(Debug)]
struct Person {
    /// Addresses, ids and handles; the first is the key under which all is added up.
    keys: Vec<String>,
    name: String,
    stints: Vec<Stint>,
}

/// Time in a team; an open end is open.
#[derive(Debug, Clone, Copy)]
struct Stint {
    team: Team,
    from: Option<Date>,
    to: Option<Date>,
    line: u64,
}

impl Stint {
    fn covers(&self, day: Option<Date>) -> bool {
        match day {
            Some(day) => self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to),
            // A message without a time belongs to the only team there ever was, if there is only one.
            None => self.from.is_none() && self.to.is_none(),
        }
    }

    fn meets(&self, other: &Self) -> bool {
        self.from.zip(other.to).is_none_or(|(from, to)| from <= to) && other.from.zip(self.to).is_none_or(|(from, to)| from <= to)
    }
}

/// Who an author is, as far as the roster knows.
#[derive(Debug, PartialEq, Eq)]
pub struct Identity<'a> {
    /// The key under which all that this person wrote is added up.
    pub key: Cow<'a, str>,
    /// The team on that day.
    pub team: Option<Team>,
}

const COLUMNS: [&str; 6] = ["email", "user", "name", "team", "from", "to"];

/// The column for people who fill a draft in; nothing is read from it.
const HINT: &str = "hint";

/// Longest pattern of names, compiled.
const MAX_PATTERN_BYTES: usize = 1 << 20;

impl Roster {
    /// Reads `roster.csv`: columns `email`, `user`, `name`, `team`, `from`, `to` in any order, parted by commas, semicolons or tabs;
    /// `email` or `user` and `team` are needed, `hint` is passed over. Several addresses of a person stand in one cell, parted by blanks
    /// or semicolons (users by semicolons), or on rows that share one of them; `*@agency.example` stands for every address of a domain.
    /// Dates are `YYYY-MM-DD`, both ends inclusive, empty = open. A person without a team is one whose team is not known yet.
    ///
    /// # Errors
    /// A bad header is the only fault given, with an empty roster; a bad line is a fault and the other lines count.
    #[must_use]
    pub fn parse(path: &str, text: &str) -> (Self, Vec<Fault>) {
        let place = Place::file(path);
        let mut roster = Self { fingerprint: Some(crate::fingerprint::of_file(text.as_bytes())), ..Self::default() };
        let mut faults = Vec::new();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .flexible(true)
            .comment(Some(b'#'))
            .delimiter(delimiter(text))
            .from_reader(text.as_bytes());
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => return (roster, vec![Fault::new(place.at(Position::Line(1)), error.to_string())]),
        };
        if let Some(why) = bad_header(&header) {
            return (roster, vec![Fault::new(place.at(Position::Line(1)), why)]);
        }
        let column = |name: &str| header.iter().position(|column| column.eq_ignore_ascii_case(name));
        let columns: [Option<usize>; COLUMNS.len()] = COLUMNS.map(column);
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    faults.push(Fault::new(place.at(Position::Line(line)), "not valid UTF-8"));
                    continue;
                }
            };
            let line = record.position().map_or(0, csv::Position::line);
            let at = place.at(Position::Line(line));
            if record.len() != header.len() {
                faults.push(Fault::new(at, format!("found {} cells, expected {}", record.len(), header.len())));
                continue;
            }
            let cell = |column: usize| plain(columns[column].and_then(|at| record.get(at)).unwrap_or(""));
            roster.people_names.extend(Some(cell(2)).filter(|name| !name.is_empty()).map(str::to_owned));
            if let Err(why) = roster.add(std::array::from_fn(cell), line) {
                faults.push(Fault::new(at, why));
            }
        }
        (roster, faults)
    }

    /// Adds a row: the cells in the order of [`COLUMNS`].
    fn add(&mut self, [emails, users, name, team, from, to]: [&str; COLUMNS.len()], line: u64) -> Result<(), String> {
        let (from, to) = (day(from, "from")?, day(to, "to")?);
        if let Some((from, to)) = from.zip(to).filter(|(from, to)| from > to) {
            return Err(format!("from {from} lies after to {to}"));
        }
        let has_pattern = emails.contains("*@");
        if team.is_empty() && (has_pattern || from.is_some() || to.is_some()) {
            return Err("found no team, expected the name of one".to_owned());
        }
        let mut keys = Vec::new();
        let mut patterns = Vec::new();
        for email in emails.split(is_separator).filter(|email| !email.is_empty()) {
            if let Some(domain) = email.strip_prefix("*@") {
                patterns.push(format!("@{}", domain.to_lowercase()));
            } else if email.contains('@') && !email.contains(char::is_control) {
                keys.push(email.to_lowercase());
            } else {
                return Err(format!("found {email:?}, expected a mail address"));
            }
        }
        keys.extend(users.split(';').map(str::trim).filter(|user| !user.is_empty()).map(user_key));
        if keys.is_empty() && patterns.is_empty() {
            return Err("found neither email nor user, expected one of them".to_owned());
        }
        let known: Vec<usize> = keys.iter().filter_map(|key| self.by_key.get(key).copied()).collect();
        if known.iter().any(|&person| person != known[0]) {
            return Err("joins two people of earlier lines".to_owned());
        }
        let stint = (!team.is_empty()).then(|| Stint { team: self.team(team), from, to, line });
        let stints_of = |person: usize| self.people[person].stints.iter();
        if let Some((stint, &person)) = stint.as_ref().zip(known.first())
            && let Some(other) = stints_of(person).find(|other| other.team != stint.team && other.meets(stint))
        {
            return Err(format!("same person in two teams at one time (see line {})", other.line));
        }
        self.by_domain.extend(patterns.into_iter().zip(std::iter::repeat(stint)).filter_map(|(domain, stint)| Some((domain, stint?))));
        if keys.is_empty() {
            return Ok(());
        }
        let person = known.first().copied().unwrap_or_else(|| {
            self.people.push(Person { keys: Vec::new(), name: name.to_owned(), stints: Vec::new() });
            self.people.len() - 1
        });
        self.people[person].stints.extend(stint);
        for key in keys {
            if self.by_key.insert(key.clone(), person).is_none() {
                self.people[person].keys.push(key);
            }
        }
        Ok(())
    }

    /// Gives a team to every address of a domain whose owner has none in the file.
    pub fn add_domain(&mut self, domain: &str, team: &str) {
        let domain = format!("@{}", domain.trim_start_matches("*@").trim_start_matches('@').to_lowercase());
        self.note(&["domain", &domain, team]);
        let team = self.team(team);
        self.domains.push((domain, team));
    }

    /// Gives a team to everybody whose display name matches a regular expression, in any case, and who has none otherwise.
    ///
    /// # Errors
    /// If the expression is not one.
    pub fn add_name_rule(&mut self, team: &str, pattern: &str) -> Result<(), String> {
        let compiled = RegexBuilder::new(pattern).case_insensitive(true).size_limit(MAX_PATTERN_BYTES).build();
        let compiled = compiled.map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => format!("\"{pattern}\" is too large a pattern"),
            _ => format!("\"{pattern}\" is no regular expression"),
        })?;
        self.note(&["name", team, pattern]);
        let team = self.team(team);
        self.names.push((compiled, team));
        Ok(())
    }

    /// Rules decide on teams just as the file does, so that its fingerprint must tell them.
    fn note(&mut self, rule: &[&str]) {
        let before = self.fingerprint.take().unwrap_or_default();
        self.fingerprint = Some(crate::fingerprint::of_file([before.as_str(), rule.join("\n").as_str()].concat().as_bytes()));
    }

    fn team(&mut self, name: &str) -> Team {
        let known = self.teams.iter().position(|team| team.eq_ignore_ascii_case(name));
        let index = known.unwrap_or_else(|| {
            self.teams.push(name.into());
            self.teams.len() - 1
        });
        Team(u16::try_from(index).unwrap_or(u16::MAX))
    }

    /// Who an author is, and the team on a day; `None` if the author has no key at all.
    #[must_use]
    pub fn identify<'a>(&'a self, author: &'a Author<'_>, day: Option<Date>) -> Option<Identity<'a>> {
        let person = self.person(author);
        let key = person.map_or_else(|| author.key(), |person| person.keys.first().map(String::as_str))?;
        let team = match person.filter(|person| !person.stints.is_empty()) {
            Some(person) => person.stints.iter().find(|stint| stint.covers(day)).map(|stint| stint.team),
            None => self.team_by_rule(author, day),
        };
        Some(Identity { key: Cow::Borrowed(key), team })
    }

    fn person(&self, author: &Author<'_>) -> Option<&Person> {
        let ids = [&author.email, &author.id, &author.handle];
        let known = |key: &str| self.by_key.get(key.trim_start_matches('@')).map(|&person| &self.people[person]);
        let mut ids = ids.into_iter().flatten().filter(|id| !id.is_empty()).peekable();
        // Where a source knows names only, a name is the key.
        if ids.peek().is_none() { known(&author.name.as_deref()?.to_lowercase()) } else { ids.find_map(|id| known(id)) }
    }

    /// The team by domain, else by display name, where all patterns that match name the same team.
    fn team_by_rule(&self, author: &Author<'_>, day: Option<Date>) -> Option<Team> {
        let email = author.email.as_deref().unwrap_or_default();
        if let Some((_, stint)) = self.by_domain.iter().find(|(domain, _)| email.ends_with(domain.as_str())) {
            return stint.covers(day).then_some(stint.team);
        }
        if let Some(&(_, team)) = self.domains.iter().find(|(domain, _)| email.ends_with(domain.as_str())) {
            return Some(team);
        }
        let name = author.name.as_deref().unwrap_or_default();
        let mut teams = self.names.iter().filter(|(pattern, _)| pattern.is_match(name)).map(|&(_, team)| team);
        let first = teams.next()?;
        teams.all(|team| team == first).then_some(first)
    }

    /// Number of people listed by name (patterns not counted).
    #[must_use]
    pub const fn n_people(&self) -> usize {
        self.people.len()
    }
}

fn bad_header(header: &csv::StringRecord) -> Option<String> {
    let is_known = |column: &str| COLUMNS.into_iter().chain([HINT]).any(|known| known.eq_ignore_ascii_case(column));
    if let Some(unknown) = header.iter().find(|column| !is_known(column)) {
        let nearest = crate::fault::nearest(unknown, COLUMNS);
        return Some(format!("found column \"{unknown}\", expected {}{nearest}", COLUMNS.join(", ")));
    }
    let has = |name: &str| header.iter().any(|column| column.eq_ignore_ascii_case(name));
    if !has("team") {
        return Some("found no column \"team\"".to_owned());
    }
    (!has("email") && !has("user")).then(|| "found neither column \"email\" nor \"user\"".to_owned())
}

/// What parts the cells: spreadsheets write what their country uses.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#')).unwrap_or_default();
    if header.contains(',') {
        b','
    } else if header.contains(';') {
        b';'
    } else if header.contains('\t') {
        b'\t'
    } else {
        b','
    }
}

const fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, ';' | ',')
}

/// A cell without the sign that keeps a spreadsheet from computing it.
fn plain(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(draft::COMPUTED)).unwrap_or(cell)
}

fn user_key(user: &str) -> String {
    user.trim_start_matches('@').to_lowercase()
}

fn day(cell: &str, column: &str) -> Result<Option<Date>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    cell.parse().map(Some).map_err(|_| format!("{column}: found \"{cell}\", expected a date such as 2026-03-31"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn team_of(roster: &Roster, email: &str, day: &str) -> Option<String> {
        let author = Author { email: Some(email.into()), ..Author::default() };
        let team = roster.identify(&author, Some(day.parse().unwrap())).unwrap().team;
        team.map(|team| roster.teams[team.0 as usize].to_string())
    }

    #[test]
    fn a_person_may_change_team_and_have_several_addresses() {
        let (roster, faults) = Roster::parse(
            "roster.csv",
            "team,email,from,to\nsales,A@x.example; a2@x.example,,2026-03-31\nmarketing,a@x.example,2026-04-01,\n",
        );
        assert_eq!(faults, []);
        assert_eq!(team_of(&roster, "a2@x.example", "2026-03-31").as_deref(), Some("sales"));
        assert_eq!(team_of(&roster, "a@x.example", "2026-04-01").as_deref(), Some("marketing"));
        assert_eq!(roster.n_people(), 1);
    }

    #[test]
    fn a_domain_pattern_gives_a_team_and_every_address_stays_its_own_author() {
        let (roster, _) = Roster::parse("roster.csv", "email,team\n*@agency.example,marketing\n");
        assert_eq!(team_of(&roster, "z@agency.example", "2026-01-01").as_deref(), Some("marketing"));
        let author = Author { email: Some("z@agency.example".into()), ..Author::default() };
        assert_eq!(roster.identify(&author, None).unwrap().key, "z@agency.example");
    }

    fn team_of_name(roster: &Roster, name: &str) -> Option<String> {
        let author = Author { id: Some("u1".into()), name: Some(name.into()), ..Author::default() };
        let team = roster.identify(&author, None).unwrap().team;
        team.map(|team| roster.teams[team.0 as usize].to_string())
    }

    #[test]
    fn rules_give_teams_to_those_who_have_none_in_the_file() {
        let (mut roster, faults) = Roster::parse("roster.csv", "email;team;hint\na@x.example;;Head of Sales\nb@x.example;finance;\n");
        assert_eq!(faults, []);
        assert_eq!(team_of(&roster, "a@x.example", "2026-01-01"), None);
        let before = roster.fingerprint.clone();
        roster.add_domain("X.example", "Marketing");
        assert_ne!(roster.fingerprint, before);
        let teams = ["a@x.example", "b@x.example", "c@x.example", "c@y.x.example"].map(|email| team_of(&roster, email, "2026-01-01"));
        assert_eq!(teams, [Some("Marketing".to_owned()), Some("finance".to_owned()), Some("Marketing".to_owned()), None]);
    }

    #[test]
    fn a_name_gives_a_team_unless_rules_differ() {
        let mut roster = Roster::default();
        roster.add_name_rule("sales", r"\(sales\)").unwrap();
        roster.add_name_rule("marketing", "^ann ").unwrap();
        assert_eq!(team_of_name(&roster, "Bo Ray (Sales)").as_deref(), Some("sales"));
        assert_eq!(team_of_name(&roster, "Ann Lee").as_deref(), Some("marketing"));
        assert_eq!(team_of_name(&roster, "Ann Lee (Sales)"), None);
        assert_eq!(roster.add_name_rule("sales", "(").unwrap_err(), "\"(\" is no regular expression");
    }

    #[test]
    fn a_user_may_be_written_with_blanks_and_a_name_is_a_key_where_there_is_no_other() {
        let (roster, faults) = Roster::parse("roster.csv", "user,team\nAnn Lee; @ann,sales\n");
        assert_eq!(faults, []);
        let team = |author: Author<'_>| roster.identify(&author, None).unwrap().team;
        assert!(team(Author { name: Some("Ann Lee".into()), ..Author::default() }).is_some());
        assert!(team(Author { handle: Some("ann".into()), ..Author::default() }).is_some());
        assert!(team(Author { id: Some("u7".into()), name: Some("Ann Lee".into()), ..Author::default() }).is_none());
    }

    #[test]
    fn a_bad_line_is_told_and_the_others_count() {
        let (roster, faults) = Roster::parse(
            "roster.csv",
            "email,team,from\na@x.example,sales,2026-02-30\nb@x.example,sales,\nnobody,sales,\n,sales,\nb@x.example,hr,\nc@x.example,sales\n",
        );
        let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "roster.csv:2: from: found \"2026-02-30\", expected a date such as 2026-03-31",
                "roster.csv:4: found \"nobody\", expected a mail address",
                "roster.csv:5: found neither email nor user, expected one of them",
                "roster.csv:6: same person in two teams at one time (see line 3)",
                "roster.csv:7: found 2 cells, expected 3",
            ]
        );
        assert_eq!(team_of(&roster, "b@x.example", "2026-01-01").as_deref(), Some("sales"));
    }

    #[test]
    fn an_unknown_column_names_the_nearest() {
        let (_, faults) = Roster::parse("roster.csv", "e-mail,team\n");
        assert!(faults[0].to_string().starts_with("roster.csv:1: found column \"e-mail\", expected email, user, name, team, from, to"));
        assert!(faults[0].to_string().ends_with("did you mean \"email\"?"));
    }
}
