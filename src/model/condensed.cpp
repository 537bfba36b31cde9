#include "model/condensed.hpp"

namespace datasurface::model {

namespace {

constexpr std::size_t between_checks = std::size_t{64} << 10; // bytes

bool is_white_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

} // namespace

char Condensed::give()
{
    if (blank)
        skip_white_space();
    char const c = text[at++];
    count(1);
    if (!in_string) {
        in_string = c == '"';
        blank = is_white_space(c);
    } else if (escaped) {
        escaped = false;
    } else {
        escaped = c == '\\';
        in_string = c != '"';
    }
    return c;
}

void Condensed::count(std::size_t bytes)
{
    since_check += bytes;
    if (since_check < between_checks)
        return;
    since_check = 0;
    check_interrupts();
}

// Skips to the last character of the run of white space. Called when the parser asks for the next character, because until
// then it still uses the current one.
void Condensed::skip_white_space()
{
    while (at + 1 < text.size() && is_white_space(text[at]) && is_white_space(text[at + 1])) {
        ++at;
        ++left_out;
        count(1);
    }
}

} // namespace datasurface::model
