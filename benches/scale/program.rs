//! The real program as a process of its own, how long it takes, and the most memory that it held.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Failed;
use crate::store::Home;

/// The operator's password.
pub(crate) const PASSWORD: &str = "mật khẩu dài 2020";

/// How often the memory of a process is looked at; the system itself remembers the most that there was.
const LOOK: Duration = Duration::from_millis(5);

/// What a command took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Took {
    pub(crate) seconds: f64,
    /// The seconds of them that it computed, on all cores together: what other programs leave it says little of that.
    pub(crate) computed: Option<f64>,
    /// The most resident memory in MiB; none where the system does not tell it.
    pub(crate) peak: Option<f64>,
}

fn chidao(home: &Home, arguments: &[&OsStr]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chidao"));
    command.args(arguments).current_dir(home.folder.path()).env_clear();
    command.env("CHIDAO_DATABASE_URL", &home.url).env("CHIDAO_PASSWORD", PASSWORD).env("CHIDAO_LOG", "error").env("LANG", "en");
    // What is asked for here takes as long as it takes, and that is what is to be seen.
    command.env("CHIDAO_LIMIT_ANSWER_SECONDS", "600");
    command.stdin(Stdio::null());
    command
}

/// Runs a command to its end.
///
/// # Errors
/// What it says where it does not succeed.
pub(crate) async fn run(home: &Home, arguments: &[&OsStr]) -> Result<Took, Failed> {
    let begun = Instant::now();
    let mut process = chidao(home, arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    let (mut peak, mut computed) = (None, None);
    let status = loop {
        peak = peak_of(process.id()).or(peak);
        computed = computed_by(process.id()).or(computed);
        match process.try_wait()? {
            Some(status) => break status,
            None => tokio::time::sleep(LOOK).await,
        }
    };
    let seconds = begun.elapsed().as_secs_f64();
    if !status.success() {
        let said = process.stderr.take().map(std::io::read_to_string).transpose()?.unwrap_or_default();
        return Err(format!("{arguments:?} ended with {status}: {said}").into());
    }
    Ok(Took { seconds, computed, peak })
}

/// The most resident memory of a process so far, in MiB, as Linux tells it.
fn peak_of(process: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}

/// The seconds that a process has computed so far, as Linux tells it: in ticks of a hundredth, after the name in parentheses.
fn computed_by(process: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, rest) = status.rsplit_once(')')?;
    let ticks: Option<f64> = rest.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<f64>().ok()).sum();
    Some(ticks? / 100.0)
}

/// Imports a table as the tree from 2020 on.
///
/// # Errors
/// As [`run`].
pub(crate) async fn import(home: &Home, table: &Path) -> Result<Took, Failed> {
    run(
        home,
        &["import", "units", "--effective-on", "2020-01-01"].map(OsStr::new).into_iter().chain([table.as_os_str()]).collect::<Vec<_>>(),
    )
    .await
}

/// A program that serves; killed when it is dropped.
pub(crate) struct Server {
    process: Child,
    /// Kept open: what the program prints must go somewhere.
    _output: BufReader<ChildStdout>,
    pub(crate) url: String,
}

impl Server {
    /// Makes an operator, and serves.
    ///
    /// # Errors
    /// What the program says.
    pub(crate) async fn begin(home: &Home) -> Result<Self, Failed> {
        run(home, &["create-admin", "admin"].map(OsStr::new)).await?;
        let mut process = chidao(home, &["serve", "--listen", "127.0.0.1:0"].map(OsStr::new)).stdout(Stdio::piped()).spawn()?;
        let mut output = BufReader::new(process.stdout.take().ok_or("no output")?);
        let mut line = String::new();
        output.read_line(&mut line)?;
        let url = line.strip_prefix("Chidao answers at ").and_then(|rest| rest.split_whitespace().next());
        let url = url.ok_or_else(|| format!("the first line does not say where it answers: `{line}`"))?.to_owned();
        Ok(Self { process, _output: output, url })
    }

    /// The seconds that it has computed so far.
    pub(crate) fn computed(&self) -> Option<f64> {
        computed_by(self.process.id())
    }

    /// The most memory so far, in MiB.
    pub(crate) fn peak(&self) -> Option<f64> {
        peak_of(self.process.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
