"""GET /docs: the OpenAPI description as a page without scripts."""

import json
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
MARKDOWN = MarkdownIt("commonmark", {"html": False})
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters["markdown"] = lambda text: MARKDOWN.render(text)
TEMPLATES.filters["pretty"] = lambda value: (
    value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
)


def doc_routes(app: FastAPI) -> APIRouter:
    """Return the route of the page that describes the application."""
    routes = APIRouter()

    @routes.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        described = app.openapi()
        html = TEMPLATES.get_template("docs.html").render(
            info=described["info"], operations=operations(described), schemas=schemas(described)
        )
        return HTMLResponse(html, headers=HEADERS)

    return routes


def operations(described: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every operation of an OpenAPI description with what the page shows of it."""
    return [
        {
            "method": method.upper(),
            "path": path,
            "summary": operation.get("summary", ""),
            "description": operation.get("description", ""),
            "parameters": operation.get("parameters", []),
            "body": _name(next(iter(operation.get("requestBody", {}).get("content", {}).values()), {})),
            "examples": _examples(operation.get("requestBody", {})),
            "responses": [_response(status, known) for status, known in operation["responses"].items()],
        }
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]


def _examples(body: dict[str, Any]) -> list[tuple[str, Any]]:
    media: dict[str, Any] = next(iter(body.get("content", {}).values()), {})
    return [(example.get("summary", name), example["value"]) for name, example in media.get("examples", {}).items()]


def _response(status: str, known: dict[str, Any]) -> dict[str, Any]:
    media: dict[str, Any] = next(iter(known.get("content", {}).values()), {})
    return {
        "status": status,
        "description": known["description"],
        "schema": _name(media),
        "example": media.get("example") if status.startswith("2") else None,
    }


def _name(media: dict[str, Any]) -> str:
    return str(media.get("schema", {}).get("$ref", "")).rpartition("/")[2]


def schemas(described: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
    """Return the fields of every named shape: name, type, whether it must be there, and what it means."""
    return {
        name: [
            {
                "name": field,
                "type": _type(about),
                "must": "required" if field in schema.get("required", ()) else "",
                "about": about.get("description", ""),
            }
            for field, about in schema.get("properties", {}).items()
        ]
        for name, schema in described.get("components", {}).get("schemas", {}).items()
    }


def _type(about: dict[str, Any]) -> str:
    """Return a JSON schema in a few words: "list of Citation", "string, at most 2000"."""
    if "$ref" in about:
        return str(about["$ref"]).rpartition("/")[2]
    if either := about.get("anyOf") or about.get("oneOf"):
        return " or ".join(_type(one) for one in either)
    if "enum" in about or "const" in about:
        return " | ".join(map(str, about.get("enum", [about.get("const")])))
    if about.get("type") == "array":
        return f"list of {_type(about.get('items', {}))}"
    limit = f", at most {about['maxLength']}" if "maxLength" in about else ""
    return f"{about.get('type', 'anything')}{limit}"
