//! A throwaway PostgreSQL: found on the machine, started once a test run on a free loopback port, gone when the run ends.

use std::io::BufRead as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// What makes a server fast that nobody misses when the machine fails.
const FAST: &str = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off";

/// What a run says at its end that could not ask PostgreSQL.
pub(crate) const MISSING: &str =
    "NO POSTGRESQL WAS FOUND: every test ran on SQLite only. Install it (Debian: apt-get install postgresql) or set TEST_POSTGRES_URL";

/// Where databases can be made; `None` where no PostgreSQL can be found.
pub(crate) fn server() -> Option<&'static str> {
    static SERVER: OnceLock<Option<String>> = OnceLock::new();
    let found = SERVER.get_or_init(|| {
        let found = match std::env::var("TEST_POSTGRES_URL") {
            // As on a machine that has none.
            Ok(url) if url.is_empty() => None,
            Ok(url) => Some(url),
            Err(_) => throwaway(FAST),
        };
        if found.is_none() {
            missing();
        }
        found
    });
    found.as_deref()
}

/// Without PostgreSQL half of the suite says nothing: in CI that is a failure, and elsewhere the last thing that the run says.
///
/// The library of tests has the last word in this process, and other test programs come after it. So a process of its own waits until
/// cargo has ended, or this one where it was started by itself.
fn missing() {
    assert!(std::env::var_os("CI").is_none(), "{MISSING}");
    let run = if std::env::var_os("CARGO").is_some() { std::os::unix::process::parent_id() } else { std::process::id() };
    // One that has ended and was not yet waited for (a zombie, `Z`) has ended: who waits may be reading what this one holds open.
    let script = r#"runs() {
            if [ -r /proc/self/status ]; then grep -q '^State:.[^Z]' "/proc/$0/status"; else ps -o stat= -p "$0" | grep -q '^[^Z]'; fi
        } 2>/dev/null
        while runs; do sleep 0.1; done; printf '\n%s\n' "$1" >&2"#;
    let waiting = Command::new("sh").args(["-c", script, &run.to_string(), MISSING]).stdin(Stdio::null()).stdout(Stdio::null()).spawn();
    // Never waited for: it ends after this process.
    std::mem::forget(waiting.unwrap());
}

/// A server that ends with this process, with settings for its command line; `None` where no PostgreSQL can be found.
pub(crate) fn throwaway(settings: &str) -> Option<String> {
    binaries().map(|folder| start(&folder, settings))
}

/// The folder of `initdb` and `postgres`: on the path, or where Debian puts them, the newest first.
pub(crate) fn binaries() -> Option<PathBuf> {
    let on_path = std::env::var_os("PATH").into_iter().flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let mut versions: Vec<PathBuf> =
        std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin")).collect();
    versions.sort();
    let whole = |folder: &PathBuf| ["initdb", "postgres", "pg_isready"].iter().all(|name| folder.join(name).is_file());
    on_path.chain(versions.into_iter().rev()).find(whole)
}

/// Starts a server that ends with this process: it waits for the end of its standard input, which this process holds open. Its databases
/// collate texts as Vietnamese dictionaries do, where it can (PostgreSQL 15 with ICU): whatever leaves an order to the database fails.
fn start(folder: &Path, settings: &str) -> String {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let script = format!(
        r#"set -e
        data=$(mktemp -d); cd "$data"
        initdb() {{ {bin}/initdb -D "$data/db" -U chidao -A trust -E UTF8 --locale=C.UTF-8 "$@" >/dev/null; }}
        initdb --locale-provider=icu --icu-locale=vi-VN 2>/dev/null || {{ rm -rf "$data/db"; initdb; }}
        touch "$data/log"
        {bin}/postgres -D "$data/db" -p {port} -h 127.0.0.1 -k "$data" {settings} -c max_connections=300 >"$data/log" 2>&1 &
        server=$!
        until grep -q 'ready to accept connections' "$data/log"; do kill -0 $server; sleep 0.05; done
        echo ready
        cat >/dev/null
        kill -INT $server; wait $server || true; rm -rf "$data""#,
        bin = folder.display(),
    );
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", "postgres", "--regid", "postgres", "--clear-groups", "sh", "-c", &script]);
        command
    } else {
        let mut command = Command::new("sh");
        command.args(["-c", &script]);
        command
    };
    let mut child = command.env("PATH", "/usr/bin:/bin").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    std::io::BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
    assert_eq!(said.trim(), "ready", "PostgreSQL did not start from {}", folder.display());
    // Never dropped: dropping would close the server's standard input.
    std::mem::forget(child);
    format!("postgres://chidao@127.0.0.1:{port}/postgres")
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0\n"))
}
