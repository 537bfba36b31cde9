// Private to select.cpp: parses a text, and says why it is not one plain SELECT.
#pragma once

namespace datasurface::pg {

struct Verdict {         // plain, palloc'ed
    const char *problem; // nullptr: it is one plain SELECT
    const char *text;    // the statement without what surrounds it
};

Verdict judge(char *text);

} // namespace datasurface::pg
