"""The running order: how the day really goes, beside the print.

`lines` who follows whom, and what a delay does to the rest · `decisions` what hands decided · `commands` deciding, and what it would
change · `store`, `app`, `api`. Asking how the day stands is `programme/running_order`.
"""
