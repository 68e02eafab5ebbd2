"""The programme in the standards of the field, out and in: schedule.json (version 1) and schedule.xml.

`model` is what both formats say in the same words; `outward` fills it from a programme, `inward` makes a programme of it, one file per
format reads and writes it. What a standard has no word for travels along in the place where it allows additions, and comes back.
"""
