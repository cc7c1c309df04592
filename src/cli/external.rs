//! `external`: who users are at other sign-in services, shown to the operator, and taken away.

use clap::{Args, Subcommand};
use entity::user_account;

use super::house::{House, Older};
use super::people::failed;
use super::{Failure, output, token};
use crate::clock::day_of;
use crate::config::Settings;
use crate::id::{GlobalId, Kind};
use crate::service::Service;
use crate::service::operator::LiveLink;

/// Links shown at once.
const SHOWN: u64 = 1_000;

/// What is done with links to other sign-in services.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum External {
    /// 绑定用户的外部身份 · Link a user to who he is at another sign-in service
    Link(ExternalLink),
    /// 列出有效的绑定 · List the links in force
    List(ExternalList),
    /// 解除一个绑定，由其建立的会话同时结束 · Take a link away; the sessions that it opened end
    Unlink(ExternalUnlink),
}

/// Who somebody is at another sign-in service. People link themselves when they are signed in; this is for those who have no
/// password here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct ExternalLink {
    /// 用户的标识或登录名 · The user's id (user_…) or login name
    pub user: String,
    /// 登录平台的代号（external-providers 文件中的 id）· What the service is called in the file of external-providers
    #[arg(long, value_name = "ID")]
    pub provider: String,
    /// 用户在该平台的标识（sub、CAS 用户名或 userid）· Who the user is there: sub, the name at CAS, the userid
    #[arg(long, value_name = "SUBJECT")]
    pub subject: String,
}

/// Whose links.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct ExternalList {
    /// 只列出该用户的（标识或登录名） · Only those of this user, by id (user_…) or login name
    #[arg(long, value_name = "USER")]
    pub user: Option<String>,
    /// 只列出平台中该身份的 · Only those to who somebody is there
    #[arg(long, value_name = "SUBJECT")]
    pub subject: Option<String>,
}

/// Which link.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct ExternalUnlink {
    /// 绑定的标识（identity_…），见 external list · The link's id (identity_…), as external list shows it
    pub link: String,
}

/// Does it.
pub(super) async fn external(settings: &Settings, asked: &External) -> Result<(), Failure> {
    let house = match asked {
        External::Link(_) => House::open_with_services(settings).await?,
        External::List(_) | External::Unlink(_) => House::open(settings, Older::Refuse).await?,
    };
    match asked {
        External::Link(asked) => link(&house, asked).await?,
        External::List(asked) => list(&house, asked).await?,
        External::Unlink(asked) => unlink(&house, &asked.link).await?,
    }
    house.close().await;
    Ok(())
}

async fn link(house: &House, asked: &ExternalLink) -> Result<(), Failure> {
    let Some(user) = token::find(&house.service, &asked.user).await? else {
        return Err(token::unknown(&house.service, &asked.user).await?);
    };
    let made = house.service.operator_link(user, &asked.provider, &asked.subject).await.map_err(failed)?;
    output::line(&GlobalId::new(Kind::ExternalIdentity, made).to_string());
    Ok(())
}

async fn list(house: &House, asked: &ExternalList) -> Result<(), Failure> {
    let user = match &asked.user {
        None => None,
        // Somebody who is disabled too: he holds his identities still.
        Some(said) => match known(&house.service, said).await? {
            Some(user) => Some(user.id),
            None => return Err(token::unknown(&house.service, said).await?),
        },
    };
    let links = house.service.operator_links(user, asked.subject.as_deref(), SHOWN).await?;
    for link in &links.shown {
        output::line(&shown(link));
    }
    if links.all > SHOWN {
        output::aside(&format!(
            "共 {} 个，只列出前 {SHOWN} 个 · {} in all, the first {SHOWN} are shown",
            links.all, links.all
        ));
    }
    Ok(())
}

async fn known(service: &Service, said: &str) -> Result<Option<user_account::Model>, Failure> {
    Ok(match said.parse::<GlobalId>() {
        Ok(id) if id.kind == Kind::User => service.store().user_by_key(id.uuid).await?,
        _ => service.store().user_by_login(said).await?,
    })
}

/// A link in one line: its id, whose it is, who he is there and since when.
pub(super) fn shown(link: &LiveLink) -> String {
    let id = GlobalId::new(Kind::ExternalIdentity, link.link.id);
    let row = &link.link;
    let disabled = if link.disabled { "  已停用 · disabled" } else { "" };
    format!("{id}  {}  {}  {}  {}{disabled}", link.login, row.issuer, row.subject, day_of(row.created_at))
}

async fn unlink(house: &House, said: &str) -> Result<(), Failure> {
    let id = said.parse::<GlobalId>().ok().filter(|id| id.kind == Kind::ExternalIdentity);
    let user = match id {
        Some(id) => house.service.operator_unlink(id.uuid).await?,
        None => None,
    };
    let Some(user) = user else {
        return Err(Failure::new(
            format!("没有有效的绑定 {said}；有效的见 taizhang external list。"),
            format!("There is no link {said} in force; taizhang external list shows those that are."),
        ));
    };
    output::line(&format!("已解除 {} 的绑定 · the link of {} was taken away", user.login, user.login));
    Ok(())
}
