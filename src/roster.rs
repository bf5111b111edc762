//! Who belongs to which team, from when to when. Joined by mail address, id or handle; names never join two authors.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;
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
    /// First 16 hexadecimal digits of the SHA-256 of the file.
    pub fingerprint: Option<String>,
    people: Vec<Person>,
    by_key: FxHashMap<String, usize>,
    by_domain: Vec<(String, Stint)>,
}

#[derive(Debug)]
struct Person {
    key: String,
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

impl Roster {
    /// Reads `roster.csv`: columns `email`, `user`, `name`, `team`, `from`, `to` in any order; `email` or `user` and `team` are needed.
    /// Several addresses of a person stand in one cell, parted by blanks or semicolons, or on rows that share one of them;
    /// `*@agency.example` stands for every address of a domain. Dates are `YYYY-MM-DD`, both ends inclusive, empty = open.
    ///
    /// # Errors
    /// A bad header is the only fault given, with an empty roster; a bad line is a fault and the other lines count.
    #[must_use]
    pub fn parse(path: &str, text: &str) -> (Self, Vec<Fault>) {
        let place = Place::file(path);
        let mut roster = Self { fingerprint: Some(crate::fingerprint::of_file(text.as_bytes())), ..Self::default() };
        let mut faults = Vec::new();
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .flexible(true)
            .comment(Some(b'#'))
            .from_reader(text.strip_prefix('\u{feff}').unwrap_or(text).as_bytes());
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => return (roster, vec![Fault::new(place.at(Position::Line(1)), error.to_string())]),
        };
        if let Some(why) = bad_header(&header) {
            return (roster, vec![Fault::new(place.at(Position::Line(1)), why)]);
        }
        let column = |name: &str| header.iter().position(|column| column.eq_ignore_ascii_case(name));
        let columns = COLUMNS.map(column);
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
            let cell = |column: usize| columns[column].and_then(|at| record.get(at)).unwrap_or("");
            if let Err(why) = roster.add(cell(0), cell(1), cell(3), cell(4), cell(5), line) {
                faults.push(Fault::new(at, why));
            }
        }
        (roster, faults)
    }

    fn add(&mut self, emails: &str, users: &str, team: &str, from: &str, to: &str, line: u64) -> Result<(), String> {
        if team.is_empty() {
            return Err("found no team, expected the name of one".to_owned());
        }
        let stint = Stint { team: self.team(team), from: day(from, "from")?, to: day(to, "to")?, line };
        if stint.from.zip(stint.to).is_some_and(|(from, to)| from > to) {
            return Err(format!("from {from} lies after to {to}"));
        }
        let is_separator = |c: char| c.is_whitespace() || matches!(c, ';' | ',');
        let mut keys = Vec::new();
        for email in emails.split(is_separator).filter(|email| !email.is_empty()) {
            if let Some(domain) = email.strip_prefix("*@") {
                self.by_domain.push((format!("@{}", domain.to_lowercase()), stint));
            } else if email.contains('@') {
                keys.push(email.to_lowercase());
            } else {
                return Err(format!("found \"{email}\", expected a mail address"));
            }
        }
        keys.extend(users.split(is_separator).filter(|user| !user.is_empty()).map(|user| user.trim_start_matches('@').to_lowercase()));
        let Some(first) = keys.first() else {
            return if emails.contains("*@") { Ok(()) } else { Err("found neither email nor user, expected one of them".to_owned()) };
        };
        let known: Vec<usize> = keys.iter().filter_map(|key| self.by_key.get(key).copied()).collect();
        if known.iter().any(|&person| person != known[0]) {
            return Err("joins two people of earlier lines".to_owned());
        }
        let person = known.first().copied().unwrap_or_else(|| {
            self.people.push(Person { key: first.clone(), stints: Vec::new() });
            self.people.len() - 1
        });
        let stints = &mut self.people[person].stints;
        if let Some(other) = stints.iter().find(|other| other.team != stint.team && other.meets(&stint)) {
            return Err(format!("same person in two teams at one time (see line {})", other.line));
        }
        stints.push(stint);
        for key in keys {
            self.by_key.insert(key, person);
        }
        Ok(())
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
        let ids = [&author.email, &author.id, &author.handle];
        let person = ids.into_iter().flatten().find_map(|id| self.by_key.get(id.as_ref()));
        if let Some(&person) = person {
            let person = &self.people[person];
            let team = person.stints.iter().find(|stint| stint.covers(day)).map(|stint| stint.team);
            return Some(Identity { key: Cow::Borrowed(&person.key), team });
        }
        let key = author.key()?;
        let domain = author.email.as_deref().and_then(|email| self.by_domain.iter().find(|(domain, _)| email.ends_with(domain.as_str())));
        let team = domain.filter(|(_, stint)| stint.covers(day)).map(|(_, stint)| stint.team);
        Some(Identity { key: Cow::Borrowed(key), team })
    }

    /// Number of people listed by name (patterns not counted).
    #[must_use]
    pub const fn n_people(&self) -> usize {
        self.people.len()
    }
}

fn bad_header(header: &csv::StringRecord) -> Option<String> {
    if let Some(unknown) = header.iter().find(|column| !COLUMNS.iter().any(|known| known.eq_ignore_ascii_case(column))) {
        let nearest = crate::fault::nearest(unknown, COLUMNS);
        return Some(format!("found column \"{unknown}\", expected {}{nearest}", COLUMNS.join(", ")));
    }
    let has = |name: &str| header.iter().any(|column| column.eq_ignore_ascii_case(name));
    if !has("team") {
        return Some("found no column \"team\"".to_owned());
    }
    (!has("email") && !has("user")).then(|| "found neither column \"email\" nor \"user\"".to_owned())
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
