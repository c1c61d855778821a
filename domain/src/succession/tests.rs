mod against_a_naive_model;
mod annulment;
mod decisions;
mod endings;
mod late;
mod scale;

use std::fmt::Write;

use expect_test::Expect;

use super::*;
use crate::fixture::{self, day, id};
use crate::forest::Forest;
use crate::refusal::Locale;
use crate::reorganization::{
    self, Change, ChangeKind, Dissolve, Ending, Establish, Ground, Merge, Move, Reopen, Split, SplitPart, Taken, UnitRef,
};
use crate::scope::Reach;

/// The day on which every batch of these tests acts.
const TODAY: &str = "2025-07-01";

/// A province with two blocs; most directives are the first one's.
const TREE: &str = "
tinh
  khoi
    a
      a1
    b
    c
  huyen DISTRICT
    d";

fn refs(codes: &str) -> Vec<UnitRef> {
    codes.split(',').filter(|code| !code.is_empty()).map(|code| UnitRef::Code(code.into())).collect()
}

fn one(code: &str) -> UnitRef {
    UnitRef::Code(code.into())
}

/// Reads one change: `establish X KIND under Y`, `move X under Y`, `kind X KIND`, `merge A,B into C`, `split A into B:x,y C:`,
/// `dissolve A [heir B] [children C]`, `reopen A [under B]`.
fn change(line: &str) -> Change {
    let words: Vec<&str> = line.split_whitespace().collect();
    let after = |word: &str| words.iter().position(|found| *found == word).map(|at| words[at + 1]);
    match words[0] {
        "establish" => Change::Establish(Establish {
            id: id(words[1]),
            code: words[1].into(),
            kind: words[2].into(),
            name: words[1].into(),
            short_name: None,
            member_count: None,
            parent: after("under").map(one),
            external_ids: Vec::new(),
        }),
        "move" => Change::Move(Move { unit: one(words[1]), parent: after("under").map(one) }),
        "kind" => Change::ChangeKind(ChangeKind { unit: one(words[1]), kind: words[2].into(), parent: None }),
        "merge" => Change::Merge(Merge { units: refs(words[1]), into: one(after("into").unwrap()) }),
        "split" => {
            let parts = words[3..].iter().map(|part| part.split_once(':').unwrap_or((part, "")));
            let into = parts.map(|(into, children)| SplitPart { into: one(into), children: refs(children) }).collect();
            Change::Split(Split { unit: one(words[1]), into })
        }
        "dissolve" => {
            let (heir, children_to) = (after("heir").map(one), after("children").map(one));
            Change::Dissolve(Dissolve { unit: one(words[1]), heir, children_to })
        }
        "reopen" => Change::Reopen(Reopen { unit: one(words[1]), parent: after("under").map(one) }),
        other => panic!("`{other}` is no change"),
    }
}

/// The tree after a batch, and its endings. Placement is not judged: these tests are not about kinds.
fn shifted(forest: &Forest, batch: &[Change]) -> (Forest, Vec<Ending>) {
    let kinds = fixture::kinds();
    let judgement = Judgement::TakenBack;
    let ground = Ground { day: day(TODAY), forest, kinds: &kinds, taken: &Taken::default(), judgement };
    let plan = reorganization::plan(ground, batch).unwrap();
    (plan.forest_after(forest, &kinds).unwrap(), plan.endings)
}

fn ids<T>(codes: Option<&str>, id_of: impl Fn(&str) -> T) -> Vec<T> {
    codes.into_iter().flat_map(|codes| codes.split(',')).map(id_of).collect()
}

fn field<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    line.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
}

fn date(text: &str) -> Option<Day> {
    Some(text).filter(|text| *text != "-").map(day)
}

