"""Formats of the admin and of form fields in French as written in Québec: 2026-11-17, 13 h 30.

Sentences use people.letters: only it can write « 1er novembre » and « 9 h ».
"""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "G\N{NO-BREAK SPACE}\\h\N{NO-BREAK SPACE}i"
DATETIME_FORMAT = "j F Y, G\N{NO-BREAK SPACE}\\h\N{NO-BREAK SPACE}i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = "Y-m-d G\N{NO-BREAK SPACE}\\h\N{NO-BREAK SPACE}i"
FIRST_DAY_OF_WEEK = 0  # Sunday, as on calendars in Québec
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"]
TIME_INPUT_FORMATS = ["%H:%M:%S", "%H:%M"]
DATETIME_INPUT_FORMATS = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"]
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\N{NO-BREAK SPACE}"
NUMBER_GROUPING = 3
