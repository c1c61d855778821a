//! The two things that every use case is handed: the [`Office`] (database, clock, what is in memory) and the [`Caller`].

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use chidao_domain::access::Grants;
use chidao_domain::day::{Day, day_before};
use chidao_domain::forest::Forest;
use chidao_domain::ids::{PrincipalId, SessionId};
use chidao_domain::refusal::{InputRefusal, Locale, Refusal};
use chidao_domain::text;
use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;

use crate::clock::Clock;
use crate::config::{Limits, TokenLifetimes};
use crate::live::{Live, Tree};
use crate::store::calendar::{self, Due};
use crate::store::forests::TreeOn;
use crate::store::grants;
use crate::store::journal::{self, Earlier, Head};
use crate::store::principals::{self, Principal};
use crate::store::tx::{IdempotencyKey, Moment};
use crate::store::{Database, Fault, Snapshot, Stop, Tx};

/// Signs access tokens; the edge, which alone knows their form, hands it in.
pub trait TokenSigner: Send + Sync {
    /// A token that says who is logged in, in which session, and until when.
    ///
    /// # Errors
    /// A text for the log.
    fn sign(
        &self,
        principal: PrincipalId,
        session: SessionId,
        issued_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<String, String>;
}

/// Does what the days owe; the commands, which alone know what that is, hand it in.
pub trait Calendar: Send + Sync {
    /// Does everything that is due up to today, until [`Office::begin_due`] finds nothing more.
    fn carry_on<'a>(&'a self, office: &'a Office) -> CarriedOn<'a>;
}

/// What [`Calendar::carry_on`] answers.
pub type CarriedOn<'a> = Pin<Box<dyn Future<Output = Result<(), Fault>> + Send + 'a>>;

/// Everything that use cases share.
pub struct Office {
    database: Database,
    clock: Clock,
    live: Live,
    signer: Arc<dyn TokenSigner>,
    calendar: Arc<dyn Calendar>,
    limits: Limits,
    lifetimes: TokenLifetimes,
}

/// Who calls, in which language, and what was asked beside the question itself.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// Who; none: nobody has logged in.
    pub principal: Option<Principal>,
    /// The session that was logged in to.
    pub session: Option<SessionId>,
    /// The language of texts.
    pub locale: Locale,
    /// What makes a second sending harmless.
    pub idempotency: Option<IdempotencyKey>,
    /// The position that an answer must reflect at least (J4).
    pub at_least: Option<i64>,
}

impl Caller {
    /// The caller's id, where one has logged in.
    pub fn id(&self) -> Option<PrincipalId> {
        self.principal.as_ref().map(|principal| principal.id)
    }
}

/// What a request proves itself with; that it is genuine has been checked, that it is still good has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// Nothing.
    None,
    /// An access token.
    Session {
        /// Whose.
        principal: PrincipalId,
        /// Of which log-in.
        session: SessionId,
    },
    /// A service's secret, hashed as it is stored.
    SecretHash(String),
}

/// The most characters of an idempotency key.
const CLIENT_MUTATION_ID_LIMIT: usize = 128;
/// How long an answer waits for the position that it must reflect (J4).
const POSITION_WAIT: Duration = Duration::from_secs(3);
/// How often it looks.
const POSITION_POLL: Duration = Duration::from_millis(25);

impl Office {
    /// Puts the parts together.
    pub fn new(
        database: Database,
        clock: Clock,
        signer: Arc<dyn TokenSigner>,
        calendar: Arc<dyn Calendar>,
        limits: Limits,
        lifetimes: TokenLifetimes,
    ) -> Self {
        Self { database, clock, live: Live::default(), signer, calendar, limits, lifetimes }
    }

    /// The database.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The limits in force.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// How long tokens live.
    pub fn lifetimes(&self) -> &TokenLifetimes {
        &self.lifetimes
    }

    /// Signs access tokens.
    pub fn signer(&self) -> &dyn TokenSigner {
        &*self.signer
    }

