// Text of C++ is UTF-8. These convert it to and from the server's encoding. They may raise, so C++ calls them through pg::call.
#pragma once

#include <string_view>

extern "C" {
#include "postgres.h"
}

namespace datasurface::pg {

// A palloc'ed copy in the server's encoding, zero-terminated, of UTF-8 text.
char *to_server(std::string_view utf8);

// UTF-8 of text in the server's encoding; the same pointer where nothing has to be done.
const char *to_utf8(const char *text);

} // namespace datasurface::pg
