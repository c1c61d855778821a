//! The scalars of the schema: civil dates, instants and exact decimals, none of them as JSON numbers.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chidao_domain::day::Day;
use chrono::{DateTime as Instant, SecondsFormat, Utc};

/// Calendar date (ngày), `YYYY-MM-DD`; in the organization's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date(pub Day);

/// Calendar date (ngày), `YYYY-MM-DD`; in the organization's time zone.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text_of(&value, "`YYYY-MM-DD`")?;
        let well_formed = text.len() == 10 && text.bytes().enumerate().all(is_of_a_date);
        let day = well_formed.then(|| text.parse().ok()).flatten();
        day.map(Self).ok_or_else(|| InputValueError::custom(format!("`{}` is not a calendar date: write `YYYY-MM-DD`", shorten(text))))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// Instant (thời điểm), RFC 3339, in UTC, to the microsecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime(pub Instant<Utc>);

/// Instant (thời điểm), RFC 3339, in UTC, to the microsecond.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text_of(&value, "`YYYY-MM-DDTHH:MM:SSZ`")?;
        let instant = Instant::parse_from_rfc3339(text).map_err(|_| {
            InputValueError::custom(format!("`{}` is not an instant: write RFC 3339, for example `2020-12-04T01:30:00Z`", shorten(text)))
        })?;
        Ok(Self(instant.to_utc()))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// Exact decimal (số thập phân), as a string; 28 digits at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal(pub rust_decimal::Decimal);

/// Exact decimal (số thập phân), as a string; 28 digits at most.
#[Scalar(specified_by_url = "https://www.iso.org/standard/78375.html")]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text_of(&value, "as a string, for example `\"12.5\"`")?;
        let number = rust_decimal::Decimal::from_str_exact(text).map_err(|_| {
            InputValueError::custom(format!("`{}` is not an exact decimal of at most 28 digits: write it like `12.5`", shorten(text)))
        })?;
        Ok(Self(number.normalize()))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.normalize().to_string())
    }
}

/// Whether a byte may stand at its place in `YYYY-MM-DD`: years with a sign or with five digits are not taken.
fn is_of_a_date((place, byte): (usize, u8)) -> bool {
    if place == 4 || place == 7 { byte == b'-' } else { byte.is_ascii_digit() }
}

fn text_of<'a, T: async_graphql::InputType>(value: &'a Value, form: &str) -> Result<&'a str, InputValueError<T>> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(InputValueError::custom(format!("is written {form}"))),
    }
}

/// Enough of a wrong value to find it again.
fn shorten(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t1_a_date_is_four_two_and_two_digits() {
        let read = |text: &str| Date::parse(Value::String(text.into())).ok().map(|date| date.0.to_string());
        assert_eq!(read("2020-12-04").as_deref(), Some("2020-12-04"));
        for wrong in ["2020-02-30", "-001-01-01", "-20201-1-1", "2020-1-011", "20201204", "04/12/2020"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
