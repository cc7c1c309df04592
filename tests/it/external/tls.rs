//! Whose certificates are believed.

use std::sync::Arc;

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use serde_json::json;
use taizhang::external::ConnectorError;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

use super::{BACK, Folder, at, begun, recorded, signers::merged, unavailable};

/// A server with a certificate for `localhost`, made for these tests, that says one thing, with its port for `PORT`.
async fn server(body: String) -> (u16, JoinHandle<()>) {
    let certificate = CertificateDer::from_pem_slice(recorded("test_only_localhost.pem").as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(recorded("test_only_localhost.key").as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let body = body.replace("PORT", &port.to_string());
    let task = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n") {
                asked.push(stream.read_u8().await.unwrap());
            }
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            stream.write_all(answer.as_bytes()).await.unwrap();
            stream.shutdown().await.ok();
        }
    });
    (port, task)
}

async fn signed_in(folder: &Folder, base: &str, changes: serde_json::Value) -> Result<String, ConnectorError> {
    let entry = json!({"id": "cas", "name": "CAS", "kind": "cas", "baseUrl": base, "redirectUris": [BACK]});
    let providers = folder.provider(merged(entry, changes));
    let connector = &providers.get("cas").unwrap().connector;
    connector.identity("ST-1856339", &begun(), at(0)).await.map(|identity| identity.subject)
}

#[tokio::test]
async fn only_the_roots_that_are_named_are_believed_and_only_for_the_name() {
    let (port, server) = server(recorded("cas_success.xml")).await;
    let folder = Folder::new();
    folder.write("ca.pem", &recorded("test_only_ca.pem"), 0o644);
    folder.write("other.pem", &recorded("test_only_other_ca.pem"), 0o644);
    let named = format!("https://localhost:{port}/cas");
    assert_eq!(signed_in(&folder, &named, json!({"caFile": "ca.pem"})).await.unwrap(), "lilei");
    let both = [recorded("test_only_other_ca.pem"), recorded("test_only_ca.pem")].concat();
    folder.write("both.pem", &both, 0o644);
    assert_eq!(signed_in(&folder, &named, json!({"caFile": "both.pem"})).await.unwrap(), "lilei");
    for changes in [json!({}), json!({"caFile": "other.pem"})] {
        let why = unavailable(signed_in(&folder, &named, changes).await);
        assert!(why.contains("UnknownIssuer"), "{why}");
    }
    let by_number = format!("https://127.0.0.1:{port}/cas");
    let why = unavailable(signed_in(&folder, &by_number, json!({"caFile": "ca.pem"})).await);
    assert!(why.contains("not valid for"), "{why}");
    server.abort();
}

#[tokio::test]
async fn tls_is_not_given_up_by_what_a_provider_says() {
    for name in ["jwks_uri", "token_endpoint", "authorization_endpoint"] {
        let at_home = "https://localhost:PORT/x";
        let description = json!({"issuer": "https://localhost:PORT", "authorization_endpoint": at_home,
            "token_endpoint": at_home, "jwks_uri": at_home});
        let (port, server) = server(merged(description, json!({name: "http://127.0.0.1/x"})).to_string()).await;
        let folder = Folder::new();
        folder.write("ca.pem", &recorded("test_only_ca.pem"), 0o644);
        let providers = folder.provider(json!({"id": "gov", "name": "gov", "kind": "oidc", "clientId": "taizhang",
            "issuer": format!("https://localhost:{port}"), "redirectUris": [BACK], "caFile": "ca.pem"}));
        let why = unavailable(providers.get("gov").unwrap().connector.address(&begun(), at(0)).await);
        assert!(why.contains(&format!("{name} of the description: plain http")), "{why}");
        server.abort();
    }
}
