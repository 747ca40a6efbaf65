"""Answers regular expressions with libpcre2, the library that Splunk uses, for test/fuzz/regex.ts --- see there.

Reads lines of JSON {"p": pattern, "t": [text, ...]} and writes for each a line {"error": message} or {"m": [answer, ...]}:
null for no match, {"rc": code} when a limit was reached, else the positions of all groups in UTF-16 units.
"""

import ctypes
import json
import sys

pcre2 = ctypes.CDLL("libpcre2-8.so.0")
pointer, size, uint32 = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_uint32
unset = 2**64 - 1


def function(name, result, *parameters):
    found = getattr(pcre2, f"pcre2_{name}_8")
    found.restype, found.argtypes = result, parameters
    return found


compile_pattern = function("compile", pointer, pointer, size, uint32, pointer, pointer, pointer)
free_pattern = function("code_free", None, pointer)
create_match = function("match_data_create_from_pattern", pointer, pointer, pointer)
free_match = function("match_data_free", None, pointer)
run_match = function("match", ctypes.c_int, pointer, pointer, size, size, uint32, pointer, pointer)
positions_of = function("get_ovector_pointer", ctypes.POINTER(size), pointer)
group_count = function("get_ovector_count", uint32, pointer)
message_of = function("get_error_message", ctypes.c_int, ctypes.c_int, pointer, size)
create_context = function("match_context_create", pointer, pointer)
set_match_limit = function("set_match_limit", ctypes.c_int, pointer, uint32)

# UTF, and without two optimisations that change what some patterns match: PCRE2_NO_AUTO_POSSESS, _NO_START_OPTIMIZE.
options = 0x00080000 | 0x00004000 | 0x00010000
context = create_context(None)
set_match_limit(context, 200_000)


def encode(text):
    return text.encode("utf-8", "surrogatepass")


def utf16_length(prefix):
    return len(prefix.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")) // 2


def answer(pattern, match, text):
    subject = encode(text)
    code = run_match(pattern, subject, len(subject), 0, 0, match, context)
    if code == -1:
        return None
    if code < 0:
        return {"rc": code}
    positions = positions_of(match)
    spans = [(positions[2 * group], positions[2 * group + 1]) for group in range(group_count(match))]
    return [
        None if start == unset or group >= code else [utf16_length(subject[:start]), utf16_length(subject[:end])]
        for group, (start, end) in enumerate(spans)
    ]


for line in sys.stdin:
    case = json.loads(line)
    text = encode(case["p"])
    error, offset = ctypes.c_int(), size()
    pattern = compile_pattern(text, len(text), options, ctypes.byref(error), ctypes.byref(offset), None)
    if not pattern:
        message = ctypes.create_string_buffer(256)
        message_of(error, message, 256)
        print(json.dumps({"error": message.value.decode()}))
        continue
    match = create_match(pattern, None)
    print(json.dumps({"m": [answer(pattern, match, text) for text in case["t"]]}))
    free_match(match)
    free_pattern(pattern)