    /// Who stands behind a credential now: `None` where the principal is deactivated, the session ended or the secret unknown.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn identify(&self, credential: &Credential) -> Result<Option<Caller>, Fault> {
        if *credential == Credential::None {
            return Ok(Some(Caller::default()));
        }
        let snapshot = self.database.snapshot().await?;
        let (known, session) = match credential {
            Credential::None => (None, None),
            Credential::Session { principal, session } => {
                (principals::by_session(snapshot.sql(), *session, *principal, self.clock.now()).await?, Some(*session))
            }
            Credential::SecretHash(hash) => (principals::by_secret_hash(snapshot.sql(), hash).await?, None),
        };
        Ok(known.map(|principal| Caller { principal: Some(principal), session, ..Caller::default() }))
    }

    /// The last position of the journal.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn position(&self) -> Result<i64, Fault> {
        let snapshot = self.database.snapshot().await?;
        Ok(journal::read_head(snapshot.sql(), snapshot.engine()).await?.position)
    }

    /// Begins a read: one moment, one day, one tree, and what the caller may see in it.
    ///
    /// # Errors
    /// [`Fault::Unauthenticated`] where nobody has logged in: nothing is public. [`Fault::NotReached`] where the position that is asked for
    /// is not reached in time.
    pub async fn look(&self, caller: &Caller) -> Result<Glance, Fault> {
        if caller.principal.is_none() {
            return Err(Fault::Unauthenticated);
        }
        let mut waited = Duration::ZERO;
        loop {
            let snapshot = self.database.snapshot().await?;
            let head = journal::read_head(snapshot.sql(), snapshot.engine()).await?;
            let Some(wanted) = caller.at_least.filter(|wanted| *wanted > head.position) else {
                return self.glance(snapshot, head, caller).await;
            };
            if waited >= POSITION_WAIT {
                return Err(Fault::NotReached { wanted, reached: head.position });
            }
            drop(snapshot);
            tokio::time::sleep(POSITION_POLL).await;
            waited += POSITION_POLL;
        }
    }

    async fn glance(&self, snapshot: Snapshot, head: Head, caller: &Caller) -> Result<Glance, Fault> {
        let (today, now) = (self.clock.today(), self.clock.now());
        let tree = self.live.tree(snapshot.sql(), snapshot.engine(), head.structure_version, TreeOn::day(today)).await?;
        let grants = grants_of(snapshot.sql(), caller.id(), today, &tree.forest).await?;
        Ok(Glance { snapshot, head, today, now, tree, caller: caller.id(), grants })
    }

    /// The tree of another day, as the same read sees it (O4), as it is or was known (T4).
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn tree_of(&self, glance: &Glance, on: TreeOn) -> Result<Tree, Fault> {
        let (snapshot, version) = (&glance.snapshot, glance.head.structure_version);
        self.live.tree(snapshot.sql(), snapshot.engine(), version, on).await
    }

    /// A new identifier of now.
    pub fn new_id<I: From<uuid::Uuid>>(&self) -> I {
        crate::store::tx::new_id(self.clock.now())
    }

    /// The tree of another day, as a write sees it before it changes anything.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn tree_for(&self, tx: &Tx, day: Day) -> Result<Tree, Fault> {
        self.tree_on(tx, TreeOn::day(day)).await
    }

    /// The same, as it was known at another instant (T4).
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn tree_on(&self, tx: &Tx, on: TreeOn) -> Result<Tree, Fault> {
        self.live.tree(tx.sql(), tx.engine(), tx.structure_version(), on).await
    }

    /// The tree of the day before another, as a write sees it before it changes anything: what the batches of that day act on.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn tree_before(&self, tx: &Tx, day: Day) -> Result<Tree, Fault> {
        self.tree_for(tx, day_before(day)).await
    }

    /// Begins a write: takes the writer's turn, and reads anew what the caller may do, so that a right taken back a moment ago is gone. What
    /// the calendar owes up to today is done before, in transactions of its own (S6).
    ///
    /// # Errors
    /// [`Fault::Unauthenticated`] where nobody has logged in; [`Stop::Replay`] where the same call was answered before, a refusal where the
    /// key came with another input.
    pub async fn begin(&self, caller: &Caller) -> Result<(Tx, Grants), Stop> {
        if caller.principal.is_none() {
            return Err(Fault::Unauthenticated.into());
        }
        self.begin_as(caller).await
    }

    /// Begins a write of the command line's own: the journal names no actor.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn begin_unattended(&self) -> Result<Tx, Stop> {
        Ok(self.begin_as(&Caller::default()).await?.0)
    }

    /// Does what the calendar owes up to today, if anything.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn carry_calendar(&self) -> Result<(), Fault> {
        self.calendar.carry_on(self).await
    }

    /// Begins the next thing that the calendar owes, on the day on which it is due, without an actor; the turn is taken, so that of several
    /// servers one does it. None: nothing is owed up to today, which is put down then.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn begin_due(&self) -> Result<Option<(Tx, Due)>, Fault> {
        let sql = self.database.begin().await?;
        let engine = self.database.engine();
        let head = journal::take_turn(&sql, engine).await?;
        let (now, today) = (self.clock.now(), self.clock.today());
        if has_done(head, today) {
            sql.rollback().await?;
            return Ok(None);
        }
        let Some(due) = calendar::find_due(&sql, engine, today).await? else {
            journal::mark_calendar(&sql, today).await?;
            sql.commit().await?;
            return Ok(None);
        };
        let tree = self.live.tree(&sql, engine, head.structure_version, TreeOn::day(due.day())).await?;
        let moment = Moment { now, today: due.day(), actor: None };
        Ok(Some((Tx::new(sql, engine, head, moment, (tree.forest, tree.kinds), None), due)))
    }

    /// Takes the writer's turn of a day whose calendar has been done.
    async fn take_turn(&self) -> Result<(DatabaseTransaction, Head, Day), Fault> {
        loop {
            let sql = self.database.begin().await?;
            let head = journal::take_turn(&sql, self.database.engine()).await?;
            let today = self.clock.today();
            if has_done(head, today) {
                return Ok((sql, head, today));
            }
            sql.rollback().await?;
            self.carry_calendar().await?;
        }
    }

    async fn begin_as(&self, caller: &Caller) -> Result<(Tx, Grants), Stop> {
        let (sql, head, today) = self.take_turn().await?;
        let engine = self.database.engine();
        let moment = Moment { now: self.clock.now(), today, actor: caller.id() };
        if !self.is_still_let_in(&sql, caller, moment.now).await? {
            return Err(Fault::Unauthenticated.into());
        }
        if let (Some(actor), Some(key)) = (caller.id(), &caller.idempotency) {
            let at = |no: InputRefusal| Refusal::from(no).within("clientMutationId");
            text::line(&key.client_mutation_id, CLIENT_MUTATION_ID_LIMIT).map_err(at)?;
            match journal::earlier_answer(&sql, actor, key, moment.now).await? {
                Earlier::None => {}
                Earlier::Same(replay) => return Err(Stop::Replay(replay)),
                Earlier::Mismatch => {
                    let key = key.client_mutation_id.clone();
                    return Err(Refusal::from(InputRefusal::IdempotencyMismatch { key }).within("clientMutationId").into());
                }
            }
        }
        let tree = self.live.tree(&sql, engine, head.structure_version, TreeOn::day(moment.today)).await?;
        let grants = grants_of(&sql, caller.id(), moment.today, &tree.forest).await?;
        let tx = Tx::new(sql, engine, head, moment, (tree.forest, tree.kinds), caller.idempotency.clone());
        Ok((tx, grants))
    }
}

