//! Batches without a timer: what is asked for in one round of the executor is read in one statement, however busy the machine is.
//!
//! The loader of async-graphql starts a batch after a delay, on another thread; a page that takes longer than that to ask is split, and the
//! number of statements then depends on the weather. Here a batch waits until the task that asks has come to rest, and nobody in it asks for
//! anything more: all fields of a level run in one task, so that by the time it goes on every one of them has asked. Batches of one view
//! take turns, as their statements do anyway on its one connection, so that what an earlier batch brings can still join a later one.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::hash::Hash;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use async_graphql::dataloader::Loader;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared, WeakShared, try_join_all};

/// How often the task must come to rest, one time after another, without anybody asking for more. A long list lets go of the task before
/// each of its items has gone on, so that once is not enough.
const QUIET_ROUNDS: usize = 2;

/// What the batches of one view share: one of them is carried out at a time, once nobody asks for more.
#[derive(Clone, Default)]
pub struct Floor {
    shared: Arc<Taken>,
}

#[derive(Default)]
struct Taken {
    turn: tokio::sync::Mutex<()>,
    asked: AtomicU64,
}

impl Floor {
    /// Waits until nobody in the running task asks for anything more.
    async fn fall_silent(&self) {
        let mut quiet = 0;
        while quiet < QUIET_ROUNDS {
            let before = self.shared.asked.load(Ordering::Acquire);
            Round::default().await;
            quiet = if before == self.shared.asked.load(Ordering::Acquire) { quiet + 1 } else { 0 };
        }
    }
}

/// A loader that batches what is asked for at the same time, and remembers it for as long as the view lasts.
pub struct Batched<L> {
    inner: Arc<Inner<L>>,
}