/// Reads `NAME [issuer=khoi] [anchor=] [reach=Descendants] [kinds=] [include=] [except=] [subtrees=] [due=2025-12-31] [grace=30] [late=no]
/// [period=] [of=DIRECTIVE]`.
fn bond(line: &str) -> Bond {
    let text = |name| field(line, name);
    let issuer = text("issuer").unwrap_or("khoi");
    let reach = text("reach").unwrap_or("Descendants");
    Bond {
        requirement: requirement(line.split_whitespace().next().unwrap()),
        directive: directive(text("of").unwrap_or("D")),
        issuer: id(issuer),
        scope: Scope {
            anchor: id(text("anchor").unwrap_or(issuer)),
            reach: Reach::ALL.into_iter().find(|known| format!("{known:?}") == reach).unwrap(),
            kinds: ids(text("kinds"), |kind| kind.into()),
            include: ids(text("include"), id),
            except: ids(text("except"), id),
            except_subtrees: ids(text("subtrees"), id),
            may_be_empty: true,
        },
        period: text("period").unwrap_or_default().into(),
        due_on: date(text("due").unwrap_or("2025-12-31")),
        binds_late_units: text("late") != Some("no"),
        late_grace_days: text("grace").map_or(30, |days| days.parse().unwrap()),
    }
}

fn requirement(name: &str) -> RequirementId {
    RequirementId(id(name).0)
}

fn directive(name: &str) -> DirectiveId {
    DirectiveId(id(name).0)
}

fn obligation(name: &str) -> ObligationId {
    ObligationId(id(name).0)
}

/// Reads `UNIT STATE [due=] [reported=] [period=] [kept] [void] [cause=]`; the date is the requirement's unless it says otherwise.
fn held<'a>(bond: &'a Bond, name: &str, line: &str) -> Held<'a> {
    let words: Vec<&str> = line.split_whitespace().collect();
    Held {
        id: obligation(name),
        bond,
        unit: id(words[0]),
        period: field(line, "period").unwrap_or(&bond.period).into(),
        state: State::ALL.into_iter().find(|state| format!("{state:?}") == words[1]).unwrap(),
        due_on: field(line, "due").map_or(bond.due_on, date),
        reported_on: field(line, "reported").map(day),
        kept: words.contains(&"kept"),
        cause: field(line, "cause").map(|cause| Cause::ALL.into_iter().find(|known| format!("{known:?}") == cause).unwrap()),
        is_void: words.contains(&"void"),
    }
}

/// Reads `decide UNIT transfer TO`, `decide UNIT release`, `decide UNIT keep`, with `[of=DIRECTIVES] [for=REQUIREMENTS] [why=]`.
fn decision(line: &str) -> Decision {
    let words: Vec<&str> = line.split_whitespace().collect();
    let action = match words[2] {
        "transfer" => Action::Transfer { to: id(words[3]) },
        "release" => Action::Release,
        "keep" => Action::Keep,
        other => panic!("`{other}` is no action"),
    };
    let reason = field(line, "why").unwrap_or("because").into();
    Decision {
        directives: ids(field(line, "of"), directive),
        requirements: ids(field(line, "for"), requirement),
        from: id(words[1]),
        action,
        reason,
    }
}

/// Requirements in lines of their own, their obligations below, indented.
struct Books {
    bonds: Vec<Bond>,
    names: Vec<String>,
    lines: Vec<(usize, String, String)>,
}

impl Books {
    fn read(text: &str) -> Self {
        let (mut bonds, mut names, mut lines, mut name) = (Vec::new(), Vec::new(), Vec::new(), "");
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            if line.starts_with(' ') {
                let unit = line.split_whitespace().next().unwrap();
                let period = field(line, "period").map(|period| format!(" {period}")).unwrap_or_default();
                lines.push((bonds.len() - 1, format!("{name} {unit}{period}"), line.to_owned()));
            } else {
                name = line.split_whitespace().next().unwrap();
                names.push(name.to_owned());
                bonds.push(bond(line));
            }
        }
        Self { bonds, names, lines }
    }

    fn held(&self) -> Vec<Held<'_>> {
        self.lines.iter().map(|(at, name, line)| held(&self.bonds[*at], name, line)).collect()
    }

    /// What a test calls a thing.
    fn name(&self, id: ObligationId) -> String {
        self.lines.iter().find(|(_, name, _)| obligation(name) == id).map_or_else(|| id.to_string(), |(_, name, _)| format!("`{name}`"))
    }

    fn bond_name(&self, id: RequirementId) -> &str {
        self.names.iter().find(|name| requirement(name) == id).unwrap()
    }
}

