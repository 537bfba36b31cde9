// The text of libpq about a connection, in words for one line.
#pragma once

#include <string>

namespace datasurface::remote {

struct Said {
    std::string causes; // each once, for they are the same for each address, and with SSL and without
    std::string more;   // what libpq or the server adds
};

// secret: struck out; empty: there is none.
Said said_of(const std::string &text, const std::string &secret);

} // namespace datasurface::remote
