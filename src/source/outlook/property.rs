//! Properties of items as Outlook keeps them: a number and a value each (MS-OXPROPS has their names).

use std::collections::BTreeMap;

use crate::source::html;
use crate::source::mail::characters;

/// The properties that are read, by number.
pub(super) mod id {
    pub(in super::super) const CLASS: u16 = 0x001A;
    pub(in super::super) const SENSITIVITY: u16 = 0x0036;
    pub(in super::super) const SUBMITTED: u16 = 0x0039;
    pub(in super::super) const FROM_NAME: u16 = 0x0042;
    pub(in super::super) const FROM_ADDRESS: u16 = 0x0065;
    pub(in super::super) const HEADER: u16 = 0x007D;
    pub(in super::super) const SENDER_NAME: u16 = 0x0C1A;
    pub(in super::super) const SENDER_ADDRESS: u16 = 0x0C1F;
    pub(in super::super) const DELIVERED: u16 = 0x0E06;
    pub(in super::super) const FLAGS: u16 = 0x0E07;
    pub(in super::super) const TEXT: u16 = 0x1000;
    pub(in super::super) const RTF: u16 = 0x1009;
    pub(in super::super) const HTML: u16 = 0x1013;
    pub(in super::super) const MESSAGE_ID: u16 = 0x1035;
    pub(in super::super) const REFERENCES: u16 = 0x1039;
    pub(in super::super) const IN_REPLY_TO: u16 = 0x1042;
    pub(in super::super) const HTML_CODE_PAGE: u16 = 0x3FDE;
    pub(in super::super) const CODE_PAGE: u16 = 0x3FFD;
    pub(in super::super) const SENDER_SMTP: u16 = 0x5D01;
    pub(in super::super) const FROM_SMTP: u16 = 0x5D02;
}

/// All of [`id`].
pub(super) const ALL: [u16; 20] = [
    id::CLASS,
    id::SENSITIVITY,
    id::SUBMITTED,
    id::FROM_NAME,
    id::FROM_ADDRESS,
    id::HEADER,
    id::SENDER_NAME,
    id::SENDER_ADDRESS,
    id::DELIVERED,
    id::FLAGS,
    id::TEXT,
    id::RTF,
    id::HTML,
    id::MESSAGE_ID,
    id::REFERENCES,
    id::IN_REPLY_TO,
    id::HTML_CODE_PAGE,
    id::CODE_PAGE,
    id::SENDER_SMTP,
    id::FROM_SMTP,
];

/// A value of one of the kinds that are read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// Characters of two bytes.
    Wide(String),
    /// Characters in the item's code page.
    Narrow(Vec<u8>),
    Bytes(Vec<u8>),
    Number(i64),
    /// Tenths of microseconds since the year 1601.
    Time(i64),
}

/// The properties of one item.
#[derive(Debug, Default)]
pub(super) struct Properties(pub(super) BTreeMap<u16, Value>);

impl Properties {
    /// A text without what stands behind its end; none where it is missing or empty.
    pub(super) fn text(&self, id: u16) -> Option<String> {
        let text = match self.0.get(&id)? {
            Value::Wide(text) => text.clone(),
            Value::Narrow(bytes) => self.decoded(bytes, id::CODE_PAGE),
            Value::Bytes(_) | Value::Number(_) | Value::Time(_) => return None,
        };
        let text = text.split('\0').next().unwrap_or_default();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The HTML, which is text in some items and bytes in others.
    pub(super) fn html(&self) -> Option<String> {
        match self.0.get(&id::HTML)? {
            Value::Bytes(bytes) => {
                let declared = self.charset(id::HTML_CODE_PAGE).or_else(|| html::charset(bytes));
                Some(characters(bytes, declared.as_deref()).0.into_owned()).filter(|text| !text.trim().is_empty())
            }
            Value::Wide(_) | Value::Narrow(_) => self.text(id::HTML),
            Value::Number(_) | Value::Time(_) => None,
        }
    }

    pub(super) fn number(&self, id: u16) -> Option<i64> {
        match self.0.get(&id)? {
            Value::Number(number) => Some(*number),
            Value::Wide(_) | Value::Narrow(_) | Value::Bytes(_) | Value::Time(_) => None,
        }
    }

    pub(super) fn time(&self, id: u16) -> Option<i64> {
        match self.0.get(&id)? {
            Value::Time(time) => Some(*time),
            Value::Wide(_) | Value::Narrow(_) | Value::Bytes(_) | Value::Number(_) => None,
        }
    }

    pub(super) fn has(&self, id: u16) -> bool {
        self.0.contains_key(&id)
    }

    fn decoded(&self, bytes: &[u8], code_page: u16) -> String {
        characters(bytes, self.charset(code_page).as_deref()).0.into_owned()
    }

    fn charset(&self, code_page: u16) -> Option<String> {
        self.number(code_page).and_then(charset_of)
    }
}

/// The charset of a Windows code page, by the name that the web gives it.
fn charset_of(code_page: i64) -> Option<String> {
    Some(match code_page {
        874 | 1250..=1258 => format!("windows-{code_page}"),
        28591..=28606 => format!("iso-8859-{}", code_page - 28590),
        932 => "shift_jis".to_owned(),
        936 | 54936 => "gb18030".to_owned(),
        949 | 51949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        1200 => "utf-16le".to_owned(),
        10000 => "macintosh".to_owned(),
        20866 => "koi8-r".to_owned(),
        21866 => "koi8-u".to_owned(),
        50220..=50222 => "iso-2022-jp".to_owned(),
        51932 => "euc-jp".to_owned(),
        65001 => "utf-8".to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn properties(values: &[(u16, Value)]) -> Properties {
        Properties(values.iter().cloned().collect())
    }

    #[test]
    fn narrow_text_is_read_in_the_code_page_of_its_item() {
        let greek = properties(&[(id::TEXT, Value::Narrow(b"\xe1\0more".to_vec())), (id::CODE_PAGE, Value::Number(1253))]);
        assert_eq!(greek.text(id::TEXT).unwrap(), "α");
        let unknown = properties(&[(id::TEXT, Value::Narrow(b"\xe4".to_vec())), (id::CODE_PAGE, Value::Number(7))]);
        assert_eq!(unknown.text(id::TEXT).unwrap(), "ä");
        assert_eq!(properties(&[(id::TEXT, Value::Wide("\0".into()))]).text(id::TEXT), None);
    }

    #[test]
    fn html_is_read_by_its_code_page_else_by_what_it_says_itself() {
        let page = |more: &[(u16, Value)], bytes: &[u8]| properties(&[more, &[(id::HTML, Value::Bytes(bytes.to_vec()))]].concat()).html();
        assert_eq!(page(&[(id::HTML_CODE_PAGE, Value::Number(65001))], b"<p>\xc3\xa4").unwrap(), "<p>ä");
        assert_eq!(page(&[], b"<meta charset=koi8-r>\xc1").unwrap(), "<meta charset=koi8-r>а");
    }
}
