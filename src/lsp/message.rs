//! JSON-RPC: what a message is, and how answers are written. Knows no method.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::lsp::wire;
use crate::source::is_hidden;

/// The id of a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Id {
    Number(i64),
    Text(String),
}

/// A message that came.
#[derive(Debug)]
pub(super) enum Message {
    Request(Request),
    Notification(Notification),
    /// The answer to a request of ours.
    Response {
        id: Id,
        is_error: bool,
    },
    /// No message: to be answered with an error, and passed over.
    Broken {
        id: Option<Id>,
        failure: Failure,
    },
    /// One of so many bytes, which is too long to be read.
    TooLong(u64),
}

#[derive(Debug)]
pub(super) struct Request {
    pub(super) id: Id,
    pub(super) method: String,
    pub(super) params: Params,
}

#[derive(Debug)]
pub(super) struct Notification {
    pub(super) method: String,
    pub(super) params: Params,
}

/// Parameters, not yet read.
#[derive(Debug)]
pub(super) struct Params(Option<Box<RawValue>>);

impl Params {
    pub(super) fn read<T: for<'de> Deserialize<'de>>(&self) -> Result<T, Failure> {
        let text = self.0.as_ref().map_or("null", |params| params.get());
        serde_json::from_str(text).map_err(|error| {
            Failure::new(Failure::INVALID_PARAMS, format!("the parameters are off: {error}"))
        })
    }
}

/// Why a request is not answered as it wishes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Failure {
    pub(super) code: i32,
    pub(super) message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) data: Option<serde_json::Value>,
}

impl Failure {
    pub(super) const PARSE: i32 = -32700;
    pub(super) const INVALID_REQUEST: i32 = -32600;
    pub(super) const UNKNOWN_METHOD: i32 = -32601;
    pub(super) const INVALID_PARAMS: i32 = -32602;
    pub(super) const INTERNAL: i32 = -32603;
    pub(super) const NOT_INITIALIZED: i32 = -32002;
    pub(super) const CANCELLED: i32 = -32800;
    pub(super) const SERVER_CANCELLED: i32 = -32802;
    pub(super) const FAILED: i32 = -32803;

    pub(super) fn new(code: i32, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), data: None }
    }

    /// The request is right, and cannot be done.
    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self::new(Self::FAILED, message)
    }
}

/// Any message, as it stands there.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    jsonrpc: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "given")]
    id: Option<serde_json::Value>,
    #[serde(borrow, default)]
    method: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    params: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "given")]
    result: Option<&'a RawValue>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
}

/// `null` is something that was given.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl Message {
    /// Reads the body of a message.
    pub(super) fn read(body: &[u8]) -> Self {
        let broken = |id, code, message: String| Self::Broken { id, failure: Failure::new(code, message) };
        let text = match std::str::from_utf8(body) {
            Ok(text) => text,
            Err(error) => return broken(None, Failure::PARSE, format!("a message is no UTF-8: {error}")),
        };
        let envelope: Envelope<'_> = match serde_json::from_str(text) {
            Ok(envelope) => envelope,
            Err(error) if error.is_data() => {
                return broken(None, Failure::INVALID_REQUEST, format!("no message of JSON-RPC: {error}"));
            }
            Err(error) => return broken(None, Failure::PARSE, format!("a message is no JSON: {error}")),
        };
        let id: Option<Option<Id>> = envelope.id.map(|id| serde_json::from_value(id).ok());
        if envelope.jsonrpc.as_deref() != Some("2.0") {
            let message = "a message says `\"jsonrpc\": \"2.0\"`".to_owned();
            return broken(id.flatten(), Failure::INVALID_REQUEST, message);
        }
        let params = Params(envelope.params.map(ToOwned::to_owned));
        match (envelope.method, id) {
            (Some(method), None) => Self::Notification(Notification { method: method.into_owned(), params }),
            (Some(method), Some(Some(id))) => {
                Self::Request(Request { id, method: method.into_owned(), params })
            }
            (None, Some(Some(id))) if envelope.result.is_some() || envelope.error.is_some() => {
                Self::Response { id, is_error: envelope.error.is_some() }
            }
            // A client tells in this way that it could not read something of ours.
            (None, Some(None)) if envelope.error.is_some() => {
                Self::Response { id: Id::Text(String::new()), is_error: true }
            }
            (method, id) => {
                let message = match method {
                    Some(_) => "the id of a request is a string or a whole number",
                    None => "a message has neither a method nor a result",
                };
                broken(id.flatten(), Failure::INVALID_REQUEST, message.to_owned())
            }
        }
    }
}

#[derive(Serialize)]
struct Answer<'a, T> {
    jsonrpc: &'static str,
    id: Option<&'a Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a Failure>,
}

