//! What came back, and short ways to look into it.

use serde_json::Value;

/// An answer over HTTP.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Answer {
    /// A value below `data`, by JSON pointer; null where there is none.
    pub(crate) fn at(&self, pointer: &str) -> &Value {
        self.body.pointer(&format!("/data{pointer}")).unwrap_or(&Value::Null)
    }

    /// A text below `data`.
    pub(crate) fn text(&self, pointer: &str) -> String {
        self.at(pointer).as_str().unwrap_or_else(|| panic!("no text at {pointer}: {self:#?}")).to_owned()
    }

    /// A number below `data`.
    pub(crate) fn number(&self, pointer: &str) -> i64 {
        self.at(pointer).as_i64().unwrap_or_else(|| panic!("no number at {pointer}: {self:#?}"))
    }

    /// The texts in a list below `data`, each at `inner` of its item (empty: the item itself).
    pub(crate) fn texts(&self, pointer: &str, inner: &str) -> Vec<String> {
        let items = self.at(pointer).as_array().unwrap_or_else(|| panic!("no list at {pointer}: {self:#?}"));
        items.iter().map(|item| item.pointer(inner).and_then(Value::as_str).unwrap_or("(none)").to_owned()).collect()
    }

    /// `extensions.code` of the first top-level error.
    pub(crate) fn error_code(&self) -> &str {
        self.body.pointer("/errors/0/extensions/code").and_then(Value::as_str).unwrap_or("(no error)")
    }

    /// The user errors of the first mutation, each as `CODE rule path: message`.
    pub(crate) fn refusals(&self) -> Vec<String> {
        let payload = self.body.get("data").and_then(Value::as_object).and_then(|data| data.values().next());
        let errors = payload.and_then(|payload| payload.get("userErrors")).and_then(Value::as_array);
        errors.unwrap_or_else(|| panic!("no user errors: {self:#?}")).iter().map(refusal).collect()
    }

    /// Fails the test where anything was refused.
    pub(crate) fn expect_no_errors(&self, query: &str) {
        assert!(self.body.get("errors").is_none(), "{query}\n{self:#?}");
        for payload in self.body.get("data").and_then(Value::as_object).into_iter().flat_map(|data| data.values()) {
            let refused = payload.get("userErrors").and_then(Value::as_array).is_some_and(|errors| !errors.is_empty());
            assert!(!refused, "{query}\n{self:#?}");
        }
    }
}

fn refusal(error: &Value) -> String {
    let text = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or("-").to_owned();
    let path: Vec<&str> = error.get("path").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    format!("{} {} {}: {}", text("code"), text("rule"), path.join("."), text("message"))
}
