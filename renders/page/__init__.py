"""The coach's page; imports `figures` and `scene`."""

from backpost.envs.common.extras import need

need("contourpy", "jinja2", "markupsafe")
