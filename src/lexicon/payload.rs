//! What a string of a lexicon or group file stands for.

use super::EntryId;
use super::groups::Group;
use super::pattern::Class;
use super::topics::Topic;
use crate::frozen::Fixed;

/// What a string of a lexicon or group file stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Payload {
    /// A match of an entry.
    Entry(EntryId),
    /// A phrase that undoes an entry.
    Unless(EntryId),
    /// A name of a group.
    Alias(Group),
    /// A word that is a name of a group only as the subject of wording ("legal lives on a planet …").
    Weak(Group),
    /// A group's field of work, which names the group together with a noun for people ("payroll lads", "the girls in payroll").
    Field(Group),
    /// What a group makes or runs ("the brochure").
    Work(Group),
    /// A noun for people.
    People,
    /// A phrase in which a name names no group.
    Stop,
    /// A member of a word class.
    Class(Class),
    /// A topic.
    Topic(Topic),
    /// A phrase that undoes a topic.
    TopicUnless(Topic),
}

impl Payload {
    /// Where it stands among what ends at the same word: names of groups in the order of the groups, behind all else.
    pub(super) fn group_rank(self) -> u32 {
        let rank = |group: Group, kind| 1 + u32::from(group.0) * 4 + kind;
        match self {
            Self::Alias(group) => rank(group, 0),
            Self::Weak(group) => rank(group, 1),
            Self::Field(group) => rank(group, 2),
            Self::Work(group) => rank(group, 3),
            Self::Entry(_) | Self::Unless(_) | Self::People | Self::Stop | Self::Class(_) | Self::Topic(_) | Self::TopicUnless(_) => 0,
        }
    }
}

impl Fixed for Payload {
    const N_BYTES: usize = <(u8, u32)>::N_BYTES;

    fn put(self, bytes: &mut Vec<u8>) {
        let (kind, id): (u8, u32) = match self {
            Self::Entry(EntryId(id)) => (0, id),
            Self::Unless(EntryId(id)) => (1, id),
            Self::Alias(Group(id)) => (2, id.into()),
            Self::Weak(Group(id)) => (3, id.into()),
            Self::Field(Group(id)) => (4, id.into()),
            Self::Work(Group(id)) => (5, id.into()),
            Self::Class(Class(id)) => (6, id.into()),
            Self::Topic(Topic(id)) => (7, id.into()),
            Self::TopicUnless(Topic(id)) => (8, id.into()),
            Self::People => (9, 0),
            Self::Stop => (10, 0),
        };
        (kind, id).put(bytes);
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "an id that was written as wide as it is")]
    fn take(bytes: &[u8]) -> Self {
        let (kind, id) = <(u8, u32)>::take(bytes);
        match kind {
            0 => Self::Entry(EntryId(id)),
            1 => Self::Unless(EntryId(id)),
            2 => Self::Alias(Group(id as u16)),
            3 => Self::Weak(Group(id as u16)),
            4 => Self::Field(Group(id as u16)),
            5 => Self::Work(Group(id as u16)),
            6 => Self::Class(Class(id as u16)),
            7 => Self::Topic(Topic(id as u8)),
            8 => Self::TopicUnless(Topic(id as u8)),
            9 => Self::People,
            _ => Self::Stop,
        }
    }
}
