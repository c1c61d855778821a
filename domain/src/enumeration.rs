//! Enumerations that can be walked: an `ALL` array that cannot miss a variant.

/// Declares plain enums with the usual derives and `ALL`, their variants in order of declaration. It gives no spelling: columns and
/// the schema spell each variant themselves.
macro_rules! enumeration {
    ($($(#[$meta:meta])* pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident),+ $(,)? })+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_meta])* $variant),+
        }

        impl $name {
            /// Every variant, in order of declaration.
            pub const ALL: [Self; [$(stringify!($variant)),+].len()] = [$(Self::$variant),+];
        }
    )+};
}

pub(crate) use enumeration;
