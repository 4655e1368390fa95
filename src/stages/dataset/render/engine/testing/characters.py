"""Prints, as one JSON object, what Python's str makes of each code point: a text for each, or 0 and 1."""

import json

CODES = [code for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]
METHODS = ["upper", "lower", "capitalize", "isupper", "islower", "isalpha", "isdecimal", "isspace"]
answers = {method: [getattr(chr(code), method)() for code in CODES] for method in METHODS}
changed = lambda values: {code: value for code, value in zip(CODES, values) if value is True or isinstance(value, str) and value != chr(code)}
table = {method: changed(values) for method, values in answers.items()}
table["repr"] = {code: repr(chr(code))[1:-1] for code in CODES if repr(chr(code))[1:-1] != chr(code)}
print(json.dumps(table))
