// Where in a text something is.
#pragma once

#include <string>
#include <string_view>

namespace datasurface::sqltext {

struct Place {
    int line = 1;
    int column = 1;    // a character of the line, from 1
    std::string piece; // the word that stands there, cut when long; empty at the end
};

// position: a character of the text, from 1, as PostgreSQL counts.
Place place_of(std::string_view text, int position);

// line 2, column 15, at "erp.client"
std::string in_words(const Place &place);

} // namespace datasurface::sqltext
