"""The written process: outline, composition, lint, and the writers."""
