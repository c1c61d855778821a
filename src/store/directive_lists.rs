//! Lists of directives: filtered by what is asked and by rights in one statement, and paged by key (A3).

use std::collections::{HashMap, HashSet};

use chidao_domain::access;
use chidao_domain::day::{Day, DayRange};
use chidao_domain::directive::DirectiveStatus;
use chidao_domain::forest::Forest;
use chidao_domain::ids::{DirectiveId, UnitId};
use chidao_domain::{symbol, text};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use crate::store::among::{Among, Pairs};
use crate::store::code::Coded as _;
use crate::store::database::Engine;
use crate::store::error::Fault;
use crate::store::sights::{DRAFTS, Eyes, concerns};
use crate::store::units::like;

/// Words of a search that are looked at; further ones do not narrow it.
const SEARCH_WORDS: usize = 8;

/// Which directives a list holds; what is left out does not narrow it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct DirectiveSelection {
    /// Words of the title, without case and diacritics, or a symbol in either notation.
    pub search: Option<String>,
    /// Only in these states; empty: any.
    pub statuses: Vec<DirectiveStatus>,
    /// Only of these kinds; empty: any.
    pub kinds: Vec<String>,
    /// Only of these issuers.
    pub issuers: Option<Vec<UnitId>>,
    /// Only issued in the range.
    pub issued: DayRange,
    /// Only those that implement every one of these.
    pub implements: Vec<DirectiveId>,
}

impl DirectiveSelection {
    /// Narrows it to those that implement a directive.
    pub fn narrow_to_implementing(&mut self, directive: DirectiveId) {
        self.implements.push(directive);
    }
}

/// Whether there is one list, or one for each unit or directive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectiveOwner<'a> {
    /// One list.
    Nobody,
    /// Of each of these units, what it issued or drafts.
    Issuers(&'a [UnitId]),
    /// Of each of these directives, what implements it directly.
    Implemented(&'a [DirectiveId]),
    /// Of each of these units, what binds it; whether the caller may read that is asked before.
    Bound(&'a [UnitId]),
}

/// The order of a list of directives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DirectiveOrder {
    /// The latest date first; drafts, which have none yet, before all.
    #[default]
    IssuedOn,
    /// By title, without case and diacritics.
    Title,
    /// By number and signs; those without one last.
    Symbol,
}

/// Which part of a list is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DirectivePart {
    /// In which order.
    pub order: DirectiveOrder,
    /// From its start, or from its end backwards.
    pub backwards: Backwards,
    /// Only what comes after this one in the list.
    pub after: Option<DirectiveId>,
    /// Only what comes before this one in the list.
    pub before: Option<DirectiveId>,
    /// How many at most.
    pub limit: usize,
}

/// From which end of a list its part is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Backwards {
    /// From its start.
    No,
    /// From its end: the last one comes first.
    Yes,
}

#[derive(FromQueryResult)]
struct ListedRow {
    id: Uuid,
    owner_id: Option<Uuid>,
}

#[derive(FromQueryResult)]
struct CountRow {
    owner_id: Option<Uuid>,
    count: i64,
}

