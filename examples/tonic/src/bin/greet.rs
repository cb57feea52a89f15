//! A client: `greet <address> hello|greetings [<API key>]`.

use std::error::Error;
use std::io::{Write as _, stdout};

use tokio_stream::StreamExt as _;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};
use tonic_example::HelloRequest;
use tonic_example::greeter_client::GreeterClient;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (address, method, key) = match &words[..] {
        [address, method] => (address, method, None),
        [address, method, key] => (address, method, Some(key)),
        _ => return Err("greet <address> hello|greetings [<API key>]".into()),
    };
    let channel = Endpoint::try_from(address.clone())?.connect().await?;
    let mut request = Request::new(HelloRequest {
        greeting: "Hello".to_owned(),
    });
    if let Some(key) = key {
        request.metadata_mut().insert("x-api-key", key.parse()?);
    }
    match call(GreeterClient::new(channel), method, request).await {
        Ok(messages) => writeln!(stdout(), "{}", messages.join("\n"))?,
        Err(status) => {
            writeln!(stdout(), "{:?}: {}", status.code(), status.message())?;
            for challenge in status.metadata().get_all("www-authenticate") {
                writeln!(stdout(), "www-authenticate: {}", challenge.to_str()?)?;
            }
        }
    }
    Ok(())
}

async fn call(
    mut client: GreeterClient<Channel>,
    method: &str,
    request: Request<HelloRequest>,
) -> Result<Vec<String>, Status> {
    if method == "hello" {
        return Ok(vec![client.hello(request).await?.into_inner().message]);
    }
    let replies = client.greetings(request).await?.into_inner();
    replies
        .map(|reply| reply.map(|reply| reply.message))
        .collect()
        .await
}
