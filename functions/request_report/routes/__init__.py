"""The routes of the API: a module per resource; each route is one call of a use case."""
