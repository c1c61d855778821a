//! `chidao import` and `chidao export`: tables of units.

use std::cell::Cell;
use std::fs::File;
use std::io::{BufWriter, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use chidao_domain::day::Day;
use chidao_domain::refusal::Locale;
use chidao_domain::reorganization::Change;
use chidao_domain::table::{Faults, Gone, Missing, TablePlan, lines_of, read_day};
use clap::{Args, Subcommand, ValueEnum};

use super::{Failed, Place, connect_as_it_is};
use crate::clock::Clock;
use crate::command::{self, ImportStop, ImportUnits, Mode, UnitsImported};
use crate::server;
use crate::store::forests::{TreeOn, load_forest};
use crate::store::{registers, units};
use crate::tables::{self, Format, Progress};

#[derive(Debug, Subcommand)]
pub(super) enum Import {
    /// Make the tree of a day equal to a table, by one reorganization: units are established, revised, moved and change their kinds where
    /// they differ. What stands in the way is told at once, of very much the first thousand faults; then nothing is written.
    Units(ImportArgs),
}

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    #[command(flatten)]
    place: Place,
    /// The table, `.csv` or `.xlsx` (its first worksheet). The first row has the headings: code, kind, name, parent code, and where they are
    /// known short name, member count, external ids (`scheme:value; scheme:value`); or mã, loại, tên, mã cấp trên, tên viết tắt,
    /// số đảng viên, mã ngoài.
    file: PathBuf,
    /// The day from which the tree is to be so: `2025-07-01`, `01/07/2025`, or a workbook's number of the day.
    #[arg(long, value_parser = day)]
    effective_on: Day,
    /// Tell what would change, and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Dissolve active units that the table does not have, children first and without heirs; otherwise they stay.
    #[arg(long)]
    dissolve_missing: bool,
    /// Reopen units of the table that have ended, parents first, and make them as the table says, for instance after an import was annulled;
    /// otherwise their rows are refused. What they owed wakes with them.
    #[arg(long)]
    reopen_ended: bool,
    /// What the reorganization is called; by default after the file.
    #[arg(long)]
    title: Option<String>,
    /// The language of what is told; by default that of LANG.
    #[arg(long)]
    locale: Option<LocaleArg>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Export {
    /// Write the active units of a day as a table that `import units` reads as it is.
    Units(ExportArgs),
}

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    #[command(flatten)]
    place: Place,
    /// The day; by default today.
    #[arg(long, value_parser = day)]
    as_of: Option<Day>,
    /// The form; by default that of --out.
    #[arg(long)]
    format: Option<FormatArg>,
    /// The file; by default the standard output.
    #[arg(long)]
    out: Option<PathBuf>,
    /// The language of the headings; by default that of LANG.
    #[arg(long)]
    locale: Option<LocaleArg>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatArg {
    /// Comma separated values, UTF-8.
    Csv,
    /// A workbook.
    Xlsx,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LocaleArg {
    /// Tiếng Việt.
    Vi,
    /// English.
    En,
}

fn day(given: &str) -> Result<Day, &'static str> {
    read_day(given).ok_or("write a day like `2025-07-01` or `01/07/2025`")
}

/// The language that is asked for, or that of the environment, as programs on a terminal choose it.
fn locale(asked: Option<LocaleArg>) -> Locale {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    match asked {
        Some(LocaleArg::Vi) => Locale::Vi,
        Some(LocaleArg::En) => Locale::En,
        None if set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG")).is_some_and(|lang| lang.starts_with("vi")) => {
            Locale::Vi
        }
        None => Locale::En,
    }
}

