//! The description of the API for people: one page, made of the description for programs, without a script.

use askama::Template;
use serde_json::Value;

use super::ROOT;

#[derive(Template)]
#[template(path = "api/index.html")]
struct Index {
    root: &'static str,
    version: String,
    groups: Vec<Group>,
    shapes: Vec<Shape>,
}

/// The routes of one tag.
struct Group {
    name: String,
    routes: Vec<Route>,
}

struct Route {
    method: String,
    path: String,
    summary: String,
    open: bool,
    parameters: Vec<Field>,
    takes: Option<String>,
    gives: Vec<(String, String)>,
    refuses: Vec<String>,
}

/// A field of a shape, or a parameter.
struct Field {
    name: String,
    kind: String,
    text: String,
    required: bool,
}

/// What a body is made of.
struct Shape {
    name: String,
    fields: Vec<Field>,
}

/// The page's style sheet.
pub async fn style() -> axum::response::Response {
    use axum::response::IntoResponse as _;
    use hyper::header::{CACHE_CONTROL, CONTENT_TYPE};
    let fields = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "max-age=3600")];
    (fields, include_str!("../../assets/api.css")).into_response()
}

/// The page. `None` where the description is not as it is made.
pub fn page(description: &Value) -> Option<String> {
    let mut groups: Vec<Group> = Vec::new();
    for (path, item) in description["paths"].as_object()? {
        for (method, operation) in item.as_object()? {
            let name = text(&operation["tags"][0]);
            let route = route(method, path, operation);
            match groups.iter_mut().find(|group| group.name == name) {
                Some(group) => group.routes.push(route),
                None => groups.push(Group { name, routes: vec![route] }),
            }
        }
    }
    let shapes = description["components"]["schemas"].as_object()?;
    let shapes = shapes.iter().map(|(name, schema)| Shape { name: name.clone(), fields: fields(schema) });
    let index = Index {
        root: ROOT,
        version: text(&description["info"]["version"]),
        groups,
        shapes: shapes.collect(),
    };
    index.render().ok()
}

fn route(method: &str, path: &str, operation: &Value) -> Route {
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    let content = |body: &Value| {
        let content = body["content"].as_object()?;
        content.values().next().map(|media| kind(&media["schema"]))
    };
    let answers = operation["responses"].as_object();
    let answers = || answers.into_iter().flatten();
    let gives = answers().filter(|(status, _)| status.starts_with('2'));
    Route {
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&operation["summary"]).replace('`', ""),
        open: operation["security"]
            .as_array()
            .is_some_and(|security| security.iter().any(|one| one == &serde_json::json!({}))),
        parameters: parameters
            .iter()
            .map(|parameter| Field {
                name: text(&parameter["name"]),
                kind: text(&parameter["in"]),
                text: text(&parameter["description"]),
                required: parameter["required"] == true,
            })
            .collect(),
        takes: content(&operation["requestBody"]),
        gives: gives.map(|(status, answer)| (status.clone(), content(answer).unwrap_or_default())).collect(),
        refuses: answers()
            .map(|(status, _)| status.clone())
            .filter(|status| !status.starts_with('2'))
            .collect(),
    }
}

fn fields(schema: &Value) -> Vec<Field> {
    let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
    let own = schema["properties"].as_object().into_iter().flatten().map(|(name, property)| Field {
        name: name.clone(),
        kind: kind(property),
        text: text(&property["description"]),
        required: required.iter().any(|one| one == name),
    });
    let parts = schema["allOf"].as_array().map(Vec::as_slice).unwrap_or_default();
    let parts = parts.iter().flat_map(|part| match part["$ref"].as_str() {
        Some(_) => {
            vec![Field { name: "…".to_owned(), kind: kind(part), text: String::new(), required: true }]
        }
        None => fields(part),
    });
    own.chain(parts).collect()
}

/// What a schema is, in a word or two.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        return name.rsplit('/').next().unwrap_or_default().to_owned();
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        if let Some(parts) = schema[several].as_array() {
            let parts: Vec<String> = parts.iter().map(kind).filter(|part| part != "null").collect();
            return parts.join(" or ");
        }
    }
    let of = match &schema["type"] {
        Value::String(one) => one.clone(),
        Value::Array(several) => {
            let named = several.iter().filter_map(Value::as_str).filter(|one| *one != "null");
            named.collect::<Vec<_>>().join(" or ")
        }
        _ => "anything".to_owned(),
    };
    if of == "array" { format!("list of {}", kind(&schema["items"])) } else { of }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
