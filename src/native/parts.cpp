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
    ItemPointerData const tid = heap::tid_of(place);
    auto const add_number = [&](std::uint32_t number) {
        char digits[10];
        tids_.append(digits, std::to_chars(digits, digits + sizeof(digits), number).ptr);
    };
    tids_ += tids_.empty() ? "{\"(" : ",\"(";
    add_number(ItemPointerGetBlockNumber(&tid));
    tids_ += ',';
    add_number(ItemPointerGetOffsetNumber(&tid));
    tids_ += ")\"";
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
