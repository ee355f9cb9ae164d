"""The drawings of a document as SVG text: pure functions of small frozen inputs, in the light colours, fonts named "Noto Sans SC"."""
