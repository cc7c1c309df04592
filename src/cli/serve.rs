//! `serve`: the listener first, so that a used port changes nothing; then everything behind it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use super::anchor_file::AnchorFile;
use super::house::House;
use super::{Failure, measures, welcome};
use crate::config::Settings;
use crate::secrets::TokenVerifier;
use crate::service::{Service, rounds::round};
use crate::web::explorer::Explorer;
use crate::web::{self, App, api::Api};

/// How long closing the database may take.
const CLOSING: Duration = Duration::from_secs(5);

/// Serves until the process is asked to end.
pub(super) async fn serve(settings: &Settings) -> Result<(), Failure> {
    let anchor_file = AnchorFile::at(settings.audit_anchor_file.as_deref())?;
    let listener = TcpListener::bind(settings.listen).await.map_err(|cause| cannot_listen(settings.listen, &cause))?;
    let address = listener.local_addr().map_err(|cause| cannot_listen(settings.listen, &cause))?;
    // Listened for from the beginning, so that being asked to end during the start is heard too.
    let mut asked_to_end = tokio::spawn(web::terminated());
    // An empty or older database is brought to this program's shape, by one program at a time.
    // The database may be waited for; whoever asks for the end meanwhile need not wait with us.
    let house = tokio::select! {
        house = House::open_to_serve(settings) => house?,
        _ = &mut asked_to_end => return Ok(()),
    };
    if !house.migrated.is_empty() {
        tracing::info!(migrations = %house.migrated.join(" "), "the database was migrated");
    }
    let new = house.is_embedded() && settings.demo && house.service.store().roots().await?.is_empty();
    let verifier = TokenVerifier::new(&house.trusted, settings.token_rules())?;
    let api = Api::new(house.service.clone(), verifier.clone());
    let app = App::new(api, settings.limits.clone(), house.service.ids().clone(), Explorer::examples())
        .map_err(|error| Failure::new("GraphQL 模式无法读取。", format!("The schema can't be read: {error}.")))?
        .trusting(settings.trusted_proxies.clone());
    app.metrics().register(|registry| measures::register(registry, house.service.store().clone()));
    let app = Arc::new(app);
    let router = web::router_with(
        app.clone(),
        web::Extras { metrics: settings.metrics, graphiql: settings.graphiql, public: settings.public_reader },
    );

    if new {
        welcome::first(settings, address, &house).await?;
    } else {
        welcome::again(settings, address, &house);
    }
    tracing::info!(%address, "serving");
    let shutdown = async {
        let _ = asked_to_end.await;
    };
    let sweeping = tokio::spawn(sweep(house.service.clone()));
    let service = house.service.clone();
    let exporting = tokio::spawn(async move { service.exports_run().await });
    let service = house.service.clone();
    let opening = tokio::spawn(async move { service.schedules_run().await });
    let service = house.service.clone();
    let urging = tokio::spawn(async move { service.urging_run().await });
    let service = house.service.clone();
    let telling = tokio::spawn(async move { service.notices_run().await });
    let service = house.service.clone();
    let anchors = house.token_maker().anchor_maker();
    let anchoring =
        tokio::spawn(async move { service.audit_anchors_run(&anchors, |statement| anchor_file.keep(statement)).await });
    let (service, folder) = (house.service.clone(), settings.keys_dir());
    let keys = tokio::spawn(async move { service.keys_run(&folder, &verifier).await });
    let service = house.service.clone();
    let sealing = tokio::spawn(async move { service.data_keys_run().await });
    let service = house.service.clone();
    let retaining = tokio::spawn(async move { service.retention_run().await });
    let served = web::serve(listener, router, &app, shutdown).await;
    // Dropped in the middle of a transaction, it never happened.
    for task in [sweeping, exporting, opening, urging, telling, anchoring, keys, sealing, retaining] {
        task.abort();
        let _ = task.await;
    }
    // What has not been written back by then is in the log, from which the next start takes it.
    if tokio::time::timeout(CLOSING, house.close()).await.is_err() {
        tracing::warn!("the database did not close in time");
    }
    served.map_err(|cause| cannot_listen(address, &cause))
}

/// Removes expired files, exports and sessions now and then, for ever.
async fn sweep(service: Service) {
    loop {
        round("what is expired", sweep_once(&service)).await;
        tokio::time::sleep(service.limits().file_sweep).await;
    }
}

async fn sweep_once(service: &Service) {
    match service.files_sweep().await {
        Ok(0) => {}
        Ok(files) => tracing::info!(files, "expired files were removed"),
        Err(error) => tracing::warn!(%error, "expired files could not be removed"),
    }
    if let Err(error) = service.exports_sweep().await {
        tracing::warn!(%error, "ended exports could not be removed");
    }
    match service.sessions_sweep().await {
        Ok(0) => {}
        Ok(rows) => tracing::info!(rows, "sessions and codes that ended long ago were removed"),
        Err(error) => tracing::warn!(%error, "ended sessions could not be removed"),
    }
}

fn cannot_listen(address: SocketAddr, cause: &io::Error) -> Failure {
    let other = format!("（{cause}）");
    let (zh, en) = match cause.kind() {
        io::ErrorKind::AddrInUse => (
            "端口已被占用，请停用占用者或用 --listen 换一个",
            "the port is in use: stop what uses it, or choose another with --listen".to_owned(),
        ),
        io::ErrorKind::PermissionDenied => (
            "没有权限使用该端口，请用 --listen 换一个",
            "this user may not use the port: choose another with --listen".to_owned(),
        ),
        io::ErrorKind::AddrNotAvailable => {
            ("本机没有该地址，请检查 --listen", "this machine has no such address: check --listen".to_owned())
        }
        _ => (other.as_str(), cause.to_string()),
    };
    Failure::new(format!("无法在 {address} 监听：{zh}。"), format!("Can't listen on {address}: {en}."))
}
