//! Sums and products without rounding: [`Decimal`] rounds where a result needs more than 96 bits, this type has none instead.

use std::cmp::Ordering;

use rust_decimal::Decimal;

/// `mantissa` × 10^−`scale`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exact {
    mantissa: i128,
    scale: u32,
}

impl From<Decimal> for Exact {
    fn from(value: Decimal) -> Self {
        let value = value.normalize();
        Self { mantissa: value.mantissa(), scale: value.scale() }
    }
}

impl Exact {
    pub(crate) const ZERO: Self = Self { mantissa: 0, scale: 0 };
    pub(crate) const ONE: Self = Self { mantissa: 1, scale: 0 };

    pub(crate) fn is_positive(self) -> bool {
        self.mantissa > 0
    }

    /// `None` where it does not fit 38 digits.
    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let mantissa = self.at_scale(scale)?.checked_add(other.at_scale(scale)?)?;
        Some(Self { mantissa, scale })
    }

    /// `None` where it does not fit 38 digits.
    pub(crate) fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self { mantissa: other.mantissa.checked_neg()?, scale: other.scale })
    }

    /// `None` where it does not fit 38 digits.
    pub(crate) fn times(self, other: Self) -> Option<Self> {
        Some(Self { mantissa: self.mantissa.checked_mul(other.mantissa)?, scale: self.scale.checked_add(other.scale)? })
    }

    /// `None` where the two cannot be brought to one scale.
    pub(crate) fn compare(self, other: Self) -> Option<Ordering> {
        let scale = self.scale.max(other.scale);
        Some(self.at_scale(scale)?.cmp(&other.at_scale(scale)?))
    }

    /// `None` where it does not fit 28 digits.
    pub(crate) fn decimal(self) -> Option<Decimal> {
        let Self { mut mantissa, mut scale } = self;
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Decimal::try_from_i128_with_scale(mantissa, scale).ok()
    }

    fn at_scale(self, scale: u32) -> Option<i128> {
        self.mantissa.checked_mul(10_i128.checked_pow(scale.checked_sub(self.scale)?)?)
    }
}
