#include "shape/names.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/text.hpp"

namespace datasurface::shape {

namespace {

constexpr std::size_t longest_name = 63; // NAMEDATALEN - 1

std::string digest(std::string_view text)
{
    auto const hash = static_cast<std::uint32_t>(XXH3_64bits(text.data(), text.size()));
    std::string hexadecimal;
    for (int shift = 28; shift >= 0; shift -= 4)
        hexadecimal += "0123456789abcdef"[(hash >> shift) & 15];
    return hexadecimal;
}

} // namespace

std::string physical_name(std::string_view base, std::string_view suffix)
{
    if (base.size() + suffix.size() <= longest_name)
        return std::string(base) + std::string(suffix);
    std::string const middle = "_" + digest(base);
    std::size_t const room = longest_name - middle.size() - suffix.size();
    return std::string(whole_characters(base, room)) + middle + std::string(suffix);
}

Names names(const std::string &schema, const std::string &dataset)
{
    auto const name = [&](std::string_view suffix) {
        return sqltext::Qualified{schema, physical_name(dataset, suffix)};
    };
    return {name("_staging"),         name("_staging_seq"),     name(""),      name("_pkey"), name("_history"),
            name("_history_out_idx"), name("_history_key_idx"), name("_as_of")};
}

ViewNames view_names(const std::string &schema, const std::string &sink)
{
    return {{schema, physical_name(sink, "")}, {schema, physical_name(sink, "_full")}};
}

std::string stream_name(const model::Store &store, const model::Dataset &dataset)
{
    return store.consistency == model::Consistency::multi ? store.name : store.name + "#" + dataset.name;
}

} // namespace datasurface::shape
