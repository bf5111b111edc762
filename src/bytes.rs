//! An answer for each byte value, worked out by the compiler, so that a byte is asked by a look into a table.

/// A table of 256 answers: `for_each_byte!(byte => byte.is_ascii_digit())`.
macro_rules! for_each_byte {
    ($byte:ident => $answer:expr) => {{
        let mut answers = [{
            let $byte = 0_u8;
            $answer
        }; 256];
        let mut at = 1;
        while at < 256 {
            #[expect(clippy::cast_possible_truncation, reason = "at is below 256")]
            let $byte = at as u8;
            answers[at] = $answer;
            at += 1;
        }
        answers
    }};
}

pub(crate) use for_each_byte;

#[cfg(test)]
mod tests {
    #[test]
    fn every_byte_has_its_own_answer() {
        static DOUBLED: [u16; 256] = for_each_byte!(byte => byte as u16 * 2);
        assert!(DOUBLED.iter().enumerate().all(|(byte, &doubled)| byte * 2 == usize::from(doubled)));
    }
}
