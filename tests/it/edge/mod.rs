//! The network edge, with a stub behind it: what every operation may rely on.

mod graphql;
mod house;
mod large;
mod limits;
mod premises;
mod stub;
mod words;