/// The ids of a part of a list, from the end that it is read from; with owners, those of each, and whose each is.
///
/// # Errors
/// A fault of the database.
pub async fn list_directives(
    sql: &impl ConnectionTrait,
    eyes: Eyes<'_>,
    (owner, selection): (DirectiveOwner<'_>, &DirectiveSelection),
    part: DirectivePart,
) -> Result<Vec<(Option<Uuid>, DirectiveId)>, Fault> {
    let mut query = Query::of(eyes, owner, selection);
    let key = query.key(part.order);
    // Every key grows along the list except the date, which is shown latest first.
    let (ahead, behind) = if part.order == DirectiveOrder::IssuedOn { ("<", ">") } else { (">", "<") };
    query.beyond(&key, ahead, part.after);
    query.beyond(&key, behind, part.before);
    let falls = (part.order == DirectiveOrder::IssuedOn) != (part.backwards == Backwards::Yes);
    let direction = if falls { "DESC" } else { "ASC" };
    let order: Vec<String> = key.iter().map(|column| format!("{column} {direction}")).collect();
    let (order, limit) = (order.join(", "), query.bind(i64::try_from(part.limit).unwrap_or(i64::MAX)));
    let (tables, condition) = (query.tables(), query.condition());
    let text = match query.owner {
        None => format!("SELECT d.id FROM {tables} WHERE {condition} ORDER BY {order} LIMIT ${limit}"),
        Some(owner) => format!(
            "SELECT id, owner_id FROM (SELECT d.id, {owner} AS owner_id, ROW_NUMBER() OVER (PARTITION BY {owner} ORDER BY {order}) AS number \
             FROM {tables} WHERE {condition}) numbered WHERE number <= ${limit} ORDER BY number"
        ),
    };
    let rows = ListedRow::find_by_statement(Statement::from_sql_and_values(eyes.engine.backend(), text, query.values)).all(sql).await?;
    Ok(rows.into_iter().map(|row| (row.owner_id, DirectiveId(row.id))).collect())
}

/// How many directives the whole list holds; with owners, that of each, by its id.
///
/// # Errors
/// A fault of the database.
pub async fn count_directives(
    sql: &impl ConnectionTrait,
    eyes: Eyes<'_>,
    owner: DirectiveOwner<'_>,
    selection: &DirectiveSelection,
) -> Result<HashMap<Option<Uuid>, usize>, Fault> {
    let query = Query::of(eyes, owner, selection);
    let (tables, condition) = (query.tables(), query.condition());
    let text = match query.owner {
        None => format!("SELECT COUNT(*) AS count FROM {tables} WHERE {condition}"),
        Some(owner) => format!("SELECT {owner} AS owner_id, COUNT(*) AS count FROM {tables} WHERE {condition} GROUP BY {owner}"),
    };
    let rows = CountRow::find_by_statement(Statement::from_sql_and_values(eyes.engine.backend(), text, query.values)).all(sql).await?;
    Ok(rows.into_iter().map(|row| (row.owner_id, usize::try_from(row.count).unwrap_or_default())).collect())
}

/// The states of drafts as SQL literals; they are constants of this program.
fn drafts() -> String {
    DRAFTS.map(|status| format!("'{}'", status.code())).join(", ")
}

/// Conditions and their parameters as they grow.
struct Query {
    engine: Engine,
    /// What is joined to `directive d`.
    join: String,
    /// The column that says whose list a row belongs to.
    owner: Option<&'static str>,
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Query {
    fn of(eyes: Eyes<'_>, owner: DirectiveOwner<'_>, selection: &DirectiveSelection) -> Self {
        let (join, conditions) = (String::new(), vec!["TRUE".into()]);
        let mut query = Self { engine: eyes.engine, join, owner: None, conditions, values: Vec::new() };
        query.belong(eyes.forest, owner);
        query.select(eyes.forest, selection);
        query.see(eyes);
        query
    }

    fn tables(&self) -> String {
        format!("directive d{}", self.join)
    }

    fn belong(&mut self, forest: &Forest, owner: DirectiveOwner<'_>) {
        match owner {
            DirectiveOwner::Nobody => {}
            DirectiveOwner::Issuers(units) => {
                let issued = self.issued_by(forest, units);
                self.conditions.push(issued);
                self.owner = Some(self.join_places(forest, units));
            }
            DirectiveOwner::Implemented(directives) => {
                let implements = self.among("own.to_id", directives.iter().copied());
                self.join = format!(" JOIN directive_relation own ON own.from_id = d.id AND own.kind = 'IMPLEMENTS' AND {implements}");
                self.owner = Some("own.to_id");
            }
            DirectiveOwner::Bound(units) => {
                let bound = self.among("o.unit_id", units.iter().copied());
                self.join = format!(
                    " JOIN (SELECT DISTINCT o.directive_id, o.unit_id FROM obligation o \
                     WHERE {bound} AND o.state NOT IN ('RELEASED', 'TRANSFERRED')) own ON own.directive_id = d.id"
                );
                self.owner = Some("own.unit_id");
            }
        }
    }

    /// What the units issued, and the drafts whose issuer they are now: a place has become the issuer of the drafts of what ended there (D2).
    fn issued_by(&mut self, forest: &Forest, units: &[UnitId]) -> String {
        let issued = self.among("d.issuer_id", units.iter().copied());
        let wanted: HashSet<UnitId> = units.iter().copied().collect();
        let is_wanted = |unit: &UnitId| wanted.contains(&forest.stands_for(*unit));
        let stays = units.iter().copied().filter(is_wanted);
        let drafting: HashSet<UnitId> = stays.chain(forest.all_ended().iter().map(|ended| ended.unit.id).filter(is_wanted)).collect();
        if drafting == wanted {
            return issued;
        }
        let drafted = self.among("d.issuer_id", drafting);
        format!("(CASE WHEN d.status IN ({}) THEN {drafted} ELSE {issued} END)", drafts())
    }

    /// Joins the places of issuers that have ended, where one of the units is theirs; answers the column of who is the issuer now.
    fn join_places(&mut self, forest: &Forest, units: &[UnitId]) -> &'static str {
        let wanted: HashSet<UnitId> = units.iter().copied().collect();
        let ended = forest.all_ended().iter().map(|ended| (ended.unit.id, forest.stands_for(ended.unit.id)));
        let places: Vec<(UnitId, UnitId)> = ended.filter(|(unit, place)| unit != place && wanted.contains(place)).collect();
        if places.is_empty() {
            return "d.issuer_id";
        }
        let pairs = Pairs::new(self.engine, places);
        let table = pairs.table(self.values.len() + 1);
        self.bind(pairs.value());
        self.join = format!(" LEFT JOIN {table} place ON place.one = d.issuer_id AND d.status IN ({})", drafts());
        "COALESCE(place.other, d.issuer_id)"
    }

    fn condition(&self) -> String {
        self.conditions.join(" AND ")
    }

    /// Binds a value; answers the number of its parameter.
    fn bind(&mut self, value: impl Into<Value>) -> usize {
        self.values.push(value.into());
        self.values.len()
    }

    fn among<I: Into<Uuid>>(&mut self, column: &str, ids: impl IntoIterator<Item = I>) -> String {
        let among = Among::new(self.engine, ids);
        let condition = among.holds(column, self.values.len() + 1);
        self.bind(among.value());
        condition
    }

    fn one_of(&mut self, column: &str, codes: impl IntoIterator<Item = String>) -> String {
        let numbers: Vec<String> = codes.into_iter().map(|code| format!("${}", self.bind(code))).collect();
        format!("{column} IN ({})", numbers.join(", "))
    }

    fn select(&mut self, forest: &Forest, selection: &DirectiveSelection) {
        if let Some(search) = &selection.search {
            let found = self.matches(search);
            self.conditions.push(found);
        }
        if !selection.statuses.is_empty() {
            let of = self.one_of("d.status", selection.statuses.iter().map(|status| status.code().to_owned()));
            self.conditions.push(of);
        }
        if !selection.kinds.is_empty() {
            let of = self.one_of("d.kind_code", selection.kinds.iter().cloned());
            self.conditions.push(of);
        }
        if let Some(issuers) = &selection.issuers {
            let of = self.issued_by(forest, issuers);
            self.conditions.push(of);
        }
        if let Some(from) = selection.issued.from {
            let from = self.bind(from);
            self.conditions.push(format!("d.issued_on >= ${from}"));
        }
        if let Some(to) = selection.issued.to {
            let to = self.bind(to);
            self.conditions.push(format!("d.issued_on <= ${to}"));
        }
        for target in &selection.implements {
            let target = self.bind(Uuid::from(*target));
            self.conditions.push(format!(
                "EXISTS (SELECT 1 FROM directive_relation r WHERE r.from_id = d.id AND r.kind = 'IMPLEMENTS' AND r.to_id = ${target})"
            ));
        }
    }

    /// Every word stands in the title; or the whole is a symbol.
    fn matches(&mut self, search: &str) -> String {
        let folded = text::fold(search);
        let words = folded.split(' ').filter(|word| !word.is_empty()).take(SEARCH_WORDS);
        let words: Vec<String> = words.map(|word| format!("d.folded_title LIKE ${} ESCAPE '\\'", self.bind(like(word)))).collect();
        let title = if words.is_empty() { "TRUE".into() } else { words.join(" AND ") };
        match symbol::comparison_key(search) {
            Err(_) => format!("({title})"),
            Ok(key) => format!("(({title}) OR d.symbol_key = ${})", self.bind(key)),
        }
    }

    /// Only what the caller may read (A3); the same as [`access::decide`] says of each.
    fn see(&mut self, eyes: Eyes<'_>) {
        let visible = access::visible_units(eyes.grants, eyes.forest);
        if visible.len() == eyes.forest.known_len() {
            return;
        }
        let units: Vec<UnitId> = eyes.forest.ids_at(&visible).collect();
        let of_issuer = self.among("d.issuer_id", units.iter().copied());
        let above = access::consulting_units(eyes.grants, eyes.forest);
        let consulting = self.among("d.issuer_id", above.iter().copied());
        let (units, above) = (Among::new(eyes.engine, units), Among::new(eyes.engine, above));
        let (units_at, above_at) = (self.bind(units.clone().value()), self.bind(above.clone().value()));
        let concerned = concerns((&units, units_at), (&above, above_at));
        let consulted = DirectiveStatus::Consulting.code();
        self.conditions.push(format!("({of_issuer} OR (d.status = '{consulted}' AND {consulting}) OR {concerned})"));
    }

    /// The columns that a list is ordered by; none of them is ever NULL, and the last tells all rows apart.
    fn key(&mut self, order: DirectiveOrder) -> Vec<String> {
        match order {
            DirectiveOrder::IssuedOn => {
                let latest = self.bind(Day::from_ymd_opt(9999, 12, 31).unwrap_or(Day::MAX));
                vec![format!("COALESCE(d.issued_on, ${latest})"), "d.id".into()]
            }
            DirectiveOrder::Title => vec![format!("d.folded_title{}", self.bytewise()), "d.id".into()],
            DirectiveOrder::Symbol => {
                let last = self.bind(i64::MAX);
                vec![format!("COALESCE(d.symbol_number, ${last})"), format!("COALESCE(d.symbol_key, ''){}", self.bytewise()), "d.id".into()]
            }
        }
    }

    /// Folded texts sort byte by byte on both databases, whatever the locale of a PostgreSQL cluster is.
    fn bytewise(&self) -> &'static str {
        match self.engine {
            Engine::Sqlite => "",
            Engine::Postgres => " COLLATE \"C\"",
        }
    }

    /// Only what lies on one side of a directive in the list.
    fn beyond(&mut self, key: &[String], side: &str, directive: Option<DirectiveId>) {
        let Some(directive) = directive else { return };
        let id = self.bind(Uuid::from(directive));
        let there = key.join(", ").replace("d.", "k.");
        self.conditions.push(format!("({}) {side} (SELECT {there} FROM directive k WHERE k.id = ${id})", key.join(", ")));
    }
}
