//! The changes of Chidao's database schema, in order. A migration writes names out and is never edited once it has landed.

mod column;
mod m20261122_000001_registers;
mod m20261122_000002_units_and_people;
mod m20261122_000003_principals;
mod m20261122_000004_directives;
mod m20261122_000005_reorganizations;
mod m20261122_000006_obligations;
mod m20261122_000007_journal;
mod m20261122_000008_codes_apart;
mod m20261122_000010_course_of_the_tree;
mod m20261122_000011_obligations_over_time;
mod m20261122_000012_what_is_kept;
mod m20261122_000013_links_of_batches;
mod m20261130_000014_periods;
mod m20261130_000015_figures_below_zero;
mod m20261130_000016_urges;

use sea_orm_migration::prelude::*;
pub use sea_orm_migration::{IntoSchemaManagerConnection, MigratorTrait};

/// Runs the migrations.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_registers::Migration),
            Box::new(m20261122_000002_units_and_people::Migration),
            Box::new(m20261122_000003_principals::Migration),
            Box::new(m20261122_000004_directives::Migration),
            Box::new(m20261122_000005_reorganizations::Migration),
            Box::new(m20261122_000006_obligations::Migration),
            Box::new(m20261122_000007_journal::Migration),
            Box::new(m20261122_000010_course_of_the_tree::Migration),
            Box::new(m20261122_000011_obligations_over_time::Migration),
            Box::new(m20261122_000008_codes_apart::Migration),
            Box::new(m20261122_000012_what_is_kept::Migration),
            Box::new(m20261122_000013_links_of_batches::Migration),
            Box::new(m20261130_000014_periods::Migration),
            Box::new(m20261130_000015_figures_below_zero::Migration),
            Box::new(m20261130_000016_urges::Migration),
        ]
    }
}