pub(super) async fn import(Import::Units(args): Import) -> Result<(), Failed> {
    let locale = locale(args.locale);
    let config = args.place.config()?;
    let progress = Progress::shown();
    progress.step(&locale.pick(format!("đọc {}", args.file.display()), format!("reading {}", args.file.display())), None);
    let table = tables::read(&args.file, &config.limits, &progress).map_err(|no| no.words(locale))?;
    tell_unread(&table.unread, locale);
    let rows = table.rows.len();
    let words = locale.pick(format!("so {rows} dòng với cây tổ chức"), format!("comparing {} with the tree", counted(rows, "row")));
    progress.step(&words, None);
    let file = args.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let input = ImportUnits {
        title: args.title.unwrap_or_else(|| locale.pick(format!("Nhập bảng {file}"), format!("Import of {file}"))),
        effective_on: args.effective_on,
        table,
        missing: if args.dissolve_missing { Missing::Dissolve } else { Missing::Stay },
        gone: if args.reopen_ended { Gone::Reopened } else { Gone::Refused },
        mode: if args.dry_run { Mode::Preview } else { Mode::Real },
    };
    if args.dry_run {
        // A trial makes no database.
        connect_as_it_is(&config).await?.close().await?;
    }
    let (office, _) = server::open(&config, Clock::system(config.zone)).await?;
    let sent = || usize::try_from(office.database().statements()).unwrap_or(usize::MAX);
    let begun = Cell::new(None);
    let planned = |count: usize| {
        if let Some(words) = carrying_out(count, args.dry_run, locale) {
            progress.step(&words, Some(count));
            begun.set(Some((count, sent())));
        }
    };
    let look = || {
        if let Some((count, before)) = begun.get() {
            progress.count(changes_by(sent().saturating_sub(before)).min(count));
        }
    };
    let imported = watch(Box::pin(command::import_units(&office, input, planned)), look).await;
    progress.end();
    let told = match imported {
        Ok(imported) => told(&imported, args.effective_on, args.dry_run, locale),
        Err(ImportStop::Bad(bad)) => return Err(refused(&bad, locale).into()),
        Err(ImportStop::Fault(fault)) => return Err(fault.into()),
    };
    office.database().clone().close().await?;
    print(&told)
}

/// The headings of columns that are told as not read; of a row of headings that goes on for ever the others are counted.
const UNREAD: usize = 20;

fn tell_unread(headings: &[String], locale: Locale) {
    for heading in headings.iter().take(UNREAD) {
        eprintln!("{}", locale.pick(format!("không đọc cột \"{heading}\""), format!("the column \"{heading}\" is not read")));
    }
    if let Some(more) = headings.len().checked_sub(UNREAD).filter(|more| *more > 0) {
        eprintln!("{}", locale.pick(format!("và không đọc {more} cột khác"), format!("and {}", counted(more, "more column"))));
    }
}

/// So many things, in English.
fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

/// What is done with so many changes; where there are none, nothing is.
fn carrying_out(count: usize, is_trial: bool, locale: Locale) -> Option<String> {
    let words = match is_trial {
        true => locale.pick(format!("thử {count} thay đổi"), format!("trying {}", counted(count, "change"))),
        false => locale.pick(format!("ghi {count} thay đổi"), format!("carrying out {}", counted(count, "change"))),
    };
    Some(words).filter(|_| count > 0)
}

/// About how many changes so many statements have carried out: a thousand new units are looked up, written and put into the journal by some
/// nine.
fn changes_by(statements: usize) -> usize {
    statements.saturating_mul(1_000) / 9
}

/// Waits for a work, and looks now and then how far it is.
async fn watch<T>(mut work: impl Future<Output = T> + Unpin, look: impl Fn()) -> T {
    let mut glance = tokio::time::interval(Duration::from_millis(200));
    loop {
        tokio::select! {
            done = &mut work => return done,
            _ = glance.tick() => look(),
        }
    }
}

/// How many bad cells there are, those that are told on a line of its own, and how many are not.
fn refused(bad: &Faults, locale: Locale) -> String {
    let lines: String = bad.told().iter().map(|bad| format!("{}\n", bad.words(locale))).collect();
    let count = bad.count();
    let sum = locale.pick(format!("không nhập gì: {count} lỗi"), format!("nothing was imported: {}", counted(count, "fault")));
    let more = match count - bad.told().len() {
        0 => String::new(),
        more => locale.pick(
            format!("và {more} lỗi nữa: hãy sửa các lỗi trên rồi nhập lại"),
            format!("and {}: mend these first, and import again", counted(more, "more fault")),
        ),
    };
    format!("{sum}\n{lines}{more}").trim_end().to_owned()
}

