"""Tables of text from an office's files, CSV or a workbook, and back."""
