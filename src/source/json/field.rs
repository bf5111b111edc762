//! Values of fields, of whatever type.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A field's value, of whatever type it is.
#[derive(Debug, Default, Clone, PartialEq)]
pub(in crate::source) enum Loose<'a> {
    /// Null or absent.
    #[default]
    Null,
    Text(Cow<'a, str>),
    Integer(i128),
    Float(f64),
    Bool(bool),
    Array,
    Object,
}

impl<'a> Loose<'a> {
    /// The value as text, where nothing is lost by it; `name` is the field's.
    pub(in crate::source) fn text(self, name: &str) -> Result<Option<Cow<'a, str>>, String> {
        match self {
            Self::Null => Ok(None),
            Self::Text(text) => Ok(Some(text)),
            Self::Integer(number) => Ok(Some(Cow::Owned(number.to_string()))),
            Self::Float(_) | Self::Bool(_) | Self::Array | Self::Object => Err(self.unexpected(name, "a string")),
        }
    }

    /// The value as text that is not empty; any other value is as good as none.
    pub(in crate::source) fn word(self) -> Option<Cow<'a, str>> {
        self.text("").ok().flatten().filter(|text| !text.trim().is_empty())
    }

    pub(in crate::source) fn is_true(&self) -> bool {
        *self == Self::Bool(true)
    }

    /// What was found and what was expected.
    pub(in crate::source) fn unexpected(&self, name: &str, expected: &str) -> String {
        let found = match self {
            Self::Null => "missing".to_owned(),
            Self::Text(text) => format!("{:?}", text.chars().take(40).collect::<String>()),
            Self::Integer(number) => format!("the number {number}"),
            Self::Float(number) => format!("the number {number}"),
            Self::Bool(truth) => format!("{truth}"),
            Self::Array => "an array".to_owned(),
            Self::Object => "an object".to_owned(),
        };
        format!("`{name}` is {found}, expected {expected}")
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Loose<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any<'a>(PhantomData<&'a str>);

        impl<'de: 'a, 'a> Visitor<'de> for Any<'a> {
            type Value = Loose<'a>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Loose<'a>, E> {
                Ok(Loose::Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Loose<'a>, E> {
                Ok(Loose::Text(Cow::Owned(text.to_owned())))
            }

            fn visit_bool<E>(self, truth: bool) -> Result<Loose<'a>, E> {
                Ok(Loose::Bool(truth))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Loose<'a>, E> {
                Ok(Loose::Integer(number.into()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Loose<'a>, E> {
                Ok(Loose::Integer(number.into()))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Loose<'a>, E> {
                Ok(Loose::Float(number))
            }

            fn visit_unit<E>(self) -> Result<Loose<'a>, E> {
                Ok(Loose::Null)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Loose<'a>, A::Error> {
                while array.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Loose::Array)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Loose<'a>, A::Error> {
                while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Loose::Object)
            }
        }

        deserializer.deserialize_any(Any(PhantomData))
    }
}

/// An object, or nothing where another type stands.
#[derive(Debug, Clone)]
pub(in crate::source) struct Inner<T>(pub(in crate::source) Option<T>);

impl<T> Default for Inner<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Inner<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
            type Value = Inner<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Inner<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(object)).map(|inner| Inner(Some(inner)))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Inner<T>, A::Error> {
                while array.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Inner(None))
            }

            fn visit_str<E>(self, _: &str) -> Result<Inner<T>, E> {
                Ok(Inner(None))
            }

            fn visit_bool<E>(self, _: bool) -> Result<Inner<T>, E> {
                Ok(Inner(None))
            }

            fn visit_i64<E>(self, _: i64) -> Result<Inner<T>, E> {
                Ok(Inner(None))
            }

            fn visit_u64<E>(self, _: u64) -> Result<Inner<T>, E> {
                Ok(Inner(None))
            }

            fn visit_f64<E>(self, _: f64) -> Result<Inner<T>, E> {
                Ok(Inner(None))
            }

            fn visit_unit<E>(self) -> Result<Inner<T>, E> {
                Ok(Inner(None))
            }
        }

        deserializer.deserialize_any(Object(PhantomData))
    }
}

/// The elements of an array, objects or nothing where another type stands; another type than an array gives no elements.
pub(in crate::source) struct List<T>(pub(in crate::source) Vec<Inner<T>>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Elementwise::deserialize(deserializer).map(|elements| Self(elements.0))
    }
}

/// The elements of an array, or of anything else nothing.
struct Elementwise<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Elementwise<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Array<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Array<T> {
            type Value = Elementwise<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Elementwise<T>, A::Error> {
                let mut elements = Vec::new();
                while let Some(element) = array.next_element()? {
                    elements.push(element);
                }
                Ok(Elementwise(elements))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Elementwise<T>, A::Error> {
                while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Elementwise(Vec::new()))
            }

            fn visit_str<E>(self, _: &str) -> Result<Elementwise<T>, E> {
                Ok(Elementwise(Vec::new()))
            }

            fn visit_bool<E>(self, _: bool) -> Result<Elementwise<T>, E> {
                Ok(Elementwise(Vec::new()))
            }

            fn visit_i64<E>(self, _: i64) -> Result<Elementwise<T>, E> {
                Ok(Elementwise(Vec::new()))
            }

            fn visit_u64<E>(self, _: u64) -> Result<Elementwise<T>, E> {
                Ok(Elementwise(Vec::new()))
            }

            fn visit_f64<E>(self, _: f64) -> Result<Elementwise<T>, E> {
                Ok(Elementwise(Vec::new()))
            }

            fn visit_unit<E>(self) -> Result<Elementwise<T>, E> {
                Ok(Elementwise(Vec::new()))
            }
        }

        deserializer.deserialize_any(Array(PhantomData))
    }
}

/// Whether a key stands there at all, whatever its value.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(in crate::source) struct Present(pub(in crate::source) bool);

impl<'de> Deserialize<'de> for Present {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_ignored_any(IgnoredAny).map(|_| Self(true))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_any_type_is_read_and_turned_to_text_only_without_loss() {
        let values: Vec<Loose<'_>> = serde_json::from_str(r#"["a","\n",7,-7,1.5,true,null,[1],{"a":[]}]"#).unwrap();
        let texts: Vec<_> = values.into_iter().map(|value| value.text("x").map(|text| text.unwrap_or_default().into_owned())).collect();
        assert_eq!(texts[..4], ["a", "\n", "7", "-7"].map(|text| Ok(text.to_owned())));
        assert_eq!(texts[4].as_ref().unwrap_err(), "`x` is the number 1.5, expected a string");
        assert!(texts[5].is_err() && texts[7].is_err() && texts[8].is_err());
        assert_eq!(texts[6], Ok(String::new()));
        let inner: Vec<Inner<Vec<u8>>> = serde_json::from_str(r#"[1,-1,1.5,"a","\n",true,null,[{}]]"#).unwrap();
        assert!(inner.iter().all(|inner| inner.0.is_none()));
    }
}
