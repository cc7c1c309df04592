//! What `serve` says on standard output: everything on the first start, four lines afterwards.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::house::House;
use super::{Failure, output, token};
use crate::config::Settings;
use crate::service::demo::{self, Person};

/// Loads the demo and says how to use it.
pub(super) async fn first(settings: &Settings, address: SocketAddr, house: &House) -> Result<(), Failure> {
    output::line(
        "首次启动：已新建数据库，正在载入虚构的演示数据…… · First start: new database, loading the invented demo…",
    );
    let people = demo::load(&house.service).await?;
    addresses(settings, address);
    let maker = house.token_maker();
    for person in people.iter().filter(|person| person.sample.is_some()) {
        let minted = token::mint(&house.service, maker, person.user, "first start").await?;
        output::line(&format!("\n# {} · {}", person.zh, person.en));
        output::line(&curl(address, &minted.token, person));
    }
    let minutes = token::minutes(settings.limits.access_token);
    output::line(&format!(
        "\n令牌 {minutes} 分钟后失效，换新：taizhang token 登录名（源码运行：cargo run -q -- token 登录名）\n\
         Tokens end after {minutes} minutes; a new one: taizhang token LOGIN (from source: cargo run -q -- token LOGIN)\n\
         用口令登录 · to sign in with a password: taizhang invite LOGIN"
    ));
    for person in &people {
        output::line(&format!("  {:<15} {} · {}", person.login, person.zh, person.en));
    }
    output::line(
        "\n下一步 · Next steps\n  README.zh-CN.md · README.md   六个查询和完整流程 · six queries and the whole story\n  \
         taizhang doctor               检查环境 · check the machine\n  \
         taizhang import FILE --dry-run   读一份自己的清单 · read a list of your own",
    );
    Ok(())
}

/// Four lines.
pub(super) fn again(settings: &Settings, address: SocketAddr, house: &House) {
    let engine = if house.is_embedded() { "SQLite" } else { "PostgreSQL" };
    output::line(&format!("台账 taizhang {} · {engine}", env!("CARGO_PKG_VERSION")));
    addresses(settings, address);
    output::line("令牌 · token: taizhang token LOGIN");
}

/// Two lines: where the API is, and what stands beside it.
fn addresses(settings: &Settings, address: SocketAddr) {
    let base = base(address);
    let explorer =
        if settings.graphiql { format!(" · 查询页面 explorer: {base}/graphiql") } else { String::new() };
    let metrics = if settings.metrics { format!(" {base}/metrics") } else { String::new() };
    output::line(&format!("GraphQL: {base}/graphql{explorer}"));
    output::line(&format!("健康 · health: {base}/livez {base}/readyz{metrics}"));
}

/// The address somebody at this machine types.
fn base(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

fn curl(address: SocketAddr, token: &str, person: &Person) -> String {
    let body = serde_json::json!({ "query": person.sample.unwrap_or_default() });
    format!(
        "curl -s {}/graphql -H 'content-type: application/json' -H 'authorization: Bearer {token}' -d '{body}'",
        base(address)
    )
}
