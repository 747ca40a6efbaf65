"""Answers regular expressions with libpcre2, the library that Splunk uses, for test/fuzz/regex.ts --- see there.

Reads lines of JSON {"p": pattern, "t": [[text, from], ...]}, `from` in UTF-16 units, and writes first a line
{"version": text}, then for each line {"error": message} or {"m": [[answer, ...], ...]}: for every text the answers that
are right. An answer is null for no match, {"rc": code} when a limit was reached, else the positions of all groups in
UTF-16 units.

There is more than one answer only after recursion: up to 10.42 the interpreter restores groups that were not set before a
recursion in a way that lets them show through later (PCRE2Project/pcre2, issue 261), where the just-in-time compiler does
not. Both are asked.
"""

import ctypes
import json
import re
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
compile_just_in_time = function("jit_compile", ctypes.c_int, pointer, uint32)
create_match = function("match_data_create_from_pattern", pointer, pointer, pointer)
free_match = function("match_data_free", None, pointer)
run_match = function("match", ctypes.c_int, pointer, pointer, size, size, uint32, pointer, pointer)
positions_of = function("get_ovector_pointer", ctypes.POINTER(size), pointer)
group_count = function("get_ovector_count", uint32, pointer)
message_of = function("get_error_message", ctypes.c_int, ctypes.c_int, pointer, size)
create_context = function("match_context_create", pointer, pointer)
set_match_limit = function("set_match_limit", ctypes.c_int, pointer, uint32)
configuration = function("config", ctypes.c_int, uint32, pointer)

# UTF, and without two optimisations that change what some patterns match: PCRE2_NO_AUTO_POSSESS, _NO_START_OPTIMIZE.
options = 0x00080000 | 0x00004000 | 0x00010000
without_just_in_time = 0x00002000
# PCRE2_NO_UTF_CHECK: the check of a text from a later start on makes \b in a lookbehind see a start of text there.
unchecked = 0x40000000
context = create_context(None)
set_match_limit(context, 200_000)


def encode(text):
    return text.encode("utf-8", "surrogatepass")


def utf16_length(prefix):
    return len(prefix.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")) // 2


def answer(pattern, match, text, begin, how):
    subject = encode(text)
    start = len(encode(text.encode("utf-16-le", "surrogatepass")[: 2 * begin].decode("utf-16-le", "surrogatepass")))
    code = run_match(pattern, subject, len(subject), start, how | unchecked, match, context)
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


version = ctypes.create_string_buffer(64)
configuration(11, version)
print(json.dumps({"version": version.value.decode()}))

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
    recurses = re.search(r"\(\?(R|[+-]?[0-9]|&|P>)|\\g[<']", case["p"]) is not None
    ways = [without_just_in_time]
    if recurses and compile_just_in_time(pattern, 1) == 0:
        ways.append(0)
    print(json.dumps({"m": [[answer(pattern, match, *text, way) for way in ways] for text in case["t"]]}))
    free_match(match)
    free_pattern(pattern)
