#include "model/writer.hpp"

#include <cstdio>
#include <utility>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "base/text.hpp"

namespace datasurface::model {

std::string Writer::take()
{
    if (!is_utf8(text))
        throw Error(sqlstate::internal_error, "a part of the model is not UTF-8");
    return std::move(text);
}

void Writer::quote(std::string_view value)
{
    text += '"';
    for (char const c : value)
        add_character(c);
    text += '"';
}

void Writer::add_character(char c)
{
    constexpr std::string_view short_escapes =
        "\"\"\\\\\bb\ff\nn\rr\tt"; // pairs: the character, the letter of its escape
    for (std::size_t i = 0; i < short_escapes.size(); i += 2) {
        if (c == short_escapes[i]) {
            text += '\\';
            text += short_escapes[i + 1];
            return;
        }
    }
    if (static_cast<unsigned char>(c) >= 0x20) {
        text += c;
        return;
    }
    char escape[7];
    snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
    text += escape;
}

} // namespace datasurface::model
