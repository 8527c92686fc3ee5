"""Reports of the assessment as files (Art. 30, 36): JSON, CSV, Excel and a page to print."""
