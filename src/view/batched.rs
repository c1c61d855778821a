//! Batches without a timer: what is asked for in one round of the executor is read in one statement, however busy the machine is.
//!
//! The loader of async-graphql starts a batch after a delay, on another thread; a page that takes longer than that to ask is split, and the
//! number of statements then depends on the weather. Here the first who asks yields once: all fields of a level run in one task, so
//! that by the time it goes on every one of them has asked.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::hash::Hash;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use async_graphql::dataloader::Loader;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};

/// A loader that batches what is asked for at the same time, and remembers it for as long as the view lasts.
pub struct Batched<L> {
    inner: Arc<Inner<L>>,
}

struct Inner<L> {
    loader: L,
    /// One for each type of key that the loader answers to.
    desks: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

/// What is known and what is asked for by keys of one type.
struct Desk<K, V, E> {
    open: Mutex<Open<K, V, E>>,
}

struct Open<K, V, E> {
    known: HashMap<K, Option<V>>,
    asked: Vec<K>,
    batch: Option<Batch<E>>,
}

type Batch<E> = Shared<BoxFuture<'static, Result<(), E>>>;

impl<K, V, E> Desk<K, V, E> {
    fn open(&self) -> MutexGuard<'_, Open<K, V, E>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<L: Send + Sync + 'static> Batched<L> {
    /// Batches for a loader.
    pub fn new(loader: L) -> Self {
        Self { inner: Arc::new(Inner { loader, desks: Mutex::default() }) }
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
        if let Some(batch) = self.ask(&desk, &keys) {
            batch.await?;
        }
        let open = desk.open();
        Ok(keys.into_iter().filter_map(|key| open.known.get(&key).cloned().flatten().map(|value| (key, value))).collect())
    }

    /// Puts unknown keys down for the next batch; `None` where all are known.
    fn ask<K>(&self, desk: &Arc<Desk<K, L::Value, L::Error>>, keys: &[K]) -> Option<Batch<L::Error>>
    where
        K: Hash + Eq + Clone + Send + Sync + 'static,
        L: Loader<K, Error: Sync>,
    {
        let mut open = desk.open();
        let unknown: Vec<K> = keys.iter().filter(|key| !open.known.contains_key(key)).cloned().collect();
        if unknown.is_empty() {
            return None;
        }
        open.asked.extend(unknown);
        let batch = open.batch.get_or_insert_with(|| carry_out(self.inner.clone(), desk.clone()).boxed().shared());
        Some(batch.clone())
    }
}

impl<L: Send + Sync + 'static> Inner<L> {
    fn desk<K>(&self) -> Arc<Desk<K, L::Value, L::Error>>
    where
        K: Hash + Eq + Clone + Send + Sync + 'static,
        L: Loader<K, Error: Sync>,
    {
        let fresh = || Desk::<K, L::Value, L::Error> { open: Mutex::new(Open { known: HashMap::new(), asked: Vec::new(), batch: None }) };
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
    NextRound::default().await;
    let asked = {
        let mut open = desk.open();
        open.batch = None;
        let mut asked = std::mem::take(&mut open.asked);
        let mut seen = std::collections::HashSet::new();
        asked.retain(|key| seen.insert(key.clone()));
        asked
    };
    let mut found = inner.loader.load(&asked).await?;
    let mut open = desk.open();
    for key in asked {
        let value = found.remove(&key);
        open.known.insert(key, value);
    }
    Ok(())
}

/// Is ready in the executor's next round. What waits for a batch polls it again and again in this one, so that being polled a second
/// time, which is enough for `yield_now`, says nothing here: only the executor's own call counts.
#[derive(Default)]
struct NextRound {
    call: Option<Arc<Call>>,
}

struct Call {
    came: AtomicBool,
    waiting: Waker,
}

impl Wake for Call {
    fn wake(self: Arc<Self>) {
        self.came.store(true, Ordering::Release);
        self.waiting.wake_by_ref();
    }
}

impl Future for NextRound {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        match &self.call {
            Some(call) if call.came.load(Ordering::Acquire) => Poll::Ready(()),
            Some(_) => Poll::Pending,
            None => {
                let call = Arc::new(Call { came: AtomicBool::new(false), waiting: cx.waker().clone() });
                // Polled once, it puts the waker down with the executor.
                let registered = pin!(tokio::task::yield_now()).poll(&mut Context::from_waker(&call.clone().into()));
                self.call = Some(call);
                registered
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use futures_util::future::join_all;

    use super::*;

    struct Doubles(Arc<AtomicUsize>);

    impl Loader<u32> for Doubles {
        type Value = u32;
        type Error = String;

        async fn load(&self, keys: &[u32]) -> Result<HashMap<u32, u32>, String> {
            self.0.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            if keys.contains(&13) {
                Err("13".into())
            } else {
                Ok(keys.iter().filter(|key| **key < 1_000).map(|key| (*key, key * 2)).collect())
            }
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_asked_together_is_loaded_at_once_and_once_only() {
        let loads = Arc::new(AtomicUsize::new(0));
        let doubles = Batched::new(Doubles(loads.clone()));
        let counted = loads.clone();
        // On a worker of the executor, as requests are carried out.
        let asking = async move {
            for _ in 0..2 {
                let answers = join_all((0..500_u32).map(|key| doubles.load_one(100 + key % 100))).await;
                assert!((0_u32..).zip(answers).all(|(key, answer)| answer == Ok(Some((100 + key % 100) * 2))));
            }
        };
        tokio::spawn(asking).await.unwrap();
        assert_eq!(counted.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn what_is_not_there_is_remembered_and_a_failure_is_not() {
        let loads = Arc::new(AtomicUsize::new(0));
        let doubles = Batched::new(Doubles(loads.clone()));
        assert_eq!((doubles.load_one(2_000).await, doubles.load_one(2_000).await), (Ok(None), Ok(None)));
        assert_eq!(loads.load(Ordering::Relaxed), 1);
        assert_eq!((doubles.load_one(13).await, doubles.load_one(13).await), (Err("13".into()), Err("13".into())));
        assert_eq!(loads.load(Ordering::Relaxed), 3);
    }
}
