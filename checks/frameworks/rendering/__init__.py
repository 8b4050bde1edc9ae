"""Templates gone through as they would be rendered, with what is known of each value in the place of the value.

What a template reads of rows is asked of the database while it is rendered: the questions are noted in the function
that hands the context over.
"""

from __future__ import annotations

from checks.frameworks.rendering.calls import items_of, loads, render_named, renders, renders_itself
from checks.frameworks.rendering.template import render, telling

__all__ = ["items_of", "loads", "render", "render_named", "renders", "renders_itself", "telling"]
