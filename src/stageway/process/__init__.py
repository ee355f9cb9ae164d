"""The process: templates, stages, requirements, items and their links, criteria, gates, adaptations. Pure: files arrive as text, time as a value."""