#[derive(Serialize)]
struct Call<'a, T> {
    jsonrpc: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a Id>,
    method: &'a str,
    params: T,
}

/// The way back.
pub(super) struct Output<W> {
    writer: W,
    /// Requests of ours, counted.
    asked: i64,
}

impl<W: Write> Output<W> {
    pub(super) fn new(writer: W) -> Self {
        Self { writer, asked: 0 }
    }

    pub(super) fn answer(&mut self, id: &Id, answer: &Result<Box<RawValue>, Failure>) -> io::Result<()> {
        let (result, error) = match answer {
            Ok(result) => (Some(result), None),
            Err(failure) => (None, Some(failure)),
        };
        self.write(&Answer { jsonrpc: "2.0", id: Some(id), result, error })
    }

    /// Answers what is no message.
    pub(super) fn broken(&mut self, id: Option<&Id>, failure: &Failure) -> io::Result<()> {
        self.write(&Answer { jsonrpc: "2.0", id, result: None::<()>, error: Some(failure) })
    }

    pub(super) fn notify(&mut self, method: &str, params: impl Serialize) -> io::Result<()> {
        self.write(&Call { jsonrpc: "2.0", id: None, method, params })
    }

    /// Asks the client; gives the id that its answer will have.
    pub(super) fn ask(&mut self, method: &str, params: impl Serialize) -> io::Result<Id> {
        self.asked += 1;
        let id = Id::Number(self.asked);
        self.write(&Call { jsonrpc: "2.0", id: Some(&id), method, params })?;
        Ok(id)
    }

    fn write(&mut self, message: &impl Serialize) -> io::Result<()> {
        wire::write(&mut self.writer, &escaped(serde_json::to_vec(message)?))
    }
}

/// JSON in which nobody is shown a character that is hidden, whoever looks at the stream: each is an escape. It stands
/// inside of a string, for nowhere else does a serializer write one.
fn escaped(body: Vec<u8>) -> Vec<u8> {
    // Printable ASCII, which is nearly all that there is, is passed over byte by byte.
    if body.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        return body;
    }
    let Ok(text) = std::str::from_utf8(&body) else { return body };
    let mut shown = String::with_capacity(text.len() + 64);
    for c in text.chars() {
        if is_hidden(c) {
            let mut units = [0; 2];
            c.encode_utf16(&mut units).iter().for_each(|unit| shown += &format!("\\u{unit:04x}"));
        } else {
            shown.push(c);
        }
    }
    shown.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::{Failure, Id, Message};

    fn broken(text: &str) -> (Option<Id>, i32) {
        match Message::read(text.as_bytes()) {
            Message::Broken { id, failure } => (id, failure.code),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn messages_are_told_apart() {
        let read = |text: &str| format!("{:?}", Message::read(text.as_bytes()));
        assert!(read(r#"{"jsonrpc":"2.0","id":7,"method":"a"}"#).starts_with("Request"));
        assert!(read(r#"{"jsonrpc":"2.0","id":9007199254740993,"method":"a"}"#).contains("9007199254740993"));
        assert!(read(r#"{"jsonrpc":"2.0","method":"\u0061","params":[]}"#).starts_with("Notification"));
        assert!(read(r#"{"jsonrpc":"2.0","id":"x","result":null}"#).starts_with("Response"));
        assert!(read(r#"{"jsonrpc":"2.0","id":null,"error":{}}"#).starts_with("Response"));
    }

    #[test]
    fn what_is_no_message_is_answered() {
        assert_eq!(broken("{"), (None, Failure::PARSE));
        assert_eq!(broken(&"[".repeat(100_000)), (None, Failure::INVALID_REQUEST));
        assert_eq!(broken("[]"), (None, Failure::INVALID_REQUEST));
        assert_eq!(broken("{}"), (None, Failure::INVALID_REQUEST));
        assert_eq!(broken(r#"{"jsonrpc":"1.0","id":1,"method":"a"}"#).0, Some(Id::Number(1)));
        assert_eq!(broken(r#"{"jsonrpc":"2.0","id":1.5,"method":"a"}"#), (None, Failure::INVALID_REQUEST));
        assert_eq!(broken(r#"{"jsonrpc":"2.0","id":"x"}"#).0, Some(Id::Text("x".into())));
        let deep =
            format!(r#"{{"jsonrpc":"2.0","id":{}1{},"method":"a"}}"#, "[".repeat(1000), "]".repeat(1000));
        assert_eq!(broken(&deep), (None, Failure::PARSE));
        assert!(matches!(Message::read(b"\xff"), Message::Broken { .. }));
    }
}
