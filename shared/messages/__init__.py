"""The words people read, by language: `catalogue` finds and fills them, `dates` writes days and hours, `typesetting` places French spaces.

Every word itself is in web/locales/<language>/: a new language is one new folder there and nothing else.
"""
