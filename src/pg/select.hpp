// Is a text that a model brings exactly one plain SELECT?
#pragma once

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

} // namespace datasurface::pg
