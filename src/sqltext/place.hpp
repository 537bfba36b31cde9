// A place in a text, for messages.
#pragma once

#include <string>
#include <string_view>

namespace datasurface::sqltext {

struct Place {
    int line = 1;
    int column = 1;    // a character of the line, from 1
    std::string piece; // the word at that place, cut when long; empty at the end
};

// position: counted in characters from 1, as PostgreSQL does.
Place place_of(std::string_view text, int position);

// line 2, column 15, at "erp.client"
std::string in_words(const Place &place);

} // namespace datasurface::sqltext
