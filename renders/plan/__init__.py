"""The coach's session plan; imports `page`."""

from backpost.envs.common.extras import need

need("contourpy", "jinja2", "markupsafe")
