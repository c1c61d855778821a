//! Where the story is played: the office, the day, who acts, and what has been written so far.

use std::collections::HashMap;

use chidao_domain::day::Day;
use chidao_domain::ids::{AppointmentId, DirectiveId, PrincipalId, RequirementId};
use chidao_domain::obligation::ObligationRef;
use chidao_domain::refusal::{Locale, Refusal};
use chidao_domain::reorganization::UnitRef;
use uuid::Uuid;

use crate::command::{self, DraftDirective, IssueDirective, Mode};
use crate::demo::DemoError;
use crate::demo::cast::{Account, Player};
use crate::office::{Caller, Office, SharedOffice};
use crate::store::{Stop, principals, requirements};

/// What an act of the story answers.
pub(super) type Played = Result<(), Stop>;

/// The documents of the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Document {
    /// The resolution of the province's congress XX.
    Resolution,
    /// The resolution of the bloc's congress XV.
    BlocResolution,
    /// The province's action programme.
    Programme,
    /// The bloc's action programme.
    BlocProgramme,
    /// The bloc's plan.
    Plan,
    /// The orientation of propaganda for December 2020.
    Orientation,
    /// The emulation movement.
    Movement,
    /// The action programme of a district.
    DistrictProgramme,
    /// The action programmes of two agencies.
    AgencyProgramme(u8),
    /// What the province asks for in 2025.
    YearPlan,
    /// What the second province asks for in 2025.
    SecondYearPlan,
    /// The bloc's plan for the congresses of 2025.
    CongressPlan,
}

pub(super) struct Stage {
    office: SharedOffice,
    until: Day,
    callers: HashMap<Player, Caller>,
    accounts: Vec<Account>,
    /// The bloc's secretary, as who signs its documents.
    pub(super) secretary: Option<AppointmentId>,
    directives: HashMap<Document, DirectiveId>,
    requirements: HashMap<(Document, u32), RequirementId>,
}

impl Stage {
    pub(super) fn new(office: SharedOffice, until: Day) -> Self {
        Self {
            office,
            until,
            callers: HashMap::new(),
            accounts: Vec::new(),
            secretary: None,
            directives: HashMap::new(),
            requirements: HashMap::new(),
        }
    }

    pub(super) fn into_accounts(self) -> Vec<Account> {
        self.accounts
    }

    pub(super) fn office(&self) -> &Office {
        &self.office
    }

    pub(super) fn today(&self) -> Day {
        self.office.clock().today()
    }

    /// Plays an act on its day; one that lies after the day until which the story is told is left out.
    pub(super) async fn on(&mut self, day: Day, act: impl AsyncFnOnce(&mut Self) -> Played) -> Result<(), DemoError> {
        if day > self.until {
            return Ok(());
        }
        self.office.clock().set_today(day)?;
        self.play(act).await
    }

    /// Plays an act on the day that it is.
    pub(super) async fn play(&mut self, act: impl AsyncFnOnce(&mut Self) -> Played) -> Result<(), DemoError> {
        act(self).await.map_err(|stop| match stop {
            Stop::Refused(no) => {
                let words: Vec<String> = no.iter().map(|no| format!("{}: {}", path(no), no.words(Locale::En))).collect();
                DemoError::Refused { day: self.today(), words: words.join("; ") }
            }
            Stop::Fault(fault) => fault.into(),
            Stop::Replay(_) => DemoError::Refused { day: self.today(), words: "the same call came before".into() },
        })
    }

    /// Who plays; nobody, whom every command turns away, before the account is made.
    pub(super) fn caller(&self, player: Player) -> Caller {
        self.callers.get(&player).cloned().unwrap_or_default()
    }

    /// Lets a principal act from now on.
    pub(super) async fn let_act(&mut self, player: Player, id: PrincipalId) -> Played {
        let snapshot = self.office.database().snapshot().await?;
        let principal = principals::load_principals(snapshot.sql(), &[id]).await?.remove(&id);
        self.callers.insert(player, Caller { principal, ..Caller::default() });
        Ok(())
    }

    pub(super) fn keep_account(&mut self, account: Account) {
        self.accounts.push(account);
    }

    /// Tells no more of what accounts might do over a unit that has ended.
    pub(super) fn forget_accounts(&mut self, unit: &str) {
        self.accounts.retain(|account| account.unit != unit);
    }

    /// Drafts a document.
    pub(super) async fn draft(&mut self, player: Player, document: Document, draft: DraftDirective) -> Played {
        let done = command::draft_directive(&self.office, &self.caller(player), draft).await?.output;
        let id = DirectiveId(done.directive);
        self.directives.insert(document, id);
        let snapshot = self.office.database().snapshot().await?;
        for kept in requirements::load_requirements(snapshot.sql(), &[id]).await?.remove(&id).unwrap_or_default() {
            self.requirements.insert((document, kept.ordinal), kept.id);
        }
        Ok(())
    }

    /// Issues a draft today.
    pub(super) async fn issue(&self, player: Player, document: Document, symbol: Option<&str>, discharges: Vec<ObligationRef>) -> Played {
        let by_bloc = matches!(
            document,
            Document::BlocResolution | Document::BlocProgramme | Document::Plan | Document::Orientation | Document::Movement
        );
        let input = IssueDirective {
            directive: self.directive(document),
            symbol: symbol.map(str::to_owned),
            issued_on: self.today(),
            effective_on: None,
            signed_by: self.secretary.filter(|_| by_bloc),
            discharges,
            mode: Mode::Real,
            expected_version: None,
        };
        command::issue_directive(&self.office, &self.caller(player), input).await?;
        Ok(())
    }

    /// A document that was drafted; before that an id that nothing has.
    pub(super) fn directive(&self, document: Document) -> DirectiveId {
        self.directives.get(&document).copied().unwrap_or(DirectiveId(Uuid::nil()))
    }

    /// A requirement of a document that was drafted; before that an id that nothing has.
    pub(super) fn requirement(&self, of: (Document, u32)) -> RequirementId {
        self.requirements.get(&of).copied().unwrap_or(RequirementId(Uuid::nil()))
    }

    /// What a requirement of a document asks of a unit.
    pub(super) fn duty(&self, of: (Document, u32), unit: &str) -> ObligationRef {
        ObligationRef::Of { requirement: self.requirement(of), unit: code(unit), period: None }
    }

    /// What one requirement asks of several units.
    pub(super) fn duties(&self, of: (Document, u32), units: &[&str]) -> Vec<ObligationRef> {
        units.iter().map(|unit| self.duty(of, unit)).collect()
    }
}

/// A unit by its code.
pub(super) fn code(code: &str) -> UnitRef {
    UnitRef::Code(code.into())
}

/// A day that is written in the code.
pub(super) const fn date(year: i32, month: u32, day: u32) -> Day {
    match Day::from_ymd_opt(year, month, day) {
        Some(day) => day,
        None => Day::MAX,
    }
}

fn path(no: &Refusal) -> String {
    let steps: Vec<String> = no.path().iter().map(ToString::to_string).collect();
    steps.join(".")
}
