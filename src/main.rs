//! The program: what it does stands in `chidao::cli`.

use std::process::ExitCode;

use clap::Parser as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    match chidao::cli::run(chidao::cli::Cli::parse()).await {
        Ok(code) => code,
        Err(no) => {
            eprintln!("chidao: {no}");
            ExitCode::from(chidao::cli::FAILED)
        }
    }
}
