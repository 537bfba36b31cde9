#!/bin/bash
# nlohmann/json costs seconds in each file that includes it, and its tree takes 25 times the memory of a document and cannot be
# freed without memory: its parser alone is used, in one file.
grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]nlohmann/' src |
    grep -v '^src/model/syntax\.cpp:' && exit 1
grep -nE 'json::(parse|object|array|dump)\(|Json (value|tree|object)\b' src/model/syntax.cpp && exit 1
exit 0
