//! Lists that the build writes down so that a run may use them where they lie in the program: nothing is read, checked or copied at the start.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// A value that is written as the same number of bytes on every machine.
pub trait Fixed: Copy {
    /// Its length in bytes.
    const N_BYTES: usize;

    /// Writes it behind what is there.
    fn put(self, bytes: &mut Vec<u8>);

    /// Reads it from bytes that [`Fixed::put`] wrote; there are never fewer than [`Fixed::N_BYTES`].
    fn take(bytes: &[u8]) -> Self;
}

/// A list of values in bytes: part of the program where the build wrote it, its own as soon as something is added.
#[derive(Clone)]
pub struct Frozen<T> {
    bytes: Cow<'static, [u8]>,
    of: PhantomData<T>,
}

impl<T: Fixed> Frozen<T> {
    /// Number of values.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len() / T::N_BYTES
    }

    /// Whether there are none.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The value with that number, from 0, if there are so many.
    #[inline]
    #[must_use]
    pub fn get(&self, at: usize) -> Option<T> {
        let start = at.checked_mul(T::N_BYTES)?;
        self.bytes.get(start..start.checked_add(T::N_BYTES)?).map(T::take)
    }

    /// The value with that number.
    ///
    /// # Panics
    /// If there are not so many.
    #[inline]
    #[must_use]
    pub fn at(&self, at: usize) -> T {
        T::take(&self.bytes[at * T::N_BYTES..][..T::N_BYTES])
    }

    /// Some of the values, in order.
    ///
    /// # Panics
    /// If there are not so many.
    #[inline]
    pub fn range(&self, range: Range<usize>) -> impl DoubleEndedIterator<Item = T> + ExactSizeIterator + Clone + '_ {
        self.bytes[range.start * T::N_BYTES..range.end * T::N_BYTES].chunks_exact(T::N_BYTES).map(T::take)
    }

    /// All values, in order.
    #[inline]
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = T> + ExactSizeIterator + Clone + '_ {
        self.range(0..self.len())
    }

    /// Adds a value at the end.
    pub fn push(&mut self, value: T) {
        value.put(self.bytes.to_mut());
    }

    /// Puts a value in place of another.
    ///
    /// # Panics
    /// If there are not so many.
    pub fn set(&mut self, at: usize, value: T) {
        let mut bytes = Vec::with_capacity(T::N_BYTES);
        value.put(&mut bytes);
        self.bytes.to_mut()[at * T::N_BYTES..][..T::N_BYTES].copy_from_slice(&bytes);
    }
}

impl<T> Default for Frozen<T> {
    fn default() -> Self {
        Self { bytes: Cow::Borrowed(&[]), of: PhantomData }
    }
}

impl<T: Fixed> FromIterator<T> for Frozen<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut list = Self::default();
        values.into_iter().for_each(|value| list.push(value));
        list
    }
}

impl<T: Fixed> Extend<T> for Frozen<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, values: I) {
        values.into_iter().for_each(|value| self.push(value));
    }
}

impl<T: Fixed + fmt::Debug> fmt::Debug for Frozen<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<T> Serialize for Frozen<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.bytes)
    }
}

impl<T: Fixed> Deserialize<'static> for Frozen<T> {
    fn deserialize<D: Deserializer<'static>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_bytes(Taker).and_then(|bytes| {
            if bytes.len() % T::N_BYTES == 0 {
                Ok(Self { bytes: Cow::Borrowed(bytes), of: PhantomData })
            } else {
                Err(D::Error::invalid_length(bytes.len(), &"whole values"))
            }
        })
    }
}

/// Takes bytes where they lie.
struct Taker;

impl Visitor<'static> for Taker {
    type Value = &'static [u8];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bytes")
    }

    fn visit_borrowed_bytes<E: Error>(self, bytes: &'static [u8]) -> Result<Self::Value, E> {
        Ok(bytes)
    }
}

/// Numbers, the least byte first.
macro_rules! fixed_number {
    ($($number:ty),*) => {$(
        impl Fixed for $number {
            const N_BYTES: usize = size_of::<Self>();

            fn put(self, bytes: &mut Vec<u8>) {
                bytes.extend(self.to_le_bytes());
            }

            #[inline]
            fn take(bytes: &[u8]) -> Self {
                bytes.first_chunk().map_or(0, |bytes| Self::from_le_bytes(*bytes))
            }
        }
    )*};
}

fixed_number!(u8, u16, u32, u64, u128, i16);

/// Makes a value [`Fixed`] that holds one number and nothing else.
macro_rules! fixed_as {
    ($value:ty, $number:ty) => {
        impl $crate::frozen::Fixed for $value {
            const N_BYTES: usize = <$number as $crate::frozen::Fixed>::N_BYTES;

            fn put(self, bytes: &mut Vec<u8>) {
                $crate::frozen::Fixed::put(self.0, bytes);
            }

            #[inline]
            fn take(bytes: &[u8]) -> Self {
                Self($crate::frozen::Fixed::take(bytes))
            }
        }
    };
}

pub(crate) use fixed_as;

/// Values one behind the other.
macro_rules! fixed_tuple {
    ($($name:ident),*) => {
        #[expect(non_snake_case, reason = "a value is called like its type")]
        impl<$($name: Fixed),*> Fixed for ($($name,)*) {
            const N_BYTES: usize = 0 $(+ $name::N_BYTES)*;

            fn put(self, bytes: &mut Vec<u8>) {
                let ($($name,)*) = self;
                $($name.put(bytes);)*
            }

            #[inline]
            fn take(bytes: &[u8]) -> Self {
                let mut end = 0;
                ($({
                    end += $name::N_BYTES;
                    $name::take(&bytes[end - $name::N_BYTES..end])
                },)*)
            }
        }
    };
}

fixed_tuple!(A, B);
fixed_tuple!(A, B, C);
fixed_tuple!(A, B, C, D);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_where_it_lies_and_may_be_added_to() {
        let list: Frozen<(u32, u8, u128)> = [(7, 1, u128::MAX), (u32::MAX, 0, 5)].into_iter().collect();
        let bytes: &'static [u8] = postcard::to_allocvec(&list).unwrap().leak();
        let mut read: Frozen<(u32, u8, u128)> = postcard::from_bytes(bytes).unwrap();
        assert!(matches!(read.bytes, Cow::Borrowed(_)));
        assert_eq!(read.iter().collect::<Vec<_>>(), [(7, 1, u128::MAX), (u32::MAX, 0, 5)]);
        read.push((3, 2, 1));
        read.set(0, (8, 8, 8));
        assert_eq!((read.len(), read.at(0), read.get(2), read.get(3)), (3, (8, 8, 8), Some((3, 2, 1)), None));
        assert_eq!(read.range(1..2).collect::<Vec<_>>(), [(u32::MAX, 0, 5)]);
        assert_eq!(list.at(0).0, 7);
    }

    #[test]
    fn half_a_value_is_none() {
        let bytes: &'static [u8] = postcard::to_allocvec(&[1_u8, 2, 3].into_iter().collect::<Frozen<u8>>()).unwrap().leak();
        assert!(postcard::from_bytes::<Frozen<u16>>(bytes).is_err());
    }
}
