//! `migrate up|down|status`.

use super::{Down, Failure, Migrate, backup, house, output};
use crate::config::Settings;

/// Moves the database, or says where it stands.
pub(super) async fn migrate(settings: &Settings, asked: Migrate) -> Result<(), Failure> {
    let store = match asked {
        Migrate::Up => house::store(settings).await?,
        Migrate::Down(_) | Migrate::Status => house::existing(settings).await?,
    };
    match asked {
        Migrate::Up => {
            backup::before_migration(settings, &store).await?;
            moved("已执行 · ran", &store.migrate_up().await?);
        }
        Migrate::Down(Down { steps }) => moved("已回退 · taken back", &store.migrate_down(Some(steps)).await?),
        Migrate::Status => {
            let status = store.migrate_status().await.map_err(crate::store::MigrateError::from)?;
            for (word, names) in [
                ("已执行 · applied", &status.applied),
                ("未执行 · pending", &status.pending),
                ("未知（数据库较新） · unknown, the database is newer", &status.unknown),
            ] {
                for name in names {
                    output::line(&format!("{name}  {word}"));
                }
            }
        }
    }
    let _ = store.close().await;
    Ok(())
}

fn moved(word: &str, names: &[String]) {
    for name in names {
        output::line(&format!("{name}  {word}"));
    }
    if names.is_empty() {
        output::line("无需迁移 · nothing to do");
    }
}