/// What was done; each change on a line where it is only a trial.
fn told(imported: &UnitsImported, on: Day, is_trial: bool, locale: Locale) -> String {
    let UnitsImported { counts, preview, outcome } = imported;
    let Some(outcome) = outcome else {
        return locale.pick(
            format!("không có gì thay đổi: cây tổ chức ngày {on} đã đúng như bảng\n"),
            format!("nothing changes: the tree of {on} is as the table says\n"),
        );
    };
    let mut text = preview.as_ref().map(|plan| each_change(plan, locale)).unwrap_or_default();
    let counts: Vec<String> =
        VERBS.iter().filter_map(|(verb, vi, en)| Some(format!("{} {}", counts.get(verb)?, locale.pick(vi, en)))).collect();
    let (counts, units) = (counts.join(", "), outcome.record.units_touched);
    let sum = match (locale, is_trial) {
        (Locale::Vi, true) => format!("chạy thử, không ghi gì: {counts}; {units} đơn vị thay đổi từ ngày {on}"),
        (Locale::Vi, false) => format!("đã nhập: {counts}; {units} đơn vị thay đổi từ ngày {on}"),
        (Locale::En, true) => format!("a trial, nothing was written: {counts}; units that change from {on} on: {units}"),
        (Locale::En, false) => format!("imported: {counts}; units that change from {on} on: {units}"),
    };
    text.push_str(&sum);
    text.push('\n');
    text
}

/// What changes do, by their verbs, as sums tell it.
const VERBS: [(&str, &str, &str); 6] = [
    ("establish", "thành lập", "established"),
    ("revise", "sửa", "revised"),
    ("move", "chuyển", "moved"),
    ("changeKind", "đổi loại", "of another kind"),
    ("reopen", "lập lại", "reopened"),
    ("dissolve", "giải thể", "dissolved"),
];

fn each_change(plan: &TablePlan, locale: Locale) -> String {
    let row = |row: Option<u32>| match row {
        Some(row) => locale.pick(format!("dòng {row}"), format!("row {row}")),
        None => locale.pick("không có trong bảng".to_owned(), "not in the table".to_owned()),
    };
    let line = |(change, at): (&Change, &Option<u32>)| {
        let verb = VERBS.iter().find(|(verb, ..)| *verb == change.verb()).map_or("", |(_, vi, en)| locale.pick(vi, en));
        let unit = match change {
            Change::Establish(change) => change.code.clone(),
            other => other.refs().first().map(ToString::to_string).unwrap_or_default(),
        };
        format!("{}: {unit}: {verb}\n", row(*at))
    };
    plan.changes.iter().zip(&plan.rows).map(line).collect()
}

pub(super) async fn export(Export::Units(args): Export) -> Result<(), Failed> {
    let locale = locale(args.locale);
    let format = match (args.format, &args.out) {
        (Some(FormatArg::Csv), _) => Format::Csv,
        (Some(FormatArg::Xlsx), _) => Format::Xlsx,
        (None, Some(out)) => Format::of(out).ok_or("say --format csv or --format xlsx: the name of --out does not tell")?,
        (None, None) => Format::Csv,
    };
    if format == Format::Xlsx && args.out.is_none() && std::io::stdout().is_terminal() {
        return Err("a workbook is not for a terminal: say where with --out FILE".into());
    }
    let database = connect_as_it_is(&args.place.config()?).await?;
    let snapshot = database.snapshot().await?;
    let today = Clock::system(args.place.zone).today();
    let kinds = registers::load_unit_kinds(snapshot.sql()).await?;
    let on = args.as_of.unwrap_or(today);
    let forest = load_forest(snapshot.sql(), snapshot.engine(), &kinds, TreeOn::day(on)).await?;
    let ids: Vec<_> = forest.units().iter().map(|unit| unit.id).collect();
    let external_ids = units::load_external_ids_on(snapshot.sql(), &ids, on).await?;
    let progress = Progress::shown();
    let count = forest.len();
    progress.step(&locale.pick(format!("ghi {count} đơn vị"), format!("writing {count} units")), Some(count));
    let lines = lines_of(&forest, &external_ids);
    let written = match &args.out {
        Some(out) => {
            let file = File::create(out).map_err(|no| format!("`{}`: {no}", out.display()))?;
            tables::write(BufWriter::new(file), format, locale, lines, &progress)
        }
        None => tables::write(std::io::stdout().lock(), format, locale, lines, &progress),
    };
    progress.end();
    Ok(written.map_err(|no| no.words(locale))?)
}

/// Whoever reads may have seen enough: a closed pipe is no error.
fn print(text: &str) -> Result<(), Failed> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(no) if no.kind() != std::io::ErrorKind::BrokenPipe => Err(no.into()),
        _ => Ok(()),
    }
}