fn told(books: &Books, forest: &Forest, consequence: &Consequence) -> String {
    let date = |day: &Option<Day>| day.map_or("no date".into(), |day| format!("due {day}"));
    let by = |decision: &Option<usize>| decision.map(|at| format!(", decision {at}")).unwrap_or_default();
    let names = |ids: &[ObligationId]| ids.iter().map(|id| books.name(*id)).collect::<Vec<_>>().join(", ");
    match consequence {
        Consequence::Transfer { obligation, to, cause, decision } => {
            let to: Vec<_> = to.iter().map(|unit| forest.code_of(*unit)).collect();
            format!("{} passes to {} ({cause:?}{})", books.name(*obligation), to.join(", "), by(decision))
        }
        Consequence::Release { obligation, cause, decision } => {
            format!("{} is released ({cause:?}{})", books.name(*obligation), by(decision))
        }
        Consequence::Keep { obligation, decision } => format!("{} is kept (decision {decision})", books.name(*obligation)),
        Consequence::Create(new) => {
            let reasons = new.reasons.iter().map(|reason| match reason {
                BindingReason::Succession { predecessor } => format!("after {}", books.name(*predecessor)),
                other => format!("{:?}", other.rule()),
            });
            let (period, kept) = (if new.period.is_empty() { "" } else { " " }, if new.kept { ", kept" } else { "" });
            let what = format!("{} {}{period}{}", books.bond_name(new.requirement), forest.code_of(new.unit), new.period);
            format!("new `{what}`: {:?}, {}, {}{kept}", new.state, date(&new.due_on), reasons.collect::<Vec<_>>().join(", "))
        }
        Consequence::Link { obligation, predecessors, due_on } => {
            format!("{} follows {}: {}", books.name(*obligation), names(predecessors), date(due_on))
        }
        Consequence::Revive { obligation, new } => {
            let reasons: Vec<_> = new.reasons.iter().map(|reason| format!("{:?}", reason.rule())).collect();
            format!("{} lives once more: {:?}, {}, {}", books.name(*obligation), new.state, date(&new.due_on), reasons.join(", "))
        }
        Consequence::BindAgain { obligation, due_on } => format!("{} is bound again: {}", books.name(*obligation), date(due_on)),
    }
}

/// What the last batch does to the obligations; batches before it, parted by `then`, only change the tree.
fn outcome(tree: &str, text: &str, batches: &str) -> String {
    outcome_judged(tree, text, batches, Judgement::Asked)
}

fn outcome_judged(tree: &str, text: &str, batches: &str, judgement: Judgement) -> String {
    let books = Books::read(text);
    let (mut forest, mut predecessors) = (fixture::forest(tree), HashMap::<UnitId, Vec<UnitId>>::new());
    let all: Vec<&str> = batches.split("then").collect();
    let lines = |batch: &str| batch.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect::<Vec<_>>();
    for batch in &all[..all.len() - 1] {
        let (after, endings) = shifted(&forest, &lines(batch).iter().map(|line| change(line)).collect::<Vec<_>>());
        endings.iter().flat_map(|one| one.heirs.iter().map(|heir| (*heir, one.unit))).for_each(|(heir, unit)| {
            predecessors.entry(heir).or_default().push(unit);
        });
        forest = after;
    }
    let (decided, changed): (Vec<_>, Vec<_>) = lines(all[all.len() - 1]).into_iter().partition(|line| line.starts_with("decide"));
    let (with, endings) = shifted(&forest, &changed.iter().map(|line| change(line)).collect::<Vec<_>>());
    let shift = Shift { day: day(TODAY), without: &forest, with: &with, endings: &endings };
    let held = books.held();
    let decisions: Vec<Decision> = decided.iter().map(|line| decision(line)).collect();
    let estate = Estate { shift, bonds: &books.bonds, held: &held, predecessors: &predecessors };
    let mut text = String::new();
    match plan_succession(estate, &decisions, judgement) {
        Ok(done) if done.is_empty() => text.push_str("nothing happens\n"),
        Ok(done) => done.iter().for_each(|one| writeln!(text, "{}", told(&books, &with, one)).unwrap()),
        Err(refusals) => {
            for no in refusals {
                let path: Vec<String> = no.path().iter().map(ToString::to_string).collect();
                writeln!(text, "{} {:?} {}: {}", path.join("."), no.code(), no.rule(), no.words(Locale::En)).unwrap();
            }
        }
    }
    text
}

fn check(tree: &str, books: &str, batches: &str, expected: &Expect) {
    expected.assert_eq(&outcome(tree, books, batches));
}
