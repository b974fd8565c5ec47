"""Decisions into words and pictures: the packet as JSON, text, HTML and workbook."""
