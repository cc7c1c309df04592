//! The command line: what can be asked, and one module for each command.

mod args;
mod audit;
mod backup;
mod data;
mod doctor;
mod draft;
mod export;
mod failure;
mod fsck;
mod house;
mod keys;
mod keys_data;
mod lists;
mod manifest;
mod measures;
mod migrate;
mod output;
mod people;
mod progress;
mod restore;
mod serve;
mod token;
mod upkeep_args;
mod welcome;
mod whole;

pub use args::{
    Answer, Audit, AuditVerify, Bootstrap, Command, ConfigArgs, Down, Export, Import, Invite, Invocation, Issue, Link,
    Migrate, Token, UnitCommand, UnitImport, parse, parse_with, tree,
};
pub use failure::Failure;
pub use keys::Keys;
pub use upkeep_args::{Backup, DataKeys, DataRetire, DataRotate, Fsck, Restore};

use futures_util::future::LocalBoxFuture;

use crate::config::{LogFormat, Settings, reference};
use crate::telemetry::{self, Format};

/// Does what was asked; true when all was well.
pub fn run(asked: Invocation) -> LocalBoxFuture<'static, Result<bool, Failure>> {
    // A box: whoever waits for it need not know what it is made of, which the compiler would work out anew for the binary.
    Box::pin(carry_out(asked))
}

async fn carry_out(asked: Invocation) -> Result<bool, Failure> {
    let Invocation { command, settings } = asked;
    log(&settings)?;
    match command {
        Command::Serve => serve::serve(&settings).await?,
        Command::Migrate(asked) => migrate::migrate(&settings, asked).await?,
        Command::Schema => output::text(&crate::graphql::schema_text()),
        Command::Import(asked) => data::import(&settings, &asked).await?,
        Command::Answer(asked) => lists::answer(&settings, &asked).await?,
        Command::Issue(asked) => lists::issue(&settings, &asked).await?,
        Command::Export(asked) => export::export(&settings, &asked).await?,
        Command::Token(asked) => token::token(&settings, &asked).await?,
        Command::Bootstrap(asked) => people::bootstrap(&settings, &asked).await?,
        Command::Invite(asked) => people::invite(&settings, &asked).await?,
        Command::Link(asked) => people::link(&settings, &asked).await?,
        Command::Unit(UnitCommand::Import(asked)) => data::units(&settings, &asked).await?,
        Command::Audit(asked) => return audit::audit(&settings, &asked).await,
        Command::Keys(asked) => keys::keys(&settings, &asked).await?,
        Command::Fsck(asked) => return fsck::fsck(&settings, asked).await,
        Command::Backup(asked) => backup::backup(&settings, &asked).await?,
        Command::Restore(asked) => return restore::restore(&settings, &asked).await,
        Command::Demo => data::demo(&settings).await?,
        Command::Access => output::text(&crate::access::markdown()),
        Command::Doctor => return doctor::doctor(&settings).await,
        Command::Config(asked) if asked.markdown => output::text(&reference::markdown()),
        Command::Config(_) => output::text(&settings.to_string()),
    }
    Ok(true)
}

fn log(settings: &Settings) -> Result<(), Failure> {
    let format = match settings.log_format {
        LogFormat::Text => Format::Pretty,
        LogFormat::Json => Format::Json,
    };
    telemetry::init(format, &settings.log_filter).map_err(|error| {
        Failure::new("无法写日志，请检查 log-filter 设置。", format!("No log can be written: {error}."))
    })
}
