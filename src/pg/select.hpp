// Is a text that a model brings exactly one plain SELECT, or one condition?
#pragma once

#include <optional>
#include <string>

namespace datasurface::pg {

struct SelectCheck {
    bool parsed = false;
    std::string problem; // empty: it is one
    int position = 0;    // of what the parser found: a character of the text, from 1; 0: it names no place
    std::string text;    // the statement without what surrounds it, such as a closing semicolon
};

// Plain: one statement, SELECT (or VALUES, TABLE), without INTO, locking clause or data-modifying WITH, at any depth.
SelectCheck check_select(const std::string &text);

// What is wrong with the text of a condition, and where.
struct ConditionFault {
    std::string problem;
    int position; // a character of the text, from 1; less: it names no place
};

// Nothing: it is one expression, which ends where the text ends. So it can stand in a statement by shape::condition_sql, and changes
// nothing else of it.
std::optional<ConditionFault> check_condition(const std::string &text);

} // namespace datasurface::pg
