#include "native/parts.hpp"

#include <charconv>
#include <utility>

#include "heap/scan.hpp"

namespace datasurface::native {

Parts::Parts(const shape::Shape &shape, std::size_t rows, std::function<void(const merge::RowSource &)> body)
    : shape_(shape), rows_(rows), body_(std::move(body))
{
}

// As text, because the values of statements travel as such; built in one string, for there are many.
void Parts::add(std::uint64_t place)
{
    constexpr std::size_t longest = sizeof(",\"(4294967295,65535)\"");
    ItemPointerData const tid = heap::tid_of(place);
    char text[longest];
    char *at = text;
    for (char const letter : {tids_.empty() ? '{' : ',', '"', '('})
        *at++ = letter;
    at = std::to_chars(at, text + longest, ItemPointerGetBlockNumber(&tid)).ptr;
    *at++ = ',';
    at = std::to_chars(at, text + longest, ItemPointerGetOffsetNumber(&tid)).ptr;
    *at++ = ')';
    *at++ = '"';
    tids_.append(text, at);
    if (++count_ == rows_)
        finish();
}

void Parts::finish()
{
    if (count_ == 0)
        return;
    body_({shape_.names.staging.sql() + " WHERE ctid = ANY($1::tid[])", {tids_ + "}"}});
    tids_.clear();
    count_ = 0;
}

} // namespace datasurface::native
