#include "model/read_first_load.hpp"

namespace datasurface::model {

namespace {

constexpr int most_chunk_rows = 1'000'000'000;
constexpr int most_connections = 64;

constexpr Member first_load_members[] = {
    {"chunk_rows", false,
     [](void *first_load) -> Slot { return whole_into(as<FirstLoad>(first_load).chunk_rows, 1, most_chunk_rows); }},
    {"connections", false,
     [](void *first_load) -> Slot { return whole_into(as<FirstLoad>(first_load).connections, 1, most_connections); }},
};
constexpr Shape first_load_shape{"a first load", first_load_members, nullptr, R"({"chunk_rows": 1000000})"};

constexpr std::string_view whole[] = {"whole"};

void load_whole(void *first_load, std::size_t)
{
    as<std::optional<FirstLoad>>(first_load).reset();
}

} // namespace

Slot first_load_slot(std::optional<FirstLoad> &first_load)
{
    return WordOrObject{{&first_load, load_whole, whole}, {&first_load.emplace(), &first_load_shape}};
}

} // namespace datasurface::model