struct Inner<L> {
    loader: L,
    floor: Floor,
    /// One for each type of key that the loader answers to.
    desks: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

/// What is known and what is asked for by keys of one type.
struct Desk<K, V, E> {
    open: Mutex<Open<K, V, E>>,
}

/// Batches are held by those who wait for them only: where all of them go away, so does the batch, with the snapshot that it reads.
struct Open<K, V, E> {
    known: HashMap<K, Option<V>>,
    asked: Vec<K>,
    next: Option<WeakBatch<E>>,
    underway: HashMap<K, WeakBatch<E>>,
}

type Work<E> = BoxFuture<'static, Result<(), E>>;
type Batch<E> = Shared<Work<E>>;
type WeakBatch<E> = WeakShared<Work<E>>;

impl<K, V, E> Desk<K, V, E> {
    fn open(&self) -> MutexGuard<'_, Open<K, V, E>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<L: Send + Sync + 'static> Batched<L> {
    /// Batches for a loader, among the others of its view.
    pub fn new(loader: L, floor: &Floor) -> Self {
        Self { inner: Arc::new(Inner { loader, floor: floor.clone(), desks: Mutex::default() }) }
    }

    /// What stands behind a key; `None` where nothing does.
    ///
    /// # Errors
    /// The loader's.
    pub async fn load_one<K>(&self, key: K) -> Result<Option<L::Value>, L::Error>
    where
        K: Hash + Eq + Clone + Send + Sync + 'static,
        L: Loader<K, Error: Sync>,
    {
        Ok(self.load_many([key.clone()]).await?.remove(&key))
    }

    /// What stands behind each of the keys; those without anything are missing.
    ///
    /// # Errors
    /// The loader's.
    pub async fn load_many<K>(&self, keys: impl IntoIterator<Item = K>) -> Result<HashMap<K, L::Value>, L::Error>
    where
        K: Hash + Eq + Clone + Send + Sync + 'static,
        L: Loader<K, Error: Sync>,
    {
        let keys: Vec<K> = keys.into_iter().collect();
        let desk = self.inner.desk::<K>();
        // All at once: a batch that has the floor and is waited for by nobody who polls it would keep all others waiting.
        try_join_all(self.ask(&desk, &keys)).await?;
        let open = desk.open();
        Ok(keys.into_iter().filter_map(|key| open.known.get(&key).cloned().flatten().map(|value| (key, value))).collect())
    }

    /// Puts unknown keys down for the next batch; answers the batches that bring what is not known yet.
    fn ask<K>(&self, desk: &Arc<Desk<K, L::Value, L::Error>>, keys: &[K]) -> Vec<Batch<L::Error>>
    where
        K: Hash + Eq + Clone + Send + Sync + 'static,
        L: Loader<K, Error: Sync>,
    {
        let mut open = desk.open();
        let mut batches: Vec<Batch<L::Error>> = Vec::new();
        for key in keys {
            if open.known.contains_key(key) {
                continue;
            }
            let underway = open.underway.get(key).and_then(WeakShared::upgrade);
            let batch = underway.unwrap_or_else(|| self.put_down(desk, &mut open, key));
            if !batches.iter().any(|other| other.ptr_eq(&batch)) {
                batches.push(batch);
            }
        }
        batches
    }

    fn put_down<K>(&self, desk: &Arc<Desk<K, L::Value, L::Error>>, open: &mut Open<K, L::Value, L::Error>, key: &K) -> Batch<L::Error>
    where
        K: Hash + Eq + Clone + Send + Sync + 'static,
        L: Loader<K, Error: Sync>,
    {
        let batch = open.next.as_ref().and_then(WeakShared::upgrade).unwrap_or_else(|| {
            // Whoever asked before has gone away without waiting.
            open.asked.clear();
            carry_out(self.inner.clone(), desk.clone()).boxed().shared()
        });
        open.asked.push(key.clone());
        self.inner.floor.shared.asked.fetch_add(1, Ordering::AcqRel);
        open.next = batch.downgrade();
        open.underway.extend(batch.downgrade().map(|weak| (key.clone(), weak)));
        batch
    }
}

impl<L: Send + Sync + 'static> Inner<L> {
    fn desk<K>(&self) -> Arc<Desk<K, L::Value, L::Error>>
    where
        K: Hash + Eq + Clone + Send + Sync + 'static,
        L: Loader<K, Error: Sync>,
    {
        let fresh = || Desk::<K, L::Value, L::Error> {
            open: Mutex::new(Open { known: HashMap::new(), asked: Vec::new(), next: None, underway: HashMap::new() }),
        };
        let mut desks = self.desks.lock().unwrap_or_else(PoisonError::into_inner);
        let desk = desks.entry(TypeId::of::<K>()).or_insert_with(|| Arc::new(fresh())).clone();
        drop(desks);
        // The entry of a key's type always holds the desk of that type.
        desk.downcast().unwrap_or_else(|_| Arc::new(fresh()))
    }
}

async fn carry_out<K, L>(inner: Arc<Inner<L>>, desk: Arc<Desk<K, L::Value, L::Error>>) -> Result<(), L::Error>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    L: Loader<K, Error: Sync>,
{
    let floor = inner.floor.clone();
    let turn = floor.shared.turn.lock().await;
    floor.fall_silent().await;
    let asked = {
        let mut open = desk.open();
        open.next = None;
        std::mem::take(&mut open.asked)
    };
    let found = inner.loader.load(&asked).await;
    drop(turn);
    let mut open = desk.open();
    for key in &asked {
        open.underway.remove(key);
    }
    let mut found = found?;
    for key in asked {
        let value = found.remove(&key);
        open.known.insert(key, value);
    }
    Ok(())
}

/// Passes once the running task has come to rest, and not before, however often it is polled: everyone who shares a batch polls it, while
/// `yield_now` is over as soon as it is polled twice.
#[derive(Default)]
struct Round {
    turn: Option<Arc<Turn>>,
}

struct Turn {
    has_come: AtomicBool,
    waiting: Waker,
}

impl Wake for Turn {
    fn wake(self: Arc<Self>) {
        self.has_come.store(true, Ordering::Release);
        self.waiting.wake_by_ref();
    }
}

impl Future for Round {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if let Some(turn) = &self.turn {
            return if turn.has_come.load(Ordering::Acquire) { Poll::Ready(()) } else { Poll::Pending };
        }
        let turn = Arc::new(Turn { has_come: AtomicBool::new(false), waiting: context.waker().clone() });
        self.turn = Some(turn.clone());
        // It leaves the waker with the executor, which wakes it when the running task has come to rest.
        pin!(tokio::task::yield_now()).poll(&mut Context::from_waker(&Waker::from(turn)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;

    use super::*;

    struct Doubles(Arc<AtomicUsize>);

    impl Loader<u32> for Doubles {
        type Value = u32;
        type Error = String;

        async fn load(&self, keys: &[u32]) -> Result<HashMap<u32, u32>, String> {
            self.0.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            if keys.contains(&3_000) {
                Err("3000".into())
            } else {
                Ok(keys.iter().filter(|key| **key < 1_000).map(|key| (*key, key * 2)).collect())
            }
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_asked_together_is_loaded_at_once_and_once_only() {
        let loads = Arc::new(AtomicUsize::new(0));
        let doubles = Batched::new(Doubles(loads.clone()), &Floor::default());
        // In a task, as requests are: outside of one there are no rounds.
        let asking = tokio::spawn(async move {
            for _ in 0..2 {
                let answers = join_all((0..500_u32).map(|key| doubles.load_one(key % 100))).await;
                assert!((0_u32..).zip(answers).all(|(key, answer)| answer == Ok(Some(key % 100 * 2))));
            }
        });
        asking.await.unwrap();
        assert_eq!(loads.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn what_is_not_there_is_remembered_and_a_failure_is_not() {
        let loads = Arc::new(AtomicUsize::new(0));
        let doubles = Batched::new(Doubles(loads.clone()), &Floor::default());
        assert_eq!((doubles.load_one(2_000).await, doubles.load_one(2_000).await), (Ok(None), Ok(None)));
        assert_eq!(loads.load(Ordering::Relaxed), 1);
        assert_eq!((doubles.load_one(3_000).await, doubles.load_one(3_000).await), (Err("3000".into()), Err("3000".into())));
        assert_eq!(loads.load(Ordering::Relaxed), 3);
    }
    #[tokio::test]
    async fn what_is_underway_is_waited_for() {
        let loads = Arc::new(AtomicUsize::new(0));
        let doubles = Batched::new(Doubles(loads.clone()), &Floor::default());
        let later = async {
            while loads.load(Ordering::Relaxed) == 0 {
                tokio::task::yield_now().await;
            }
            doubles.load_many([1, 2]).await
        };
        let (first, later) = tokio::join!(doubles.load_one(1), later);
        assert_eq!((first, later), (Ok(Some(2)), Ok(HashMap::from([(1, 2), (2, 4)]))));
        assert_eq!(loads.load(Ordering::Relaxed), 2, "1 once, and 2 after it");
    }

    /// Goes on after what was asked for first, where it asks at all.
    async fn then(first: Batched<Doubles>, keys: impl IntoIterator<Item = (bool, u32)>, second: Batched<Doubles>) {
        let one = |(asks_first, key): (bool, u32)| {
            let (first, second) = (&first, &second);
            async move {
                if asks_first {
                    first.load_one(key).await.unwrap();
                }
                second.load_one(key).await.unwrap();
            }
        };
        join_all(keys.into_iter().map(one)).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn batches_take_turns_so_that_those_who_come_later_can_join() {
        for count in [2, 20, 200] {
            let (floor, loads) = (Floor::default(), Arc::new(AtomicUsize::new(0)));
            let (one, other) = (Batched::new(Doubles(loads.clone()), &floor), Batched::new(Doubles(loads.clone()), &floor));
            tokio::spawn(then(one, (0..count).map(|key| (key != 1, key)), other)).await.unwrap();
            assert_eq!(loads.load(Ordering::Relaxed), 2, "one asks for the second at once, and all others join it");
        }
    }

    #[tokio::test]
    async fn who_goes_away_leaves_nothing_behind() {
        let loads = Arc::new(AtomicUsize::new(0));
        let doubles = Batched::new(Doubles(loads.clone()), &Floor::default());
        assert_eq!(doubles.load_one(1).now_or_never(), None);
        assert_eq!(doubles.load_one(2).await, Ok(Some(4)));
        assert_eq!(doubles.load_one(1).now_or_never(), None);
        drop(doubles);
        assert_eq!(Arc::strong_count(&loads), 1);
    }
}
