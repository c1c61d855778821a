//! A throwaway PostgreSQL: found on the machine, started once a test run on a free loopback port, gone when the run ends.

use std::io::{BufRead as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// What makes a server fast that nobody misses when the machine fails.
const FAST: &str = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off";

/// Where databases can be made; `None` where no PostgreSQL can be found.
pub(crate) fn server() -> Option<&'static str> {
    static SERVER: OnceLock<Option<String>> = OnceLock::new();
    let found = SERVER.get_or_init(|| {
        let found = std::env::var("TEST_POSTGRES_URL").ok().or_else(|| throwaway(FAST));
        if found.is_none() {
            missing();
        }
        found
    });
    found.as_deref()
}

/// Without PostgreSQL half of the suite says nothing: loudly, and in CI as a failure.
fn missing() {
    let text =
        "NO POSTGRESQL WAS FOUND: every test ran on SQLite only. Install it (Debian: apt-get install postgresql) or set TEST_POSTGRES_URL";
    // Past the capture of the test runner, so that a green run shows it too.
    let _ = writeln!(std::io::stderr(), "\n{text}\n");
    let _ = std::fs::OpenOptions::new().write(true).open("/dev/tty").and_then(|mut tty| writeln!(tty, "\n{text}\n"));
    assert!(std::env::var_os("CI").is_none(), "{text}");
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