impl Office {
    /// Whether the caller's session goes on: it may have ended since the request came in, even by the request itself.
    async fn is_still_let_in(&self, sql: &impl sea_orm::ConnectionTrait, caller: &Caller, now: DateTime<Utc>) -> Result<bool, Fault> {
        match (caller.id(), caller.session) {
            (Some(principal), Some(session)) => Ok(principals::by_session(sql, session, principal, now).await?.is_some()),
            (Some(_), None) | (None, _) => Ok(true),
        }
    }
}

fn has_done(head: Head, today: Day) -> bool {
    head.calendar_on.is_some_and(|done| done >= today)
}

async fn grants_of(sql: &impl sea_orm::ConnectionTrait, id: Option<PrincipalId>, today: Day, forest: &Forest) -> Result<Grants, Fault> {
    let Some(id) = id else { return Ok(Grants::default()) };
    let held = grants::load_grants(sql, &[id], today).await?.remove(&id).unwrap_or_default();
    Ok(Grants::held_on(today, forest, held.into_iter().map(|held| held.grant)))
}

/// What one read sees: everything in an answer is of this moment.
#[derive(Debug)]
pub struct Glance {
    /// The read transaction.
    pub snapshot: Snapshot,
    /// The position that it reflects (J4).
    pub head: Head,
    /// The day (T1).
    pub today: Day,
    /// The instant.
    pub now: DateTime<Utc>,
    /// Today's tree.
    pub tree: Tree,
    /// Who looks.
    pub caller: Option<PrincipalId>,
    /// What the caller may do.
    pub grants: Grants,
}

/// An office behind a reference that resolvers share.
pub type SharedOffice = Arc<Office>;
