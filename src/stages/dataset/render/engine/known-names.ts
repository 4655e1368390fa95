const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/))

/** Every filter of jinja2 3.1: what is none of these, Jinja refuses when it reads the template. */
export const JINJA_FILTERS = words(
  `abs attr batch capitalize center count d default dictsort e escape filesizeformat first float forceescape format groupby indent int
  items join last length list lower map max min pprint random reject rejectattr replace reverse round safe select selectattr slice sort
  string striptags sum title tojson trim truncate unique upper urlencode urlize wordcount wordwrap xmlattr`,
)

export const JINJA_TESTS = words(
  `!= < <= == > >= boolean callable defined divisibleby eq equalto escaped even false filter float ge greaterthan gt in integer iterable le lessthan lower
  lt mapping ne none number odd sameas sequence string test true undefined upper`,
)

/** Methods of Python's str: a name that is none of these is no attribute of a text. */
export const STR_METHODS = words(
  `capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha isascii isdecimal isdigit
  isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans partition removeprefix
  removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill`,
)

export const DICT_METHODS = words('clear copy fromkeys get items keys pop popitem setdefault update values')
export const LIST_METHODS = words('append clear copy count extend index insert pop remove reverse sort')
export const TUPLE_METHODS = words('count index')
export const NUMBER_ATTRIBUTES = words(
  'as_integer_ratio bit_count bit_length conjugate denominator from_bytes fromhex hex imag is_integer numerator real to_bytes',
)
