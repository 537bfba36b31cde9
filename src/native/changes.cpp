#include "native/changes.hpp"

#include "heap/scan.hpp"
#include "heap/target.hpp"
#include "native/changes_raising.hpp"
#include "native/parts.hpp"
#include "pg/stop_point.hpp"

namespace datasurface::native {

namespace {

constexpr std::size_t rows_of_a_part = 16384; // places in one query

template <class Item, class Body>
void each_batch(diff::Tape<Item> &list, Body body)
{
    Item items[heap::write_batch];
    list.rewind();
    while (std::size_t const count = list.read(items, heap::write_batch))
        body(items, count);
}

} // namespace

std::string FoundChanges::digest(std::uint64_t seed)
{
    merge::ChangesDigest found;
    read_by(snapshot_, tables_, [&] { found = sum(seed); });
    return found.text(seed);
}

merge::ChangesDigest FoundChanges::sum(std::uint64_t seed)
{
    merge::ChangesDigest sum;
    Reader *const staged = pg::call([&] { return begin_reading(tables_, tables_.staging, heap::Side::new_row, seed); });
    Reader *const merged = pg::call([&] { return begin_reading(tables_, tables_.merge, heap::Side::old_row, seed); });
    if (is_first_load_) {
        pg::call([&] { add_all_staged(sum, *staged, plan_.staged.last_arrival); });
        return sum;
    }
    auto const add = [&](Reader &reader, const std::uint64_t *places, std::size_t count) {
        pg::call([&] { add_rows(sum, reader, places, count); });
        pg::stop_point("merge.digesting");
    };
    each_batch(findings_.inserted, [&](const auto *places, auto count) { add(*staged, places, count); });
    each_batch(findings_.deleted, [&](const auto *places, auto count) { add(*merged, places, count); });
    // in the order of the comparison, which is nearly that of the tables
    each_batch(changed_, [&](const diff::Pair *pairs, std::size_t count) {
        std::uint64_t from_staging[heap::write_batch];
        std::uint64_t from_merge[heap::write_batch];
        for (std::size_t i = 0; i < count; ++i) {
            from_staging[i] = pairs[i].staged;
            from_merge[i] = pairs[i].merged;
        }
        add(*staged, from_staging, count);
        add(*merged, from_merge, count);
    });
    return sum;
}

merge::RowSource FoundChanges::all_staged() const
{
    return {plan_.shape.names.staging.sql() + " WHERE " + sqltext::identifier(shape::arrival) + " <= $1",
            {plan_.staged.last_arrival}};
}

void FoundChanges::each_part_of_new_rows(const std::function<void(const merge::RowSource &)> &body)
{
    if (is_first_load_)
        return body(all_staged());
    Parts parts(plan_.shape, rows_of_a_part, body);
    each_batch(findings_.inserted, [&](const std::uint64_t *places, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            parts.add(places[i]);
    });
    each_batch(changed_, [&](const diff::Pair *pairs, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            parts.add(pairs[i].staged);
    });
    parts.finish();
}

} // namespace datasurface::native
