"""The page /docs: the API's own description as plain HTML, without a script or a foreign host."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, select_autoescape

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><title>{{ info.title }} {{ info.version }}</title>
<style>
body { font: 16px/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { background: #f3f3f3; padding: .1rem .3rem; } pre { padding: .6rem; overflow: auto; }
details { border-top: 1px solid #ccc; padding: .4rem 0; } summary { cursor: pointer; }
.method { display: inline-block; min-width: 4.5rem; font-weight: bold; }
table { border-collapse: collapse; } td, th { padding: .2rem .6rem; text-align: left; }
</style>
</head>
<body>
<h1>{{ info.title }}</h1>
<p>{{ info.description }}</p>
<p>The same as data: <a href="{{ schema_url }}">{{ schema_url }}</a>.
This page loads nothing else.</p>
<h2>Addresses</h2>
{% for path, methods in paths.items() %}{% for method, op in methods.items() %}
<details id="{{ op.operationId }}">
<summary><span class="method">{{ method|upper }}</span> <code>{{ path }}</code>
{{ op.description or op.summary }}</summary>
{% if op.security %}<p>Needs the header <code>Authorization: Bearer …</code></p>{% endif %}
{% if op.parameters %}<table><tr><th>parameter</th><th>in</th><th>needed</th><th>shape</th></tr>
{% for p in op.parameters %}<tr><td>{{ p.name }}</td><td>{{ p.in }}</td>
<td>{{ "yes" if p.required else "no" }}</td><td><code>{{ p.schema|shape }}</code></td></tr>
{% endfor %}</table>{% endif %}
{% if op.requestBody %}<p>Body: {{ op.requestBody.content|bodies }}</p>{% endif %}
<table><tr><th>status</th><th>answer</th></tr>
{% for status, answer in op.responses.items() %}<tr><td>{{ status }}</td>
<td>{{ answer.description }} {{ (answer.content or {})|bodies }}</td></tr>{% endfor %}</table>
</details>
{% endfor %}{% endfor %}
<h2>Shapes</h2>
{% for name, schema in schemas.items() %}
<details id="shape-{{ name }}"><summary><code>{{ name }}</code> {{ schema.description }}</summary>
<pre>{{ schema|pretty }}</pre></details>
{% endfor %}
</body>
</html>
"""


def _shape(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " | ".join(_shape(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"[{_shape(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type") or "any")


def _bodies(content: dict[str, Any]) -> str:
    return ", ".join(f"{kind}: {_shape(one.get('schema', {}))}" for kind, one in content.items())


_ENVIRONMENT = Environment(autoescape=select_autoescape(default=True))
_ENVIRONMENT.filters.update(
    shape=_shape,
    bodies=_bodies,
    pretty=lambda schema: json.dumps(schema, ensure_ascii=False, indent=2),
)


def install(app: FastAPI) -> None:
    """Add the page /docs to an application."""
    app.get("/docs", include_in_schema=False)(_docs)


async def _docs(request: Request) -> HTMLResponse:
    return HTMLResponse(render(request.app))


def render(app: FastAPI) -> str:
    """Write the page for an application's OpenAPI description."""
    schema = app.openapi()
    return _ENVIRONMENT.from_string(PAGE).render(
        info=schema["info"],
        paths=schema["paths"],
        schemas=schema.get("components", {}).get("schemas", {}),
        schema_url=app.openapi_url,
    )
