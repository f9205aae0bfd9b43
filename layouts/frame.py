"""The frame of every page: an address and a place."""

from dash import dcc, html
from dash.development.base_component import Component

from layouts import ids

# Dash's page with our language: without zh-CN a browser may draw Japanese forms of the characters.
INDEX = """<!doctype html>
<html lang="zh-CN">
<head>
{%metas%}<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{%title%}</title>{%favicon%}{%css%}
</head>
<body>{%app_entry%}<footer>{%config%}{%scripts%}{%renderer%}</footer></body>
</html>"""


def frame() -> Component:
    """The application's layout. The page is put in once, from the address; nothing is asked again after that."""
    notice = html.Div(id=ids.NOTICE_LINE, role="alert")
    return html.Div([dcc.Location(id=ids.LOCATION, refresh=False), html.Div(id=ids.PAGE), notice])
