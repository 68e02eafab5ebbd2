"""The questions of a session as files: `table` what a line says (pure), `files` CSV, JSON and XLSX written piece by piece, `app` who may,
`api` the addresses. What must not be here: pages, what the public may read (feed/projection.py)."""
